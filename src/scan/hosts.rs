//! The hosts of others that a site links to: asking the record, and vouching for one.

use super::{Author, ScanError};
use crate::config::{Settings, Site};
use crate::inventory::{Inventory, Trusted};
use crate::store;

/// Everything known of the hosts that a site links to; nothing where there is no record yet.
pub fn inventory(settings: &Settings, site: &Site) -> Result<Inventory, ScanError> {
    match store::open_reader(&settings.store_url) {
        Err(store::StoreError::Missing { .. }) => Ok(Inventory::default()),
        opened => Ok(opened?.inventory(&site.id)?),
    }
}

/// Records that a person vouches for a host that a scan met. Gives its name as the record has it.
pub fn approve_host(
    settings: &Settings,
    site: &Site,
    author: Author,
    host: &str,
) -> Result<String, ScanError> {
    let store = store::open(&settings.store_url)?;
    let host = host.to_ascii_lowercase();
    let is_known = store.inventory(&site.id)?.hosts.iter().any(|known| known.host == host);
    if !is_known {
        return Err(ScanError::NoSuchHost { site: site.id.clone(), host });
    }
    let Author { name, note, at } = author;
    store.approve_host(&site.id, &Trusted { host: host.clone(), at, author: name, note })?;
    Ok(host)
}
