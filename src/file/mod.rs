//! Pictures and files: whether the bytes are what the link promised.
//!
//! Judged by magic numbers and by walking the outer structure in bounded steps; nothing is decompressed, decoded or
//! rendered: `document` does that, with the containers as they are opened here. A damaged inside stays unseen, and so
//! does a password: an encrypted file is a good file. Who linked the file and what it costs is decided elsewhere.

mod attachment;
mod disposition;
mod html;
mod image;
mod kind;
mod media;
pub(crate) mod ole;
mod pdf;
mod raster;
pub(crate) mod zip;

use crate::fetch::BodyEnd;

pub use kind::Kind;

/// What is known about a file that was fetched.
#[derive(Debug, Clone, Copy)]
pub struct FileInput<'a> {
    /// Extension of the address, without the dot; case does not matter.
    pub extension: Option<&'a str>,
    /// `Content-Type` as received.
    pub content_type: Option<&'a str>,
    /// `Content-Disposition` as received.
    pub disposition: Option<&'a str>,
    /// The body.
    pub body: &'a [u8],
    /// How it ended. A capped body is judged by its head alone.
    pub end: BodyEnd,
    /// What the page uses it as.
    pub expected: Expected,
}

/// What a page uses a file as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Shown as a picture.
    Image,
    /// Offered for download.
    Attachment,
    /// Played, or embedded.
    Media,
}

/// What a link whose target has this extension is taken for; `None` for pages and for what nobody opens as a file.
pub fn expected_by_extension(extension: &str) -> Option<Expected> {
    let is = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
    if is(&["png", "jpg", "jpeg", "gif", "webp", "bmp", "ico", "svg", "avif", "tif", "tiff", "heic"]) {
        Some(Expected::Image)
    } else if is(&[
        "mp4", "mp3", "flv", "wav", "avi", "ogg", "webm", "wmv", "mov", "m4a", "m4v", "mpg", "mpeg", "swf",
    ]) {
        Some(Expected::Media)
    } else if is(&[
        "pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "wps", "et", "dps", "ofd", "rtf", "csv", "txt",
        "zip", "rar", "7z", "gz", "tar", "tgz", "epub", "ceb", "odt", "ods", "odp", "docm", "xlsm",
    ]) {
        Some(Expected::Attachment)
    } else {
        None
    }
}

/// What a file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileVerdict {
    /// As promised, or near enough that visitors can open it.
    Ok {
        /// What it is.
        kind: Kind,
        /// What is worth knowing, in Chinese: `PNG 图片，640×480`.
        detail: String,
    },
    /// A picture of a single pixel. A fact and no defect: spacers and counters look like that. Only where it stands
    /// in for content (a picture of an article, a lazy source that was never filled) is it one; the caller knows.
    Placeholder {
        /// What it is.
        kind: Kind,
    },
    /// Not what was promised; the text says why, in Chinese.
    Invalid {
        /// For the report: `附件为空（0 字节）`.
        reason: String,
    },
    /// Cannot be told, e.g. a format nobody here knows; the text says why, in Chinese.
    Unknown {
        /// For the report.
        reason: String,
    },
}

impl FileVerdict {
    fn ok(kind: Kind, detail: impl Into<String>) -> FileVerdict {
        FileVerdict::Ok { kind, detail: detail.into() }
    }

    fn invalid(reason: impl Into<String>) -> FileVerdict {
        FileVerdict::Invalid { reason: reason.into() }
    }

    fn unknown(reason: impl Into<String>) -> FileVerdict {
        FileVerdict::Unknown { reason: reason.into() }
    }
}

/// Judges a file.
pub fn judge(file: FileInput<'_>) -> FileVerdict {
    let name = match file.expected {
        Expected::Image => "图片",
        Expected::Attachment => "附件",
        Expected::Media => "音视频",
    };
    if file.end == BodyEnd::Undecodable {
        return FileVerdict::invalid(format!("{name}的传输压缩编码（Content-Encoding）有误，无法还原"));
    }
    if file.body.is_empty() {
        return match file.end {
            BodyEnd::Capped => FileVerdict::unknown("未读取内容"),
            BodyEnd::Truncated => FileVerdict::invalid(format!("{name}传输中断，未收到内容")),
            _ => FileVerdict::invalid(format!("{name}为空（0 字节）")),
        };
    }
    if file.body.iter().all(|byte| *byte == 0 || byte.is_ascii_whitespace()) {
        return FileVerdict::invalid(format!("{name}内容为空（仅有空字节）"));
    }
    match file.expected {
        Expected::Image => image::judge(&file),
        Expected::Attachment => attachment::judge(&file),
        Expected::Media => media::judge(&file),
    }
}

/// Width and height of a picture, as far as its bytes tell.
pub fn picture_size(body: &[u8]) -> Option<(u32, u32)> {
    image::structure(body, Kind::of(body)).0
}

/// How the structure of a body stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// Walked to its end.
    Yes,
    /// Broken or cut; the text says how, in Chinese.
    No(&'static str),
    /// The format does not tell.
    CannotTell,
}

impl FileInput<'_> {
    /// Whether the body ends where the file does, so that its end may be judged. A truncated one does, too: a visitor
    /// gets no more of it.
    fn has_end(&self) -> bool {
        self.end != BodyEnd::Capped
    }

    /// What to say of a body whose structure was walked.
    fn whole(&self, walked: Whole, kind: Kind, detail: String) -> FileVerdict {
        match walked {
            _ if !self.has_end() => FileVerdict::ok(kind, detail),
            Whole::No(why) => FileVerdict::invalid(format!("{}不完整或已损坏：{why}", kind.name())),
            Whole::CannotTell if self.end == BodyEnd::Truncated => {
                FileVerdict::invalid(format!("{}传输不完整，实际长度小于声明长度", kind.name()))
            }
            Whole::Yes | Whole::CannotTell => FileVerdict::ok(kind, detail),
        }
    }
}

/// Little-endian number at `at`.
pub(crate) fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// Little-endian number at `at`.
pub(crate) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Big-endian number at `at`.
fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

/// Big-endian number at `at`.
fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Where `needle` first stands in `bytes`.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).position(|window| window == needle)
}

/// Where `needle` last stands in `bytes`.
fn find_last(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes.windows(needle.len()).rposition(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(expected: Expected, body: &[u8], end: BodyEnd) -> FileInput<'_> {
        FileInput { extension: None, content_type: None, disposition: None, body, end, expected }
    }

    #[test]
    fn nothing_is_no_file() {
        let check = |expected, body: &[u8], end, part: &str| {
            let verdict = judge(input(expected, body, end));
            assert!(
                matches!(&verdict, FileVerdict::Invalid { reason } if reason.contains(part)),
                "{verdict:?}"
            );
        };
        check(Expected::Attachment, b"", BodyEnd::Complete, "0 字节");
        check(Expected::Image, b"", BodyEnd::Complete, "图片为空");
        check(Expected::Image, b"", BodyEnd::Truncated, "中断");
        check(Expected::Attachment, &[0; 100], BodyEnd::Complete, "空字节");
        check(Expected::Attachment, b" \r\n", BodyEnd::Complete, "空字节");
        check(Expected::Attachment, b"%PDF", BodyEnd::Undecodable, "压缩编码");
        assert!(matches!(judge(input(Expected::Media, b"", BodyEnd::Capped)), FileVerdict::Unknown { .. }));
    }

    mod any_bytes {
        use proptest::prelude::*;

        use super::*;

        fn heads() -> impl Strategy<Value = Vec<u8>> {
            prop::sample::select(vec![
                &b""[..],
                b"\x89PNG\r\n\x1a\n",
                b"\xff\xd8\xff\xe0",
                b"GIF89a",
                b"RIFF\x10\0\0\0WEBPVP8 ",
                b"BM",
                b"\0\0\x01\0\x02\0",
                b"%PDF-1.4",
                b"PK\x03\x04",
                b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff",
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                b"7z\xbc\xaf\x27\x1c\0\x04",
                b"\0\0\0\x18ftypmp42",
                b"<svg",
                b"<html",
                b"\x1f\x8b\x08",
                b"Rar!\x1a\x07\0",
            ])
            .prop_map(<[u8]>::to_vec)
        }

        proptest! {
            #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
            #[test]
            fn have_a_verdict(head in heads(), tail in prop::collection::vec(any::<u8>(), 0..600)) {
                let body = [head, tail].concat();
                for expected in [Expected::Image, Expected::Attachment, Expected::Media] {
                    for extension in [None, Some("pdf"), Some("doc"), Some("zip"), Some("png"), Some("txt")] {
                        let file = FileInput { extension, ..input(expected, &body, BodyEnd::Complete) };
                        let _ = judge(file);
                    }
                }
            }
        }
    }
}
