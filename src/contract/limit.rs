//! Whether one thing kept its limit.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::sheet::{Basis, Value, Verdict, Why, of};
use crate::indicators::{Bound, Calendar, Promise};
use crate::ledger::Bounds;

/// Something that a limit was set for.
pub(super) struct Item {
    /// When the clock began to run.
    pub(super) began: Timestamp,
    /// When it was done; `None`: not yet.
    pub(super) done: Option<Timestamp>,
    /// How long it took, or takes so far.
    pub(super) took: Bounds,
    /// What it is.
    pub(super) from: Vec<Basis>,
}

impl Item {
    /// From one moment to another, both known exactly; valued at `now` while it is not done.
    pub(super) fn exact(began: Timestamp, done: Option<Timestamp>, now: Timestamp, from: Basis) -> Item {
        let took = done.unwrap_or(now).duration_since(began).max(SignedDuration::ZERO);
        Item { began, done, took: Bounds { least: took, most: took }, from: vec![from] }
    }
}

/// How items are held against a limit.
pub(super) struct Measure<'a> {
    pub(super) promise: Promise,
    pub(super) calendar: &'a Calendar,
    pub(super) zone: &'a TimeZone,
    pub(super) now: Timestamp,
}

impl Measure<'_> {
    /// What all of them amount to by a bound.
    pub(super) fn all(&self, items: &[Item], bound: Bound) -> (Value, Verdict) {
        let misses = |item: &&Item| !self.keeps(item, bound);
        let missed = items.iter().filter(misses).count() as u64;
        let is_pending = |item: &&Item| item.done.is_none() && self.keeps(item, bound);
        let pending = items.iter().filter(is_pending).count() as u64;
        let of = items.len() as u64;
        let worst = items.iter().map(|item| item.took).max_by_key(|took| took.least).unwrap_or_default();
        let verdict = match () {
            () if of == 0 => Verdict::NotApplicable,
            () if missed > 0 => Verdict::NotMet,
            () if pending == of => Verdict::NotStated(Why::Pending),
            () => Verdict::Met,
        };
        (Value::Each { of, missed, pending, worst }, verdict)
    }

    /// Whether an item has not missed its limit so far.
    pub(super) fn keeps(&self, item: &Item, bound: Bound) -> bool {
        let day = |at: Timestamp| -> Date { at.to_zoned(self.zone.clone()).date() };
        let (began, ended) = (day(item.began), day(item.done.unwrap_or(self.now)));
        match self.promise {
            Promise::Below(_) | Promise::Within(_) => keeps_time(self.promise, of(item.took, bound)),
            Promise::WorkingDays(most) => self.calendar.working_days(began, ended) <= most,
            Promise::Days(most) => ended <= began.saturating_add(i64::from(most).days()),
            // Limits of numbers are none of single things.
            Promise::Fewer(_) | Promise::AtLeast(_) => item.done.is_some(),
        }
    }
}

/// Whether a length of time keeps a limit.
pub(super) fn keeps_time(promise: Promise, took: SignedDuration) -> bool {
    match promise {
        Promise::Below(limit) => took < limit,
        Promise::Within(limit) => took <= limit,
        _ => true,
    }
}

/// Whether a number keeps a limit.
pub(super) fn keeps_count(promise: Promise, count: u64) -> bool {
    match promise {
        Promise::Fewer(limit) => count < limit,
        Promise::AtLeast(limit) => count >= limit,
        _ => true,
    }
}
