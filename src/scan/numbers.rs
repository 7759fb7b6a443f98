//! The numbers of addresses: findings name addresses, the crawl state knows them by number.

use std::collections::{HashMap, HashSet};

use crate::facts::TargetId;
use crate::snapshot::Snapshot;

/// The numbers of those addresses that the crawl met.
pub(super) fn numbers<'a>(
    addresses: impl Iterator<Item = &'a str>,
    snapshot: &dyn Snapshot,
) -> HashMap<String, TargetId> {
    let wanted: HashSet<&str> = addresses.collect();
    let mut numbers = HashMap::new();
    snapshot.targets(&mut |target| {
        if wanted.contains(target.address.as_str()) {
            numbers.insert(target.address.clone(), target.id);
        }
    });
    numbers
}
