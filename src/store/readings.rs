//! Readings on record: looks at some pages of a site between two scans.

use jiff::Timestamp;

use super::StoreError;
use crate::baseline::Taken;
use crate::diff::{Changes, Sighted, StoredFinding};
use crate::facts::Coverage;

/// What may be asked about readings of sites.
pub trait ReadingReader {
    /// The readings of a site that began since then, oldest first.
    fn readings(&self, site: &str, since: Timestamp) -> Result<Vec<ReadingRow>, StoreError>;
}

/// What may be done to readings of sites.
pub trait Readings {
    /// Records a reading: its findings and what it has seen of the key pages. Says what has changed.
    fn finish_reading(&self, outcome: ReadingOutcome) -> Result<Changes, StoreError>;
}

/// Number of a reading in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReadingId(pub i64);

/// Everything a reading leaves to the record.
pub struct ReadingOutcome {
    /// Id of the site.
    pub site: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// What it found.
    pub findings: Vec<Sighted>,
    /// Whether it has looked for a finding where it was, so that its absence means that it is gone.
    pub seen: Box<dyn Fn(&StoredFinding) -> bool + Send>,
    /// What was seen and what not.
    pub coverage: Coverage,
    /// What it has seen of the key pages.
    pub taken: Vec<Taken>,
    /// Good portraits of a page that are kept.
    pub portraits_kept: u32,
}

/// A reading on record.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingRow {
    /// Its number.
    pub id: ReadingId,
    /// Id of the site.
    pub site: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// What was seen and what not.
    pub coverage: Coverage,
    /// Findings that it opened or that came back.
    pub opened: u64,
    /// Findings that it saw gone.
    pub fixed: u64,
}
