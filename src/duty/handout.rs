//! Gathers from the record what a document is made of, and has it composed.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::{Books, DutyError, View, configured};
use crate::config::{Settings, Site};
use crate::contract::{Exclusion, StepKind, Ticket};
use crate::incident::{Cause, Incident};
use crate::indicators::{Measured, Promise, RuleSet};
use crate::ledger::{Fault, Period, Span, Unit, hour_of};
use crate::paper::Kind;
use crate::report::periodic::{
    About, Answers, Document, FaultStory, IncidentStory, Material, Proven, Tracked, compose,
};
use crate::store::outbox::DeliveryFilter;
use crate::store::{Filter, IncidentFilter, Reader, ScanId, ScanResult, ScanRow, ScanState, StoreError};

/// Assessments of IPv6 support that are looked through for one of the period.
const ASSESSMENTS: u32 = 100;

/// Messages of one incident that its report looks at, the newest: a week of reminders every hour to five people.
const LETTERS: u32 = 1_000;

/// Which document is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What kind.
    pub kind: Kind,
    /// For which period; `None`: the one that goes on.
    pub period: Option<Period>,
    /// Of a full scan: its number; `None`: the last one of the period.
    pub scan: Option<ScanId>,
    /// Of a fault: the number of one of its intervals; `None`: the last one of the period.
    pub interval: Option<i64>,
    /// Of a contract: its id; `None`: the only one, or the first.
    pub contract: Option<String>,
}

impl Order {
    /// The document of a kind for a period.
    pub fn of(kind: Kind, period: Option<Period>) -> Order {
        Order { kind, period, scan: None, interval: None, contract: None }
    }
}

/// Makes a document from the record.
pub fn handout(
    store: &dyn Reader,
    rules: &Arc<RuleSet>,
    settings: &Settings,
    site: &Site,
    order: &Order,
    now: Timestamp,
) -> Result<Document, DutyError> {
    let stray = [
        (order.scan.is_some(), Kind::FullScan, "a scan"),
        (order.interval.is_some(), Kind::Fault, "an interval"),
        (order.contract.is_some(), Kind::Contract, "a contract"),
    ];
    if let Some((.., of, what)) = stray.iter().find(|(named, of, _)| *named && *of != order.kind) {
        let refusal = format!("{what} goes with the {of} report, not with {}", order.kind);
        return Err(DutyError::NoSuchDocument(refusal));
    }
    let zone = &settings.timezone;
    let wanted = order.scan.map(|scan| finished(store, site, scan)).transpose()?;
    let period = match &wanted {
        Some((_, result)) => Unit::Year.of(day(result.finished, zone)),
        None => order.period.unwrap_or_else(|| order.kind.usual(day(now, zone))),
    };
    if !order.kind.takes(period) {
        let usual = order.kind.usual(day(now, zone));
        let refusal = format!("there is no {} report for {period}; ask for one like {usual}", order.kind);
        return Err(DutyError::NoSuchDocument(refusal));
    }
    let span = period.span(zone);
    let books = Books::read(store, rules.clone(), settings, site, period, View::Site, now)?;
    let scans = scans(store, &site.id, span)?;
    let mut touched = span;
    let about = match order.kind {
        Kind::Daily | Kind::Work | Kind::SelfCheck | Kind::Summary => About::Period,
        Kind::Quality => About::Answers(answers(store, rules, site, span, &scans)?),
        Kind::Fault => {
            let story = fault(store, &books, rules, order.interval, zone)?;
            if let Some(story) = &story {
                touched = Span::new(story.fault.earliest, story.fault.end.unwrap_or(now));
            }
            About::Fault(story.map(Box::new))
        }
        Kind::FullScan => {
            let last = || scans.last().and_then(|row| Some((row.clone(), result(row)?)));
            let proven = wanted.or_else(last).map(|(row, result)| proven(store, row, result)).transpose()?;
            About::Scan(proven.map(Box::new))
        }
        Kind::Ipv6 => {
            let assessments = store.assessments(&site.id, ASSESSMENTS)?.into_iter();
            let of_period = assessments.filter(|(at, _)| span.contains(*at)).map(|(_, found)| found);
            // They come newest first.
            About::Ipv6(of_period.map(Box::new).next())
        }
        Kind::Contract => {
            let only = rules.contracts().first().map(|contract| contract.id.as_str());
            let id = order.contract.as_deref().or(only).unwrap_or_default();
            About::Contract(Box::new(books.assess(books.contract(id)?)))
        }
    };
    let findings = match order.kind {
        Kind::Fault | Kind::FullScan | Kind::Ipv6 | Kind::Contract => Vec::new(),
        _ => {
            let everything = Filter { site: Some(site.id.clone()), ..Filter::default() };
            Tracked::gather(store.findings(&everything)?, store.turns(&site.id, span.end())?)
        }
    };
    let material = Material {
        site,
        period,
        zone,
        now,
        statement: books.statement(),
        findings,
        scans,
        readings: {
            let since = store.readings(&site.id, span.start())?.into_iter();
            since.filter(|row| span.contains(row.started)).collect()
        },
        tickets: store.tickets(&site.id)?.into_iter().filter(|ticket| concerns(ticket, span)).collect(),
        exclusions: exclusions(store, settings, site, touched)?,
        about,
    };
    Ok(compose(order.kind, &material))
}

fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

/// Whether a ticket was opened within a time, or before it and not solved by then.
fn concerns(ticket: &Ticket, span: Span) -> bool {
    let lasts = ticket.step(StepKind::Solved).is_none_or(|solved| solved.at >= span.start());
    ticket.opened < span.end() && lasts
}

/// The full scans that ended within a time, oldest first.
fn scans(store: &dyn Reader, site: &str, span: Span) -> Result<Vec<ScanRow>, StoreError> {
    let mut scans = Vec::new();
    for id in store.finished(site)? {
        let row = store.scan(id)?;
        let ended = |row: &ScanRow| result(row).is_some_and(|result| span.contains(result.finished));
        scans.extend(row.filter(ended));
    }
    Ok(scans)
}

fn result(row: &ScanRow) -> Option<ScanResult> {
    match &row.state {
        ScanState::Finished(result) => Some((**result).clone()),
        ScanState::Running | ScanState::Abandoned { .. } => None,
    }
}

/// A full scan of the site by its number.
fn finished(store: &dyn Reader, site: &Site, scan: ScanId) -> Result<(ScanRow, ScanResult), DutyError> {
    let row = store.scan(scan)?.filter(|row| row.site == site.id);
    let found = row.and_then(|row| Some((result(&row)?, row)));
    match found {
        Some((result, row)) => Ok((row, result)),
        None => {
            let refusal = format!("site {} has no finished scan {scan}", site.id);
            Err(DutyError::NoSuchDocument(refusal))
        }
    }
}

fn proven(store: &dyn Reader, row: ScanRow, result: ScanResult) -> Result<Proven, StoreError> {
    let basis = store.basis(row.id)?;
    let (facts, findings) = basis.map(|basis| (basis.facts, basis.findings)).unzip();
    Ok(Proven { row, result, facts, findings: findings.unwrap_or_default() })
}

fn answers(
    store: &dyn Reader,
    rules: &RuleSet,
    site: &Site,
    span: Span,
    scans: &[ScanRow],
) -> Result<Answers, StoreError> {
    let after = hour_of(span.end());
    let mut visits = Vec::new();
    for target in store.targets(&site.id)? {
        let mut counts = store.visits(&target, span.start())?;
        counts.retain(|count| count.hour < after);
        visits.push((target, counts));
    }
    let mut seen = Vec::new();
    for row in scans {
        if let (Some(result), Some(basis)) = (result(row), store.basis(row.id)?) {
            seen.push((result.finished, basis.facts));
        }
    }
    Ok(Answers { visits, rule: rules.failure_rule(), scans: seen })
}

/// The fault that an interval belongs to, or the last one.
fn fault(
    store: &dyn Reader,
    books: &Books,
    rules: &RuleSet,
    interval: Option<i64>,
    zone: &TimeZone,
) -> Result<Option<FaultStory>, DutyError> {
    let faults = books.account(books.period).faults;
    let found = match interval {
        None => faults.into_iter().next_back(),
        Some(number) => {
            let found = faults.into_iter().find(|fault| fault.intervals.contains(&number));
            if found.is_none() {
                let period = books.period;
                let refusal = format!("no fault that began in {period} has interval {number}");
                return Err(DutyError::NoSuchDocument(refusal));
            }
            found
        }
    };
    let Some(fault) = found else { return Ok(None) };
    let of_fault = books.journal.intervals.iter().filter(|one| fault.intervals.contains(&one.id));
    Ok(Some(FaultStory {
        intervals: of_fault.cloned().collect(),
        incidents: incidents(store, &books.site, &fault, books.now)?,
        due: due(rules, &fault, zone),
        fault,
    }))
}

/// The incidents of a site being down that were raised within a fault, oldest first.
fn incidents(
    store: &dyn Reader,
    site: &Site,
    fault: &Fault,
    now: Timestamp,
) -> Result<Vec<IncidentStory>, StoreError> {
    let filter = IncidentFilter {
        site: Some(site.id.clone()),
        since: Some(fault.earliest),
        ..IncidentFilter::default()
    };
    let lasted = fault.earliest..=fault.end.unwrap_or(now);
    let of_fault = |incident: &Incident| {
        incident.trouble.cause == Cause::Down && lasted.contains(&incident.trouble.began)
    };
    let mut stories = Vec::new();
    // They come newest first.
    for incident in store.incidents(&filter)?.into_iter().rev().filter(of_fault) {
        let of_incident = DeliveryFilter {
            order_key: Some(incident.id.order_key()),
            limit: LETTERS,
            ..DeliveryFilter::default()
        };
        stories.push(IncidentStory {
            timeline: store.timeline(incident.id)?,
            letters: store.deliveries(&of_incident)?,
            incident,
        });
    }
    Ok(stories)
}

/// The last days on which the report of a fault is in time, as the contracts have it that count in days.
fn due(rules: &RuleSet, fault: &Fault, zone: &TimeZone) -> Vec<(Date, String, String)> {
    let began = day(fault.start, zone);
    let lines =
        rules.contracts().iter().flat_map(|contract| contract.line.iter().map(move |line| (contract, line)));
    lines
        .filter(|(_, line)| line.measure == Measured::FaultReport)
        .filter_map(|(contract, line)| match line.limit {
            Some(Promise::Days(days)) => {
                let last = began.saturating_add(i64::from(days).days());
                let confidence = line.confidence.unwrap_or(contract.confidence);
                Some((last, contract.name.clone(), confidence.to_string()))
            }
            _ => None,
        })
        .collect()
}

/// Everything that somebody wants not to count and that touches a time; what was taken back is nobody's wish any more.
fn exclusions(
    store: &dyn Reader,
    settings: &Settings,
    site: &Site,
    span: Span,
) -> Result<Vec<Exclusion>, StoreError> {
    let entered = store.exclusions(&site.id)?.into_iter();
    let all = entered.chain(configured(site, span, settings));
    let stands =
        |exclusion: &Exclusion| exclusion.withdrawn.is_none() && !exclusion.span.overlap(span).is_empty();
    Ok(all.filter(stands).collect())
}
