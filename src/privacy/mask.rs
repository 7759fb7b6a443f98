//! Masking: what a report may show of a number.
//!
//! The form is the one that a city's circular gave as a model: `35*************123`, `138****1234`. A mask has as many
//! bytes as what it hides, so that positions in a text stay what they are.

use std::borrow::Cow;

use jiff::civil::{Date, date};

use super::groups::{Group, MASK, chains, symbol};
use super::recognise::{Window, widened, windows};
use super::{card, divisions, identity, mobile};

/// What a number is shown as: so many symbols at the beginning and at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    head: usize,
    tail: usize,
}

/// Identity numbers.
pub(super) const IDENTITY: Shown = Shown { head: 2, tail: 3 };
/// Mobile numbers.
pub(super) const MOBILE: Shown = Shown { head: 3, tail: 4 };
/// Bank cards.
pub(super) const CARD: Shown = Shown { head: 4, tail: 4 };
/// Passports, whose letter stands before.
pub(super) const PASSPORT: Shown = Shown { head: 0, tail: 3 };

/// The masked form of the symbols of a number.
pub(super) fn masked(symbols: &[u8], shown: Shown) -> String {
    let hidden = shown.head..symbols.len().saturating_sub(shown.tail);
    let mark = |(at, symbol): (usize, &u8)| char::from(if hidden.contains(&at) { MASK } else { *symbol });
    symbols.iter().enumerate().map(mark).collect()
}

/// A text with everything masked that may be a number of a person, whatever stands around it. As long as the text.
pub fn mask_all(text: &str) -> Cow<'_, str> {
    let mut hidden: Vec<(usize, usize, Shown)> = Vec::new();
    chains(text, |chain| {
        windows(text, chain, |window, _| {
            let Some(shown) = shown(window) else { return false };
            hidden.push((window.start(), window.end(), shown));
            true
        });
        for group in chain {
            if let Some(shown) = in_address(text, group) {
                hidden.push((group.start, group.end, shown));
            }
            if is_passport(text, group.start, group.symbols()) {
                hidden.push((group.start, group.end, PASSPORT));
            }
        }
    });
    hidden.sort_unstable_by_key(|(start, ..)| *start);
    hidden.dedup_by(|next, before| next.0 < before.1);
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masked = String::with_capacity(text.len());
    for (start, end, shown) in hidden {
        // As long as the text, it says itself how far it has come.
        masked.push_str(&text[masked.len()..start]);
        hide(&text[start..end], shown, &mut masked);
    }
    masked.push_str(&text[masked.len()..]);
    Cow::Owned(masked)
}

/// The part `start..end` of a text, masked; also what the part shows of a number that it cuts.
pub fn excerpt(text: &str, start: usize, end: usize) -> Cow<'_, str> {
    let (from, to) = widened(text, start, end);
    match mask_all(&text[from..to]) {
        Cow::Borrowed(_) => Cow::Borrowed(&text[start..end]),
        Cow::Owned(masked) => Cow::Owned(masked[start - from..end - from].to_owned()),
    }
}

/// Before 1900 nobody was born who is alive, and nobody alive can be born later than this.
const LAST_BIRTH: Date = date(2099, 12, 31);

/// How a window must be shown; `None` if it can be anything. Asks for less than a finding does: a number too many that
/// is masked in a report harms nobody.
fn shown(window: &Window<'_>) -> Option<Shown> {
    let symbols = window.symbols();
    match symbols.len() {
        18 if identity::number(symbols, LAST_BIRTH).is_some() => Some(IDENTITY),
        15 if identity::is_old(symbols) => Some(IDENTITY),
        11..=14 => {
            let lengths: Vec<usize> = window.lengths().collect();
            let digits = mobile::digits(symbols, &lengths)?;
            (digits.iter().all(u8::is_ascii_digit) && digits[1] >= b'3')
                .then_some(Shown { head: MOBILE.head + symbols.len() - digits.len(), ..MOBILE })
        }
        16..=19 if card::is_number(symbols, ["3", "4", "5", "62"]) => Some(CARD),
        // Half masked is hidden whole.
        18 if symbols.contains(&MASK) && divisions::is_province(&symbols[..2]) => Some(IDENTITY),
        _ => None,
    }
}

/// How a number must be shown that stands in an address as a value or as a part of its path, where no finding takes it
/// for a person's: the address may be quoted, and what it hands on may be one. Numbers of pages end in `.html`.
fn in_address(text: &str, group: &Group) -> Option<Shown> {
    let is_end = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-');
    let (before, after) = (&text[..group.start], &text[group.end..]);
    if !before.ends_with(['=', '/']) || !after.chars().next().is_none_or(is_end) {
        return None;
    }
    let symbols = group.symbols();
    match symbols.len() {
        18 if identity::number(symbols, LAST_BIRTH).is_some() => Some(IDENTITY),
        11 => mobile::digits(symbols, &[11]).filter(|digits| digits[1] >= b'3').map(|_| MOBILE),
        _ => None,
    }
}

/// Whether 8 digits are those of a passport: one of its letters stands before them, and nothing before that.
pub(super) fn is_passport(text: &str, start: usize, symbols: &[u8]) -> bool {
    let mut before = text[..start].chars().rev();
    symbols.len() == 8
        && symbols.iter().all(u8::is_ascii_digit)
        && before.next().is_some_and(|letter| matches!(letter, 'E' | 'G' | 'D' | 'S' | 'P' | 'H'))
        && !before.next().is_some_and(|c| c.is_ascii_alphanumeric())
}

/// Writes `number` with the middle of its symbols hidden.
fn hide(number: &str, shown: Shown, into: &mut String) {
    let symbols =
        (0..number.len()).filter(|at| number.is_char_boundary(*at) && symbol(number, *at).is_some());
    let hidden = shown.head..symbols.count().saturating_sub(shown.tail);
    let mut symbol_number = 0;
    for (at, c) in number.char_indices() {
        let is_symbol = symbol(number, at).is_some();
        into.push(match c.len_utf8() {
            _ if !is_symbol || !hidden.contains(&symbol_number) => c,
            1 => '*',
            2 => '·',
            _ => '＊',
        });
        symbol_number += usize::from(is_symbol);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_masked() {
        let check = |text: &str, expected: &str| {
            assert_eq!(mask_all(text), expected);
            assert_eq!(mask_all(text).len(), text.len());
            assert_eq!(mask_all(expected), expected, "once is enough");
        };
        check("身份证11010519491231002X。", "身份证11*************02X。");
        check("电话138 0000 1234", "电话138 **** 1234");
        check("１３８００００１２３４", "１３８＊＊＊＊１２３４");
        check("+86 13800001234", "+86 138****1234");
        check("卡号4111111111111111", "卡号4111********1111");
        check("护照E12345678", "护照E*****678");
        check("t20250101_13800001234.html 2025-01-01", "t20250101_13800001234.html 2025-01-01");
        check(
            "http://a.cn/x?id=13800001234&k=510105198001010117",
            "http://a.cn/x?id=138****1234&k=51*************117",
        );
        check("http://a.cn/13800001234", "http://a.cn/138****1234");
        check("http://a.cn/13800001234.html", "http://a.cn/13800001234.html");
        check("没有数字", "没有数字");
    }

    #[test]
    fn a_cut_number_is_masked_as_the_whole_is() {
        let text = "身份证11010519491231002X，电话13800001234";
        let start = text.find("0519").unwrap();
        assert_eq!(excerpt(text, start, start + 12), "***********0");
        assert_eq!(excerpt(text, 0, text.len()), mask_all(text));
        assert_eq!(excerpt(text, 0, 3), "身");
    }
}
