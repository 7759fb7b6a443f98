//! Looking at what stands behind links to strangers: one page of each host, as two visitors see it.
//!
//! Nothing is followed from there, and of what was shown only hash, title and words are kept.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::Crawl;
use super::examine::Examiner;
use crate::address::Address;
use crate::facts::Target;
use crate::fetch::{Connection, Fetch, Purpose, Request};
use crate::indicators::Landings;
use crate::inventory::{Inventory, Strangers, name};
use crate::link::landing::Landing;
use crate::link::portrait::{View, draw};
use crate::page::LinkKind;
use crate::snapshot::Snapshot;

/// Hosts looked at at a time. Each is asked by itself, so this only bounds what is in memory.
const AT_ONCE: usize = 8;

impl Crawl<'_> {
    /// Looks at the pages behind links to hosts that nobody vouches for; goes on where it was stopped.
    pub(super) async fn look_behind_links(&mut self, inventory: &Inventory) {
        if !self.settings.check_external {
            return;
        }
        let known: HashSet<String> =
            self.progress.landings.iter().map(|landing| landing.host.clone()).collect();
        let left = self.settings.landing_hosts.saturating_sub(known.len());
        let hosts = self.strangers(inventory).into_iter().filter(|(host, _)| !known.contains(host));
        let mut waiting = hosts.take(left);
        let mut looking = JoinSet::new();
        loop {
            while looking.len() < AT_ONCE
                && let Some((host, address)) = waiting.next()
            {
                let (fetch, examiner) = (self.transport.fetch.clone(), self.visitor.examiner.clone());
                looking.spawn(look(fetch, examiner, host, address));
            }
            match looking.join_next().await {
                Some(landing) => {
                    self.progress.landings.push(landing.expect("looking at a page does not panic"))
                }
                None => break,
            }
        }
        self.progress.landings.sort_by(|one, other| one.host.cmp(&other.host));
    }

    /// The hosts that nobody vouches for and that a reader gets to, each with the first address that is linked.
    fn strangers(&self, inventory: &Inventory) -> BTreeMap<String, Address> {
        let Examiner { rules, allow_private, .. } = &*self.visitor.examiner;
        let strangers = Strangers { site: self.site, hosts: rules.hosts(), inventory, allow_private };
        let mut found: BTreeMap<String, Address> = BTreeMap::new();
        self.state.targets(&mut |target| {
            let is_left_out = !self.extent.is_whole() && self.state.visit(target.id).is_none();
            if let Some(address) = stranger(target, &strangers).filter(|_| !is_left_out) {
                let host = found.entry(name(&address)).or_insert_with(|| address.clone());
                if address.as_str() < host.as_str() {
                    *host = address;
                }
            }
        });
        found
    }
}

fn stranger(target: &Target, strangers: &Strangers<'_>) -> Option<Address> {
    let is_followed = matches!(target.found_as, LinkKind::Anchor | LinkKind::Frame | LinkKind::Speculative);
    if target.own || !is_followed {
        return None;
    }
    Address::parse(&target.address).ok().filter(|address| strangers.has(address))
}

async fn look(fetch: Arc<dyn Fetch>, examiner: Arc<Examiner>, host: String, address: Address) -> Landing {
    let Landings { desktop_agent, phone_agent, .. } = examiner.rules.landings();
    let home = Some(examiner.site.home.clone());
    let request = |agent: &str, referrer| Request {
        guise: Some(Arc::from(agent)),
        referrer,
        connection: Connection::Fresh,
        ..Request::of(address.clone(), Purpose::Landing)
    };
    let direct = view(&*fetch, request(desktop_agent, None), &examiner).await;
    let phone = view(&*fetch, request(phone_agent, home), &examiner).await;
    Landing { host, address: address.to_string(), direct, phone }
}

/// What a request is shown.
pub(super) async fn view(fetch: &dyn Fetch, request: Request, examiner: &Arc<Examiner>) -> View {
    let outcome = fetch.fetch(&request).await;
    let examiner = examiner.clone();
    let drawn = tokio::task::spawn_blocking(move || {
        draw(&outcome, &examiner.lexicons, &examiner.rules.landings().signs.parking)
    });
    drawn.await.unwrap_or_else(|_| View::Unobservable("页面无法解析".to_owned()))
}
