//! What people say of the hosts of others that a site links to, in the record.

use super::{Action, StoreError};
use crate::inventory::Vouching;

/// What may be said of hosts, each with the note of who did it in its transaction: a log that only grows.
pub trait Hosts {
    /// Records what a person says of a host that a scan of the site met. Trust that nobody gave, or that was revoked
    /// already, cannot be revoked.
    fn vouch(&self, site: &str, vouching: &Vouching, note: Option<&Action>) -> Result<(), StoreError>;
}
