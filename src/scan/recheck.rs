//! Looking again at the hosts that a site links to, without a crawl.
//!
//! Pages and links are those of the last scan; only what stands at the far end is looked at anew, two requests a host,
//! and judged by the same functions. One that is cut off leaves nothing behind and begins anew: those that were looked
//! at longest ago come first.

use std::collections::{BTreeMap, HashSet};
use std::future::Future;

use jiff::Timestamp;
use jiff::civil::Date;

use super::{ScanError, Scanner, judge, key};
use crate::address::Address;
use crate::checks;
use crate::crawl::{Examiner, linked_strangers, look_at};
use crate::diff::{Changes, Sighted};
use crate::fetch::Transport;
use crate::inventory::{self as foreign, ExternalHost, Inventory, Stock, Strangers, name};
use crate::link::landing::{HostState, Landing};
use crate::snapshot::Snapshot;
use crate::state::State;
use crate::store::RecheckOutcome;

/// How a re-check ended.
pub enum Rechecked {
    /// With what it means for the findings.
    Done(Changes),
    /// It was stopped. The next one begins anew.
    Stopped,
}

impl Scanner {
    /// Looks again at the hosts behind the links that the last scan met. Wants a runtime with several threads.
    pub async fn recheck(
        &self,
        transport: &Transport,
        stop: impl Future<Output = ()>,
    ) -> Result<Rechecked, ScanError> {
        let started = Timestamp::now();
        let state = self.last_state()?;
        let inventory = self.store.inventory(&self.site().id)?;
        let stock = self.stock(&inventory, started);
        let hosts = tokio::select! {
            biased;
            () = stop => return Ok(Rechecked::Stopped),
            hosts = self.look_again(transport, &state, &stock) => hosts,
        };
        tokio::task::block_in_place(|| {
            let linked = linked(&state, &inventory, &hosts);
            let is_asked = self.examiner.context().asks(checks::BAD_EXTERNAL_LINK);
            let only = is_asked.then(|| checks::BAD_EXTERNAL_LINK.to_owned()).into_iter().collect();
            let asked = Examiner { only: Some(only), ..(*self.examiner).clone() };
            let sightings = Default::default();
            let known = judge::Known { sightings: &sightings, hosts: &linked, entries: &[] };
            let (findings, could_not_run) = judge::links(&state, &self.evidence, &asked, &known);
            let has_run = is_asked && could_not_run.is_empty();
            let looked: HashSet<String> = hosts
                .iter()
                .filter(|host| has_run && host.state != HostState::Unobservable)
                .map(|host| host.host.clone())
                .collect();
            let site = &self.site().id;
            let sighted = findings.into_iter().map(|finding| {
                let page = key(&finding.page);
                Sighted::new(site, &page, finding)
            });
            let changes = self.store.finish_recheck(RecheckOutcome {
                site: site.clone(),
                started,
                finished: Timestamp::now(),
                hosts,
                findings: sighted.collect(),
                seen: Box::new(move |stored| {
                    let finding = &stored.reported.finding;
                    finding.check == checks::BAD_EXTERNAL_LINK && looked.contains(&finding.what)
                }),
            })?;
            Ok(Rechecked::Done(changes))
        })
    }

    /// The hosts as they stand now. What seems worse than before is looked at a second time, which holds.
    async fn look_again(&self, transport: &Transport, state: &State, stock: &Stock<'_>) -> Vec<ExternalHost> {
        let mut landings: BTreeMap<String, Landing> = BTreeMap::new();
        let chosen = self.chosen(state, stock.before, stock.today);
        self.look(transport, chosen.clone(), &mut landings).await;
        let hosts = |landings: &BTreeMap<String, Landing>| {
            let landings: Vec<Landing> = landings.values().cloned().collect();
            foreign::look_again(&landings, stock)
        };
        let before: BTreeMap<&str, u8> =
            stock.before.hosts.iter().map(|host| (host.host.as_str(), host.state.urgency())).collect();
        let seen = hosts(&landings);
        let worse: HashSet<&str> = seen
            .iter()
            .filter(|host| before.get(host.host.as_str()).is_some_and(|was| host.state.urgency() > *was))
            .map(|host| host.host.as_str())
            .collect();
        if worse.is_empty() {
            return seen;
        }
        tokio::time::sleep(self.settings.crawl.confirm_spacing).await;
        let again: Vec<_> = chosen.into_iter().filter(|(host, _)| worse.contains(host.as_str())).collect();
        self.look(transport, again, &mut landings).await;
        hosts(&landings)
    }

    async fn look(
        &self,
        transport: &Transport,
        hosts: Vec<(String, Address)>,
        landings: &mut BTreeMap<String, Landing>,
    ) {
        look_at(&transport.fetch, &self.examiner, hosts, |landing| {
            landings.insert(landing.host.clone(), landing);
        })
        .await;
    }

    /// The hosts that are looked at, those first that were looked at longest ago.
    fn chosen(&self, state: &State, inventory: &Inventory, today: Date) -> Vec<(String, Address)> {
        if !self.settings.crawl.check_external {
            return Vec::new();
        }
        let Examiner { rules, allow_private, site, .. } = &*self.examiner;
        let strangers = Strangers { site, hosts: rules.hosts(), inventory, allow_private, today };
        let mut linked: Vec<(String, Address)> =
            linked_strangers(state, &strangers, &|_| true).into_iter().collect();
        let looked: BTreeMap<&str, _> =
            inventory.hosts.iter().map(|host| (host.host.as_str(), host.looked)).collect();
        linked.sort_by_key(|(host, _)| looked.get(host.as_str()).copied().flatten());
        linked.truncate(self.settings.crawl.landing_hosts);
        linked
    }
}

/// The hosts that the site still linked when it was scanned last, as they stand now.
fn linked(state: &State, inventory: &Inventory, now: &[ExternalHost]) -> Vec<ExternalHost> {
    let mut names = HashSet::new();
    state.targets(&mut |target| {
        if let Some(address) = Address::parse(&target.address).ok().filter(|_| !target.own) {
            names.insert(name(&address));
        }
    });
    let mut hosts: BTreeMap<&str, &ExternalHost> = BTreeMap::new();
    for host in inventory.hosts.iter().chain(now).filter(|host| names.contains(&host.host)) {
        hosts.insert(&host.host, host);
    }
    hosts.into_values().cloned().collect()
}
