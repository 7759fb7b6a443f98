//! The hosts of others that a site links to, over all its scans: what they are, since when, and how they stand.
//!
//! Taken at the end of each scan from the link graph and from what was seen of the hosts, brought up to date whenever
//! they are looked at again, and kept in the record: that a host changed hands is only told by who knew it before.

mod stock;
mod vouching;

use std::collections::HashMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::address::{Address, Relation, intranet};
use crate::config::Site;
use crate::finding::excused;
use crate::indicators::{Hosts, is_below};
use crate::link::landing::{HostState, Print};
use crate::net::guard::Network;

pub use stock::{Stock, look_again, take};
pub use vouching::{Trust, Vouching};

/// Class of a host that no list names.
pub const UNKNOWN: &str = "unknown";

/// A host that is none of the site's and that its pages link to or load from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalHost {
    /// Name, with the port where it is not the usual one.
    pub host: String,
    /// The group of `rules/hosts.toml` that it belongs to, or [`UNKNOWN`].
    pub class: String,
    /// The day of the first scan that met it.
    pub first_seen: Date,
    /// The day of the last one.
    pub last_seen: Date,
    /// Pages that lead to it.
    pub pages: u64,
    /// The first of them by address.
    pub samples: Vec<String>,
    /// An address of it that the site links.
    pub address: String,
    /// Words of links to it.
    pub anchors: Vec<String>,
    /// How it stands.
    pub state: HostState,
    /// Why, in Chinese.
    pub why: String,
    /// The day since when it stands so.
    pub since: Date,
    /// How it stood before.
    pub was: Option<HostState>,
    /// Whether nobody is there because its name does not exist: anyone may register it.
    pub lapsed: bool,
    /// Whether a scan ever got an answer from it.
    pub answered: bool,
    /// What it showed when it was last taken for what it is.
    pub print: Option<Print>,
    /// The day on which its page was looked at last; `None`: never.
    #[serde(default)]
    pub looked: Option<Date>,
}

/// Everything known of the hosts that a site links to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The hosts, by name.
    pub hosts: Vec<ExternalHost>,
    /// What people said of hosts, oldest first.
    pub vouchings: Vec<Vouching>,
}

impl Inventory {
    fn by_name(&self) -> HashMap<&str, &ExternalHost> {
        self.hosts.iter().map(|host| (host.host.as_str(), host)).collect()
    }
}

/// The name of the host of an address: http and https are one, other ports are others.
pub fn name(address: &Address) -> String {
    match address.url().port() {
        Some(port) => format!("{}:{port}", address.host()),
        None => address.host().to_owned(),
    }
}

/// Tells hosts that nobody vouches for.
pub struct Strangers<'a> {
    /// The site.
    pub site: &'a Site,
    /// Known hosts.
    pub hosts: &'a Hosts,
    /// What people said.
    pub inventory: &'a Inventory,
    /// Networks that count as public although they are not.
    pub allow_private: &'a [Network],
    /// The day on which somebody must vouch.
    pub today: Date,
}

impl Strangers<'_> {
    /// Whether nobody vouches for the host of an address: no list, no person, no `allow` of the site.
    pub fn has(&self, address: &Address) -> bool {
        let host = address.host();
        self.site.scope.relation(address) != Relation::Own
            && !self.hosts.knows(host)
            && !intranet(address, |ip| self.allow_private.iter().any(|network| network.contains(ip)))
            && !excused(&self.site.allow, "bad-external-link").any(|known| is_below(host, known))
            && self.inventory.approval(&name(address), self.today).is_none()
    }
}
