//! Taking in addresses: which are new, which belong to the site, which come first, which not at all.

use super::Crawl;
use super::intern::{Base, Interned};
use super::program::is_program;
use crate::address::{Address, Relation};
use crate::facts::{HOME, OutLink, Skip, Target, TargetId, Try};
use crate::frontier::Priority;
use crate::page::LinkKind;
use crate::snapshot::Snapshot;
use crate::state::{Batch, Known, Standing, StateError};

/// Where links were found.
pub(super) struct Finder<'a> {
    /// The page or style sheet.
    pub(super) id: TargetId,
    /// Its depth.
    pub(super) depth: u16,
    /// What its links are resolved against.
    pub(super) base: &'a Address,
    /// The encoding of queries in them.
    pub(super) encoding: &'static encoding_rs::Encoding,
}

/// What a page led to.
pub(super) struct Led {
    /// Its links, sorted, each once.
    pub(super) links: Vec<OutLink>,
    /// For each raw link its target.
    pub(super) targets: Vec<Option<TargetId>>,
    /// Whether an address of the site of another shape than the page's own was among the new ones.
    pub(super) elsewhere: bool,
}

impl Crawl<'_> {
    /// Takes in everything the state knows from an earlier run of this scan.
    pub(super) fn restore(&mut self) -> Result<(), StateError> {
        let mut pending: Vec<(Target, Vec<Try>)> = Vec::new();
        let state = self.state.clone();
        state.known(&mut |Known { target, standing }| {
            let Ok(address) = Address::parse(&target.address) else { return };
            self.interner.restore(target.id, &address);
            match standing {
                Standing::Visited => self.tally.visited += 1,
                Standing::Skipped(_) => self.tally.skipped += 1,
                Standing::Pending(tries) => pending.push((target, tries)),
            }
        })?;
        if self.tally.visited > 0 {
            state.pages(&mut |page| {
                self.tally.pages += 1;
                self.traps.saw(page);
            });
            self.tally.pages_begun = self.tally.pages;
        }
        self.restore_hosts(&pending);
        for (target, tries) in pending {
            if let Ok(address) = Address::parse(&target.address) {
                if !tries.is_empty() {
                    self.tries.insert(target.id, tries);
                }
                self.queue(&target, &address);
            }
        }
        Ok(())
    }

    /// Takes in how the hosts stood, and how many scripts were read: a host whose links failed one by one over several
    /// runs is down all the same.
    fn restore_hosts(&mut self, pending: &[(Target, Vec<Try>)]) {
        let mut last = Vec::new();
        self.state.clone().visits(&mut |target, visit| {
            if let Ok(address) = Address::parse(&target.address) {
                self.programs_begun += u64::from(is_program(target, &address));
                let host = self.frontier.host(&address.authority());
                last.push((visit.at, target.id, host, visit.failure.filter(|_| visit.hops.is_empty())));
            }
        });
        for (target, tries) in pending {
            if let (Some(last_try), Ok(address)) = (tries.last(), Address::parse(&target.address)) {
                let host = self.frontier.host(&address.authority());
                last.push((last_try.at, target.id, host, last_try.failure));
            }
        }
        last.sort_unstable_by_key(|(at, id, ..)| (*at, *id));
        for (_, id, host, failure) in last {
            self.hosts.remember(host, id, failure);
        }
        for down in &self.progress.hosts_down {
            let host = self.frontier.host(&down.authority);
            self.hosts.give_up(host);
        }
    }

    /// Takes in the links of a page; new targets go into `batch` and the frontier.
    pub(super) fn discover<'l>(
        &mut self,
        finder: &Finder<'_>,
        links: impl Iterator<Item = (&'l str, LinkKind)>,
        batch: &mut Batch,
    ) -> Led {
        let base = Base::new(finder.base, finder.encoding);
        let own_shape = finder.base.template();
        let mut led = Led { links: Vec::new(), targets: Vec::new(), elsewhere: false };
        for (raw, kind) in links {
            let id = match self.interner.link(raw, &base) {
                Interned::Nothing => None,
                Interned::Known(id) => Some(id),
                Interned::New(id, address) => {
                    led.elsewhere |= address.template() != own_shape;
                    self.meet(id, address, Some(finder), kind, batch);
                    Some(id)
                }
            };
            led.targets.push(id);
            led.links.extend(id.map(|target| OutLink { target, kind }));
        }
        led.links.sort_unstable();
        led.links.dedup();
        led
    }

    /// Takes in an address that no page linked: the home page, a sitemap entry, where a redirect led.
    pub(super) fn admit(&mut self, address: Address, kind: LinkKind, batch: &mut Batch) -> TargetId {
        match self.interner.address(address) {
            Interned::Known(id) => id,
            Interned::New(id, address) => {
                self.meet(id, address, None, kind, batch);
                id
            }
            Interned::Nothing => unreachable!("an address is an address"),
        }
    }

    /// Takes in the address that a redirect led to and whose page is already at hand: known, but not queued.
    pub(super) fn admit_seen(&mut self, address: Address, asked: TargetId, batch: &mut Batch) -> TargetId {
        let kind = LinkKind::Anchor;
        match self.interner.address(address) {
            Interned::New(id, address) => {
                let target = Target {
                    id,
                    address: address.to_string(),
                    own: true,
                    depth: self.state.target(asked).map_or(0, |target| target.depth),
                    found_on: Some(asked),
                    found_as: kind,
                };
                batch.target(&target);
                id
            }
            Interned::Known(id) => id,
            Interned::Nothing => unreachable!("an address is an address"),
        }
    }

    fn meet(
        &mut self,
        id: TargetId,
        address: Address,
        finder: Option<&Finder<'_>>,
        kind: LinkKind,
        batch: &mut Batch,
    ) {
        let own = self.site.scope.relation(&address) == Relation::Own;
        let resource = matches!(kind, LinkKind::Image | LinkKind::Style | LinkKind::Script | LinkKind::Media);
        let target = Target {
            id,
            address: address.to_string(),
            own,
            depth: finder.map_or(0, |finder| finder.depth.saturating_add(u16::from(!resource))),
            found_on: finder.map(|finder| finder.id),
            found_as: kind,
        };
        batch.target(&target);
        match self.refuses(&target, &address, finder) {
            Some(why) => {
                self.tally.skipped += 1;
                batch.skip(id, why);
            }
            None => self.queue(&target, &address),
        }
    }

    fn refuses(&self, target: &Target, address: &Address, finder: Option<&Finder<'_>>) -> Option<Skip> {
        if target.id == HOME {
            return None;
        }
        if !self.extent.includes(target, address, finder) {
            return Some(Skip::Unread);
        }
        if self.site.excludes(address) {
            return Some(Skip::Excluded);
        }
        if !target.own {
            return (!self.settings.check_external).then_some(Skip::Excluded);
        }
        if self.settings.max_depth.is_some_and(|most| target.depth > most) {
            return Some(Skip::PageBudget);
        }
        self.traps.refuses(address)
    }

    fn queue(&mut self, target: &Target, address: &Address) {
        let host = self.frontier.host(&address.authority());
        self.frontier.push(target.id, host, priority(target, address));
    }
}

/// How soon a target is wanted.
fn priority(target: &Target, address: &Address) -> Priority {
    if target.id == HOME {
        return Priority::First;
    }
    if !target.own {
        return Priority::Outside;
    }
    match target.found_as {
        // Pages that are judged before their sheets and scripts come have to be judged again.
        LinkKind::Pagination | LinkKind::Style | LinkKind::Script => Priority::Column,
        LinkKind::Speculative => Priority::Outside,
        LinkKind::Image | LinkKind::Media => Priority::File,
        _ if is_index(address.url().path()) => Priority::Column,
        _ => Priority::Page,
    }
}

/// Whether a path looks like that of a column: a directory or its index page.
fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.is_empty() || name.starts_with("index") || name.starts_with("list") || name.starts_with("default")
}
