//! Stretches of time, and sets of them.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A half-open stretch of time `[start, end)` in UTC. Never of negative length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    start: Timestamp,
    end: Timestamp,
}

impl Span {
    /// From `start` up to `end`. A clock that was set back may bring an end before the start: that is no time at all.
    pub fn new(start: Timestamp, end: Timestamp) -> Span {
        Span { start, end: end.max(start) }
    }

    /// Its first moment.
    pub fn start(self) -> Timestamp {
        self.start
    }

    /// The first moment after it.
    pub fn end(self) -> Timestamp {
        self.end
    }

    /// How long it is.
    pub fn length(self) -> SignedDuration {
        self.end.duration_since(self.start)
    }

    /// Whether it has no moment at all.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether a moment lies in it.
    pub fn contains(self, at: Timestamp) -> bool {
        self.start <= at && at < self.end
    }

    /// What it shares with another; empty where they have nothing in common.
    pub fn overlap(self, other: Span) -> Span {
        Span::new(self.start.max(other.start), self.end.min(other.end))
    }
}

/// A set of moments: stretches in order, apart from each other, none of them empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spans(Vec<Span>);

impl FromIterator<Span> for Spans {
    /// The union, in any order and however they overlap.
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Spans {
        let mut spans: Vec<Span> = spans.into_iter().filter(|span| !span.is_empty()).collect();
        spans.sort_unstable();
        let mut union: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match union.last_mut() {
                Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
                _ => union.push(span),
            }
        }
        Spans(union)
    }
}

impl From<Span> for Spans {
    fn from(span: Span) -> Spans {
        [span].into_iter().collect()
    }
}

impl Spans {
    /// Its stretches, in order.
    pub fn iter(&self) -> impl Iterator<Item = Span> + '_ {
        self.0.iter().copied()
    }

    /// How much time it is.
    pub fn length(&self) -> SignedDuration {
        self.iter().map(Span::length).fold(SignedDuration::ZERO, SignedDuration::saturating_add)
    }

    /// The moments of either.
    pub fn or(&self, other: &Spans) -> Spans {
        self.iter().chain(other.iter()).collect()
    }

    /// The moments of both.
    pub fn and(&self, other: &Spans) -> Spans {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut both = Vec::new();
        while let (Some(one), Some(another)) = (left.peek(), right.peek()) {
            let shared = one.overlap(**another);
            if !shared.is_empty() {
                both.push(shared);
            }
            // The one that ends first can share nothing more.
            if one.end < another.end {
                left.next()
            } else {
                right.next()
            };
        }
        Spans(both)
    }

    /// The moments of this one that are none of the other.
    pub fn minus(&self, other: &Spans) -> Spans {
        let mut rest = Vec::new();
        let mut holes = other.0.iter().peekable();
        for span in self.iter() {
            let mut from = span.start;
            while let Some(hole) = holes.peek() {
                if hole.start >= span.end {
                    break;
                }
                if hole.start > from {
                    rest.push(Span::new(from, hole.start));
                }
                from = from.max(hole.end.min(span.end));
                if hole.end > span.end {
                    break; // It reaches into the next stretch.
                }
                holes.next();
            }
            if from < span.end {
                rest.push(Span::new(from, span.end));
            }
        }
        Spans(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(pairs: &[(i64, i64)]) -> Spans {
        pairs.iter().map(|(start, end)| span(*start, *end)).collect()
    }

    fn span(start: i64, end: i64) -> Span {
        let at = |second| Timestamp::from_second(second).expect("in range");
        Span::new(at(start), at(end))
    }

    #[test]
    fn touching_and_overlapping_stretches_become_one() {
        assert_eq!(spans(&[(5, 9), (0, 3), (3, 5), (20, 20), (8, 10)]), spans(&[(0, 10)]));
    }

    #[test]
    fn a_stretch_is_never_negative() {
        assert_eq!(span(9, 3).length(), SignedDuration::ZERO);
        assert!(span(0, 3).overlap(span(5, 9)).is_empty());
    }

    #[test]
    fn holes_are_cut_out() {
        let check = |from: &[(i64, i64)], holes: &[(i64, i64)], expected: &[(i64, i64)]| {
            assert_eq!(spans(from).minus(&spans(holes)), spans(expected), "{from:?} {holes:?}");
        };
        check(&[(0, 10)], &[(2, 4), (6, 7)], &[(0, 2), (4, 6), (7, 10)]);
        check(&[(0, 10), (20, 30)], &[(5, 25)], &[(0, 5), (25, 30)]);
        check(&[(0, 10)], &[(0, 10)], &[]);
        check(&[(5, 10)], &[(0, 5), (10, 11)], &[(5, 10)]);
        check(&[(0, 3), (4, 6)], &[], &[(0, 3), (4, 6)]);
    }
}
