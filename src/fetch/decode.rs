//! Undoes `Content-Encoding`, under a cap, for servers that lie about it too.
//!
//! The client decodes nothing: here the bytes on the wire are at hand when their label turns out to be wrong, and a
//! compression bomb ends at the cap instead of in memory.

use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Encodings undone one after the other. A server behind a proxy applies two; more is an attack.
const LAYERS: usize = 2;
/// Decoded between two chances for other tasks.
const STEP: u64 = 256 << 10;

/// What decoding left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) body: Bytes,
    pub(super) end: DecodedEnd,
}

/// How decoding ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecodedEnd {
    /// Nothing left, or nothing to do.
    Whole,
    /// At the cap.
    Capped,
    /// The encoded bytes stopped in the middle.
    CutShort,
    /// The encoded bytes are broken.
    Broken,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Gzip,
    Zlib,
    Deflate,
    Brotli,
    Zstd,
}

/// Undoes the encodings that `label` (the `Content-Encoding` header) lists, to at most `cap` bytes.
pub(super) async fn decode(label: &str, wire: Bytes, cap: u64) -> Decoded {
    let mut decoded = Decoded { body: wire, end: DecodedEnd::Whole };
    for name in label.rsplit(',').take(LAYERS) {
        let Some(encoding) = encoding(name, &decoded.body) else { continue };
        let inner = undo(encoding, &decoded.body, cap).await;
        // Brotli has no signature: text that is labelled so only shows by not decoding.
        if inner.end == DecodedEnd::Broken && inner.body.is_empty() && looks_like_text(&decoded.body) {
            continue;
        }
        decoded = inner;
    }
    decoded
}

/// The encoding of `bytes`, where the label says there is one and the bytes do not contradict.
fn encoding(name: &str, bytes: &[u8]) -> Option<Encoding> {
    if bytes.is_empty() {
        return None;
    }
    match name.trim().to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => bytes.starts_with(&[0x1f, 0x8b]).then_some(Encoding::Gzip),
        "zstd" => bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]).then_some(Encoding::Zstd),
        "br" => Some(Encoding::Brotli),
        "deflate" => match bytes {
            [0x1f, 0x8b, ..] => Some(Encoding::Gzip),
            [a, b, ..] if a & 0x0f == 8 && (u16::from(*a) << 8 | u16::from(*b)) % 31 == 0 => {
                Some(Encoding::Zlib)
            }
            _ => Some(Encoding::Deflate), // Old IIS leaves out the zlib header.
        },
        _ => None,
    }
}

async fn undo(encoding: Encoding, bytes: &[u8], cap: u64) -> Decoded {
    match encoding {
        Encoding::Gzip => drain(GzipDecoder::new(bytes), bytes.len(), cap).await,
        Encoding::Zlib => drain(ZlibDecoder::new(bytes), bytes.len(), cap).await,
        Encoding::Deflate => drain(DeflateDecoder::new(bytes), bytes.len(), cap).await,
        Encoding::Brotli => drain(BrotliDecoder::new(bytes), bytes.len(), cap).await,
        Encoding::Zstd => drain(ZstdDecoder::new(bytes), bytes.len(), cap).await,
    }
}

async fn drain(decoder: impl AsyncRead + Unpin, wire: usize, cap: u64) -> Decoded {
    // Pages shrink to about a fifth; what is wrong with the guess costs a move of memory, no more.
    let guess = (wire as u64).saturating_mul(5).min(cap).min(1 << 20);
    let mut body = Vec::with_capacity(usize::try_from(guess).unwrap_or(0));
    let mut decoder = decoder.take(cap + 1);
    let end = loop {
        let before = body.len();
        match (&mut decoder).take(STEP).read_to_end(&mut body).await {
            Ok(_) if body.len() as u64 > cap => {
                body.truncate(usize::try_from(cap).unwrap_or(usize::MAX));
                break DecodedEnd::Capped;
            }
            Ok(_) if ((body.len() - before) as u64) < STEP => break DecodedEnd::Whole,
            Ok(_) => tokio::task::yield_now().await,
            Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => break DecodedEnd::CutShort,
            Err(_) => break DecodedEnd::Broken,
        }
    };
    Decoded { body: body.into(), end }
}

/// Whether the beginning has none of the control bytes that encoded data is full of.
fn looks_like_text(bytes: &[u8]) -> bool {
    !bytes.iter().take(512).any(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_compression::{
        Level,
        tokio::bufread::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder},
    };

    const CAP: u64 = 1 << 20;

    async fn all(mut reader: impl AsyncRead + Unpin) -> Bytes {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes).await.unwrap();
        bytes.into()
    }

    async fn check(label: &str, wire: Bytes, body: &[u8], end: DecodedEnd) {
        let decoded = decode(label, wire, CAP).await;
        assert_eq!((decoded.body.as_ref(), decoded.end), (body, end), "{label}");
    }

    fn page() -> String {
        "<p>网站首页</p>".repeat(2000)
    }

    #[tokio::test]
    async fn undoes_what_browsers_undo() {
        let page = page();
        let text = page.as_bytes();
        let gzip = all(GzipEncoder::new(text)).await;
        check("gzip", gzip.clone(), text, DecodedEnd::Whole).await;
        check(" X-GZIP ", gzip.clone(), text, DecodedEnd::Whole).await;
        check("deflate", gzip.clone(), text, DecodedEnd::Whole).await;
        check("deflate", all(ZlibEncoder::new(text)).await, text, DecodedEnd::Whole).await;
        check("deflate", all(DeflateEncoder::new(text)).await, text, DecodedEnd::Whole).await;
        check("br", all(BrotliEncoder::new(text)).await, text, DecodedEnd::Whole).await;
        check("zstd", all(ZstdEncoder::new(text)).await, text, DecodedEnd::Whole).await;
        check("gzip, gzip", all(GzipEncoder::new(&gzip[..])).await, text, DecodedEnd::Whole).await;
        let thrice = all(GzipEncoder::new(&all(GzipEncoder::new(&gzip[..])).await[..])).await;
        check("gzip, gzip, gzip", thrice, &gzip, DecodedEnd::Whole).await;
        check("identity", text.to_vec().into(), text, DecodedEnd::Whole).await;
        check("utf-8", text.to_vec().into(), text, DecodedEnd::Whole).await;
        check("gzip", Bytes::new(), b"", DecodedEnd::Whole).await;
    }

    #[tokio::test]
    async fn a_lying_label_leaves_the_bytes_as_they_are() {
        let page = page();
        for label in ["gzip", "br", "zstd", "deflate", "gzip, br"] {
            check(label, page.clone().into(), page.as_bytes(), DecodedEnd::Whole).await;
        }
    }

    #[tokio::test]
    async fn what_breaks_off_or_is_broken_keeps_its_beginning() {
        let noise: Vec<u8> = (0..400_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let gzip = all(GzipEncoder::new(&noise[..])).await;
        let cut = decode("gzip", gzip.slice(..gzip.len() / 2), CAP).await;
        assert_eq!(cut.end, DecodedEnd::CutShort);
        assert!(!cut.body.is_empty() && noise.starts_with(&cut.body));
        let mut broken = gzip.to_vec();
        broken[gzip.len() - 5] ^= 0xff;
        assert_eq!(decode("gzip", broken.into(), CAP).await.end, DecodedEnd::Broken);
    }

    #[tokio::test]
    async fn a_bomb_ends_at_the_cap() {
        let zeros = vec![0; 4 << 20];
        for (label, wire) in [
            ("gzip", all(GzipEncoder::new(&zeros[..])).await),
            ("br", all(BrotliEncoder::with_quality(&zeros[..], Level::Fastest)).await),
            ("zstd", all(ZstdEncoder::new(&zeros[..])).await),
        ] {
            let decoded = decode(label, wire, CAP).await;
            assert_eq!((decoded.body.len() as u64, decoded.end), (CAP, DecodedEnd::Capped), "{label}");
        }
    }
}
