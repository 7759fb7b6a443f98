//! Faults: what people call one outage, however many intervals it left in the ledger.

use jiff::{SignedDuration, Timestamp};

use super::account::downs;
use super::{Bounds, Interval, Journal, Span, Spans};

/// A fault of the site. Counted once, in the period in which it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The first failed probe.
    pub start: Timestamp,
    /// The last good probe before it.
    pub earliest: Timestamp,
    /// The first good probe after it; `None` while it lasts.
    pub end: Option<Timestamp>,
    /// Numbers of its intervals in the record.
    pub intervals: Vec<i64>,
    /// How long the repair took, exclusions subtracted; valued at the moment of asking while it lasts.
    pub repair: Bounds,
}

impl Fault {
    /// Whether all of it lies in agreed exclusions and maintenance.
    pub fn is_excused(&self) -> bool {
        self.repair.most.is_zero()
    }
}

/// Every fault of the journal, oldest first. Those less than `merge_gap` apart are one.
pub fn faults(journal: &Journal, excluded: &Spans, merge_gap: SignedDuration, now: Timestamp) -> Vec<Fault> {
    let mut down: Vec<&Interval> = downs(journal).collect();
    down.sort_unstable_by_key(|interval| (interval.start, interval.id));
    let mut groups: Vec<Group> = Vec::new();
    for interval in down {
        let span = interval.surely(now);
        match groups.last_mut() {
            Some(group) if group.end.duration_since(span.start()) + merge_gap > SignedDuration::ZERO => {
                group.add(interval, span);
            }
            _ => groups.push(Group::of(interval, span)),
        }
    }
    groups.into_iter().map(|group| group.close(excluded)).collect()
}

/// Intervals that make one fault.
struct Group<'a> {
    intervals: Vec<&'a Interval>,
    spans: Vec<Span>,
    end: Timestamp,
}

impl<'a> Group<'a> {
    fn of(interval: &'a Interval, span: Span) -> Group<'a> {
        Group { intervals: vec![interval], spans: vec![span], end: span.end() }
    }

    fn add(&mut self, interval: &'a Interval, span: Span) {
        self.intervals.push(interval);
        self.spans.push(span);
        self.end = self.end.max(span.end());
    }

    fn close(self, excluded: &Spans) -> Fault {
        let start = self.spans.iter().map(|span| span.start()).min().unwrap_or(self.end);
        let earliest =
            self.intervals.iter().map(|interval| interval.earliest).min().unwrap_or(start).min(start);
        let lasts = self.intervals.iter().any(|interval| interval.end.is_none());
        let counted = |spans: Spans| spans.minus(excluded).length();
        Fault {
            start,
            earliest,
            end: (!lasts).then_some(self.end),
            intervals: self.intervals.iter().map(|interval| interval.id).collect(),
            repair: Bounds {
                least: counted(self.spans.into_iter().collect()),
                // Between two failures of one fault the site was hardly mended.
                most: counted(Span::new(earliest, self.end).into()),
            },
        }
    }
}
