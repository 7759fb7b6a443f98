//! Pictures: recognised, sized, and walked to their end.

use super::{FileInput, FileVerdict, Kind, Whole, find, html, raster};

/// Width and height.
type Size = (u32, u32);

pub(super) fn judge(file: &FileInput<'_>) -> FileVerdict {
    let kind = Kind::of(file.body);
    match kind {
        Kind::Html | Kind::OfficeHtml => {
            FileVerdict::invalid(format!("返回的是{}，不是图片", html::disguise(file.body)))
        }
        Kind::Json | Kind::Text | Kind::Xml => FileVerdict::invalid("返回的是文字，不是图片"),
        Kind::Unknown => FileVerdict::invalid("无法识别为图片"),
        kind if kind.is_image() => walk(file, kind),
        kind => FileVerdict::invalid(format!("返回的是{}，不是图片", kind.name())),
    }
}

/// Judges a picture of a known kind.
pub(super) fn walk(file: &FileInput<'_>, kind: Kind) -> FileVerdict {
    let (size, whole) = structure(file.body, kind);
    if matches!(size, Some((0, _) | (_, 0))) {
        return FileVerdict::invalid(format!("{}的宽或高为 0", kind.name()));
    }
    let detail = match size {
        Some((width, height)) => format!("{}，{width}×{height}", kind.name()),
        None => kind.name().to_owned(),
    };
    match file.whole(whole, kind, detail) {
        FileVerdict::Ok { .. } if size == Some((1, 1)) => FileVerdict::Placeholder { kind },
        verdict => verdict,
    }
}

/// Size and soundness of a picture of a known kind.
pub(super) fn structure(body: &[u8], kind: Kind) -> (Option<Size>, Whole) {
    match kind {
        Kind::Png => raster::png(body),
        Kind::Jpeg => raster::jpeg(body),
        Kind::Gif => raster::gif(body),
        Kind::WebP => raster::webp(body),
        Kind::Bmp => raster::bmp(body),
        Kind::Ico => raster::ico(body),
        Kind::Svg => (None, svg(body)),
        Kind::Avif | Kind::Heic => (None, super::media::boxes(body).0),
        _ => (None, Whole::CannotTell),
    }
}

fn svg(body: &[u8]) -> Whole {
    let tail = &body[body.len().saturating_sub(1024)..];
    let is_closed = find(tail, b"</svg>").is_some()
        || find(tail, b":svg>").is_some()
        || tail.trim_ascii_end().ends_with(b"/>");
    if is_closed { Whole::Yes } else { Whole::No("缺少结束标签") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::BodyEnd;
    use crate::file::Expected;

    fn check_end(body: &[u8], end: BodyEnd, expected: &str) {
        let file = FileInput {
            extension: None,
            content_type: None,
            disposition: None,
            body,
            end,
            expected: Expected::Image,
        };
        let seen = match judge(&file) {
            FileVerdict::Ok { detail, .. } => detail,
            FileVerdict::Placeholder { .. } => "placeholder".to_owned(),
            FileVerdict::Invalid { reason } => format!("! {reason}"),
            FileVerdict::Unknown { reason } => format!("? {reason}"),
        };
        assert!(seen.contains(expected), "{seen} for {:?}", body.escape_ascii().to_string());
    }

    fn check(body: &[u8], expected: &str) {
        check_end(body, BodyEnd::Complete, expected);
    }

    #[test]
    fn something_else_is_no_picture() {
        check(b"<html><title>404</title>", "! 返回的是错误提示页面");
        check(b"{\"code\":404}", "! 返回的是文字");
        check(b"\x01\x02\x03", "! 无法识别");
        check(b"%PDF-1.4", "! 返回的是PDF 文件，");
    }

    #[test]
    fn drawings_must_end() {
        check(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>\n", "SVG");
        check(b"<svg width=\"1\"/>", "SVG");
        check(b"<svg><path d=\"M0 0", "! SVG 图片不完整");
        check_end(b"<svg><path d=\"M0 0", BodyEnd::Capped, "SVG");
    }

    #[test]
    fn a_single_pixel_is_a_placeholder() {
        let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
        check(gif, "placeholder");
        check_end(&gif[..20], BodyEnd::Capped, "placeholder");
        check(&gif[..30], "! GIF");
    }
}
