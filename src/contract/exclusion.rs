//! Time that is agreed not to count: subtracted from the contract's figures, never from the record.

use jiff::Timestamp;

use crate::ledger::{Span, Spans};

/// Time that somebody wants not to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Where it comes from.
    pub origin: Origin,
    /// Which time.
    pub span: Span,
    /// What kind.
    pub kind: ExclusionKind,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub author: String,
    /// Who of the other party agreed; without that nothing is subtracted.
    pub approved_by: Option<String>,
    /// Where somebody has taken it back: nothing is subtracted any more.
    pub withdrawn: Option<Withdrawal>,
}

/// An exclusion is taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// When.
    pub at: Timestamp,
    /// Who says so.
    pub author: String,
    /// Why.
    pub reason: String,
}

impl Exclusion {
    /// Whether it is subtracted: agreed, and not taken back.
    pub fn is_in_force(&self) -> bool {
        self.approved_by.is_some() && self.withdrawn.is_none()
    }
}

/// Where an exclusion comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Entered by hand.
    Entered {
        /// Its number in the record.
        number: i64,
        /// When it was entered.
        at: Timestamp,
    },
    /// A maintenance window of the configuration.
    Configured,
}

/// Why time does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExclusionKind {
    /// Agreed maintenance.
    Maintenance,
    /// Caused by others, or by what nobody could prevent.
    NotOurs,
}

impl ExclusionKind {
    /// The kinds.
    pub const ALL: [ExclusionKind; 2] = [ExclusionKind::Maintenance, ExclusionKind::NotOurs];

    /// The word for it in the record and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            ExclusionKind::Maintenance => "maintenance",
            ExclusionKind::NotOurs => "not-ours",
        }
    }
}

/// The time that both parties agreed not to count, and that nobody has taken back.
pub fn approved(exclusions: &[Exclusion]) -> Spans {
    exclusions.iter().filter(|exclusion| exclusion.is_in_force()).map(|exclusion| exclusion.span).collect()
}
