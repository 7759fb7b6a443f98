//! Document properties: what people write once and forget, and search engines show.

use super::Reading;
use super::archive::Archive;
use super::xml::{Token, walk};

/// Where formats keep them.
const FILES: &[&str] =
    &["docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml", "OFD.xml"];

/// Those that hold words of people, by local name.
const WORDS: &[&str] = &[
    "title",
    "subject",
    "creator",
    "keywords",
    "keyword",
    "description",
    "lastModifiedBy",
    "category",
    "contentStatus",
    "Company",
    "Manager",
    "lpwstr",
    "initial-creator",
    "user-defined",
    "Title",
    "Author",
    "Subject",
    "Abstract",
    "Keyword",
    "CustomData",
];

pub(super) fn read(reading: &mut Reading<'_>, archive: &Archive<'_>) {
    let mut text = String::new();
    for source in FILES.iter().filter_map(|name| archive.read(name)) {
        let mut is_wanted = false;
        walk(source, |token| match token {
            Token::Open(name, _) => is_wanted = WORDS.contains(&name),
            Token::Text(words) if is_wanted => text.push_str(words),
            Token::Close(_) => {
                if is_wanted {
                    text.push('\n');
                }
                is_wanted = false;
            }
            Token::Text(_) => {}
        });
    }
    reading.keep("文档属性", &text);
}
