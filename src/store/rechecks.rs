//! Re-checks on record: looks at the hosts of others that a site links to, without a crawl.

use jiff::Timestamp;

use super::StoreError;
use crate::diff::{Changes, Sighted, StoredFinding};
use crate::inventory::ExternalHost;

/// What may be done to re-checks of sites.
pub trait Rechecks {
    /// Records a re-check: how the hosts stand and what that means for the findings. Says what has changed.
    fn finish_recheck(&self, outcome: RecheckOutcome) -> Result<Changes, StoreError>;
}

/// Number of a re-check in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecheckId(pub i64);

/// Everything a re-check leaves to the record.
pub struct RecheckOutcome {
    /// Id of the site.
    pub site: String,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// The hosts that were looked at, as they stand now.
    pub hosts: Vec<ExternalHost>,
    /// What it found.
    pub findings: Vec<Sighted>,
    /// Whether the host of a finding was looked at, so that the absence of the finding means that it is gone.
    pub seen: Box<dyn Fn(&StoredFinding) -> bool + Send>,
}
