//! Digests as we write them, and secrets compared.

use sha2::{Digest as _, Sha256};

/// SHA-256, in lower-case hexadecimal digits.
pub fn sha256(content: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(content))
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Compares what somebody sent with what is known, in a time that does not tell where the two differ. Nothing is the same
/// as a secret that is empty.
pub fn is_same(sent: &str, known: &str) -> bool {
    let (sent, known) = (sent.as_bytes(), known.as_bytes());
    !known.is_empty()
        && sent.len() == known.len()
        && sent.iter().zip(known).fold(0, |seen, (a, b)| seen | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_digits_a_byte() {
        assert_eq!(hex(&[0x00, 0x9f, 0xff]), "009fff");
        assert_eq!(hex(&[]), "");
    }

    #[test]
    fn nothing_is_no_secret() {
        assert!(is_same("abc", "abc"));
        for (sent, known) in [("abd", "abc"), ("ab", "abc"), ("abc", "ab"), ("", "")] {
            assert!(!is_same(sent, known), "{sent} {known}");
        }
    }
}
