//! Sound and film: told by their head; MP4 also by its boxes.

use super::{FileInput, FileVerdict, Kind, Whole, be32, html};

/// Extensions that promise something to play.
pub(super) const EXTENSIONS: &[&str] = &[
    "mp4", "m4v", "m4a", "mov", "mp3", "flv", "f4v", "wav", "avi", "ogg", "ogv", "webm", "wmv", "wma", "asf",
    "mpg", "mpeg", "swf",
];

pub(super) fn judge(file: &FileInput<'_>) -> FileVerdict {
    let kind = Kind::of(file.body);
    match kind {
        Kind::Html => FileVerdict::invalid(format!("返回的是{}，不是音视频", html::disguise(file.body))),
        Kind::Json => FileVerdict::invalid("返回的是文字，不是音视频"),
        Kind::Mp4 => {
            let (walked, has_index) = boxes(file.body);
            let whole = if walked == Whole::Yes && !has_index {
                Whole::No("缺少索引，无法播放")
            } else {
                walked
            };
            file.whole(whole, kind, kind.name().to_owned())
        }
        Kind::Unknown | Kind::Text => FileVerdict::unknown("未知的音视频格式，无法判断"),
        kind => FileVerdict::ok(kind, kind.name()),
    }
}

/// Walks the outer boxes of an MP4 or one of its kin; says whether they are whole and whether `moov` is among them.
pub(super) fn boxes(body: &[u8]) -> (Whole, bool) {
    let mut at = 0usize;
    let mut has_index = false;
    while at < body.len() {
        let (Some(short), Some(name)) = (be32(body, at), body.get(at + 4..at + 8)) else {
            return (Whole::Yes, has_index); // A few stray bytes at the end.
        };
        has_index |= name == b"moov";
        let length = match short {
            0 => return (Whole::Yes, has_index), // To the end of the file.
            1 => be32(body, at + 8)
                .zip(be32(body, at + 12))
                .map(|(high, low)| u64::from(high) << 32 | u64::from(low)),
            length => Some(u64::from(length)),
        };
        let Some(length) = length.filter(|length| *length >= 8) else {
            return (Whole::No("数据块错误"), has_index);
        };
        at = usize::try_from(length).ok().and_then(|length| at.checked_add(length)).unwrap_or(usize::MAX);
    }
    (if at == body.len() { Whole::Yes } else { Whole::No("中途截断") }, has_index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::BodyEnd;
    use crate::file::Expected;

    #[test]
    fn films_have_an_index() {
        let check_end = |body: &[u8], end: BodyEnd, expected: &str| {
            let file = FileInput {
                extension: None,
                content_type: None,
                disposition: None,
                body,
                end,
                expected: Expected::Media,
            };
            let seen = match judge(&file) {
                FileVerdict::Ok { detail, .. } => detail,
                FileVerdict::Placeholder { .. } => "placeholder".to_owned(),
                FileVerdict::Invalid { reason } => format!("! {reason}"),
                FileVerdict::Unknown { reason } => format!("? {reason}"),
            };
            assert!(seen.starts_with(expected), "{seen} for {:?}", body.escape_ascii().to_string());
        };
        let check = |body: &[u8], expected: &str| check_end(body, BodyEnd::Complete, expected);
        let film = b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x08moov\0\0\0\x0amdatab";
        check(film, "MP4");
        check(&film[..film.len() - 1], "! MP4 视频不完整");
        check(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x0amdatab", "! MP4 视频不完整或已损坏：缺少索引");
        check_end(&film[..20], BodyEnd::Capped, "MP4");
        check(b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff", "! MP4");
        check(b"ID3\x03", "MP3");
        check(b"<html>", "! 返回的是网页");
        check(b"#EXTM3U\n", "?");
    }
}
