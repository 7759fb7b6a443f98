//! Hosts that a site links to or loads from: do they have IPv6, and does it work?

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::measured::{Reason, Trouble};
use super::names::{Quality, look_up};
use super::visits::connect;
use crate::address::{Address, Relation, Scope};
use crate::net::guard::Guard;

/// Hosts looked at at the same time.
const AT_ONCE: usize = 8;

/// A host and whether it can be reached over IPv6.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostReach {
    /// The host.
    pub host: String,
    /// Whether it has an AAAA record that the public can use.
    pub has_aaaa: bool,
    /// Why no connection came about; `None`: it did.
    pub trouble: Option<Trouble>,
    /// An address that leads there.
    pub sample: String,
}

/// A host that the home page loads from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// Whether it belongs to the site.
    pub own: bool,
    /// How many different addresses of it the page loads.
    pub count: usize,
    /// The host itself.
    pub reach: HostReach,
}

/// How hosts are looked at.
pub(super) struct Scout<'a> {
    pub(super) servers: &'a [SocketAddr],
    pub(super) quality: Quality<'a>,
    pub(super) guard: &'a Guard,
    pub(super) limit: Duration,
}

impl Scout<'_> {
    /// Looks at the hosts of these addresses, each once, in the order of their first address, at most so many.
    /// Says how many there are.
    pub(super) async fn reach_all(&self, addresses: &[&Address], most: usize) -> (Vec<HostReach>, usize) {
        let mut hosts: Vec<&Address> = Vec::new();
        for address in addresses {
            if hosts.iter().all(|known| known.host() != address.host()) {
                hosts.push(address);
            }
        }
        let known = hosts.len();
        hosts.truncate(most);
        let reaches = stream::iter(hosts).map(|address| self.reach(address)).buffered(AT_ONCE);
        (reaches.collect().await, known)
    }

    /// Looks at the host of one address.
    async fn reach(&self, address: &Address) -> HostReach {
        let names = look_up(address.host(), self.servers, self.limit, &self.quality).await;
        let port = address.url().port_or_known_default().unwrap_or(80);
        let mut reached = Err(match (names.is_unknown(), names.aaaa.first()) {
            (true, _) => Trouble { reason: Reason::Dns, detail: "域名服务器无应答".to_owned() },
            (false, Some(aaaa)) => Trouble {
                reason: Reason::NoAddress,
                detail: format!("AAAA {} 为{}", aaaa.address, aaaa.unfit.as_deref().unwrap_or_default()),
            },
            (false, None) => Trouble { reason: Reason::NoAddress, detail: "没有 AAAA 记录".to_owned() },
        });
        for ip in names.public() {
            reached = connect(SocketAddr::new(ip, port), self.guard, self.limit).await;
            if reached.is_ok() {
                break;
            }
        }
        let has_aaaa = names.public().next().is_some();
        HostReach {
            host: address.host().to_owned(),
            has_aaaa,
            trouble: reached.err(),
            sample: address.to_string(),
        }
    }

    /// Looks at the hosts that a page loads from.
    pub(super) async fn resources(&self, loaded: &[Address], scope: &Scope, most: usize) -> Vec<Resource> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for address in loaded {
            *counts.entry(address.host()).or_default() += 1;
        }
        let (reaches, _) = self.reach_all(&loaded.iter().collect::<Vec<_>>(), most).await;
        let resources = reaches.into_iter().map(|reach| {
            let own = loaded
                .iter()
                .any(|address| address.host() == reach.host && scope.relation(address) == Relation::Own);
            Resource { own, count: counts.get(reach.host.as_str()).copied().unwrap_or_default(), reach }
        });
        resources.collect()
    }
}
