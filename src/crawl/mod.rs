//! The crawl: the loop between the frontier and the network, until everything known is seen.
//!
//! One task owns all state, so nothing here is locked. Visits run beside it and come back as plain data; what a page
//! brings is applied to the crawl state in one batch and flushed before the next pause, so that a scan killed at any
//! moment goes on where it was. The crawl judges single links; what the site as a whole means is for the checks.

mod attachment;
mod canary;
mod cloaks;
mod discover;
mod echoes;
mod examine;
mod examined;
mod extent;
mod hosts;
mod intern;
mod landings;
mod listings;
mod probes;
mod program;
mod recall;
mod searches;
mod seeds;
mod settle;
pub mod sitemap;
mod tally;
mod traps;
mod visit;

use std::{
    collections::HashMap,
    future::Future,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{sync::Semaphore, task::JoinSet};

use crate::address::Address;
use crate::config::{self, Settings, Site};
use crate::evidence::{Evidence, EvidenceError};
use crate::facts::{HOME, Skip, TargetId, Try};
use crate::fetch::{Purpose, Transport};
use crate::frontier::{Frontier, Next};
use crate::inventory::Inventory;
use crate::snapshot::Snapshot;
use crate::state::{Batch, Progress, State, StateError};
use canary::Canary;
use hosts::Hosts;
use intern::Interner;
use program::PROGRAMS;
use traps::Traps;
use visit::{Job, Seen, Visitor};

pub use attachment::Proofread;
pub use examine::{Examiner, Recollection};
pub use examined::Examined;
pub use extent::{Choice, Extent, Known};
pub use landings::{linked_strangers, look_at};
pub use program::{Screened, brought_program, left_program};
pub use recall::Recall;
pub use tally::{Tally, Watch};

/// Time between flushes of the crawl state. What a crash can cost is the visits of this span, fetched once more.
const FLUSH_EVERY: Duration = Duration::from_millis(250);

/// How a crawl ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// Everything known is seen or accounted for.
    Finished,
    /// It was asked to stop and can be resumed.
    Stopped,
    /// The home page could not be had; the text says why, in Chinese.
    NoHome(String),
}

/// Why a crawl cannot go on. What it has seen so far stays in its state, so that it can be resumed.
#[derive(Debug, thiserror::Error)]
pub enum CrawlError {
    /// Its state cannot be used.
    #[error(transparent)]
    State(#[from] StateError),
    /// No evidence can be kept any more.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
}

/// A crawl under way.
pub struct Crawl<'a> {
    site: &'a Site,
    settings: config::Crawl,
    transport: Transport,
    visitor: Arc<Visitor>,
    state: Arc<State>,
    watch: &'a dyn Watch,

    frontier: Frontier,
    interner: Interner,
    traps: Traps,
    hosts: Hosts,
    /// Failed tries of targets that wait for another one.
    tries: HashMap<TargetId, Vec<Try>>,
    tally: Tally,
    /// Scripts whose reading was begun.
    programs_begun: u64,
    progress: Progress,
    /// Requests and bytes of earlier runs.
    before: (u64, u64),
    no_home: Option<String>,
    extent: Extent,
    /// What was known of foreign hosts before.
    inventory: Inventory,
}

/// Visits under way.
type Flying = JoinSet<Result<Seen, EvidenceError>>;

impl<'a> Crawl<'a> {
    /// Prepares a crawl of `site`, going on from what `state` already holds.
    pub fn new(
        settings: &Settings,
        examiner: &'a Arc<Examiner>,
        transport: Transport,
        evidence: Arc<Evidence>,
        state: Arc<State>,
        watch: &'a dyn Watch,
    ) -> Result<Crawl<'a>, StateError> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let crawl = &settings.crawl;
        let mut this = Crawl {
            site: &examiner.site,
            settings: crawl.clone(),
            visitor: Arc::new(Visitor {
                fetch: transport.fetch.clone(),
                examiner: examiner.clone(),
                evidence,
                state: state.clone(),
                examining: Semaphore::new(processors),
                confirm_tries: crawl.confirm_tries,
                canary: Canary::of(&examiner.site.home),
            }),
            transport,
            progress: state.progress()?,
            state,
            watch,
            frontier: Frontier::new(settings.fetch.per_host),
            interner: Interner::default(),
            traps: Traps::new(crawl.clone()),
            hosts: Hosts::default(),
            tries: HashMap::new(),
            tally: Tally::default(),
            programs_begun: 0,
            before: (0, 0),
            no_home: None,
            extent: Extent::Whole,
            inventory: Inventory::default(),
        };
        this.before = (this.progress.coverage.requests, this.progress.coverage.bytes);
        this.restore()?;
        Ok(this)
    }

    /// Tells which foreign hosts somebody vouches for.
    pub fn knowing(self, inventory: Inventory) -> Crawl<'a> {
        Crawl { inventory, ..self }
    }

    /// Looks at so much of the site.
    pub fn within(self, extent: Extent) -> Crawl<'a> {
        Crawl { extent, ..self }
    }

    /// Crawls until everything is seen or `stop` resolves.
    pub async fn run(mut self, stop: impl Future<Output = ()>) -> Result<Ended, CrawlError> {
        let mut stop = std::pin::pin!(stop);
        if self.progress.crawled {
            return Ok(Ended::Finished);
        }
        self.seed().await?;
        let mut flying = Flying::new();
        let mut flushed = Instant::now();
        let mut ended = loop {
            let wake = self.dispatch(&mut flying)?;
            if flying.is_empty() && wake.is_none() {
                break Ended::Finished;
            }
            tokio::select! {
                biased;
                () = &mut stop => break Ended::Stopped,
                Some(seen) = flying.join_next() => {
                    self.settle(seen.expect("a visit does not panic")?)?;
                }
                () = sleep_until(wake) => {}
            }
            if flushed.elapsed() >= FLUSH_EVERY {
                self.flush().await?;
                flushed = Instant::now();
            }
            if let Some(reason) = self.no_home.take() {
                break Ended::NoHome(reason);
            }
        };
        flying.shutdown().await;
        if ended == Ended::Finished {
            let inventory = std::mem::take(&mut self.inventory);
            ended = tokio::select! {
                biased;
                () = &mut stop => Ended::Stopped,
                () = self.look_further(&inventory) => Ended::Finished,
            };
        }
        if ended == Ended::Finished {
            if self.extent.is_whole() {
                self.probe_missing_pages().await;
                self.probe_plain_http().await;
                self.try_search().await;
                self.try_echo().await;
            }
            self.progress.crawled = true;
        }
        self.progress.coverage.finished = ended == Ended::Finished;
        self.flush().await?;
        Ok(ended)
    }

    /// Looks at the pages of others behind links, and at the site as others see it. A reading leaves out the latter.
    async fn look_further(&mut self, inventory: &Inventory) {
        self.look_behind_links(inventory).await;
        if self.extent.is_whole() {
            self.look_as_others(inventory).await;
        }
    }

    /// Starts as many visits as may be in flight. Gives the time at which more could start, where only time is missing.
    fn dispatch(&mut self, flying: &mut Flying) -> Result<Option<Instant>, StateError> {
        while flying.len() < self.settings.in_flight {
            match self.frontier.next(Instant::now()) {
                Next::Fetch(id, host) => match self.job(id, host) {
                    Ok(job) => {
                        flying.spawn(self.visitor.clone().visit(job));
                    }
                    Err(why) => {
                        self.frontier.finished(host);
                        self.skip(id, why)?;
                    }
                },
                Next::Wait(at) => return Ok(Some(at)),
                Next::Busy | Next::Done => break,
            }
        }
        Ok(None)
    }

    /// What to do for a target whose turn has come, or why it is left out after all.
    fn job(&mut self, id: TargetId, host: crate::frontier::HostId) -> Result<Job, Skip> {
        let target = self.state.target(id).ok_or(Skip::Excluded)?;
        let address = Address::parse(&target.address).map_err(|_| Skip::Excluded)?;
        let purpose = self.within_budget(visit::purpose(&target, &address));
        if self.hosts.is_down(host) {
            return Err(Skip::HostDown);
        }
        if target.own && id != HOME {
            if let Some(why) = self.traps.refuses(&address) {
                return Err(why);
            }
            if purpose == Purpose::Page
                && self.settings.max_pages.is_some_and(|most| self.tally.pages_begun >= most)
            {
                return Err(Skip::PageBudget);
            }
        }
        let tries = self.tries.remove(&id).unwrap_or_default();
        if tries.is_empty() {
            self.tally.pages_begun += u64::from(purpose == Purpose::Page);
            self.programs_begun += u64::from(purpose == Purpose::Script);
        }
        let referrer = target.found_on.and_then(|page| self.state.target(page));
        Ok(Job {
            referrer: referrer.and_then(|page| Address::parse(&page.address).ok()),
            is_home: id == HOME,
            target,
            address,
            host,
            purpose,
            tries,
            storm: self.hosts.storms(host),
        })
    }

    /// Scripts beyond their budget are not read.
    fn within_budget(&self, purpose: Purpose) -> Purpose {
        match purpose {
            Purpose::Script if self.programs_begun >= PROGRAMS => Purpose::Existence,
            purpose => purpose,
        }
    }

    fn skip(&mut self, id: TargetId, why: Skip) -> Result<(), StateError> {
        let mut batch = Batch::default();
        batch.skip(id, why);
        self.tally.skipped += 1;
        self.state.apply(batch)
    }

    async fn flush(&mut self) -> Result<(), CrawlError> {
        self.record_progress()?;
        self.tally.queued = self.frontier.queued() as u64;
        self.tally.known = self.interner.len() as u64;
        self.watch.tick(&self.tally);
        let (state, evidence) = (self.state.clone(), self.visitor.evidence.clone());
        let flush = move || {
            // Bodies first, so that no row that is safe speaks of a body that is not.
            evidence.flush_blocking()?;
            Ok(state.flush()?)
        };
        tokio::task::spawn_blocking(flush).await.expect("flushing does not panic")
    }

    fn record_progress(&mut self) -> Result<(), StateError> {
        let coverage = &mut self.progress.coverage;
        coverage.requests = self.before.0 + self.transport.counters.requests();
        coverage.bytes = self.before.1 + self.transport.counters.bytes();
        coverage.budgets_hit = self.traps.hit().to_vec();
        let mut batch = Batch::default();
        batch.progress(&self.progress);
        self.state.apply(batch)
    }
}

async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}
