//! Where digits stand in a text. Many bytes are looked at together: most text has none for long stretches, and whoever
//! reads dates, numbers of people and of telephones goes through all of it.

/// Bytes looked at together; a multiple of what a register holds.
const ROW: usize = 32;

/// Where the next ASCII digit stands, at `from` or behind it.
pub fn next(text: &str, from: usize) -> Option<usize> {
    find(text.as_bytes(), from, |byte, _, _| byte.is_ascii_digit())
}

/// Where the next digit begins, at `from` or behind it, ASCII or of full width: `EF BC 90` to `EF BC 99`.
pub fn next_of_any_width(text: &str, from: usize) -> Option<usize> {
    find(text.as_bytes(), from, |first, second, third| {
        first.is_ascii_digit() | ((first == 0xEF) & (second == 0xBC) & (third.wrapping_sub(0x90) < 10))
    })
}

/// The first byte that is wanted, asked about with the two behind it. Without branches, so that the compiler makes
/// vector instructions of a row.
fn find(bytes: &[u8], from: usize, is_wanted: impl Fn(u8, u8, u8) -> bool) -> Option<usize> {
    let mut at = from;
    while let Some(window) = bytes.get(at..at + ROW + 2) {
        let (first, second, third) = (&window[..ROW], &window[1..=ROW], &window[2..]);
        if (0..ROW).fold(false, |any, n| any | is_wanted(first[n], second[n], third[n])) {
            break;
        }
        at += ROW;
    }
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    (at..bytes.len()).find(|at| is_wanted(byte(*at), byte(at + 1), byte(at + 2)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn they_are_where_reading_one_by_one_finds_them(text in "[甲，１９，a9/:]{0,60}", from in 0usize..200) {
            let behind = |is_digit: fn(char) -> bool| {
                text.char_indices().find(|(at, c)| *at >= from && is_digit(*c)).map(|(at, _)| at)
            };
            prop_assert_eq!(next(&text, from), behind(|c| c.is_ascii_digit()));
            let wide = behind(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
            prop_assert_eq!(next_of_any_width(&text, from), wide);
        }
    }
}
