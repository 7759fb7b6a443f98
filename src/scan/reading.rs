//! A reading (读网): a look at home, columns, what is new and where something was found, between two scans.
//!
//! It runs the same crawl and checks as a scan, but only those checks that need not see the whole site. What it finds
//! opens findings, and what it looked for in vain is fixed; it makes no score, and teaches nothing about the past.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::{ScanError, Scanner, coverage, judge, key, sheets};
use crate::address::Address;
use crate::checks;
use crate::crawl::{Choice, Crawl, Ended, Examiner, Extent, Known, Recall, Recollection, Watch};
use crate::diff::{Changes, Sighted};
use crate::facts::{CouldNotRun, Coverage, LinkKind, TargetId};
use crate::fetch::Transport;
use crate::finding::{Finding, Fingerprint, Scope};
use crate::life::{Life, Reported};
use crate::snapshot::Snapshot;
use crate::state::State;
use crate::store::{Filter, ReadingOutcome};

/// Findings whose pages are looked at again, worst first.
const LOOKED_AGAIN: usize = 500;

/// How a reading ended.
pub enum Seen {
    /// With a result.
    Done(Box<Reading>),
    /// The home page could not be had; the text says why, in Chinese. Whether the site is down is for the probes.
    NoHome(String),
    /// It was stopped. The next one begins anew.
    Stopped,
}

/// What a reading has seen.
pub struct Reading {
    /// What it means for the findings.
    pub changes: Changes,
    /// What was seen and what not.
    pub coverage: Coverage,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
}

impl Scanner {
    /// Reads the site. Wants a runtime with several threads.
    pub async fn read(
        &self,
        transport: Transport,
        watch: &dyn Watch,
        stop: impl Future<Output = ()>,
    ) -> Result<Seen, ScanError> {
        let mut stop = std::pin::pin!(stop);
        let started = Timestamp::now();
        let open = self.open_findings()?;
        let recall = Arc::new(tokio::task::block_in_place(|| self.recall()));
        let examiner = Arc::new(self.reader(&recall));
        let transport = transport.remembering(recall.clone());
        let scratch = self.folders.of_reading();
        let opened = State::open(&scratch)?;
        let state = Arc::new(opened.state);
        tokio::task::block_in_place(|| {
            self.load_sheets(&examiner);
            examiner.take_in(&recall);
        });
        let choice = self.choice(&open)?;
        let crawl = Crawl::new(
            &self.settings,
            &examiner,
            transport.clone(),
            self.evidence.clone(),
            state.clone(),
            watch,
        )?
        .knowing(self.store.inventory(&self.site().id)?)
        .within(Extent::Reading(choice));
        match crawl.run(stop.as_mut()).await? {
            Ended::Stopped => return Ok(Seen::Stopped),
            Ended::NoHome(reason) => return Ok(Seen::NoHome(reason)),
            Ended::Finished => {}
        }
        tokio::task::block_in_place(|| recall.write(&self.folders.recall()));
        let taken = tokio::select! {
            biased;
            () = stop => return Ok(Seen::Stopped),
            taken = self.watch(&examiner, &state, &transport) => taken?,
        };
        tokio::task::block_in_place(|| {
            judge::provisional(&state, &self.evidence, &examiner)?;
            let coverage = coverage::of(&state)?;
            let (findings, could_not_run) = self.judge_reading(&state, &examiner, &open, started)?;
            let looked_for = looked_for(&open, &state, &examiner, &could_not_run);
            let finished = Timestamp::now();
            let changes = self.store.finish_reading(ReadingOutcome {
                site: self.site().id.clone(),
                started,
                finished,
                findings,
                seen: Box::new(move |stored| looked_for.contains(&stored.reported.id)),
                coverage: coverage.clone(),
                taken,
                portraits_kept: examiner.rules.tampering().kept,
            })?;
            Ok(Seen::Done(Box::new(Reading { changes, coverage, started, finished })))
        })
    }

    /// Who examines the pages of a reading: asks no check that needs the whole site.
    fn reader(&self, recall: &Arc<Recall>) -> Examiner {
        let own = self.settings.only.as_ref();
        let asked =
            checks::of_readings().filter(|id| own.is_none_or(|own| own.iter().any(|only| only == id)));
        let recall = Recollection { recall: recall.clone(), basis: self.basis() };
        Examiner {
            only: Some(asked.map(str::to_owned).collect()),
            recall: Some(recall),
            ..(*self.examiner).clone()
        }
    }

    /// What earlier readings remember.
    fn recall(&self) -> Recall {
        let (file, trust) = (self.folders.recall(), self.settings.crawl.trust_unchanged);
        Recall::read(&file, self.evidence.clone(), &self.site().home, trust)
    }

    /// Stands for everything that a page is judged by: a scan teaches the speller the habits of the site.
    fn basis(&self) -> u64 {
        let scan = self.folders.newest();
        let by = format!("{:?} {} {scan:?}", self.edition, self.examiner.today);
        xxh3_64(by.as_bytes())
    }

    fn open_findings(&self) -> Result<Vec<Reported>, ScanError> {
        Ok(self.store.findings(&Filter {
            site: Some(self.site().id.clone()),
            states: vec![Life::New, Life::Open, Life::Acknowledged, Life::Dismissed, Life::Reopened],
            ..Filter::default()
        })?)
    }

    /// What is looked at: columns, key pages, where something was found, and what the last scan did not know.
    fn choice(&self, open: &[Reported]) -> Result<Choice, ScanError> {
        let columns = self.site().columns.iter().map(|column| column.address.clone());
        let baselines = self.store.baselines(&self.site().id)?;
        let key_pages = baselines.pages().filter_map(|baseline| Address::parse(&baseline.address).ok());
        let findings = || open.iter().take(LOOKED_AGAIN).map(|reported| &reported.finding);
        let found_on = findings().filter_map(|finding| Address::parse(&finding.page).ok());
        let (mut known, mut wanted, mut programs) = (Known::default(), Known::default(), Known::default());
        for target in findings().filter_map(|finding| finding.target.as_deref()) {
            if let Ok(address) = Address::parse(target) {
                wanted.insert(&address);
            }
        }
        if let Ok(state) = self.last_state() {
            state.targets(&mut |target| {
                if let Ok(address) = Address::parse(&target.address) {
                    known.insert(&address);
                    if target.found_as == LinkKind::Script {
                        programs.insert(&address);
                    }
                }
            });
        }
        let begin = columns.chain(key_pages).chain(found_on);
        let begin = begin.map(|address| {
            let kind = if programs.has(&address) { LinkKind::Script } else { LinkKind::Anchor };
            (address, kind)
        });
        let begin = begin.collect();
        Ok(Choice { begin, known, wanted })
    }

    /// The style sheets and scripts that the last scan has seen; those that are still linked are fetched again.
    fn load_sheets(&self, examiner: &Examiner) {
        if let Ok(state) = self.last_state() {
            sheets::load(&state, &self.evidence, examiner);
        }
    }

    fn judge_reading(
        &self,
        state: &State,
        examiner: &Examiner,
        open: &[Reported],
        started: Timestamp,
    ) -> Result<(Vec<Sighted>, Vec<CouldNotRun>), ScanError> {
        let sightings = self.store.sightings(&self.site().id)?;
        let hosts = self.foreign_hosts(state, started)?;
        let known = judge::Known { sightings: &sightings, hosts: &hosts, entries: &[] };
        let (findings, could_not_run) = judge::reading(state, &self.evidence, examiner, &known)?;
        // What stands as a finding of the template or the site is not told once more for each page.
        let whole: HashSet<(&str, &str)> = open
            .iter()
            .map(|reported| &reported.finding)
            .filter(|finding| finding.scope != Scope::Page)
            .map(|finding| (finding.check.as_str(), finding.what.as_str()))
            .collect();
        let down = hosts_down(open);
        let findings = findings.into_iter().filter(|finding| {
            let is_told = whole.contains(&(finding.check.as_str(), finding.what.as_str()));
            !is_told && authority(finding).is_none_or(|host| !down.contains(&host))
        });
        let site = &self.site().id;
        let sighted = findings.map(|finding| {
            let page = key(&finding.page);
            Sighted::new(site, &page, finding)
        });
        Ok((sighted.collect(), could_not_run))
    }
}

/// The hosts that a scan has told are down, and that stand for all their links.
fn hosts_down(open: &[Reported]) -> HashSet<String> {
    let findings = open.iter().map(|reported| &reported.finding);
    findings.filter(|finding| finding.check == checks::HOST_DOWN).filter_map(authority).collect()
}

fn authority(finding: &Finding) -> Option<String> {
    Address::parse(finding.target.as_deref()?).ok().map(|target| target.authority())
}

/// The open findings that a reading has looked for, so that they are fixed where they are absent: the page was seen,
/// what was wrong there was looked at or is linked no more, and the check ran. What belongs to the whole site is left
/// to a scan.
fn looked_for(
    open: &[Reported],
    state: &State,
    examiner: &Examiner,
    could_not_run: &[CouldNotRun],
) -> HashSet<Fingerprint> {
    let asked = examiner.context();
    let failed: HashSet<&str> = could_not_run.iter().map(|failed| failed.check.as_str()).collect();
    let mut visited: HashMap<String, TargetId> = HashMap::new();
    state.visits(&mut |target, _| {
        visited.insert(key(&target.address), target.id);
    });
    let is_linked = |page: TargetId, target: &str| {
        let links = state.links_of(page);
        links.iter().any(|link| state.target(link.target).is_some_and(|known| key(&known.address) == target))
    };
    let is_looked_for = |finding: &Finding| {
        let Some(page) = visited.get(&key(&finding.page)) else { return false };
        let target = finding.target.as_deref().map(key);
        finding.scope == Scope::Page
            && asked.asks(&finding.check)
            && !failed.contains(finding.check.as_str())
            && target.is_none_or(|target| visited.contains_key(&target) || !is_linked(*page, &target))
    };
    let looked_for = open.iter().filter(|reported| is_looked_for(&reported.finding));
    looked_for.map(|reported| reported.id.clone()).collect()
}
