//! How many pages carry each page tag, as the page shows it.

use super::finding::shown;
use crate::indicators::TagCount;
use crate::report::{figures, wording};

/// The tags of one kind of page.
pub(super) struct TagTable {
    pub(super) kind: &'static str,
    pub(super) pages: String,
    pub(super) rows: Vec<TagRow>,
}

/// One tag.
pub(super) struct TagRow {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) requirement: &'static str,
    pub(super) filled: String,
    pub(super) empty: String,
    pub(super) absent: String,
    pub(super) share: String,
    /// Look of the share: `bad` where a required tag is not on every page.
    pub(super) class: &'static str,
}

/// One table for each kind of page.
pub(super) fn tables(tags: &[TagCount]) -> Vec<TagTable> {
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
