//! How many pages carry each page tag, as the page shows it.

use super::finding::shown;
use crate::indicators::TagCount;
use crate::report::{figures, wording};

/// The tags of one kind of page.
pub(crate) struct TagTable {
    pub(crate) kind: &'static str,
    pub(crate) pages: String,
    pub(crate) rows: Vec<TagRow>,
}

/// One tag.
pub(crate) struct TagRow {
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) requirement: &'static str,
    pub(crate) filled: String,
    pub(crate) empty: String,
    pub(crate) absent: String,
    pub(crate) share: String,
    /// Look of the share: `bad` where a required tag is not on every page.
    pub(crate) class: &'static str,
}

/// One table for each kind of page.
pub(crate) fn tables(tags: &[TagCount]) -> Vec<TagTable> {
    tags.chunk_by(|one, next| one.kind == next.kind)
        .filter_map(|kind| {
            let first = kind.first()?;
            Some(TagTable {
                kind: wording::page_kind(first.kind),
                pages: figures::count(first.pages()),
                rows: kind.iter().map(TagRow::new).collect(),
            })
        })
        .collect()
}

impl TagRow {
    fn new(count: &TagCount) -> TagRow {
        let is_whole = count.filled == count.pages();
        TagRow {
            name: shown(&count.tag),
            label: shown(&count.label),
            requirement: wording::requirement(count.required),
            filled: figures::count(count.filled),
            empty: figures::count(count.empty),
            absent: figures::count(count.absent),
            share: figures::percent(count.filled, count.pages()).unwrap_or_default(),
            class: match (is_whole, count.required) {
                (true, _) => "good",
                (false, true) => "bad",
                (false, false) => "plain",
            },
        }
    }
}
