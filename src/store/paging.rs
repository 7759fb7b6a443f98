//! Lists in pages. A page is asked for by the number of the last row of the one before, so it stays what it is while
//! rows are added and changed.

use super::{Filter, ScanId, ScanRow, StoreError};
use crate::finding::Fingerprint;
use crate::life::Reported;

/// Lists that grow without end.
pub trait Paging {
    /// Findings in the order in which they were first recorded, with their numbers: those after `after`, which is 0 for
    /// the first page. A filter without a limit wants them all.
    fn findings_after(&self, filter: &Filter, after: i64) -> Result<Vec<(i64, Reported)>, StoreError>;

    /// A finding with the id of its site.
    fn finding_with_site(&self, finding: &Fingerprint) -> Result<Option<(String, Reported)>, StoreError>;

    /// At most `limit` scans of a site, newest first: those before `before`, where it is given.
    fn scans_before(
        &self,
        site: &str,
        before: Option<ScanId>,
        limit: u32,
    ) -> Result<Vec<ScanRow>, StoreError>;
}
