//! Which jobs are due.

use jiff::{SignedDuration, Timestamp};

use super::window::clear;
use super::{Cadence, Calendars, JobKind, Schedule, offset};
use crate::ledger::Period;

/// A job of a site or of one of its targets.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// Id of the site.
    pub site: &'a str,
    /// What it is done to: the site, or a target.
    pub subject: &'a str,
    /// What is done.
    pub kind: JobKind,
    /// The calendars of the site.
    pub schedule: &'a Schedule,
    /// How often, where no calendar of the site says so: reports and audits.
    pub cadence: Option<Cadence>,
    /// When it was first heard of.
    pub known_since: Timestamp,
    /// When it ran last.
    pub last: Option<Timestamp>,
}

/// A job that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Its place in the list that was asked about.
    pub job: usize,
    /// Since when.
    pub since: Timestamp,
}

/// The jobs that are due at `now`, those first that have waited longest of all sites in turn: no site comes a second
/// time before every other one has come once. A job that was missed many times is due once.
pub fn due(jobs: &[Job<'_>], calendars: &Calendars, now: Timestamp) -> Vec<Due> {
    let mut due: Vec<Due> = jobs
        .iter()
        .enumerate()
        .filter_map(|(job, what)| next_due(what, calendars, now).map(|since| Due { job, since }))
        .filter(|due| due.since <= now)
        .collect();
    due.sort_by_key(|due| (due.since, due.job));
    in_turn(due, jobs)
}

/// Deals the jobs out, one of each site a round.
fn in_turn(due: Vec<Due>, jobs: &[Job<'_>]) -> Vec<Due> {
    let mut rounds = std::collections::HashMap::new();
    let mut placed: Vec<(usize, Due)> = due
        .into_iter()
        .map(|due| {
            let round = rounds.entry(jobs[due.job].site).or_insert(0_usize);
            *round += 1;
            (*round, due)
        })
        .collect();
    // Stable: within a round who has waited longest stays first.
    placed.sort_by_key(|(round, _)| *round);
    placed.into_iter().map(|(_, due)| due).collect()
}

/// When a job is due next, which may have been before `now`; `None` where it never is.
pub fn next_due(job: &Job<'_>, calendars: &Calendars, now: Timestamp) -> Option<Timestamp> {
    let Calendars { zone, spread, .. } = calendars;
    // After the clock was set back the last run seems to lie ahead; nobody waits until then.
    let last = job.last.unwrap_or(job.known_since).min(now);
    let cadence = tightened(job, calendars, now)?;
    let name = format!("{} {} {:?}", job.site, job.subject, job.kind);
    let regular = cadence.next(last, offset(&name, cadence.room(*spread)), zone);
    let owed = match job.kind {
        JobKind::FullScan => Some(quarterly(job.last.map(|last| last.min(now)), last, calendars)),
        _ => None,
    };
    let next = regular.into_iter().chain(owed).min()?;
    if !job.kind.is_heavy() {
        return Some(next);
    }
    let Schedule { blackout, maintenance, .. } = job.schedule;
    // What fell due while the site was closed waits for its opening; what comes falls due at an opening.
    let asked = next.max(now);
    let opened = clear(asked, blackout, maintenance, zone);
    Some(if opened == asked { next } else { opened })
}

/// The cadence in force: days on which more is at stake bring probes and readings closer.
fn tightened(job: &Job<'_>, calendars: &Calendars, now: Timestamp) -> Option<Cadence> {
    let cadence = job.cadence.clone().or_else(|| job.schedule.cadence(job.kind))?;
    let today = now.to_zoned(calendars.zone.clone()).date();
    let guarded = job.schedule.guarded.iter().filter(|guarded| guarded.contains(today));
    let closest = match job.kind {
        JobKind::Probe => guarded.map(|guarded| guarded.probe_interval).min(),
        JobKind::Read => guarded.map(|guarded| guarded.read_interval).min(),
        _ => None,
    };
    Some(match (cadence, closest) {
        (Cadence::Every(usual), Some(closest)) => Cadence::Every(usual.min(closest)),
        (cadence, _) => cadence,
    })
}

/// When the next quarter without a full scan must have one: this one for a site that never was scanned.
fn quarterly(scanned: Option<Timestamp>, since: Timestamp, calendars: &Calendars) -> Timestamp {
    let quarter = |at: Timestamp| Period::quarter_of(at.to_zoned(calendars.zone.clone()).date());
    let end = |quarter: Period| quarter.span(&calendars.zone).end();
    let first = quarter(since);
    let owed = if scanned.is_some() { quarter(end(first)) } else { first };
    let lead = SignedDuration::try_from(calendars.quarter_lead).unwrap_or(SignedDuration::ZERO);
    end(owed).saturating_sub(lead).unwrap_or(Timestamp::MAX)
}
