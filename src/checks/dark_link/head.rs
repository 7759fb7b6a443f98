//! What the head of a page tells search engines in words that no visitor reads.

use super::rule::{Word, crimes};
use crate::facts::Tag;
use crate::page::Page;
use crate::text::Lexicons;

/// Tags that search engines show or weigh. What stands in the title, visitors see too.
const READ: [&str; 2] = ["keywords", "description"];

/// The tags of a page that speak of crimes, each with the words that do.
pub(super) fn tags<'a>(page: &'a Page, lexicons: &Lexicons) -> Vec<(&'a Tag, Vec<Word>)> {
    let is_read = |tag: &&Tag| READ.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
    let worded = page.tags.iter().filter(is_read).map(|tag| (tag, crimes(&tag.value, lexicons)));
    worded.filter(|(_, words)| !words.is_empty()).collect()
}
