//! A scan from beginning to end: crawl, judge, record, report. The command line and the daemon call these functions;
//! the daemon only adds waiting.

mod anchors;
mod baselines;
mod copies;
mod coverage;
mod entry;
mod error;
mod folders;
mod habits;
mod hosts;
mod ipv6;
mod judge;
mod kept;
mod locate;
mod numbers;
mod pictures;
mod prove;
mod reading;
mod recheck;
mod rescore;
mod sentry;
mod shared;
mod sheets;

use std::{future::Future, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date};

use crate::address::Address;
use crate::baseline::Taken;
use crate::checks;
use crate::column::{self, Judged};
use crate::config::{Settings, Site};
use crate::crawl::{Crawl, Ended, Examiner, Watch};
use crate::diff::{Step, StoredFinding};
use crate::evidence::Evidence;
use crate::facts::{CouldNotRun, Coverage};
use crate::fetch::Transport;
use crate::finding::Scope;
use crate::inventory::{self as foreign, ExternalHost, Inventory, Stock};
use crate::life::Reported;
use crate::ocr::{Ocr, Remembered, Tesseract};
use crate::registers;
use crate::report::{Conduct, Pictures, Report, Timings};
use crate::score::{self, ColumnTally};
use crate::sightings::{Learnt, Sightings};
use crate::state::{Batch, State};
use crate::store::{NewScan, ScanId, ScanOutcome, Store};
use folders::Folders;
use sentry::Sentry;

pub use baselines::{accept, baselines, compare, differences};
pub use entry::{Author, entries, judge_by_person, take_back};
pub use error::ScanError;
pub use hosts::{inventory, vouch};
pub use ipv6::{assess_ipv6, keep_ipv6};
pub use pictures::{Assignment, Photographed, photograph, pictures_of};
pub use reading::{Reading, Seen};
pub use recheck::Rechecked;
pub use rescore::Rescorer;
pub use shared::{Edition, Shared};

/// Who reads the words of pictures, if the settings want it and the system can. What was read once is kept beside the
/// crawl states.
fn pictures(settings: &Settings) -> Option<Arc<dyn Ocr>> {
    let tesseract = settings.ocr.then(Tesseract::find)?;
    let tesseract = tesseract.inspect_err(|error| tracing::warn!("{error}")).ok()?;
    let folder = settings.data_dir.join("pictures");
    Some(Arc::new(Remembered::new(tesseract, folder, settings.ocr_pictures)))
}

/// Decides whether a finding that is absent now is fixed.
type SeenAgain = Box<dyn Fn(&StoredFinding) -> bool + Send>;

/// How a scan ended.
pub enum Scanned {
    /// With a report.
    Done(Box<Report>),
    /// It was stopped; the same command goes on with it.
    Stopped,
}

/// What there is when nothing more is to be seen.
struct Ending<'a> {
    scan: ScanId,
    started: Timestamp,
    state: &'a State,
    sightings: Sightings,
    learnt: Learnt,
    taken: Vec<Taken>,
}

/// One site, with everything that scanning and judging it takes.
pub struct Scanner {
    settings: Settings,
    examiner: Arc<Examiner>,
    store: Arc<dyn Store>,
    evidence: Arc<Evidence>,
    folders: Folders,
    edition: Edition,
}

impl Scanner {
    /// Opens record, evidence, rules and dictionaries for a site. What people have handed in of it is laid over the
    /// settings.
    pub fn open(settings: Settings, site: Site, now: Timestamp) -> Result<Scanner, ScanError> {
        let shared = Shared::open(&settings)?;
        let alone = Settings { sites: vec![site], ..settings };
        let settings = registers::apply(&alone, &shared.store.registers()?);
        let site = settings.sites[0].clone();
        Ok(Scanner::sharing(&shared, settings, site, now))
    }

    /// A site whose scans share what is open already.
    pub fn sharing(shared: &Shared, settings: Settings, site: Site, now: Timestamp) -> Scanner {
        let Shared { store, evidence, rules, dictionaries, edition } = shared.clone();
        let folders = Folders::of(&settings.state_dir, &site.id);
        let examiner = Arc::new(Examiner {
            today: settings.today.unwrap_or_else(|| date_of(now)),
            lexicons: dictionaries.of_site(&site.id),
            rules,
            allow_private: settings.fetch.allow_private.clone(),
            sheets: Arc::default(),
            readings: Arc::default(),
            speller: settings.speller.then(|| habits::speller(&folders.idiolect())),
            ocr: pictures(&settings),
            attachment_bytes: settings.attachment_bytes,
            only: settings.only.clone(),
            recall: None,
            site,
        });
        Scanner { settings, examiner, store, evidence, folders, edition }
    }

    /// Whether an interrupted scan of the site waits to be resumed, and since when.
    pub fn interrupted(&self) -> Result<Option<Timestamp>, ScanError> {
        Ok(self.store.open_scan(&self.site().id)?.map(|scan| scan.started))
    }

    /// Gives up an interrupted scan, so that the next one starts afresh.
    pub fn abandon(&self, now: Timestamp) -> Result<(), ScanError> {
        if let Some(scan) = self.store.open_scan(&self.site().id)? {
            self.store.abandon_scan(scan.id, now)?;
            self.folders.remove(scan.id);
        }
        Ok(())
    }

    /// Scans the site, or goes on with the scan that was interrupted. `stop` ends it early, to be resumed. Wants a
    /// runtime with several threads.
    pub async fn scan(
        &self,
        transport: Transport,
        watch: &dyn Watch,
        stop: impl Future<Output = ()>,
    ) -> Result<Scanned, ScanError> {
        let mut stop = std::pin::pin!(stop);
        let (scan, started) = self.begin()?;
        let opened = State::open(&self.folders.of_scan(scan))?;
        let state = Arc::new(opened.state);
        tokio::task::block_in_place(|| sheets::load(&state, &self.evidence, &self.examiner));
        let crawl = Crawl::new(
            &self.settings,
            &self.examiner,
            transport.clone(),
            self.evidence.clone(),
            state.clone(),
            watch,
        )?
        .knowing(self.store.inventory(&self.site().id)?);
        match crawl.run(stop.as_mut()).await? {
            Ended::Stopped => return Ok(Scanned::Stopped),
            Ended::NoHome(reason) => {
                self.store.abandon_scan(scan, Timestamp::now())?;
                self.folders.remove(scan);
                return Err(ScanError::NoHome { home: self.site().home.to_string(), reason });
            }
            Ended::Finished => {}
        }
        let taken = tokio::select! {
            biased;
            () = stop => return Ok(Scanned::Stopped),
            taken = self.watch(&self.examiner, &state, &transport) => taken?,
        };
        // Judging reads and writes files; other scans of the same runtime go on meanwhile.
        let report = tokio::task::block_in_place(|| {
            judge::provisional(&state, &self.evidence, &self.examiner)?;
            let mut sightings = self.store.sightings(&self.site().id)?;
            let learnt = sightings.learn(&*state, self.day_of(started));
            if let Some(speller) = &self.examiner.speller {
                habits::learn(speller, &state, &self.evidence, &self.folders.idiolect());
            }
            self.conclude(Ending { scan, started, state: &state, sightings, learnt, taken })
        })?;
        self.folders.keep_only(scan);
        tokio::task::block_in_place(|| self.sweep(&state));
        Ok(Scanned::Done(Box::new(report)))
    }

    /// Judges the evidence of the last scan again, by today's rules and dictionaries, without one request.
    pub fn judge(&self) -> Result<Report, ScanError> {
        let state = self.last_state()?;
        let (scan, started) = self.begin()?;
        sheets::load(&state, &self.evidence, &self.examiner);
        judge::again(&state, &self.evidence, &self.examiner)?;
        // That scan has told what it saw; looking at it again teaches nothing.
        let sightings = self.store.sightings(&self.site().id)?;
        let (learnt, taken) = (Learnt::default(), Vec::new());
        self.conclude(Ending { scan, started, state: &state, sightings, learnt, taken })
    }

    /// Compares the key pages with their baselines, looks again at what would alarm, and says what follows for the
    /// baselines.
    async fn watch(
        &self,
        examiner: &Examiner,
        state: &State,
        transport: &Transport,
    ) -> Result<Vec<Taken>, ScanError> {
        if !examiner.context().asks(checks::TAMPERING) {
            return Ok(Vec::new());
        }
        let baselines = self.store.baselines(&self.site().id)?;
        let before = (transport.counters.requests(), transport.counters.bytes());
        let sentry = Sentry::new(state, &self.evidence, examiner, &baselines);
        let mut looked = tokio::task::block_in_place(|| sentry.look());
        let spacing = self.settings.crawl.confirm_spacing;
        sentry.look_again(&mut looked.watched, &*transport.fetch, spacing).await;
        tokio::task::block_in_place(|| {
            self.evidence.flush_blocking()?;
            let mut progress = state.progress()?;
            progress.coverage.requests += transport.counters.requests() - before.0;
            progress.coverage.bytes += transport.counters.bytes() - before.1;
            progress.watched = looked.watched.clone();
            let mut batch = Batch::default();
            batch.progress(&progress);
            state.apply(batch)?;
            Ok(looked.into_taken())
        })
    }

    /// The columns that the last scan saw, judged by today's rules, without one request. Changes nothing.
    pub fn columns(&self) -> Result<Vec<Judged>, ScanError> {
        let state = self.last_state()?;
        let Examiner { site, rules, today, .. } = &*self.examiner;
        Ok(column::survey(&state, &site.columns, rules, *today))
    }

    /// The crawl state of the last scan, which was finished.
    fn last_state(&self) -> Result<State, ScanError> {
        let nothing = || ScanError::NothingStored(self.site().id.clone());
        let state = State::open(&self.folders.newest().ok_or_else(nothing)?)?.state;
        if state.progress()?.crawled { Ok(state) } else { Err(nothing()) }
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.examiner.site
    }

    /// The day to which what a scan saw is put down. A scan may go on for days; the first of them is the one on which
    /// nothing of it was seen before.
    fn day_of(&self, started: Timestamp) -> Date {
        self.settings.today.unwrap_or_else(|| date_of(started))
    }

    fn begin(&self) -> Result<(ScanId, Timestamp), ScanError> {
        if let Some(scan) = self.store.open_scan(&self.site().id)? {
            return Ok((scan.id, scan.started));
        }
        let started = Timestamp::now();
        let scan = self.store.begin_scan(&NewScan {
            site: self.site().id.clone(),
            home: self.site().home.to_string(),
            started,
            rules_version: self.examiner.rules.version().to_owned(),
        })?;
        Ok((scan, started))
    }

    /// Judges what was seen, records it and makes the report.
    fn conclude(&self, ending: Ending<'_>) -> Result<Report, ScanError> {
        let Ending { scan, started, state, sightings, learnt, taken } = ending;
        copies::set_aside(state)?;
        let coverage = coverage::of(state)?;
        let entries = self.store.entries(&self.site().id)?;
        let hosts = self.foreign_hosts(state, started)?;
        let entries = score::in_force(&entries, Timestamp::now(), self.examiner.today);
        let judged = judge::site(
            state,
            &self.evidence,
            &self.examiner,
            &coverage,
            &judge::Known { sightings: &sightings, hosts: &hosts, entries: &entries },
        )?;
        let mut could_not_run = state.progress()?.could_not_run;
        could_not_run.extend(judged.could_not_run);
        let finished = Timestamp::now();
        let sighted = judged.findings.into_iter().map(|finding| {
            let page_key = key(&finding.page);
            crate::diff::Sighted::new(&self.site().id, &page_key, finding)
        });
        let conduct = self.conduct(state, judged.basis.facts.columns, judged.unseen);
        let changes = self.store.finish_scan(ScanOutcome {
            scan,
            finished,
            findings: sighted.collect(),
            seen: self.seen_again(state, &coverage, &could_not_run),
            coverage: coverage.clone(),
            score: judged.score.clone(),
            learnt,
            hosts,
            basis: judged.basis,
            taken,
            portraits_kept: self.examiner.rules.tampering().kept,
        })?;
        let mut findings: Vec<Reported> = changes.open().cloned().collect();
        findings.sort_by_cached_key(worst_first);
        Ok(Report {
            site: self.site().id.clone(),
            site_name: judged.site_name,
            home: self.site().home.to_string(),
            scan: scan.0,
            started,
            finished,
            today: self.examiner.today,
            findings,
            fixed: changes.of(Step::Fixed).cloned().collect(),
            score: judged.score,
            coverage,
            conduct,
            tags: judged.tags,
            kinds: judged.kinds,
            could_not_run,
            pictures: Pictures::new(),
        })
    }

    /// The hosts of others that a scan met, as they stand now.
    fn foreign_hosts(&self, state: &State, started: Timestamp) -> Result<Vec<ExternalHost>, ScanError> {
        let before = self.store.inventory(&self.site().id)?;
        let mut hosts = foreign::take(state, &self.stock(&before, started));
        anchors::add(&mut hosts, state, &self.evidence);
        Ok(hosts)
    }

    /// What taking stock of the hosts of others takes.
    fn stock<'a>(&'a self, before: &'a Inventory, started: Timestamp) -> Stock<'a> {
        let rules = &self.examiner.rules;
        let (hosts, signs) = (rules.hosts(), &rules.landings().signs);
        Stock { hosts, signs, before, today: self.day_of(started) }
    }

    /// How the scan was made, as the settings have it and the visits show it.
    fn conduct(&self, state: &State, columns: ColumnTally, unseen: Vec<(String, String)>) -> Conduct {
        let Settings { crawl, fetch, .. } = &self.settings;
        Conduct {
            vantage: crawl.vantage.clone(),
            user_agent: fetch.user_agent.clone(),
            resolver: fetch.dns.iter().map(ToString::to_string).collect(),
            rate: fetch.rate,
            confirm_tries: crawl.confirm_tries,
            confirm_spacing: crawl.confirm_spacing,
            robots: fetch.robots,
            timings: Timings::of(coverage::millis(state)),
            columns,
            registered: self.site().columns.len() as u64,
            unseen,
        }
    }

    /// What decides whether a finding that is absent now is fixed: its page was seen, and its check ran.
    fn seen_again(&self, state: &State, coverage: &Coverage, could_not_run: &[CouldNotRun]) -> SeenAgain {
        let pages = coverage::pages_seen(state);
        let asked = self.examiner.context().asked();
        let failed: Vec<String> = could_not_run.iter().map(|failed| failed.check.clone()).collect();
        let finished = coverage.finished;
        Box::new(move |stored| {
            let finding = &stored.reported.finding;
            let ran = asked.as_ref().is_none_or(|asked| asked.contains(&finding.check))
                && !failed.contains(&finding.check);
            let seen = match finding.scope {
                Scope::Page => pages.contains(&stored.page_key),
                Scope::Template | Scope::Site => finished,
            };
            ran && seen
        })
    }

    /// Removes bodies that neither a scan has used nor a baseline or a picture rests on for as long as the settings say. Failing to
    /// costs disk space, nothing else.
    fn sweep(&self, state: &State) {
        let mut kept = coverage::bodies(state);
        match self.store.baselines(&self.site().id) {
            Ok(baselines) => kept.extend(baselines.all().map(|baseline| baseline.portrait.body)),
            Err(error) => return tracing::warn!(%error, "old evidence stays, as baselines cannot be read"),
        }
        match self.store.picture_bodies() {
            Ok(bodies) => kept.extend(bodies),
            Err(error) => return tracing::warn!(%error, "old evidence stays, as pictures cannot be read"),
        }
        let age = SignedDuration::from_hours(24 * i64::from(self.settings.evidence_days));
        let swept = self.evidence.sweep(&|body| kept.contains(&body), Timestamp::now() - age);
        match swept {
            Ok(swept) => tracing::debug!(bodies = swept.bodies, bytes = swept.bytes, "old evidence removed"),
            Err(error) => tracing::warn!(%error, "old evidence cannot be removed"),
        }
    }
}

fn worst_first(reported: &Reported) -> impl Ord + use<> {
    let finding = &reported.finding;
    (
        std::cmp::Reverse(finding.severity),
        finding.category,
        finding.check.clone(),
        finding.page.clone(),
        finding.what.clone(),
    )
}

/// The dedup key of an address, as the record keeps it.
fn key(address: &str) -> String {
    Address::parse(address).map_or_else(|_| address.to_owned(), |address| address.key().to_string())
}

/// The date of a moment in China, whose days the regulations count.
pub fn date_of(now: Timestamp) -> Date {
    let zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("the time zone database is built in");
    now.to_zoned(zone).date()
}
