//! The outside of a PDF.

use super::{Whole, find};

/// Bytes at the end within which readers look for the way into the file.
const TAIL: usize = 2 << 10;

/// Whether the end is there: it holds `startxref`. Zeros and line ends after it do not count.
pub(super) fn whole(body: &[u8]) -> Whole {
    let end =
        body.iter().rposition(|byte| *byte != 0 && !byte.is_ascii_whitespace()).map_or(0, |last| last + 1);
    let tail = &body[end.saturating_sub(TAIL)..end];
    if find(tail, b"startxref").is_some() { Whole::Yes } else { Whole::No("缺少文件尾（startxref）") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_has_an_end() {
        let check = |body: &[u8], expected: bool| assert_eq!(whole(body) == Whole::Yes, expected);
        check(b"%PDF-1.4\nstartxref\n0\n%%EOF", true);
        check(&[&b"%PDF-1.4\nstartxref\n0\n%%EOF\n"[..], &[0; 9000]].concat(), true);
        check(&[&b"%PDF-1.4\nstartxref\n0\n"[..], &[b'x'; 9000]].concat(), false);
        check(b"%PDF-1.4", false);
    }
}
