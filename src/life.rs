//! Findings over time: when each was seen, and where it stands.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Fingerprint};

/// A finding with its life.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reported {
    /// Identity.
    pub id: Fingerprint,
    /// What was found.
    pub finding: Finding,
    /// First scan that saw it.
    pub first_seen: Timestamp,
    /// Last scan that saw it.
    pub last_seen: Timestamp,
    /// Where it stands.
    pub state: Life,
}

/// The life of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Life {
    /// Seen for the first time.
    New,
    /// Seen before and still there.
    Open,
    /// A person knows.
    Acknowledged,
    /// A person says it is none, until a date.
    Dismissed,
    /// Its page was seen again, its check ran, and it was not there.
    Fixed,
    /// Back after it was fixed.
    Reopened,
}
