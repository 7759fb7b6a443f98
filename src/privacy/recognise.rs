//! Which groups of a chain make one number.

use super::groups::{Group, symbol};

/// Groups that one number may be parted into.
const GROUPS: usize = 6;
/// Symbols of the longest number.
const LONGEST: usize = 19;

/// Neighbouring groups of a chain, read as one number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'a> {
    groups: &'a [Group],
    symbols: [u8; LONGEST],
    len: usize,
}

impl<'a> Window<'a> {
    /// Digits as ASCII, `X`, and masks.
    pub(super) fn symbols(&self) -> &[u8] {
        &self.symbols[..self.len]
    }

    /// Whether nothing parts it.
    pub(super) fn is_whole(&self) -> bool {
        self.groups.len() == 1
    }

    /// The lengths of its groups.
    pub(super) fn lengths(&self) -> impl Iterator<Item = usize> + use<'a> {
        self.groups.iter().map(|group| group.symbols().len())
    }

    /// First byte in the text.
    pub(super) fn start(&self) -> usize {
        self.groups[0].start
    }

    /// One past the last byte.
    pub(super) fn end(&self) -> usize {
        self.groups[self.groups.len() - 1].end
    }
}

/// Whether anything that is looked for has so many symbols; most windows are short, and none of these.
fn may_be_number(symbols: usize) -> bool {
    matches!(symbols, 11 | 13 | 15..=LONGEST)
}

/// Offers every window of a chain that has the length of a number to `take`, shorter ones first; what it takes is not
/// offered again. Windows that are part of a longer word, a decimal or an address are not offered.
pub(super) fn windows(text: &str, chain: &[Group], mut take: impl FnMut(&Window<'_>, Attached) -> bool) {
    let mut first = 0;
    while first < chain.len() {
        let mut window = Window { groups: &[], symbols: [0; LONGEST], len: 0 };
        let mut taken = 0;
        for count in 1..=GROUPS.min(chain.len() - first) {
            let added = chain[first + count - 1].symbols();
            if window.len + added.len() > LONGEST {
                break;
            }
            window.symbols[window.len..window.len + added.len()].copy_from_slice(added);
            window.len += added.len();
            window.groups = &chain[first..first + count];
            let attached = Attached {
                before: is_dash(chain[first].parted_by),
                after: is_dash(chain.get(first + count).and_then(|next| next.parted_by)),
            };
            if may_be_number(window.len)
                && is_free(text, window.start(), window.end())
                && take(&window, attached)
            {
                taken = count;
                break;
            }
        }
        first += taken.max(1);
    }
}

/// Whether a dash joins a window to what stands beside it, as in `13100049001-17001`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Attached {
    before: bool,
    after: bool,
}

impl Attached {
    /// On either side.
    pub(super) fn is_any(self) -> bool {
        self.before || self.after
    }
}

fn is_dash(separator: Option<char>) -> bool {
    separator.is_some_and(|separator| matches!(separator, '-' | '－' | '–' | '—'))
}

/// Whether what stands beside `start..end` leaves it a number of its own.
fn is_free(text: &str, start: usize, end: usize) -> bool {
    let (before, after) = (&text[..start], &text[end..]);
    let is_word =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '%' | '=') || is_full_width_letter(c);
    if before.chars().next_back().is_some_and(is_word) || after.chars().next().is_some_and(is_word) {
        return false;
    }
    let is_decimal =
        before.strip_suffix('.').is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    let has_ending =
        after.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    !is_decimal && !has_ending && !is_in_address(before)
}

fn is_full_width_letter(c: char) -> bool {
    matches!(c, 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// Bytes of an address that are looked through for its beginning.
const ADDRESS_BYTES: usize = 200;

/// Whether a text ends within the address of a page.
fn is_in_address(before: &str) -> bool {
    let bytes = before.as_bytes();
    let word = bytes.iter().rev().take(ADDRESS_BYTES).take_while(|byte| byte.is_ascii_graphic()).count();
    let word = &before[before.len() - word..];
    word.contains("://") || word.contains("www.")
}

/// Widens `start..end` to the numbers that it cuts, so far as they can reach.
pub(super) fn widened(text: &str, start: usize, end: usize) -> (usize, usize) {
    /// Bytes of the longest number, full width and parted.
    const REACH: usize = 96;
    let is_part = |c: char| {
        let mut bytes = [0; 4];
        matches!(c, ' ' | '\u{a0}' | '\u{3000}' | '-' | '－' | '–' | '—' | '+')
            || c.is_ascii_alphabetic()
            || symbol(c.encode_utf8(&mut bytes), 0).is_some()
    };
    let left: usize =
        text[..start].chars().rev().take_while(|c| is_part(*c)).map(char::len_utf8).take(REACH).sum();
    let right: usize = text[end..].chars().take_while(|c| is_part(*c)).map(char::len_utf8).take(REACH).sum();
    (start - left, end + right)
}
