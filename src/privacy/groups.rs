//! Groups of digits in a text, and the chains that spaces and dashes make of them.
//!
//! People part long numbers: `138 1234 5678`, `510105-19800101-1234`. Which groups of a chain make one number is for
//! [`recognise`](super::recognise) to say; cells of a table never stand in one chain.

use crate::digits;

/// Symbols of a group that are kept. No number that is looked for has so many: a longer group is none.
const SYMBOLS: usize = 24;
/// Groups of a chain at most, so that a text of nothing but digits takes no more memory than it has lines.
const CHAIN: usize = 64;
/// Stands for a masked digit.
pub(super) const MASK: u8 = b'*';

/// Digits without anything between them.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// First byte in the text.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// What parts it from the group before; `None` for the first one of a chain.
    pub(super) parted_by: Option<char>,
    symbols: [u8; SYMBOLS],
    len: usize,
}

impl Group {
    /// Digits as ASCII, `X`, and [`MASK`].
    pub(super) fn symbols(&self) -> &[u8] {
        &self.symbols[..self.len]
    }
}

/// Calls back with every chain of a text.
pub(super) fn chains(text: &str, mut each: impl FnMut(&[Group])) {
    let mut chain: Vec<Group> = Vec::new();
    let mut at = 0;
    while let Some(start) = digits::next_of_any_width(text, at) {
        chain.clear();
        let mut group = read(text, start, None);
        at = group.end;
        while let Some((separator, next)) = separator(text, at)
            && chain.len() + 1 < CHAIN
        {
            chain.push(std::mem::replace(&mut group, read(text, next, Some(separator))));
            at = group.end;
        }
        chain.push(group);
        each(&chain);
    }
}

/// Reads the group that begins at `start`, where a digit or a mask stands.
fn read(text: &str, start: usize, parted_by: Option<char>) -> Group {
    let mut group = Group { start, end: start, parted_by, symbols: [0; SYMBOLS], len: 0 };
    while let Some((symbol, width)) = symbol(text, group.end) {
        if group.len < SYMBOLS {
            group.symbols[group.len] = symbol;
            group.len += 1;
        }
        group.end += width;
    }
    // `X` alone is a check digit; several in a row are a mask.
    for run in group.symbols[..group.len].chunk_by_mut(|left, right| left == right) {
        if run.len() > 1 && run[0] == b'X' {
            run.fill(MASK);
        }
    }
    group
}

/// The symbol at a byte of a text, and how many bytes it has.
pub(super) fn symbol(text: &str, at: usize) -> Option<(u8, usize)> {
    let byte = *text.as_bytes().get(at)?;
    match byte {
        b'0'..=b'9' => return Some((byte, 1)),
        b'x' | b'X' => return Some((b'X', 1)),
        b'*' => return Some((MASK, 1)),
        _ if byte.is_ascii() => return None,
        _ => {}
    }
    let symbol = text[at..].chars().next()?;
    let means = match symbol {
        '０'..='９' => b'0' + u8::try_from(u32::from(symbol) - u32::from('０')).ok()?,
        'ｘ' | 'Ｘ' => b'X',
        '×' | '＊' | '●' | '○' | '□' | '■' | '•' | '·' | '∗' => MASK,
        _ => return None,
    };
    Some((means, symbol.len_utf8()))
}

/// The single separator at a byte, and where the group behind it begins.
fn separator(text: &str, at: usize) -> Option<(char, usize)> {
    let separator = text.get(at..)?.chars().next()?;
    if !matches!(separator, ' ' | '\u{a0}' | '\u{3000}' | '-' | '－' | '–' | '—') {
        return None;
    }
    let next = at + separator.len_utf8();
    let (first, _) = symbol(text, next)?;
    (first != b'X').then_some((separator, next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(text: &str) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        chains(text, |chain| {
            let symbols = |group: &Group| String::from_utf8_lossy(group.symbols()).into_owned();
            all.push(chain.iter().map(symbols).collect());
        });
        all
    }

    #[test]
    fn digits_are_grouped_and_chained() {
        let check = |text: &str, expected: &[&[&str]]| assert_eq!(read_all(text), expected, "{text}");
        check("甲，乙；丙", &[]);
        check("电话138 1234 5678。", &[&["138", "1234", "5678"]]);
        check("１３８\n138", &[&["138"], &["138"]]);
        check("138****1234", &[&["138****1234"]]);
        check("138xxxx1234", &[&["138****1234"]]);
        check("5101**********123x", &[&["5101**********123X"]]);
        check("51010519800101****", &[&["51010519800101****"]]);
        check("1--2", &[&["1"], &["2"]]);
        check("3×4", &[&["3*4"]]);
        check(&"1".repeat(90), &[&[&"1".repeat(SYMBOLS)]]);
    }
}
