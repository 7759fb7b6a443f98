//! Words in what stands around them.

use std::fmt;

/// A stretch of a text with some of what stands before and after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame<'a> {
    /// What stands before; the text may have more of it.
    pub before: &'a str,
    /// The words themselves.
    pub words: &'a str,
    /// What stands after.
    pub after: &'a str,
    /// Whether the text begins before the frame does.
    pub is_cut_before: bool,
    /// Whether the text goes on after the frame.
    pub is_cut_after: bool,
}

impl<'a> Frame<'a> {
    /// The bytes `start..end` of a text with at most `around` characters on either side.
    pub fn new(text: &'a str, start: usize, end: usize, around: usize) -> Frame<'a> {
        let (before, after) = (&text[..start], &text[end..]);
        let from = before.char_indices().rev().take(around).last().map_or(start, |(at, _)| at);
        let to = after.char_indices().nth(around).map_or(text.len(), |(at, _)| end + at);
        Frame {
            before: &text[from..start],
            words: &text[start..end],
            after: &text[end..to],
            is_cut_before: from > 0,
            is_cut_after: to < text.len(),
        }
    }
}

/// `……认真【布署】各项工作……`.
impl fmt::Display for Frame<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ellipsis = |is_cut| if is_cut { "……" } else { "" };
        let (open, close) = (ellipsis(self.is_cut_before), ellipsis(self.is_cut_after));
        write!(f, "{open}{}【{}】{}{close}", self.before, self.words, self.after)
    }
}
