//! The words around a number.

use super::figures::{Figures, has};

/// Bytes before a number that are looked at: 40 characters.
const BEFORE: usize = 120;
/// Bytes right before a number that may name it: 12 characters.
const LABEL: usize = 36;
/// Bytes behind a number that are looked at: 15 characters.
const AFTER: usize = 45;

/// The words around a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// Before it, in its paragraph or cell.
    before: &'a str,
    /// Behind it, there as well.
    after: &'a str,
    /// The head of its column; empty outside of tables.
    head: &'a str,
    /// The title of the page.
    title: &'a str,
    /// Whether a person is named in its row.
    pub(super) is_named: bool,
}

impl<'a> Around<'a> {
    pub(super) fn new(
        text: &'a str,
        start: usize,
        end: usize,
        head: &'a str,
        title: &'a str,
        is_named: bool,
    ) -> Around<'a> {
        let before = &text[text.floor_char_boundary(start.saturating_sub(BEFORE))..start];
        let after = &text[end..text.ceil_char_boundary((end + AFTER).min(text.len()))];
        Around {
            before: before.rsplit('\n').next().unwrap_or_default(),
            after: after.split('\n').next().unwrap_or_default(),
            head,
            title,
            is_named,
        }
    }

    /// Whether one of `words` stands before or behind the number, or at the head of its column.
    pub(super) fn says(&self, words: &[String]) -> bool {
        has(self.before, words) || has(self.head, words) || has(self.after, words)
    }

    /// Whether one of `words` stands before the number or at the head of its column.
    pub(super) fn is_introduced_by(&self, words: &[String]) -> bool {
        has(self.before, words) || has(self.head, words)
    }

    /// Whether the number itself is called by one of `words`: right before it, or at the head of its column.
    pub(super) fn is_called(&self, words: &[String]) -> bool {
        let label = &self.before[self.before.floor_char_boundary(self.before.len().saturating_sub(LABEL))..];
        // What stands before the last clause or number names another one.
        let parts = |c: char| c.is_ascii_digit() || matches!(c, '，' | '。' | '；' | ';' | ',');
        has(label.rsplit(parts).next().unwrap_or_default(), words) || has(self.head, words)
    }

    /// Whether the page lists whom to call at an office, and nothing says that it lists other people.
    pub(super) fn is_directory(&self, figures: &Figures) -> bool {
        has(self.title, &figures.directory_words) && !self.lists_people(&figures.list_words)
    }

    /// Whether the page, the column or the words before say that people are listed.
    pub(super) fn lists_people(&self, words: &[String]) -> bool {
        self.is_introduced_by(words) || has(self.title, words)
    }
}
