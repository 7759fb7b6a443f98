//! Web pages where a file should be.

use super::{Kind, find};

/// Bytes looked at to tell a page from a document; the head of a page is longer than most lies.
const HEAD: usize = 8 << 10;

/// Html, SVG or XML, if `body` is any of them.
pub(super) fn kind(body: &[u8]) -> Option<Kind> {
    let head = &body[..body.len().min(HEAD)];
    let (start, has_declaration) = skip_prologue(head);
    if has_tag(start, "svg") {
        return Some(Kind::Svg);
    }
    // After an XML declaration only `html` means a page; other vocabularies have a `p` and a `title`, too.
    let has_page_tag =
        has_tag(start, "html") || !has_declaration && PAGE_TAGS.iter().any(|tag| has_tag(start, tag));
    if has_page_tag || starts_with(start, "<!doctype html") {
        return Some(if is_office(head) { Kind::OfficeHtml } else { Kind::Html });
    }
    if is_office(head) && (has_declaration || starts_with(start, "mime-version:")) {
        return Some(Kind::OfficeHtml);
    }
    has_declaration.then_some(Kind::Xml)
}

/// Tags that a page begins with.
const PAGE_TAGS: &[&str] = &[
    "head", "body", "title", "meta", "script", "style", "link", "div", "table", "p", "h1", "h2", "br",
    "center", "form", "iframe", "span", "a", "font", "b",
];

/// What stands before the first tag that counts: byte order mark, white space, comments, declarations other than that
/// of HTML. And whether an XML declaration was among it.
fn skip_prologue(head: &[u8]) -> (&[u8], bool) {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let mut has_declaration = false;
    loop {
        rest = rest.trim_ascii_start();
        let end = if rest.starts_with(b"<?") {
            has_declaration |= rest.starts_with(b"<?xml");
            find(rest, b"?>").map(|at| at + 2)
        } else if rest.starts_with(b"<!--") {
            find(rest, b"-->").map(|at| at + 3)
        } else if starts_with(rest, "<!doctype") && !starts_with(rest, "<!doctype html") {
            find(rest, b">").map(|at| at + 1)
        } else {
            None
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => return (rest, has_declaration),
        }
    }
}

fn starts_with(bytes: &[u8], text: &str) -> bool {
    bytes.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text.as_bytes()))
}

fn has_tag(bytes: &[u8], name: &str) -> bool {
    let is_named = bytes.first() == Some(&b'<') && starts_with(&bytes[1..], name);
    is_named
        && bytes
            .get(1 + name.len())
            .is_none_or(|next| next.is_ascii_whitespace() || matches!(next, b'>' | b'/' | b':'))
}

/// Word, Excel and WPS save pages and XML under the names of documents, and open them again without a word.
fn is_office(head: &[u8]) -> bool {
    const MARKS: &[&[u8]] = &[
        b"urn:schemas-microsoft-com:office",
        b"schemas.microsoft.com/office/word",
        b"Word.Document",
        b"Excel.Sheet",
        b"mso-application",
        b"application/x-mimearchive",
        b"multipart/related",
    ];
    MARKS.iter().any(|mark| find(head, mark).is_some())
}

/// A bare table that a program writes and calls `.xls`: spreadsheets open it, with a warning.
pub(super) fn is_bare_table(body: &[u8]) -> bool {
    let head = body[..body.len().min(HEAD)].to_ascii_lowercase();
    find(&head, b"<table").is_some()
        && ["<script", "<form", "<input", "<a "].iter().all(|tag| find(&head, tag.as_bytes()).is_none())
}

/// What a page in place of a file is, in Chinese.
pub(super) fn disguise(body: &[u8]) -> &'static str {
    let head = &body[..body.len().min(HEAD)];
    let text = decoded(head).to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&[
        "type=\"password\"",
        "type='password'",
        "type=password",
        "统一身份认证",
        "请登录",
        "请先登录",
        "用户登录",
    ]) {
        "登录页面"
    } else if has(&[
        "404",
        "not found",
        "不存在",
        "找不到",
        "出错",
        "错误",
        "error",
        "exception",
        "失效",
        "已删除",
    ]) {
        "错误提示页面"
    } else {
        "网页"
    }
}

/// The text of a page of unknown encoding, well enough to look for words.
fn decoded(head: &[u8]) -> String {
    let cut = head.len().saturating_sub(3); // A character may be cut at the end.
    match std::str::from_utf8(head) {
        Ok(text) => text.to_owned(),
        Err(error) if error.valid_up_to() >= cut => String::from_utf8_lossy(head).into_owned(),
        Err(_) => encoding_rs::GBK.decode_without_bom_handling(head).0.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_pages_and_their_kin() {
        let check =
            |text: &str, expected: Option<Kind>| assert_eq!(kind(text.as_bytes()), expected, "{text:?}");
        check("\u{feff}\r\n<HTML>", Some(Kind::Html));
        check("<!-- a --><!doctype HTML>", Some(Kind::Html));
        check("<script>location='/'</script>", Some(Kind::Html));
        check("<br/>", Some(Kind::Html));
        check("<html xmlns:o=\"urn:schemas-microsoft-com:office:office\">", Some(Kind::OfficeHtml));
        check(
            "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><Workbook/>",
            Some(Kind::OfficeHtml),
        );
        check("MIME-Version: 1.0\r\nContent-Type: multipart/related;", Some(Kind::OfficeHtml));
        check("<?xml version=\"1.0\"?><!DOCTYPE html><html>", Some(Kind::Html));
        check("<!DOCTYPE svg PUBLIC \"x\"><svg:svg>", Some(Kind::Svg));
        check("<svg", Some(Kind::Svg));
        check("<!-- never closed", None);
        check("<bold>", None);
        check("1 < 2", None);
        check("", None);
    }

    #[test]
    fn names_the_page() {
        let check = |body: &[u8], expected: &str| assert_eq!(disguise(body), expected);
        check("<html><input type=\"password\">".as_bytes(), "登录页面");
        check("<html>页面不存在".as_bytes(), "错误提示页面");
        check(b"<html>\xd2\xb3\xc3\xe6\xb2\xbb\xb4\xe6\xd4\xda", "错误提示页面");
        check("<html>欢迎".as_bytes(), "网页");
    }
}
