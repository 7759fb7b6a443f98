//! Numbers of bank cards.

/// Digits that a card may have.
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=19;

/// Whether digits may be a bank card's: length, beginning, check digit (Luhn). One random number in ten has the latter.
pub(super) fn is_number<'a>(digits: &[u8], prefixes: impl IntoIterator<Item = &'a str>) -> bool {
    LENGTHS.contains(&digits.len())
        && digits.iter().all(u8::is_ascii_digit)
        && prefixes.into_iter().any(|prefix| digits.starts_with(prefix.as_bytes()))
        && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| {
            let value = u32::from(digit - b'0');
            match (at % 2, value) {
                (0, value) => value,
                (_, value) if value > 4 => value * 2 - 9,
                (_, value) => value * 2,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let check = |text: &str| is_number(text.as_bytes(), ["62", "4"]);
        assert!(check("4111111111111111"));
        assert!(!check("4111111111111112"));
        assert!(!check("5500000000000004"), "another beginning");
        assert!(!check("42"));
        assert!(!check("62000000000000*0"));
    }
}
