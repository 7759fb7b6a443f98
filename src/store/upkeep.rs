//! What the record lets go of when it is old: nothing that is evidence of a finding, an incident or an interval.

use jiff::Timestamp;

use super::StoreError;

/// Keeping the record within bounds.
pub trait Upkeep {
    /// Removes what is older than it need be, and tidies up behind it.
    fn prune(&self, before: &Before) -> Result<Pruned, StoreError>;
}

/// Until when things are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Before {
    /// Counts of visits by the hour.
    pub visits: Timestamp,
    /// Letters that were confirmed or refused, with their attempts.
    pub letters: Timestamp,
    /// Readings that brought nothing about.
    pub readings: Timestamp,
}

/// How many rows were removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Hours of visits.
    pub visits: usize,
    /// Letters.
    pub letters: usize,
    /// Readings.
    pub readings: usize,
}
