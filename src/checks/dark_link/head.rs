//! What the head of a page tells search engines.

use super::rule::Rule;
use crate::checks::crimes::{Word, crimes};
use crate::finding::Place;
use crate::page::{Field, Page};
use crate::text::Lexicons;

/// Tags that search engines show or weigh. What stands in the title, visitors see too.
const READ: [&str; 2] = ["keywords", "description"];

/// Something that a field of the head says.
pub(super) struct Saying {
    pub(super) rule: Rule,
    /// `title`, or the name of the meta element.
    pub(super) name: String,
    pub(super) value: String,
    pub(super) words: Vec<Word>,
    pub(super) place: Place,
}

/// What the fields of the head say that speaks of crimes, or is written so that nobody finds it.
pub(super) fn sayings(page: &Page, lexicons: &Lexicons) -> Vec<Saying> {
    let mut sayings: Vec<Saying> = Vec::new();
    for Field { name, value, place } in page.coded_fields() {
        let words = crimes(&value, lexicons);
        let rule = if words.is_empty() { Rule::CodedHead } else { Rule::CodedWords };
        sayings.push(Saying { rule, name, value, words, place });
    }
    for Field { name, value, place } in page.rival_titles() {
        let words = crimes(&value, lexicons);
        if !words.is_empty() {
            sayings.push(Saying { rule: Rule::RivalTitle, name, value, words, place });
        }
    }
    let is_read = |name: &str| READ.iter().any(|read| name.eq_ignore_ascii_case(read));
    for tag in page.tags.iter().filter(|tag| is_read(&tag.name)) {
        let words = crimes(&tag.value, lexicons);
        let is_said = sayings.iter().any(|saying| saying.name.eq_ignore_ascii_case(&tag.name));
        if !words.is_empty() && !is_said {
            let (name, value) = (tag.name.clone(), tag.value.clone());
            let place = page.meta_place(&tag.name);
            sayings.push(Saying { rule: Rule::HeadWords, name, value, words, place });
        }
    }
    sayings
}
