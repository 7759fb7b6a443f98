//! Percent-encoding, where the URL parser is not at hand: bytes of headers, patterns of robots.txt, paths of files.

/// Encodes the bytes that are not ASCII.
pub(super) fn encode_non_ascii(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 16);
    for &byte in bytes {
        if byte.is_ascii() { text.push(char::from(byte)) } else { push_encoded(&mut text, byte) }
    }
    text
}

/// Brings equal paths to one spelling: what need not be encoded is not, all else is, in capitals.
pub(super) fn normalise(path: &[u8]) -> String {
    let mut text = String::with_capacity(path.len() + 16);
    let mut rest = path;
    while let [byte, tail @ ..] = rest {
        match encoded(rest) {
            Some(meant) => {
                if is_unreserved(meant) {
                    text.push(char::from(meant))
                } else {
                    push_encoded(&mut text, meant)
                }
                rest = &rest[3..];
            }
            None => {
                if byte.is_ascii() {
                    text.push(char::from(*byte))
                } else {
                    push_encoded(&mut text, *byte)
                }
                rest = tail;
            }
        }
    }
    text
}

/// Undoes the encoding.
pub(super) fn decode(path: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [byte, tail @ ..] = rest {
        match encoded(rest) {
            Some(meant) => {
                bytes.push(meant);
                rest = &rest[3..];
            }
            None => {
                bytes.push(*byte);
                rest = tail;
            }
        }
    }
    bytes
}

/// The byte that a leading `%XX` stands for.
fn encoded(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = text else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn push_encoded(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.push('%');
    text.push(char::from(DIGITS[usize::from(byte >> 4)]));
    text.push(char::from(DIGITS[usize::from(byte & 15)]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_equal_paths_equally() {
        for (path, expected) in [
            ("/a/b", "/a/b"),
            ("/%7euser/%61", "/~user/a"),
            ("/附件", "/%E9%99%84%E4%BB%B6"),
            ("/%e9%99%84%e4%bb%b6", "/%E9%99%84%E4%BB%B6"),
            ("/%2f%", "/%2F%"),
            ("/%zz%4", "/%zz%4"),
            ("/*.php$", "/*.php$"),
        ] {
            assert_eq!(normalise(path.as_bytes()), expected, "{path}");
        }
    }

    #[test]
    fn encodes_and_decodes_bytes() {
        assert_eq!(encode_non_ascii(b"/\xd6\xd0\xb9\xfa?a=1%20"), "/%D6%D0%B9%FA?a=1%20");
        assert_eq!(decode("/%E9%99%84%zz%"), "/附%zz%".as_bytes());
    }
}
