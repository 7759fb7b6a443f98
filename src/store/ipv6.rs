//! What was measured of IPv6 support, over time.

use jiff::Timestamp;

use super::StoreError;
use crate::ipv6::{Assessment, Visit};

/// What may be done to assessments of IPv6 support.
pub trait Ipv6: Send + Sync {
    /// Keeps an assessment of a site. One of the same site that began at the same time is replaced.
    fn put_assessment(&self, site: &str, assessment: &Assessment) -> Result<(), StoreError>;

    /// Keeps visits of a site's home page, and lets go of those before `forget`.
    fn put_ipv6_visits(&self, site: &str, visits: Vec<Visit>, forget: Timestamp) -> Result<(), StoreError>;
}

/// What may be asked about assessments of IPv6 support.
pub trait Ipv6Reader: Send + Sync {
    /// The last `limit` assessments of a site, newest first, with when they began.
    fn assessments(&self, site: &str, limit: u32) -> Result<Vec<(Timestamp, Assessment)>, StoreError>;

    /// The visits of a site's home page from `since` on, oldest first.
    fn ipv6_visits(&self, site: &str, since: Timestamp) -> Result<Vec<Visit>, StoreError>;
}
