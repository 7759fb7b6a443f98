//! In which encoding the bytes of a page are, and the page as text.
//!
//! A declaration is believed as far as the bytes allow: one that cannot be decoded without errors loses against
//! a guess that can. Which encoding links are written in is `address`'s business; it takes [`Charset::encoding`].

mod prescan;

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::{Charset, CharsetSource};
use crate::facts::Oddity;

/// Bytes the guess is made from. The detector reads some 10 MB/s, and 16 KB of a Chinese page always decided.
const SNIFF_BYTES: usize = 16 << 10;

/// A body as text.
pub(super) struct Decoded {
    /// The text, without a byte order mark.
    pub(super) text: String,
    /// How it was read.
    pub(super) charset: Charset,
    /// What is odd about the bytes.
    pub(super) oddities: Vec<Oddity>,
}

/// Decodes a body: byte order mark, then `Content-Type`, then meta, then a guess.
pub(super) fn decode(body: &[u8], content_type: Option<&str>) -> Decoded {
    let mut oddities = Vec::new();
    let declared = declared(body, content_type);
    if let Some((encoding, CharsetSource::Bom, _)) = declared {
        let (text, had_errors) = read(body, encoding);
        note_nul(&text, &mut oddities);
        return Decoded {
            text: text.into_owned(),
            charset: Charset { encoding, source: CharsetSource::Bom, had_errors },
            oddities,
        };
    }

    let (text, charset) = match declared {
        Some((encoding, source, label)) => {
            let (text, had_errors) = read(body, encoding);
            let better = if had_errors { without_errors(body, encoding) } else { None };
            match better {
                Some((actual, text)) => {
                    oddities.push(Oddity::WrongCharset { declared: label, actual: actual.name().to_owned() });
                    (text, Charset { encoding: actual, source: CharsetSource::Sniffed, had_errors: false })
                }
                None => (text, Charset { encoding, source, had_errors }),
            }
        }
        None => {
            // Where all is ASCII nobody misses a declaration.
            if !body.is_ascii() {
                oddities.push(Oddity::NoCharset);
            }
            let encoding = guess(body);
            let (text, had_errors) = read(body, encoding);
            (text, Charset { encoding, source: CharsetSource::Sniffed, had_errors })
        }
    };
    note_nul(&text, &mut oddities);
    Decoded { text: text.into_owned(), charset, oddities }
}

fn note_nul(text: &str, oddities: &mut Vec<Oddity>) {
    if text.as_bytes().contains(&0) {
        oddities.push(Oddity::NulBytes);
    }
}

/// What says in which encoding the body is, with the label as written.
fn declared(body: &[u8], content_type: Option<&str>) -> Option<(&'static Encoding, CharsetSource, String)> {
    if let Some((encoding, _)) = Encoding::for_bom(body) {
        return Some((encoding, CharsetSource::Bom, encoding.name().to_owned()));
    }
    if let Some(label) = content_type.and_then(header_label)
        && let Some(encoding) = Encoding::for_label(label.as_bytes())
    {
        return Some((encoding, CharsetSource::Header, label.to_owned()));
    }
    let label = prescan::meta_label(body)?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // A meta that could be read as ASCII does not stand in UTF-16.
    let encoding = if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding };
    Some((encoding, CharsetSource::Meta, label))
}

/// The charset parameter of a `Content-Type`.
fn header_label(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })
}

/// Another encoding in which the body has no errors at all.
fn without_errors<'a>(
    body: &'a [u8],
    declared: &'static Encoding,
) -> Option<(&'static Encoding, Cow<'a, str>)> {
    [UTF_8, guess(body)].into_iter().filter(|encoding| *encoding != declared).find_map(|encoding| {
        let text = encoding.decode_without_bom_handling_and_without_replacement(body)?;
        Some((encoding, text))
    })
}

fn guess(body: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(body).is_ok() {
        return UTF_8;
    }
    let head = &body[..body.len().min(SNIFF_BYTES)];
    // The head of a page is often plain ASCII; the guess needs bytes that differ between encodings.
    let sample = if head.is_ascii() {
        let first = body.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
        &body[first..body.len().min(first + SNIFF_BYTES)]
    } else {
        head
    };
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == body.len());
    detector.guess(Some(b"cn"), Utf8Detection::Allow)
}

fn read<'a>(body: &'a [u8], encoding: &'static Encoding) -> (Cow<'a, str>, bool) {
    let (text, had_errors) = encoding.decode_with_bom_removal(body);
    (text, had_errors)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{BIG5, GBK};

    use super::*;

    const TEXT: &str = "四川省生态环境厅关于印发工作方案的通知，请认真贯彻执行。";

    fn check(body: &[u8], content_type: Option<&str>, encoding: &str, source: CharsetSource, odd: &[Oddity]) {
        let decoded = decode(body, content_type);
        assert_eq!(decoded.charset.encoding.name(), encoding);
        assert_eq!(decoded.charset.source, source);
        assert_eq!(decoded.oddities, odd);
        assert!(decoded.text.contains("四川省生态环境厅"), "{}", decoded.text);
        assert!(!decoded.charset.had_errors);
    }

    fn page(meta: &str, encoding: &'static Encoding) -> Vec<u8> {
        let (text, ..) = encoding.encode(TEXT);
        [meta.as_bytes(), b"<p>", &text].concat()
    }

    #[test]
    fn declared_and_true() {
        use CharsetSource::{Bom, Header, Meta};
        check(&page("<meta charset=utf-8>", UTF_8), None, "UTF-8", Meta, &[]);
        check(&page("<meta charset=gb2312>", GBK), None, "GBK", Meta, &[]);
        check(&page("", GBK), Some("text/html; Charset=\"GBK\""), "GBK", Header, &[]);
        check(&page("<meta charset=gbk>", UTF_8), Some("text/html;charset=utf-8"), "UTF-8", Header, &[]);
        check(&page("\u{feff}<meta charset=gbk>", UTF_8), None, "UTF-8", Bom, &[]);
        check(&page("<meta charset=utf-16>", UTF_8), None, "UTF-8", Meta, &[]);
        let (text, ..) = BIG5.encode("<meta charset=big5>環境保護");
        assert_eq!(decode(&text, None).text, "<meta charset=big5>環境保護");
        let wide: Vec<u8> = [0xFF, 0xFE]
            .into_iter()
            .chain(format!("<meta charset=gb2312>{TEXT}").encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        check(&wide, None, "UTF-16LE", Bom, &[]);
    }

    #[test]
    fn declared_wrongly_or_not_at_all() {
        let wrong = |declared: &str, actual: &str| Oddity::WrongCharset {
            declared: declared.to_owned(),
            actual: actual.to_owned(),
        };
        let sniffed = CharsetSource::Sniffed;
        check(&page("<meta charset=utf-8>", GBK), None, "GBK", sniffed, &[wrong("utf-8", "GBK")]);
        check(&page("<meta charset=gb2312>！", UTF_8), None, "UTF-8", sniffed, &[wrong("gb2312", "UTF-8")]);
        check(&page("", GBK), None, "GBK", sniffed, &[Oddity::NoCharset]);
        check(&page("", UTF_8), None, "UTF-8", sniffed, &[Oddity::NoCharset]);
        let mut zeroes = page("<meta charset=utf-8>", UTF_8);
        zeroes.extend([0; 7243]);
        check(&zeroes, None, "UTF-8", CharsetSource::Meta, &[Oddity::NulBytes]);
    }
}
