//! The file name in `Content-Disposition`.

use std::borrow::Cow;

/// The extension, in lower case, of the name that a browser would save the file by.
pub(super) fn extension(header: &str) -> Option<String> {
    let name = parameter(header, "filename*")
        .map(extended)
        .or_else(|| parameter(header, "filename").map(Cow::Borrowed))?;
    let (_, extension) = name.rsplit_once('.')?;
    let is_word =
        (1..=8).contains(&extension.len()) && extension.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_word.then(|| extension.to_ascii_lowercase())
}

fn parameter<'a>(header: &'a str, wanted: &str) -> Option<&'a str> {
    header.split(';').skip(1).find_map(|part| {
        let (name, value) = part.split_once('=')?;
        let value = value.trim().trim_matches('"').trim();
        (name.trim().eq_ignore_ascii_case(wanted) && !value.is_empty()).then_some(value)
    })
}

/// The last part of `UTF-8''name`, whose extension is never percent-encoded but for the dot by the overcareful.
fn extended(value: &str) -> Cow<'_, str> {
    let name = value.rsplit('\'').next().unwrap_or_default();
    if name.contains("%2") {
        Cow::Owned(name.replace("%2E", ".").replace("%2e", "."))
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_extension() {
        let check = |header: &str, expected: Option<&str>| {
            assert_eq!(extension(header).as_deref(), expected, "{header}")
        };
        check("attachment; filename=\"a.b.PDF\"", Some("pdf"));
        check("attachment;filename=公告.docx", Some("docx"));
        check("attachment; filename=x.txt; filename*=UTF-8''%e5%85%ac.xlsx", Some("xlsx"));
        check("attachment; FILENAME* = utf-8''a%2Edoc", Some("doc"));
        check("inline", None);
        check("attachment; filename=\"\"", None);
        check("attachment; filename=\"noext\"", None);
        check("attachment; filename=\"a.附件\"", None);
    }
}
