//! The identity number of residents (GB 11643) and the code of organisations that may look like one (GB 32100).

use jiff::civil::{Date, date};

use super::divisions::{self, Known};

/// What the arithmetic of an identity number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// Whether the check digit is right.
    pub(super) is_checked: bool,
    /// How well the division is known.
    pub(super) division: Known,
}

/// Weights of the first 17 digits.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
/// Check digits by remainder.
const CHECKS: &[u8; 11] = b"10X98765432";

/// Reads 18 symbols as an identity number of somebody born until `today`; `None` if they are none, however typed.
pub(super) fn number(symbols: &[u8], today: Date) -> Option<Number> {
    let (digits, check) = symbols.split_at_checked(17)?;
    if check.len() != 1 || !digits.iter().all(u8::is_ascii_digit) || check[0] == super::groups::MASK {
        return None;
    }
    let division = divisions::known(&digits[..6])?;
    let born = day(value(&digits[6..10]), value(&digits[10..12]), value(&digits[12..14]))?;
    if born < date(1900, 1, 1) || born > today || &digits[14..17] == b"000" {
        return None;
    }
    Some(Number { is_checked: check[0] == check_digit(digits), division })
}

/// Whether 15 symbols have the form that was in use until 1999.
pub(super) fn is_old(symbols: &[u8]) -> bool {
    symbols.len() == 15
        && symbols.iter().all(u8::is_ascii_digit)
        && divisions::known(&symbols[..6]).is_some()
        && day(1900 + value(&symbols[6..8]), value(&symbols[8..10]), value(&symbols[10..12])).is_some()
        && &symbols[12..] != b"000"
}

/// The check digit behind 17 digits.
pub(super) fn check_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECKS[sum as usize % CHECKS.len()]
}

/// Whether 18 digits are a unified social credit code (统一社会信用代码). Those with letters are no digits to begin with.
pub(super) fn is_credit_code(symbols: &[u8]) -> bool {
    if symbols.len() != 18 || !symbols.iter().all(u8::is_ascii_digit) {
        return false;
    }
    // The weights are powers of 3 modulo 31; in its alphabet, digits stand for themselves.
    let mut weight = 1;
    let mut sum = 0;
    for digit in &symbols[..17] {
        sum += u32::from(digit - b'0') * weight;
        weight = weight * 3 % 31;
    }
    (31 - sum % 31) % 31 == u32::from(symbols[17] - b'0')
}

fn value(digits: &[u8]) -> i16 {
    digits.iter().fold(0, |value, digit| value * 10 + i16::from(digit - b'0'))
}

fn day(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let today = date(2026, 11, 20);
        let checked = |text: &str| number(text.as_bytes(), today).map(|number| number.is_checked);
        // The example of the standard.
        assert_eq!(checked("11010519491231002X"), Some(true));
        assert_eq!(checked("110105194912310021"), Some(false));
        assert_eq!(checked("11010519490229002X"), None, "1949 was no leap year");
        assert_eq!(checked("110105202712310021"), None, "not yet born");
        assert_eq!(checked("990105194912310021"), None, "no province");
        assert_eq!(checked("110105194912310001"), None, "order number 000");
        assert_eq!(checked("1101051949123100"), None);
        assert_eq!(checked(""), None);
        assert!(is_old(b"110105491231002"));
        assert!(!is_old(b"110105491331002"));
    }

    #[test]
    fn codes_of_organisations() {
        assert!(is_credit_code(b"115100000000010032"));
        assert!(!is_credit_code(b"115100000000010033"));
        assert!(!is_credit_code(b"91350100M000100Y43"), "letters part it into short groups");
    }
}
