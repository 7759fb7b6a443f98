//! What came of a visit: written down, tried again later, or laid at the door of its host.

use std::time::{Duration, Instant};

use super::Crawl;
use super::attachment::Proofread;
use super::discover::Finder;
use super::examined::Examined;
use super::hosts::Blame;
use super::program::Screened;
use super::visit::{Content, Seen};
use crate::address::{Address, Relation};
use crate::facts::{AttachmentFacts, HOME, HostDown, Skip, TargetId, Visit};
use crate::fetch::FailureKind;
use crate::link::Verdict;
use crate::page::LinkKind;
use crate::snapshot::Snapshot;
use crate::state::{Batch, StateError};

/// A server may ask for patience, but not for more of it than this.
const LONGEST_PATIENCE: Duration = Duration::from_secs(600);

impl Crawl<'_> {
    /// Takes in what came of a visit.
    pub(super) fn settle(&mut self, seen: Seen) -> Result<(), StateError> {
        self.frontier.finished(seen.host);
        match self.hosts.saw(seen.host, seen.id, &seen.visit) {
            Blame::Target => {}
            Blame::HostMaybe => self.park(&seen),
            Blame::HostBack(parked) => self.unpark(seen.host, parked),
            Blame::HostDown(parked) => self.give_up_host(&seen, parked)?,
        }
        if seen.visit.failure == Some(FailureKind::Robots) {
            return self.skip(seen.id, Skip::Robots);
        }
        let waits = seen.visit.verdict == Verdict::Broken && self.hosts.is_suspect(seen.host);
        if waits || seen.visit.verdict == Verdict::Suspect { self.again(seen) } else { self.done(seen) }
    }

    /// Everything queued for the host waits until this target has been confirmed or has answered.
    fn park(&mut self, seen: &Seen) {
        let parked = self.frontier.drop_host(seen.host);
        self.hosts.park(seen.host, parked);
    }

    fn unpark(&mut self, host: crate::frontier::HostId, parked: Vec<TargetId>) {
        for id in parked {
            self.frontier.push(id, host, crate::frontier::Priority::Again);
        }
    }

    fn again(&mut self, seen: Seen) -> Result<(), StateError> {
        if self.hosts.is_down(seen.host) {
            return self.skip(seen.id, Skip::HostDown);
        }
        let mut batch = Batch::default();
        batch.tries(seen.id, &seen.visit.tries);
        self.tries.insert(seen.id, seen.visit.tries);
        if !self.hosts.waits(seen.host, seen.id) {
            let patience = seen.retry_after.unwrap_or_default().min(LONGEST_PATIENCE);
            let at = Instant::now() + self.settings.confirm_spacing.max(patience);
            self.frontier.push_later(seen.id, seen.host, at);
        }
        self.state.apply(batch)
    }

    fn done(&mut self, seen: Seen) -> Result<(), StateError> {
        let mut batch = Batch::default();
        self.tally.visited += 1;
        self.tally.findings += u64::from(seen.visit.verdict.counts());
        if seen.id == HOME && !seen.visit.verdict.works() {
            self.no_home = Some(seen.visit.reason.clone());
        }
        let (id, visit) = (seen.id, seen.visit);
        match seen.content {
            Content::Leaf => {}
            Content::Style(base, links) => {
                let finder = Finder { id, depth: self.depth(id), base: &base, encoding: encoding_rs::UTF_8 };
                let led =
                    self.discover(&finder, links.iter().map(|(raw, kind)| (raw.as_str(), *kind)), &mut batch);
                batch.links(id, &led.links);
            }
            Content::Attachment(Proofread { gap, findings, could_not_run, leads }) => {
                if !leads.is_empty() {
                    self.follow(id, &seen.address, &leads, &mut batch);
                }
                self.progress.could_not_run.extend(could_not_run);
                self.tally.findings += findings.len() as u64;
                batch.attachment(AttachmentFacts { id, gap }, &findings);
            }
            Content::Program(Screened { findings, could_not_run, is_cut }) => {
                self.progress.coverage.programs += 1;
                self.progress.coverage.programs_cut += u64::from(is_cut);
                self.progress.could_not_run.extend(could_not_run);
                self.tally.findings += findings.len() as u64;
                batch.findings(id, &findings);
            }
            Content::Page(examined) => self.page(id, &visit, *examined, &mut batch),
        }
        batch.visit(&visit);
        self.state.apply(batch)
    }

    /// Takes in a page. One that was reached by a redirect belongs to the address that answered.
    fn page(&mut self, asked: TargetId, visit: &Visit, examined: Examined, batch: &mut Batch) {
        let id = match self.landing(asked, visit, batch) {
            Some(id) => id,
            None => return,
        };
        let Examined { mut facts, links, item_links, base, encoding, findings, could_not_run } = examined;
        let depth = self.depth(asked);
        let finder = Finder { id, depth, base: &base, encoding };
        let led = self.discover(&finder, links.iter().map(|(raw, kind)| (raw.as_str(), *kind)), batch);
        (facts.id, facts.leads_elsewhere) = (id, led.elsewhere);
        self.traps.saw(&facts);
        self.progress.could_not_run.extend(could_not_run);
        for (item, link) in facts.items.iter_mut().zip(item_links) {
            item.target = led.targets.get(link).copied().flatten();
        }
        self.tally.pages += 1;
        self.tally.findings += findings.len() as u64;
        batch.page(&facts, &led.links, &findings);
    }

    /// The number under which a page is kept: its own, or that of the address it was redirected to. `None` where that
    /// address is none of the site's, or is known already and has its own visit.
    fn landing(&mut self, asked: TargetId, visit: &Visit, batch: &mut Batch) -> Option<TargetId> {
        let Some(landed) = visit.landed.as_deref() else { return Some(asked) };
        let landed = Address::parse(landed).ok()?;
        if asked == HOME || self.interner.find(&landed.key()) == Some(asked) {
            return Some(asked);
        }
        if self.site.scope.relation(&landed) != Relation::Own || self.interner.find(&landed.key()).is_some() {
            return None;
        }
        let id = self.admit_seen(landed, asked, batch);
        batch.visit(&Visit { id, verdict: Verdict::Ok, landed: None, hops: Vec::new(), ..visit.clone() });
        self.tally.visited += 1;
        Some(id)
    }

    /// Takes in where the QR codes of a picture lead.
    fn follow(&mut self, id: TargetId, base: &Address, leads: &[String], batch: &mut Batch) {
        let finder = Finder { id, depth: self.depth(id), base, encoding: encoding_rs::UTF_8 };
        // What is no whole address is a word or a number, and leads nowhere on the site.
        let addresses = leads.iter().filter(|said| Address::parse(said).is_ok());
        let led = self.discover(&finder, addresses.map(|raw| (raw.as_str(), LinkKind::Speculative)), batch);
        batch.links(id, &led.links);
    }

    fn depth(&self, id: TargetId) -> u16 {
        self.state.target(id).map_or(0, |target| target.depth)
    }

    /// Leaves out everything that waits for the host; what is found later is left out when its turn comes.
    fn give_up_host(&mut self, seen: &Seen, mut parked: Vec<TargetId>) -> Result<(), StateError> {
        parked.extend(self.frontier.drop_host(seen.host));
        tracing::warn!(
            host = seen.address.host(),
            links = parked.len(),
            "a host is down; its links are left out"
        );
        let mut batch = Batch::default();
        for id in parked {
            self.tries.remove(&id);
            self.tally.skipped += 1;
            batch.skip(id, Skip::HostDown);
        }
        // In the same batch: whoever goes on with this scan must know why they are left out.
        self.progress.hosts_down.push(HostDown {
            authority: seen.address.authority(),
            own: seen.own,
            reason: seen.visit.reason.clone(),
        });
        batch.progress(&self.progress);
        self.state.apply(batch)
    }
}
