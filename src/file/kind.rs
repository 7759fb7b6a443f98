//! What bytes are, by their first few.

use super::{find, html, ole, zip};

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names of the formats say it")]
pub enum Kind {
    Png,
    Jpeg,
    Gif,
    WebP,
    Bmp,
    Ico,
    Svg,
    Avif,
    Heic,
    Tiff,
    Pdf,
    Word,
    Excel,
    PowerPoint,
    /// An OLE document that does not say which: WPS, Visio, encrypted OOXML and others.
    Ole,
    Ofd,
    OpenDocument,
    Rtf,
    /// A web page that Word or Excel saved, `.doc` by name.
    OfficeHtml,
    Zip,
    Rar,
    SevenZip,
    Gzip,
    Mp4,
    Mp3,
    Flv,
    Wav,
    Avi,
    Ogg,
    WebM,
    Wmv,
    MpegPs,
    Swf,
    Program,
    Html,
    Xml,
    Json,
    Text,
    Unknown,
}

impl Kind {
    /// Name for the report.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Png => "PNG 图片",
            Kind::Jpeg => "JPEG 图片",
            Kind::Gif => "GIF 图片",
            Kind::WebP => "WebP 图片",
            Kind::Bmp => "BMP 图片",
            Kind::Ico => "图标（ICO）",
            Kind::Svg => "SVG 图片",
            Kind::Avif => "AVIF 图片",
            Kind::Heic => "HEIC 图片",
            Kind::Tiff => "TIFF 图片",
            Kind::Pdf => "PDF 文件",
            Kind::Word => "Word 文档",
            Kind::Excel => "Excel 表格",
            Kind::PowerPoint => "PowerPoint 演示文稿",
            Kind::Ole => "Office/WPS 文档",
            Kind::Ofd => "OFD 版式文档",
            Kind::OpenDocument => "ODF 文档",
            Kind::Rtf => "RTF 文档",
            Kind::OfficeHtml => "Office 另存的网页格式文档",
            Kind::Zip => "ZIP 压缩包",
            Kind::Rar => "RAR 压缩包",
            Kind::SevenZip => "7z 压缩包",
            Kind::Gzip => "GZIP 压缩包",
            Kind::Mp4 => "MP4 视频",
            Kind::Mp3 => "MP3 音频",
            Kind::Flv => "FLV 视频",
            Kind::Wav => "WAV 音频",
            Kind::Avi => "AVI 视频",
            Kind::Ogg => "OGG 音视频",
            Kind::WebM => "WebM 视频",
            Kind::Wmv => "WMV 音视频",
            Kind::MpegPs => "MPEG 视频",
            Kind::Swf => "Flash 动画",
            Kind::Program => "可执行程序",
            Kind::Html => "网页",
            Kind::Xml => "XML 文件",
            Kind::Json => "JSON 数据",
            Kind::Text => "文本",
            Kind::Unknown => "未知格式",
        }
    }

    /// Whether this is a picture.
    pub fn is_image(self) -> bool {
        use Kind::*;
        matches!(self, Png | Jpeg | Gif | WebP | Bmp | Ico | Svg | Avif | Heic | Tiff)
    }

    /// Whether this is made to be read, or an archive of what may be.
    pub fn is_document(self) -> bool {
        use Kind::*;
        matches!(self, Pdf | Word | Excel | PowerPoint | Ole | Ofd | OpenDocument | Rtf | OfficeHtml)
            || self.is_archive()
    }

    /// Whether this is an archive that holds other files.
    pub fn is_archive(self) -> bool {
        matches!(self, Kind::Zip | Kind::Rar | Kind::SevenZip | Kind::Gzip)
    }

    /// Whether this is sound or film.
    pub fn is_media(self) -> bool {
        use Kind::*;
        matches!(self, Mp4 | Mp3 | Flv | Wav | Avi | Ogg | WebM | Wmv | MpegPs | Swf)
    }

    /// What `body` is. Looks at its head and, for containers, at their table of contents.
    pub(crate) fn of(body: &[u8]) -> Kind {
        if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| body.starts_with(magic)) {
            return match kind {
                Kind::Zip => zip::kind(body),
                Kind::Ole => ole::kind(body),
                other => *other,
            };
        }
        by_inner_mark(body).or_else(|| html::kind(body)).unwrap_or_else(|| text(body))
    }
}

const MAGIC: &[(&[u8], Kind)] = &[
    (b"\x89PNG\r\n\x1a\n", Kind::Png),
    (b"\xff\xd8\xff", Kind::Jpeg),
    (b"GIF87a", Kind::Gif),
    (b"GIF89a", Kind::Gif),
    (b"II*\0", Kind::Tiff),
    (b"MM\0*", Kind::Tiff),
    (b"PK\x03\x04", Kind::Zip),
    (b"PK\x05\x06", Kind::Zip),
    (b"PK\x07\x08", Kind::Zip),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::Ole),
    (b"{\\rtf", Kind::Rtf),
    (b"Rar!\x1a\x07\0", Kind::Rar),
    (b"Rar!\x1a\x07\x01\0", Kind::Rar),
    (b"7z\xbc\xaf\x27\x1c", Kind::SevenZip),
    (b"\x1f\x8b\x08", Kind::Gzip),
    (b"\xdb\xa5\x2d\0", Kind::Word),              // Word 2 for Windows
    (b"\x31\xbe\0\0", Kind::Word),                // Write
    (b"\x09\x08\x10\0\0\x06\x05\0", Kind::Excel), // BIFF without a container
    (b"\x09\x02\x06\0", Kind::Excel),
    (b"\x09\x04\x06\0", Kind::Excel),
    (b"ID3", Kind::Mp3),
    (b"FLV\x01", Kind::Flv),
    (b"OggS", Kind::Ogg),
    (b"\x1a\x45\xdf\xa3", Kind::WebM),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", Kind::Wmv),
    (b"\0\0\x01\xba", Kind::MpegPs),
    (b"FWS", Kind::Swf),
    (b"CWS", Kind::Swf),
    (b"ZWS", Kind::Swf),
    (b"MZ", Kind::Program),
    (b"\x7fELF", Kind::Program),
];

fn by_inner_mark(body: &[u8]) -> Option<Kind> {
    let head = &body[..body.len().min(1024)];
    let mark = |at: usize, text: &[u8]| head.get(at..at + text.len()) == Some(text);
    if mark(0, b"RIFF") {
        return [(&b"WEBP"[..], Kind::WebP), (b"WAVE", Kind::Wav), (b"AVI ", Kind::Avi)]
            .iter()
            .find(|(text, _)| mark(8, text))
            .map(|(_, kind)| *kind);
    }
    if mark(4, b"ftyp") {
        return Some(match head.get(8..12) {
            Some(b"avif" | b"avis") => Kind::Avif,
            Some(b"heic" | b"heix" | b"hevc" | b"mif1" | b"msf1") => Kind::Heic,
            _ => Kind::Mp4,
        });
    }
    if mark(4, b"moov") || mark(4, b"mdat") || mark(4, b"wide") {
        return Some(Kind::Mp4); // QuickTime before it had `ftyp`.
    }
    // Readers accept anything before the header of a PDF within the first kilobyte.
    if find(head, b"%PDF-").is_some() {
        return Some(Kind::Pdf);
    }
    let is_bmp = mark(0, b"BM") && matches!(super::le32(head, 14), Some(12 | 40 | 52 | 56 | 64 | 108 | 124));
    let is_icon =
        (mark(0, b"\0\0\x01\0") || mark(0, b"\0\0\x02\0")) && matches!(super::le16(head, 4), Some(1..=64));
    let is_mpeg_audio = body.len() > 4 && body[0] == 0xff && body[1] & 0xe0 == 0xe0 && body[2] & 0xf0 != 0xf0;
    match () {
        () if is_bmp => Some(Kind::Bmp),
        () if is_icon => Some(Kind::Ico),
        // A byte order mark of UTF-16 begins like a frame of layer 1 that nobody uses.
        () if is_mpeg_audio && body[1] < 0xfe => Some(Kind::Mp3),
        () => None,
    }
}

/// Text, where it reads as such: no control characters but those of layout, or a byte order mark of UTF-16.
fn text(body: &[u8]) -> Kind {
    let head = &body[..body.len().min(4096)];
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        return Kind::Text;
    }
    let is_layout = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a | 0x1b);
    if !head.iter().all(|byte| *byte >= b' ' && *byte != 0x7f || is_layout(byte)) {
        return Kind::Unknown;
    }
    let start = head.trim_ascii_start();
    let is_json = matches!(start.first(), Some(b'{' | b'['))
        && matches!(body.trim_ascii_end().last(), Some(b'}' | b']'));
    if is_json && start.contains(&b'"') { Kind::Json } else { Kind::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_bytes_by_their_head() {
        let check = |body: &[u8], kind: Kind| {
            assert_eq!(Kind::of(body), kind, "{:?}", body.escape_ascii().to_string())
        };
        check(b"\x89PNG\r\n\x1a\n\0\0", Kind::Png);
        check(b"\xff\xd8\xff\xe1..", Kind::Jpeg);
        check(b"\0\0\0\x1cftypavif\0\0\0\0", Kind::Avif);
        check(b"\0\0\0\x1cftypisom\0\0\0\0", Kind::Mp4);
        check(b"\0\0\x01\0\x01\0\x10\x10", Kind::Ico);
        check(b"junk\n%PDF-1.7\n", Kind::Pdf);
        check(b"{\\rtf1\\ansi}", Kind::Rtf);
        check(b"\xff\xfb\x90\x44\0\0", Kind::Mp3);
        check(b"\xff\xfea\0b\0", Kind::Text);
        check("序号,名称\r\n1,甲".as_bytes(), Kind::Text);
        check(b"\xd0\xf2\xba\xc5,\xc3\xfb\xb3\xc6\r\n", Kind::Text);
        check(b"{\"code\":404,\"msg\":\"x\"}", Kind::Json);
        check(b"\x01\x02\x03\x04", Kind::Unknown);
        check(b"BM but a text", Kind::Text);
        check(b"<!DOCTYPE html><html>", Kind::Html);
        check(b"<?xml version=\"1.0\"?><a/>", Kind::Xml);
        check(b"<?xml version=\"1.0\"?>\n<!-- x --><svg xmlns=\"\"></svg>", Kind::Svg);
    }
}
