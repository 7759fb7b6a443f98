//! Looking at what stands behind links to strangers: one page of each host, as two visitors see it.
//!
//! Nothing is followed from there but one step where a page only sends its visitors on, and of what was shown only
//! hash, title and words are kept.

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
use crate::link::portrait::{Drawn, Onward, View, draw};
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
        let (fetch, examiner) = (self.transport.fetch.clone(), self.visitor.examiner.clone());
        // Each is kept as it comes, so that what is stopped goes on there.
        look_at(&fetch, &examiner, hosts.take(left), |landing| self.progress.landings.push(landing)).await;
        self.progress.landings.sort_by(|one, other| one.host.cmp(&other.host));
    }

    /// The hosts that nobody vouches for and that a reader gets to, each with the first address that is linked.
    fn strangers(&self, inventory: &Inventory) -> BTreeMap<String, Address> {
        let Examiner { rules, allow_private, today, .. } = &*self.visitor.examiner;
        let (site, today) = (self.site, *today);
        let strangers = Strangers { site, hosts: rules.hosts(), inventory, allow_private, today };
        let is_part = |target: &Target| self.extent.is_whole() || self.state.visit(target.id).is_some();
        linked_strangers(&*self.state, &strangers, &is_part)
    }
}

/// The hosts among the targets that are part of what is looked at, that nobody vouches for and that a reader gets to,
/// each with the first address that is linked.
pub fn linked_strangers(
    snapshot: &dyn Snapshot,
    strangers: &Strangers<'_>,
    is_part: &dyn Fn(&Target) -> bool,
) -> BTreeMap<String, Address> {
    let mut found: BTreeMap<String, Address> = BTreeMap::new();
    snapshot.targets(&mut |target| {
        if let Some(address) = stranger(target, strangers).filter(|_| is_part(target)) {
            let host = found.entry(name(&address)).or_insert_with(|| address.clone());
            if address.as_str() < host.as_str() {
                *host = address;
            }
        }
    });
    found
}

/// Looks at the pages of hosts, a few at a time, and gives each as it was seen.
pub async fn look_at(
    fetch: &Arc<dyn Fetch>,
    examiner: &Arc<Examiner>,
    hosts: impl IntoIterator<Item = (String, Address)>,
    mut seen: impl FnMut(Landing),
) {
    let mut waiting = hosts.into_iter();
    let mut looking = JoinSet::new();
    loop {
        while looking.len() < AT_ONCE
            && let Some((host, address)) = waiting.next()
        {
            looking.spawn(look(fetch.clone(), examiner.clone(), host, address));
        }
        match looking.join_next().await {
            Some(landing) => seen(landing.expect("looking at a page does not panic")),
            None => break,
        }
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
    let direct = behind(&*fetch, request(desktop_agent, None), &examiner, |onward| !onward.is_guarded).await;
    let phone = behind(&*fetch, request(phone_agent, home), &examiner, |_| true).await;
    Landing { host, address: address.to_string(), direct, phone }
}

/// What a request is shown in the end: where a page only sends its visitor on, what stands there. One step, no more.
async fn behind(
    fetch: &dyn Fetch,
    request: Request,
    examiner: &Arc<Examiner>,
    is_followed: fn(&Onward) -> bool,
) -> View {
    let Drawn { view, onward } = drawn(fetch, request.clone(), examiner).await;
    let Some(onward) = onward.filter(is_followed) else { return view };
    let referrer = Some(request.address.clone());
    let there = drawn(fetch, Request { address: onward.address, referrer, ..request }, examiner).await.view;
    // Of one that does not answer nothing is known but the page that leads there.
    if there.shown().is_some() { there } else { view }
}

/// What a request is shown.
pub(super) async fn view(fetch: &dyn Fetch, request: Request, examiner: &Arc<Examiner>) -> View {
    drawn(fetch, request, examiner).await.view
}

async fn drawn(fetch: &dyn Fetch, request: Request, examiner: &Arc<Examiner>) -> Drawn {
    let outcome = fetch.fetch(&request).await;
    let examiner = examiner.clone();
    let drawn = tokio::task::spawn_blocking(move || {
        draw(&outcome, &examiner.lexicons, &examiner.rules.landings().signs.parking)
    });
    drawn
        .await
        .unwrap_or_else(|_| Drawn { view: View::Unobservable("页面无法解析".to_owned()), onward: None })
}
