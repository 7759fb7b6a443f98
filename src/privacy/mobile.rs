//! Mobile numbers.

/// The 11 digits of a mobile number in a window of groups; `None` where its groups are not written as one is.
///
/// `lengths` are those of the groups: 11, 3-4-4, each with or without 86 before it.
pub(super) fn digits<'a>(symbols: &'a [u8], lengths: &[usize]) -> Option<&'a [u8]> {
    let rest = match lengths {
        [11] | [3, 4, 4] => symbols,
        [13] | [2, 11] | [2, 3, 4, 4] => symbols.strip_prefix(b"86")?,
        _ => return None,
    };
    (rest.len() == 11 && rest[0] == b'1').then_some(rest)
}

/// Whether 11 digits begin as mobile numbers do.
pub(super) fn is_number(digits: &[u8], prefixes: &[String]) -> bool {
    digits.iter().all(u8::is_ascii_digit)
        && prefixes.iter().any(|prefix| digits.starts_with(prefix.as_bytes()))
}
