//! Files for download: what they are against what their name says.
//!
//! Lenient where the programs that open them are: Word opens RTF, web pages and newer formats under `.doc`, unpackers
//! look at the bytes and not at the name. Strict where a visitor is left with an error message.

use super::{FileInput, FileVerdict, Kind, Whole, disposition, html, image, le32, media, ole, pdf, zip};

pub(super) fn judge(file: &FileInput<'_>) -> FileVerdict {
    let kind = Kind::of(file.body);
    let is_page = matches!(kind, Kind::Html | Kind::OfficeHtml) && file.disposition.is_none();
    if is_page
        && file.extension.is_some_and(|extension| PAGES.contains(&extension.to_ascii_lowercase().as_str()))
    {
        return FileVerdict::ok(kind, kind.name()); // A page that is offered as a page.
    }
    let Some(extension) = promised(file) else { return unnamed(file, kind) };
    match kind {
        Kind::Html => page_in_place(file, &extension),
        kind => named(file, kind, &extension),
    }
}

/// Extensions of addresses that make pages or files as they like; they promise nothing.
const PROGRAMS: &[&str] = &[
    "jsp", "jspx", "do", "action", "asp", "aspx", "ashx", "php", "cgi", "dll", "htm", "html", "shtml",
    "json", "cn", "com",
];

/// Extensions of pages.
const PAGES: &[&str] = &["htm", "html", "shtml", "xhtml", "mht", "mhtml", "xml"];

/// The extension that a visitor's computer goes by: of the name in `Content-Disposition`, else of the address, else
/// of the media type.
fn promised(file: &FileInput<'_>) -> Option<String> {
    let named = file.disposition.and_then(disposition::extension);
    let of_address = file.extension.map(str::to_ascii_lowercase);
    let is_program = |extension: &String| PROGRAMS.contains(&extension.as_str());
    named.or_else(|| of_address.filter(|extension| !is_program(extension))).or_else(|| {
        let media_type = file.content_type?.split(';').next()?.trim().to_ascii_lowercase();
        let known = TYPES.iter().find(|(name, _)| *name == media_type);
        known.map(|(_, extension)| (*extension).to_owned())
    })
}

const TYPES: &[(&str, &str)] = &[
    ("application/pdf", "pdf"),
    ("application/msword", "doc"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/ofd", "ofd"),
    ("application/zip", "zip"),
    ("application/x-zip-compressed", "zip"),
    ("application/x-rar-compressed", "rar"),
    ("application/vnd.rar", "rar"),
    ("application/x-7z-compressed", "7z"),
];

/// A file whose name promises nothing is what it is.
fn unnamed(file: &FileInput<'_>, kind: Kind) -> FileVerdict {
    match kind {
        Kind::Html if file.disposition.is_some() => page_in_place(file, ""),
        Kind::Html | Kind::OfficeHtml | Kind::Json => {
            FileVerdict::unknown(format!("返回的是{}", kind.name()))
        }
        Kind::Unknown => FileVerdict::unknown("未知格式，无法判断"),
        kind => structure(file, kind, kind.name().to_owned()),
    }
}

fn page_in_place(file: &FileInput<'_>, extension: &str) -> FileVerdict {
    if matches!(extension, "xls" | "et" | "doc" | "wps") && html::is_bare_table(file.body) {
        return FileVerdict::ok(
            Kind::OfficeHtml,
            format!("以 .{extension} 为名的网页表格，办公软件可以打开"),
        );
    }
    let page = html::disguise(file.body);
    if extension.is_empty() {
        return FileVerdict::invalid(format!("返回的是{page}，不是附件"));
    }
    FileVerdict::invalid(format!("返回的是{page}，不是 .{extension} 文件"))
}

/// What a name may stand for.
struct Promise {
    extensions: &'static [&'static str],
    /// What it should be.
    proper: &'static [Kind],
    /// What opens all the same.
    tolerated: &'static [Kind],
}

const DOCUMENTS: &[Kind] =
    &[Kind::Word, Kind::Excel, Kind::PowerPoint, Kind::Ole, Kind::Rtf, Kind::OfficeHtml, Kind::Xml];

const PROMISES: &[Promise] = &[
    Promise { extensions: &["pdf"], proper: &[Kind::Pdf], tolerated: &[] },
    Promise { extensions: &["ofd"], proper: &[Kind::Ofd], tolerated: &[] },
    Promise {
        extensions: &["doc", "dot", "wps", "wpt"],
        proper: &[Kind::Word, Kind::Ole],
        tolerated: &[Kind::Rtf, Kind::OfficeHtml, Kind::Xml, Kind::Text],
    },
    Promise {
        extensions: &["xls", "xlt", "et", "ett"],
        proper: &[Kind::Excel, Kind::Ole],
        tolerated: &[Kind::OfficeHtml, Kind::Xml, Kind::Text],
    },
    Promise {
        extensions: &["ppt", "pps", "pot", "dps", "dpt"],
        proper: &[Kind::PowerPoint, Kind::Ole],
        tolerated: &[],
    },
    // An encrypted one is an OLE document; Word and WPS look at the bytes.
    Promise { extensions: &["docx", "docm", "dotx"], proper: &[Kind::Word, Kind::Ole], tolerated: &[] },
    Promise {
        extensions: &["xlsx", "xlsm", "xltx", "xlsb"],
        proper: &[Kind::Excel, Kind::Ole],
        tolerated: &[],
    },
    Promise { extensions: &["pptx", "pptm", "ppsx"], proper: &[Kind::PowerPoint, Kind::Ole], tolerated: &[] },
    Promise { extensions: &["odt", "ods", "odp"], proper: &[Kind::OpenDocument], tolerated: &[] },
    Promise { extensions: &["rtf"], proper: &[Kind::Rtf], tolerated: DOCUMENTS },
    Promise {
        extensions: &["zip"],
        proper: &[Kind::Zip],
        tolerated: &[Kind::Rar, Kind::SevenZip, Kind::Gzip],
    },
    Promise {
        extensions: &["rar"],
        proper: &[Kind::Rar],
        tolerated: &[Kind::Zip, Kind::SevenZip, Kind::Gzip],
    },
    Promise {
        extensions: &["7z"],
        proper: &[Kind::SevenZip],
        tolerated: &[Kind::Zip, Kind::Rar, Kind::Gzip],
    },
    Promise {
        extensions: &["gz", "tgz"],
        proper: &[Kind::Gzip],
        tolerated: &[Kind::Zip, Kind::Rar, Kind::SevenZip],
    },
    Promise {
        extensions: &["txt", "csv"],
        proper: &[Kind::Text, Kind::Json, Kind::Xml],
        tolerated: &[Kind::Rtf, Kind::Unknown],
    },
    Promise {
        extensions: &["jpg", "jpeg", "png", "gif", "bmp", "webp", "tif", "tiff", "svg", "ico"],
        proper: &[],
        tolerated: &[
            Kind::Png,
            Kind::Jpeg,
            Kind::Gif,
            Kind::Bmp,
            Kind::WebP,
            Kind::Tiff,
            Kind::Svg,
            Kind::Ico,
            Kind::Avif,
            Kind::Heic,
        ],
    },
    Promise {
        extensions: &["exe", "msi", "apk"],
        proper: &[Kind::Program, Kind::Ole, Kind::Zip],
        tolerated: &[],
    },
];

fn named(file: &FileInput<'_>, kind: Kind, extension: &str) -> FileVerdict {
    if media::EXTENSIONS.contains(&extension) {
        return media::judge(file);
    }
    let Some(promise) = PROMISES.iter().find(|promise| promise.extensions.contains(&extension)) else {
        return unnamed(file, kind);
    };
    let is_damaged_zip = kind == Kind::Zip && promise.proper.iter().any(|proper| zip::is_container(*proper));
    if promise.proper.contains(&kind) {
        structure(file, kind, kind.name().to_owned())
    } else if kind.is_image() && promise.tolerated.contains(&kind) {
        image::walk(file, kind)
    } else if promise.tolerated.contains(&kind) {
        structure(file, kind, format!("以 .{extension} 为名的{}，可以打开", kind.name()))
    } else if is_damaged_zip && !file.has_end() {
        // The table of contents stands at the end, which was not read.
        FileVerdict::ok(kind, kind.name())
    } else if is_damaged_zip {
        match zip::whole(file.body) {
            Whole::No(why) => FileVerdict::invalid(format!(".{extension} 文件不完整或已损坏：{why}")),
            _ => FileVerdict::invalid(format!("扩展名为 .{extension}，内容却不是该类文档（缺少文档目录）")),
        }
    } else if kind == Kind::Unknown {
        FileVerdict::invalid(format!("扩展名为 .{extension}，但没有该格式的文件头，无法打开"))
    } else {
        FileVerdict::invalid(format!("扩展名为 .{extension}，实际是{}", kind.name()))
    }
}

/// Judges a file of the right kind by its structure.
fn structure(file: &FileInput<'_>, kind: Kind, detail: String) -> FileVerdict {
    let body = file.body;
    let whole = match kind {
        _ if kind.is_image() => return image::walk(file, kind),
        Kind::Pdf => pdf::whole(body),
        _ if body.starts_with(b"PK") => zip::whole(body),
        _ if ole::is_ole(body) => ole::whole(body),
        Kind::SevenZip => seven_zip(body),
        Kind::Mp4 => media::boxes(body).0,
        _ => Whole::CannotTell,
    };
    file.whole(whole, kind, detail)
}

/// The header of a 7z archive says where the other one stands, at the end.
fn seven_zip(body: &[u8]) -> Whole {
    let wide = |at: usize| Some(u64::from(le32(body, at)?) | u64::from(le32(body, at + 4)?) << 32);
    let (Some(offset), Some(length)) = (wide(12), wide(20)) else { return Whole::No("中途截断") };
    let end = 32u64.saturating_add(offset).saturating_add(length);
    if body.len() as u64 >= end { Whole::Yes } else { Whole::No("中途截断") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::BodyEnd;
    use crate::file::{Expected, zip::tests::some_zip};

    fn seen(
        name: &str,
        content_type: Option<&str>,
        disposition: Option<&str>,
        body: &[u8],
        end: BodyEnd,
    ) -> String {
        let extension = (!name.is_empty()).then_some(name);
        let file =
            FileInput { extension, content_type, disposition, body, end, expected: Expected::Attachment };
        match judge(&file) {
            FileVerdict::Ok { kind, detail } => format!("{kind:?} {detail}"),
            FileVerdict::Placeholder { .. } => "placeholder".to_owned(),
            FileVerdict::Invalid { reason } => format!("! {reason}"),
            FileVerdict::Unknown { reason } => format!("? {reason}"),
        }
    }

    fn check(name: &str, body: &[u8], expected: &str) {
        let seen = seen(name, None, None, body, BodyEnd::Complete);
        assert!(seen.starts_with(expected), "{seen}, expected {expected} for .{name}");
    }

    const PDF: &[u8] = b"%PDF-1.4\n...\nstartxref\n9\n%%EOF\n";
    const WORD_HTML: &[u8] = b"<html xmlns:o=\"urn:schemas-microsoft-com:office:office\">";

    #[test]
    fn names_and_bytes_agree() {
        let docx = some_zip(&["[Content_Types].xml", "word/document.xml"]);
        let xlsx = some_zip(&["xl/workbook.xml", "[Content_Types].xml"]);
        let zip = some_zip(&["a.txt"]);
        check("pdf", PDF, "Pdf");
        check("PDF", PDF, "Pdf");
        check("pdf", b"junk %PDF-1.4\nstartxref\n1\n%%EOF", "Pdf");
        check("docx", &docx, "Word");
        check("doc", &docx, "Word");
        check("wps", &docx, "Word");
        check("xls", &xlsx, "Excel");
        check("ofd", &some_zip(&["OFD.xml", "Doc_0/Document.xml"]), "Ofd");
        check("zip", &zip, "Zip");
        check("rar", &zip, "Zip 以 .rar 为名的");
        check("zip", b"Rar!\x1a\x07\x01\0....", "Rar 以 .zip 为名的");
        check("doc", b"{\\rtf1 x}", "Rtf 以 .doc 为名的");
        check("doc", WORD_HTML, "OfficeHtml 以 .doc 为名的");
        check("xls", b"<html><table><tr><td>1</td></tr></table></html>", "OfficeHtml");
        check("txt", "说明".as_bytes(), "Text");
        check("csv", b"a,b\n1,2", "Text");
        check("html", b"<html>", "Html");
        check("xyz", b"\x01\x02", "?");
        check("", b"\x01\x02", "?");
    }

    #[test]
    fn names_and_bytes_disagree() {
        let docx = some_zip(&["[Content_Types].xml", "word/document.xml"]);
        let zip = some_zip(&["a.txt"]);
        check("pdf", &docx, "! 扩展名为 .pdf，实际是Word 文档");
        check("docx", PDF, "! 扩展名为 .docx，实际是PDF 文件");
        check("docx", &zip, "! 扩展名为 .docx，内容却不是该类文档");
        check("docx", &docx[..docx.len() - 30], "! .docx 文件不完整");
        check("xlsx", &docx, "! 扩展名为 .xlsx，实际是Word 文档");
        check("pdf", b"\x01\x02\x03", "! 扩展名为 .pdf，但没有该格式的文件头");
        check(
            "pdf",
            "<html>请登录<input type=\"password\">".as_bytes(),
            "! 返回的是登录页面，不是 .pdf 文件",
        );
        check("doc", b"<html><title>404 Not Found</title></html>", "! 返回的是错误提示页面");
        check("zip", b"<html><body>x", "! 返回的是网页");
        check("xls", b"<html><form><table></table></form></html>", "! 返回的是网页");
        check("pdf", b"{\"code\":500}", "! 扩展名为 .pdf，实际是JSON 数据");
        check("pdf", b"%PDF-1.4\nno end", "! PDF 文件不完整");
        check(
            "7z",
            b"7z\xbc\xaf\x27\x1c\0\x04....\xff\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0....",
            "! 7z 压缩包不完整",
        );
    }

    #[test]
    fn the_name_comes_from_where_a_browser_takes_it() {
        let check = |extension, content_type, disposition, body: &[u8], expected: &str| {
            let seen = seen(extension, content_type, disposition, body, BodyEnd::Complete);
            assert!(seen.starts_with(expected), "{seen}, expected {expected}");
        };
        check("jsp", None, Some("attachment; filename=\"a.pdf\""), PDF, "Pdf");
        check(
            "jsp",
            None,
            Some("attachment; filename=\"a.pdf\""),
            b"<html>",
            "! 返回的是网页，不是 .pdf 文件",
        );
        check("jsp", Some("application/pdf"), None, b"<html>", "! 返回的是网页，不是 .pdf 文件");
        check("do", None, Some("attachment"), b"<html>", "! 返回的是网页，不是附件");
        check("do", Some("text/html"), None, b"<html>", "? 返回的是网页");
        check("aspx", Some("application/octet-stream"), None, PDF, "Pdf");
        check("pdf", Some("text/html"), None, PDF, "Pdf");
    }

    #[test]
    fn a_capped_body_is_judged_by_its_head() {
        let docx = some_zip(&["[Content_Types].xml", "word/document.xml"]);
        let check = |name: &str, body: &[u8], end, expected: &str| {
            let seen = seen(name, None, None, body, end);
            assert!(seen.starts_with(expected), "{seen}, expected {expected}");
        };
        check("pdf", b"%PDF-1.4\n...", BodyEnd::Capped, "Pdf");
        check("docx", &docx[..40], BodyEnd::Capped, "Zip");
        check("docx", PDF, BodyEnd::Capped, "! 扩展名为 .docx");
        check("txt", b"abc", BodyEnd::Truncated, "! 文本传输不完整");
        check("pdf", PDF, BodyEnd::Truncated, "Pdf");
    }
}
