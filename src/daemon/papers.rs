//! Documents: made when their calendar says so or when a fault is over, and asked for before they are late.
//!
//! What was missed while nobody was there is made up for. The record says what was made, so that whatever is cut off
//! begins again where it was.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;
use tokio::time::Instant;

use super::hub::{Hub, Standing, count};
use crate::config::{Plan, Readership, Site};
use crate::duty::{self, FaultReport, Wanted, Workshop};
use crate::incident::{Cause, IncidentId};
use crate::ledger::Period;
use crate::paper::{Kind, PaperFormat};
use crate::schedule::{self, Cadence, Job, JobKind};
use crate::store::outbox::DeliveryFilter;
use crate::store::papers::{Matter, PaperFilter};
use crate::store::{IncidentFilter, JobRun, StoreError};

/// Time between two looks at what is due.
const EVERY: Duration = Duration::from_secs(5);
/// Time between two looks at what has to be handed in: it is counted in days.
const REMIND_EVERY: Duration = Duration::from_secs(3_600);
/// Periods that are made up for at most, of each plan and site: two months of days.
const MADE_UP: usize = 62;
/// How long after the end of an incident its fault still gets a report by itself.
const FAULT_DAYS: i64 = 14;
/// How long a document is left alone that could not be made.
const REST: Duration = Duration::from_secs(15 * 60);

/// What is known only until the next start.
#[derive(Default)]
struct Memory {
    /// Documents that could not be made, and until when they are left alone.
    resting: HashMap<String, Instant>,
    /// Incidents that lead to no report, or have one.
    settled: HashSet<IncidentId>,
}

impl Memory {
    fn rests(&self, what: &str) -> bool {
        self.resting.get(what).is_some_and(|until| Instant::now() < *until)
    }
}

/// A document to be made, and what is noted when it was.
struct Task {
    site: Site,
    wanted: Wanted,
    readers: (Vec<String>, Vec<String>),
}

/// Makes documents until `stop` resolves; one under way by then is finished.
pub(super) async fn run(hub: Arc<Hub>, stop: impl Future<Output = ()>) {
    let (halt, halted) = watch::channel(false);
    let work = work(hub, halted);
    let mut work = std::pin::pin!(work);
    tokio::select! {
        () = &mut work => return,
        () = stop => {}
    }
    // Whoever works sees it.
    let _ = halt.send(true);
    work.await;
}

async fn work(hub: Arc<Hub>, mut halted: watch::Receiver<bool>) {
    let mut memory = Memory::default();
    let mut reminded: Option<Instant> = None;
    while !*halted.borrow() {
        for due in scheduled(&hub, &memory).await {
            follow(&hub, due, &mut memory, &halted).await;
        }
        faults(&hub, &mut memory, &halted).await;
        if reminded.is_none_or(|last| last.elapsed() >= REMIND_EVERY) {
            reminded = Some(Instant::now());
            hub.ask(|hub| remind(hub, Timestamp::now())).await;
        }
        tokio::select! {
            _ = halted.changed() => {}
            () = tokio::time::sleep(EVERY) => {}
        }
    }
}

/// A plan that is due for a site.
struct Due {
    site: Site,
    plan: Plan,
    /// As the record names it.
    job: String,
    /// The periods it is due for.
    periods: Vec<Period>,
}

/// The plans that are due.
async fn scheduled(hub: &Arc<Hub>, memory: &Memory) -> Vec<Due> {
    let standing = hub.standing();
    let plans = planned(&standing);
    if plans.is_empty() {
        return Vec::new();
    }
    let known: Vec<(String, String)> =
        plans.iter().map(|(site, plan)| (site.id.clone(), job_of(plan))).collect();
    let now = Timestamp::now();
    let runs = hub.ask(move |hub| {
        let runs = hub.store.job_runs()?;
        if known.iter().all(|(site, kind)| run_of(&runs, site, kind).is_some()) {
            return Ok(runs);
        }
        hub.store.know_jobs(&known, now)?;
        hub.store.job_runs()
    });
    let runs = runs.await.unwrap_or_default();
    due(&standing, &plans, &runs, now).into_iter().filter(|due| !memory.rests(&due.trouble())).collect()
}

/// Every plan with each of its sites. A contract's sheet takes a contract.
fn planned(standing: &Standing) -> Vec<(Site, Plan)> {
    let reports = &standing.settings.reports;
    let is_made =
        |plan: &&Plan| reports.scheduled && (plan.kind != Kind::Contract || reports.contract.is_some());
    let of_site = |site: &Site| {
        let mine = reports.plans.iter().filter(is_made).filter(|plan| plan.covers(&site.id));
        mine.map(|plan| (site.clone(), plan.clone())).collect::<Vec<_>>()
    };
    standing.settings.sites.iter().flat_map(of_site).collect()
}

fn job_of(plan: &Plan) -> String {
    format!("report:{}", plan.word())
}

fn run_of<'a>(runs: &'a [JobRun], site: &str, kind: &str) -> Option<&'a JobRun> {
    runs.iter().find(|run| run.site == site && run.kind == kind)
}

fn due(standing: &Standing, plans: &[(Site, Plan)], runs: &[JobRun], now: Timestamp) -> Vec<Due> {
    let names: Vec<String> = plans.iter().map(|(_, plan)| job_of(plan)).collect();
    let mut places = Vec::new();
    let mut jobs = Vec::new();
    for (place, ((site, plan), name)) in plans.iter().zip(&names).enumerate() {
        let Some(run) = run_of(runs, &site.id, name) else { continue };
        places.push((place, run.last.unwrap_or(run.known_since).min(now)));
        jobs.push(Job {
            site: &site.id,
            subject: name,
            kind: JobKind::Report,
            schedule: &site.schedule,
            cadence: Some(Cadence::At(plan.at.clone())),
            known_since: run.known_since,
            last: run.last,
        });
    }
    let zone = &standing.calendars.zone;
    let taken = schedule::due(&jobs, &standing.calendars, now).into_iter().map(|due| {
        let (place, last) = places[due.job];
        let (site, plan) = plans[place].clone();
        let periods = schedule::periods_due(&plan.at, plan.each, last, now, zone, MADE_UP);
        Due { site, plan, job: names[place].clone(), periods }
    });
    taken.collect()
}

impl Due {
    /// What is wrong where it cannot be made, in Chinese.
    fn trouble(&self) -> String {
        format!("{} 的{}无法生成", self.site.id, self.plan.kind.chinese())
    }
}

/// Makes the documents of a plan, and notes that it was followed once all of them are there.
async fn follow(hub: &Arc<Hub>, due: Due, memory: &mut Memory, halted: &watch::Receiver<bool>) {
    let trouble = due.trouble();
    let Due { site, plan, job, periods } = due;
    let standing = hub.standing();
    let reports = &standing.settings.reports;
    for period in periods {
        if *halted.borrow() {
            return;
        }
        let matter = Matter { site: site.id.clone(), kind: plan.kind, period, interval: None };
        let wanted = Wanted { matter, incident: None, formats: reports.formats_of(&plan).to_vec() };
        if !make(hub, Task::of(&site, wanted, reports.readers_of(&plan)), &trouble, memory).await {
            return;
        }
    }
    let of = site.id.clone();
    hub.ask(move |hub| hub.store.job_ran(&of, &job, Timestamp::now())).await;
}

impl Task {
    fn of(site: &Site, wanted: Wanted, readers: Readership<'_>) -> Task {
        let readers = (readers.recipients.to_vec(), readers.channels.to_vec());
        Task { site: site.clone(), wanted, readers }
    }
}

/// Makes a document; whether it is there. One that could not be made rests for a while.
async fn make(hub: &Arc<Hub>, task: Task, trouble: &str, memory: &mut Memory) -> bool {
    let maker = hub.clone();
    let made = tokio::task::spawn_blocking(move || {
        let standing = maker.standing();
        let Task { site, wanted, readers: (recipients, channels) } = task;
        let workshop =
            Workshop { store: &*maker.store, rules: &standing.rules, settings: &standing.settings };
        let readers = Readership { recipients: &recipients, channels: &channels };
        workshop.make(&site, wanted, readers, Timestamp::now())
    });
    match made.await {
        Ok(Ok(_)) => {
            count(&hub.figures.papers);
            memory.resting.remove(trouble);
            hub.clear(trouble);
            hub.enqueued();
            return true;
        }
        Ok(Err(error)) => hub.trouble(trouble, &error.to_string()),
        Err(panic) => hub.trouble(trouble, &panic.to_string()),
    }
    memory.resting.insert(trouble.to_owned(), Instant::now() + REST);
    false
}

/// Makes the reports of faults that are over.
async fn faults(hub: &Arc<Hub>, memory: &mut Memory, halted: &watch::Receiver<bool>) {
    const TROUBLE: &str = "故障报告无法生成";
    if memory.rests(TROUBLE) || !hub.standing().settings.reports.scheduled {
        return;
    }
    let known = memory.settled.clone();
    let Some(Over { due, settled }) = hub.ask(move |hub| fault_reports(hub, &known, Timestamp::now())).await
    else {
        return;
    };
    memory.settled.extend(settled);
    for (incident, site, matter) in due {
        if *halted.borrow() {
            return;
        }
        let standing = hub.standing();
        let reports = &standing.settings.reports;
        let formats: Vec<PaperFormat> = reports.formats.clone();
        let wanted = Wanted { matter, incident: Some(incident), formats };
        if !make(hub, Task::of(&site, wanted, reports.readers()), TROUBLE, memory).await {
            return;
        }
        memory.settled.insert(incident);
    }
}

/// What incidents that are over lead to.
#[derive(Default)]
struct Over {
    /// Reports to be made, oldest first: of two incidents in one fault the first one leads to its report.
    due: Vec<(IncidentId, Site, Matter)>,
    /// Those that need not be looked at again.
    settled: Vec<IncidentId>,
}

/// What the incidents lead to that are over and not known to be settled.
fn fault_reports(hub: &Hub, known: &HashSet<IncidentId>, now: Timestamp) -> Result<Over, StoreError> {
    let standing = hub.standing();
    let since = now.saturating_sub(SignedDuration::from_hours(24 * FAULT_DAYS)).unwrap_or(Timestamp::MIN);
    let incidents =
        hub.store.incidents(&IncidentFilter { since: Some(since), ..IncidentFilter::default() })?;
    let mut over = Over::default();
    // They come newest first.
    for incident in incidents.into_iter().rev().filter(|incident| incident.closed.is_some()) {
        if known.contains(&incident.id) {
            continue;
        }
        let named = incident.trouble.site.as_ref().filter(|_| incident.trouble.cause == Cause::Down);
        let Some(site) = named.and_then(|site| standing.site(&site.id)) else {
            over.settled.push(incident.id);
            continue;
        };
        let made = PaperFilter { site: Some(site.id.clone()), kind: Some(Kind::Fault), limit: None };
        if hub.store.papers(&made)?.iter().any(|paper| paper.incident == Some(incident.id)) {
            over.settled.push(incident.id);
            continue;
        }
        let report =
            duty::fault_report(&*hub.store, &standing.rules, &standing.settings, site, &incident, now)?;
        match report {
            FaultReport::Due(matter) => over.due.push((incident.id, site.clone(), matter)),
            FaultReport::NotYet => {}
            FaultReport::None => over.settled.push(incident.id),
        }
    }
    Ok(over)
}

/// Reminds of what has to be handed in soon or should have been: of each once.
fn remind(hub: &Hub, now: Timestamp) -> Result<(), StoreError> {
    let standing = hub.standing();
    let settings = &standing.settings;
    for site in &settings.sites {
        let owed = match duty::outstanding(&*hub.store, &standing.rules, settings, site, now) {
            Ok(owed) => owed,
            Err(duty::DutyError::Store(error)) => return Err(error),
            Err(error) => {
                hub.trouble("应提交的文件无法核对", &error.to_string());
                continue;
            }
        };
        for notice in owed.iter().filter_map(|owed| duty::reminder(owed, settings, site, now)) {
            let told = DeliveryFilter { notice: Some(notice.id.clone()), ..DeliveryFilter::default() };
            if hub.store.deliveries(&told)?.is_empty() {
                hub.store.enqueue(duty::reminder_letters(settings, &notice, now), now)?;
                hub.enqueued();
            }
        }
    }
    Ok(())
}
