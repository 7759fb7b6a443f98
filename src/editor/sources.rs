//! What finds faults in a text.

use super::{Desk, Fault, Source};
use crate::text::Class;

/// The dictionaries.
pub(super) struct Dictionaries;

impl Source for Dictionaries {
    fn find(&self, text: &str, desk: &Desk<'_>) -> Vec<Fault> {
        let hits = desk.lexicons.hits(text);
        // What is the right spelling is laid down for simplified characters only; names and formulas bind both.
        let is_traditional = !hits.is_empty() && desk.lexicons.is_traditional(text);
        hits.into_iter()
            .filter(|hit| hit.since.is_none_or(|since| since <= desk.today))
            .filter(|hit| !(is_traditional && hit.class == Class::Misspelling))
            .map(|hit| Fault {
                check: hit.class.check(),
                start: hit.start,
                end: hit.end,
                what: hit.words,
                suggestion: hit.suggestion.map(str::to_owned),
                class: hit.class.chinese(),
                tier: hit.tier,
                confidence: hit.confidence,
                why: hit.note.map(str::to_owned),
            })
            .collect()
    }
}
