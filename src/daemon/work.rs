//! Readings, scans, re-checks and assessments, when they are due or somebody wants them: few at a time, one of a site
//! at a time.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::hub::{Hub, Standing, TICK, count};
use crate::config::{Settings, Site};
use crate::fetch::Transport;
use crate::incident::cause;
use crate::ipv6;
use crate::life::Reported;
use crate::scan::{Rechecked, ScanError, Scanned, Scanner, Seen, Shared, keep_ipv6};
use crate::schedule::{self, Job, JobKind};
use crate::store::{IncidentFilter, JobRun, ScanState, StoreError};

/// Jobs at a time: each crawls with the whole concurrency of the configuration.
const AT_ONCE: usize = 2;

/// The jobs that sites have.
const KINDS: [(JobKind, &str); 4] = [
    (JobKind::Read, "read"),
    (JobKind::FullScan, FULL_SCAN),
    (JobKind::ExternalRecheck, "recheck"),
    (JobKind::Ipv6, "ipv6"),
];

/// A full scan, as the record names it.
const FULL_SCAN: &str = "full-scan";

/// How long a site is left alone whose scan could not do its work.
const REST: Duration = Duration::from_secs(15 * 60);

/// What came of a job.
struct Worked {
    /// The site.
    site: String,
    /// Whether a full scan could not do its work, so that it is tried again after a while.
    rests: bool,
}

/// Sites at which somebody works, and those whose scan failed a while ago.
#[derive(Default)]
struct Taken {
    busy: HashSet<String>,
    resting: HashMap<String, Instant>,
}

impl Taken {
    fn rests(&self, site: &str) -> bool {
        self.resting.get(site).is_some_and(|until| Instant::now() < *until)
    }
}

/// Works until `stop` resolves. A scan that is cut off then goes on with the next start; a reading begins anew.
pub(super) async fn run(hub: Arc<Hub>, stop: impl Future<Output = ()>) {
    let (halt, halted) = watch::channel(false);
    let mut stop = std::pin::pin!(stop);
    let mut working: JoinSet<Worked> = JoinSet::new();
    let mut taken = Taken::default();
    loop {
        if working.len() < AT_ONCE
            && let Some((site, kind)) = next(&hub, &taken).await
        {
            taken.busy.insert(site.clone());
            // Crawling judges and compresses on its own thread; a worker of the runtime would be missed elsewhere.
            let (hub, halted, runtime) = (hub.clone(), halted.clone(), Handle::current());
            working.spawn_blocking(move || runtime.block_on(work(hub, site, kind, halted)));
            continue;
        }
        tokio::select! {
            () = &mut stop => break,
            Some(done) = working.join_next() => {
                match done {
                    Ok(Worked { site, rests }) => {
                        taken.busy.remove(&site);
                        if rests {
                            taken.resting.insert(site, Instant::now() + REST);
                        } else {
                            taken.resting.remove(&site);
                        }
                    }
                    // Whose it was is not known; those that are still busy finish by themselves.
                    Err(error) => {
                        hub.trouble("扫描任务异常终止", &error.to_string());
                        taken.busy.clear();
                    }
                }
            }
            () = hub.wanted.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
    }
    // Those who work see it.
    let _ = halt.send(true);
    while working.join_next().await.is_some() {}
}

/// What is to be done next, of sites that nobody works at: what somebody wants, then what is due.
async fn next(hub: &Arc<Hub>, taken: &Taken) -> Option<(String, JobKind)> {
    let standing = hub.standing();
    let mut wishes = hub.take_wishes();
    let place = wishes.iter().position(|(site, _)| !taken.busy.contains(site));
    let wish = place.map(|place| wishes.remove(place));
    for (site, kind) in wishes {
        hub.wish_again(&site, kind);
    }
    if let Some(wish) = wish.filter(|(site, _)| standing.site(site).is_some()) {
        return Some(wish);
    }
    let known: Vec<(String, String)> = standing
        .settings
        .sites
        .iter()
        .flat_map(|site| KINDS.map(|(_, word)| (site.id.clone(), word.to_owned())))
        .collect();
    let now = Timestamp::now();
    let runs = hub
        .ask(move |hub| {
            let runs = hub.store.job_runs()?;
            let is_known = |(site, kind): &(String, String)| {
                runs.iter().any(|run| run.site == *site && run.kind == *kind)
            };
            if known.iter().all(is_known) {
                return Ok(runs);
            }
            hub.store.know_jobs(&known, now)?;
            // A scan made by hand before the daemon ever ran is one, too.
            for (site, _) in known.iter().filter(|(_, kind)| kind == FULL_SCAN) {
                if let Some(finished) = last_scan(hub, site)? {
                    hub.store.job_ran(site, FULL_SCAN, finished)?;
                }
            }
            hub.store.job_runs()
        })
        .await?;
    due(&standing, &runs, taken, now)
}

/// When the last scan of a site ended with a result.
fn last_scan(hub: &Hub, site: &str) -> Result<Option<Timestamp>, StoreError> {
    const LOOKED_AT: u32 = 5;
    let scans = hub.store.scans(site, LOOKED_AT)?;
    Ok(scans.into_iter().find_map(|scan| match scan.state {
        ScanState::Finished(result) => Some(result.finished),
        _ => None,
    }))
}

fn due(standing: &Standing, runs: &[JobRun], taken: &Taken, now: Timestamp) -> Option<(String, JobKind)> {
    let mut jobs = Vec::new();
    for site in standing.settings.sites.iter().filter(|site| !taken.busy.contains(&site.id)) {
        let has_scanned =
            runs.iter().any(|run| run.site == site.id && run.kind == FULL_SCAN && run.last.is_some());
        for (kind, word) in KINDS {
            let Some(run) = runs.iter().find(|run| run.site == site.id && run.kind == word) else { continue };
            if kind == JobKind::FullScan && taken.rests(&site.id) {
                continue;
            }
            // A site that was never scanned is scanned at once: readings and baselines rest on it.
            if !has_scanned {
                if kind == JobKind::FullScan {
                    return Some((site.id.clone(), kind));
                }
                continue;
            }
            jobs.push(Job {
                site: &site.id,
                subject: &site.id,
                kind,
                schedule: &site.schedule,
                cadence: None,
                known_since: run.known_since,
                last: run.last,
            });
        }
    }
    let due = schedule::due(&jobs, &standing.calendars, now);
    due.first().map(|due| (jobs[due.job].site.to_owned(), jobs[due.job].kind))
}

/// What came of a job that could do its work.
enum Came {
    /// It was cut off.
    CutOff,
    /// Nothing that anybody is told of.
    Nothing,
    /// The findings that stand now.
    Findings(Vec<Reported>),
}

/// Does a job.
async fn work(hub: Arc<Hub>, id: String, kind: JobKind, mut halted: watch::Receiver<bool>) -> Worked {
    let standing = hub.standing();
    let Some(site) = standing.site(&id).cloned() else { return Worked { site: id, rests: false } };
    let stop = async move {
        // Its sender is gone when everything is over.
        let _ = halted.wait_for(|halt| *halt).await;
    };
    let what = format!("{} {kind:?}", site.id);
    let task = Task { hub: &hub, standing: &standing, site: &site };
    let done = match kind {
        JobKind::Read => task.read(stop).await,
        JobKind::Ipv6 => task.assess(stop).await,
        JobKind::ExternalRecheck => task.recheck(stop).await,
        _ => task.scan(stop).await,
    };
    let word = KINDS.iter().find(|(known, _)| *known == kind).map_or(FULL_SCAN, |(_, word)| word);
    match done {
        Ok(Came::CutOff) => return Worked { site: id, rests: false },
        Ok(Came::Nothing) => hub.clear(&what),
        Ok(Came::Findings(open)) => {
            hub.clear(&what);
            tell(&hub, &site, open).await;
            hub.pictures.want(&site.id);
        }
        Err(error) => {
            count(&hub.figures.undone);
            match error.downcast_ref::<ScanError>() {
                // That the site is down is told by the probes, and no fault of ours. What a scan left behind may have
                // been removed; the next one leaves it again.
                Some(ScanError::NoHome { .. } | ScanError::NothingStored(_)) => {
                    tracing::warn!(site = id, "{error}");
                }
                _ => hub.trouble(&what, &format!("{error:#}")),
            }
            // A reading has its next turn soon. A scan of the quarter must not be given up for one bad hour.
            if kind == JobKind::FullScan {
                return Worked { site: id, rests: true };
            }
        }
    }
    let site = id.clone();
    hub.ask(move |hub| hub.store.job_ran(&site, word, Timestamp::now())).await;
    Worked { site: id, rests: false }
}

/// A job at a site, by what is in force when it begins.
struct Task<'a> {
    hub: &'a Arc<Hub>,
    standing: &'a Standing,
    site: &'a Site,
}

impl Task<'_> {
    /// The settings, with this site alone.
    fn settings(&self) -> Settings {
        Settings { sites: vec![self.site.clone()], ..(*self.standing.settings).clone() }
    }

    fn scanner(&self) -> Scanner {
        let shared = Shared {
            store: self.hub.store.clone(),
            evidence: self.hub.evidence.clone(),
            rules: self.standing.rules.clone(),
            dictionaries: self.standing.dictionaries.clone(),
            edition: self.standing.edition,
        };
        Scanner::sharing(&shared, self.settings(), self.site.clone(), Timestamp::now())
    }

    fn transport(&self) -> anyhow::Result<Transport> {
        Transport::at_pace(&self.standing.settings.fetch, self.hub.pace.clone())
    }

    async fn read(&self, stop: impl Future<Output = ()>) -> anyhow::Result<Came> {
        let watch = self.hub.watch(&self.site.id);
        Ok(match self.scanner().read(self.transport()?, &watch, stop).await? {
            Seen::Stopped => Came::CutOff,
            // That it is down is told by the probes.
            Seen::NoHome(_) => Came::Nothing,
            Seen::Done(reading) => {
                count(&self.hub.figures.readings);
                Came::Findings(reading.changes.open().cloned().collect())
            }
        })
    }

    async fn scan(&self, stop: impl Future<Output = ()>) -> anyhow::Result<Came> {
        let watch = self.hub.watch(&self.site.id);
        Ok(match self.scanner().scan(self.transport()?, &watch, stop).await? {
            Scanned::Stopped => Came::CutOff,
            Scanned::Done(report) => {
                count(&self.hub.figures.scans);
                Came::Findings(report.findings)
            }
        })
    }

    async fn recheck(&self, stop: impl Future<Output = ()>) -> anyhow::Result<Came> {
        Ok(match self.scanner().recheck(&self.transport()?, stop).await? {
            Rechecked::Stopped => Came::CutOff,
            Rechecked::Done(changes) => {
                count(&self.hub.figures.rechecks);
                Came::Findings(changes.open().cloned().collect())
            }
        })
    }

    async fn assess(&self, stop: impl Future<Output = ()>) -> anyhow::Result<Came> {
        let (rules, settings) = (&self.standing.rules, self.settings());
        let measured = tokio::select! {
            () = stop => return Ok(Came::CutOff),
            measured = ipv6::measure(&settings, self.site, rules.ipv6(), &self.hub.evidence) => measured?,
        };
        let (rules, site) = (rules.clone(), self.site.clone());
        self.hub.ask(move |hub| keep_ipv6(&*hub.store, &rules, &site, measured)).await;
        Ok(Came::Nothing)
    }
}

/// Raises and settles the incidents of findings that cannot wait.
async fn tell(hub: &Arc<Hub>, site: &Site, open: Vec<Reported>) {
    let name = hub.standing().name_of(&site.id);
    hub.ask(move |hub| {
        let now = Timestamp::now();
        let filter = IncidentFilter { open: true, site: Some(name.id.clone()), ..IncidentFilter::default() };
        let told: Vec<String> =
            hub.store.incidents(&filter)?.into_iter().map(|incident| incident.trouble.subject).collect();
        hub.act(cause::of_findings(&name, &open, &told, now), None, now)
    })
    .await;
}
