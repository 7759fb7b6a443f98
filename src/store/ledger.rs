//! The ledger of availability in the record: intervals, visits by the hour, the daemon's signs of life.

use jiff::{SignedDuration, Timestamp};

use super::StoreError;
use crate::ledger::{ClockStep, HourVisits, Journal, Sign, Span, Target};

/// A visit of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Of what.
    pub target: Target,
    /// When.
    pub at: Timestamp,
    /// Whether it did not open in time.
    pub failed: bool,
}

/// What may be asked of the ledger.
pub trait LedgerReader {
    /// What is known of a site within a stretch of time: every interval that touches it, whole; all watches and steps
    /// of the clock.
    fn journal(&self, site: &str, within: Span) -> Result<Journal, StoreError>;

    /// The targets of a site that were ever seen or visited, by name.
    fn targets(&self, site: &str) -> Result<Vec<Target>, StoreError>;

    /// Visits of a target by the hour, those from `since` on, oldest first.
    fn visits(&self, target: &Target, since: Timestamp) -> Result<Vec<HourVisits>, StoreError>;

    /// The time since the daemon gave its last sign of life; `None` where it never gave one, or gives them ahead of
    /// `now`. After a crash this is what nobody saw.
    fn gap_since_last_sign(&self, now: Timestamp) -> Result<Option<Span>, StoreError>;
}

/// What may be done to the ledger. What was raised stays open over a crash; each call is one transaction.
pub trait Ledger {
    /// Takes signs in, in their order: each raises an interval, extends the open one of its target and cause, or closes
    /// that and raises another.
    fn observe(&self, signs: &[Sign]) -> Result<(), StoreError>;

    /// Adds visits to the counts of their hours.
    fn count_visits(&self, visits: &[Visit]) -> Result<(), StoreError>;

    /// Notes that the daemon lives. Where its last sign is more than `silence` ago, a new watch begins, and what lies
    /// between is returned: nobody saw it, and from now on the record says so.
    fn mark_alive(&self, at: Timestamp, silence: SignedDuration) -> Result<Option<Span>, StoreError>;

    /// Notes that the clock was set.
    fn note_step(&self, step: &ClockStep) -> Result<(), StoreError>;
}
