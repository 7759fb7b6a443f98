//! Time that does not count, in the record.

use jiff::Timestamp;

use super::{Action, StoreError};
use crate::contract::{Exclusion, ExclusionKind, Withdrawal};
use crate::ledger::Span;

/// An exclusion about to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExclusion {
    /// Id of the site.
    pub site: String,
    /// Which time.
    pub span: Span,
    /// What kind.
    pub kind: ExclusionKind,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub author: String,
    /// Who of the other party agreed.
    pub approved_by: Option<String>,
    /// When it is entered.
    pub at: Timestamp,
}

/// What may be asked of exclusions.
pub trait ExclusionReader {
    /// The exclusions of a site, in the order they were entered.
    fn exclusions(&self, site: &str) -> Result<Vec<Exclusion>, StoreError>;
}

/// What may be done to exclusions, each with the note of who did it in its transaction: they are entered and taken back,
/// never changed or removed.
pub trait Exclusions {
    /// Enters an exclusion.
    fn exclude(&self, exclusion: &NewExclusion, note: Option<&Action>) -> Result<Exclusion, StoreError>;

    /// Takes an exclusion of a site back. Of several who do, the first counts.
    fn withdraw_exclusion(
        &self,
        site: &str,
        number: i64,
        withdrawal: &Withdrawal,
        note: Option<&Action>,
    ) -> Result<Exclusion, StoreError>;
}
