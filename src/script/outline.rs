//! The outline of a script: its tokens, and which brackets belong together. What is told by the shape of a script alone is
//! told by this.

use std::ops::Range;

use super::lexer::{Kind, Token};

/// The tokens of a script, and for each opening bracket where it closes: the end of the script, where it never does.
#[derive(Clone, Copy)]
pub(super) struct Outline<'t> {
    pub(super) tokens: &'t [Token],
    pub(super) partners: &'t [usize],
}

impl<'t> Outline<'t> {
    /// Whether this mark stands at a token.
    pub(super) fn is(&self, at: usize, mark: &str) -> bool {
        matches!(self.tokens.get(at), Some(Token { kind: Kind::Mark(found), .. }) if *found == mark)
    }

    /// The name at a token.
    pub(super) fn name(&self, at: usize) -> Option<&'t str> {
        match &self.tokens.get(at)?.kind {
            Kind::Name(name) => Some(name),
            _ => None,
        }
    }

    /// For each token whether it stands in any of some ranges, however they overlap.
    pub(super) fn covered<'r>(&self, ranges: impl IntoIterator<Item = &'r Range<usize>>) -> Vec<bool> {
        let end = self.tokens.len();
        let mut edges = vec![0_i32; end + 1];
        for range in ranges.into_iter().filter(|range| !range.is_empty()) {
            edges[range.start.min(end)] += 1;
            edges[range.end.min(end)] -= 1;
        }
        let mut open = 0;
        let inside = edges.iter().map(|edge| {
            open += edge;
            open > 0
        });
        inside.collect()
    }
}
