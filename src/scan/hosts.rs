//! The hosts of others that a site links to: asking the record, and saying how one stands.

use super::{Author, ScanError};
use crate::config::{Settings, Site};
use crate::inventory::{Inventory, Trust, Vouching};
use crate::store;

/// Everything known of the hosts that a site links to; nothing where there is no record yet.
pub fn inventory(settings: &Settings, site: &Site) -> Result<Inventory, ScanError> {
    match store::open_reader(&settings.store_url) {
        Err(store::StoreError::Missing { .. }) => Ok(Inventory::default()),
        opened => Ok(opened?.inventory(&site.id)?),
    }
}

/// Records what a person says of a host that a scan met. Gives its name as the record has it.
pub fn vouch(
    settings: &Settings,
    site: &Site,
    author: Author,
    host: &str,
    trust: Trust,
) -> Result<String, ScanError> {
    let store = store::open(&settings.store_url)?;
    let Author { name, note, at } = author;
    let vouching = Vouching { host: host.to_ascii_lowercase(), at, author: name, note, trust };
    // The log of vouchings says who and why; the dashboard's notes are of those who were logged in.
    store.vouch(&site.id, &vouching, None)?;
    Ok(vouching.host)
}
