//! Pages of a list.

use serde::{Deserialize, Serialize};

/// Rows of a page where nobody says how many.
const ROWS: u32 = 100;
/// Rows of a page at most.
const MOST: u32 = 500;

/// Which page.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Paged {
    /// As the page before named it; not given for the first one.
    cursor: Option<i64>,
    /// Rows at most.
    limit: Option<u32>,
}

impl Paged {
    /// The page after `cursor`, with at most `limit` rows.
    pub(super) fn new(cursor: Option<i64>, limit: Option<u32>) -> Paged {
        Paged { cursor, limit }
    }

    /// The number of the last row of the page before.
    pub(super) fn cursor(self) -> Option<i64> {
        self.cursor
    }

    /// Rows to show.
    pub(super) fn rows(self) -> u32 {
        self.limit.unwrap_or(ROWS).clamp(1, MOST)
    }

    /// Rows to ask for: one more tells whether another page follows.
    pub(super) fn wanted(self) -> u32 {
        self.rows() + 1
    }
}

/// A page of a list.
#[derive(Debug, Serialize)]
pub(super) struct Page<T> {
    schema: u32,
    items: Vec<T>,
    /// The cursor of the next page; `null`: this is the last one.
    next: Option<i64>,
}

impl<T> Page<T> {
    /// A page of the rows that were asked for, each with its number.
    pub(super) fn of(mut rows: Vec<(i64, T)>, paged: Paged) -> Page<T> {
        let shown = paged.rows() as usize;
        let next = (rows.len() > shown).then(|| rows[shown - 1].0);
        rows.truncate(shown);
        Page {
            schema: crate::report::wire::SCHEMA,
            items: rows.into_iter().map(|(_, row)| row).collect(),
            next,
        }
    }

    /// A page of a list that comes whole, in the ascending order of its numbers.
    pub(super) fn cut(rows: impl Iterator<Item = (i64, T)>, paged: Paged) -> Page<T> {
        let after = paged.cursor.unwrap_or(i64::MIN);
        Page::of(rows.filter(|(number, _)| *number > after).take(paged.wanted() as usize).collect(), paged)
    }
}

impl<T> Page<Option<T>> {
    /// The same without what the visitor must not see. The page may become short, its cursor stays.
    pub(super) fn known(self) -> Page<T> {
        Page { schema: self.schema, items: self.items.into_iter().flatten().collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_page_says_so() {
        let check = |cursor, limit, items: &[i64], next| {
            let page = Page::cut((1..=5).map(|number| (number, number)), Paged { cursor, limit });
            assert_eq!((page.items.as_slice(), page.next), (items, next), "{cursor:?} {limit:?}");
        };
        check(None, Some(2), &[1, 2], Some(2));
        check(Some(2), Some(2), &[3, 4], Some(4));
        check(Some(4), Some(2), &[5], None);
        check(Some(2), Some(3), &[3, 4, 5], None);
        check(None, Some(0), &[1], Some(1));
        check(None, None, &[1, 2, 3, 4, 5], None);
        check(Some(9), None, &[], None);
    }

    #[test]
    fn nobody_gets_everything_at_once() {
        assert_eq!(Paged::new(None, Some(u32::MAX)).rows(), MOST);
    }
}
