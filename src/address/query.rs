//! The encoding of a query: the page's own, not UTF-8.

use std::borrow::Cow;

use encoding_rs::{EncoderResult, Encoding};

/// The conversion to `encoding`, in the shape that the URL parser asks for.
pub(super) fn encoder(encoding: &'static Encoding) -> impl Fn(&str) -> Cow<'_, [u8]> {
    move |text| encode(text, encoding)
}

/// `text` in `encoding`, as bytes that still await percent-encoding. What the encoding lacks becomes a decimal
/// character reference that is percent-encoded already, as its `&` and `;` would otherwise divide the query.
fn encode<'a>(text: &'a str, encoding: &'static Encoding) -> Cow<'a, [u8]> {
    if text.is_ascii() {
        return Cow::Borrowed(text.as_bytes()); // Every encoding a form may use agrees with ASCII.
    }
    let mut encoder = encoding.new_encoder();
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text;
    loop {
        let room = encoder
            .max_buffer_length_from_utf8_without_replacement(rest.len())
            .unwrap_or(rest.len().saturating_mul(4));
        let start = out.len();
        out.resize(start + room, 0);
        let (result, read, written) =
            encoder.encode_from_utf8_without_replacement(rest, &mut out[start..], true);
        out.truncate(start + written);
        rest = &rest[read..];
        match result {
            EncoderResult::InputEmpty => return Cow::Owned(out),
            EncoderResult::OutputFull => {}
            EncoderResult::Unmappable(missing) => {
                out.extend_from_slice(format!("%26%23{}%3B", u32::from(missing)).as_bytes());
            }
        }
    }
}
