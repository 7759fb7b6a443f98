//! What documents are made of: everything on record about one site and one period.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::lives::Tracked;
use crate::config::Site;
use crate::contract::{Exclusion, Sheet, Ticket};
use crate::finding::Finding;
use crate::incident::{Happening, Incident};
use crate::indicators::FailureRule;
use crate::ipv6::Assessment;
use crate::ledger::{Fault, HourVisits, Interval, Period, Span, Target};
use crate::report::ledger::Statement;
use crate::score::Facts;
use crate::store::outbox::Delivery;
use crate::store::{ReadingRow, ScanResult, ScanRow, ScanState};

/// Everything on record about a site and a period.
#[derive(Debug)]
pub struct Material<'a> {
    /// The site.
    pub site: &'a Site,
    /// The period.
    pub period: Period,
    /// By whose calendar.
    pub zone: &'a TimeZone,
    /// When it is asked.
    pub now: Timestamp,
    /// How long the site was up.
    pub statement: Statement<'a>,
    /// Findings that were known before the end of the period.
    pub findings: Vec<Tracked>,
    /// The full scans that ended in the period, oldest first.
    pub scans: Vec<ScanRow>,
    /// The readings that began in it, oldest first.
    pub readings: Vec<ReadingRow>,
    /// The tickets that were opened in it or not solved before it, oldest first.
    pub tickets: Vec<Ticket>,
    /// Everything that somebody wants not to count and that touches it, agreed or not.
    pub exclusions: Vec<Exclusion>,
    /// What the document is about besides the period.
    pub about: About<'a>,
}

/// What a document is about besides its period.
#[derive(Debug)]
pub enum About<'a> {
    /// Nothing: the period is all.
    Period,
    /// How the site answered.
    Answers(Answers),
    /// A fault; `None`: there was none.
    Fault(Option<Box<FaultStory>>),
    /// A full scan; `None`: there was none.
    Scan(Option<Box<Proven>>),
    /// An assessment of IPv6 support; `None`: there was none.
    Ipv6(Option<Box<Assessment>>),
    /// A contract.
    Contract(Box<Sheet<'a>>),
}

/// How a site answered.
#[derive(Debug)]
pub struct Answers {
    /// Visits of each target by the hour, of the period.
    pub visits: Vec<(Target, Vec<HourVisits>)>,
    /// From which failed share on there is a warning; `None` where the rules do not say.
    pub rule: Option<FailureRule>,
    /// What the full scans of the period saw of the home page, oldest first: when they ended, and what.
    pub scans: Vec<(Timestamp, Facts)>,
}

/// A fault, with what the ledger knows of it.
#[derive(Debug)]
pub struct FaultStory {
    /// The fault.
    pub fault: Fault,
    /// Its intervals.
    pub intervals: Vec<Interval>,
    /// The incidents that were raised about it, oldest first.
    pub incidents: Vec<IncidentStory>,
    /// The last day on which its report is in time, with the contract that says so and how sure that is.
    pub due: Vec<(Date, String, String)>,
}

/// An incident, with what happened to it and who was told.
#[derive(Debug)]
pub struct IncidentStory {
    /// The incident.
    pub incident: Incident,
    /// What happened to it, in order.
    pub timeline: Vec<Happening>,
    /// Who was told, newest first.
    pub letters: Vec<Delivery>,
}

/// A full scan, with what it found.
#[derive(Debug)]
pub struct Proven {
    /// The scan.
    pub row: ScanRow,
    /// Its result.
    pub result: ScanResult,
    /// What it saw that no finding tells; `None`: it was not kept.
    pub facts: Option<Facts>,
    /// What it found.
    pub findings: Vec<Finding>,
}

impl Material<'_> {
    /// The time that it is about.
    pub(super) fn span(&self) -> Span {
        self.period.span(self.zone)
    }

    /// The name of the site.
    pub(super) fn name(&self) -> &str {
        self.site.name.as_deref().unwrap_or_else(|| self.site.home.host())
    }

    /// The full scans with their results, oldest first.
    pub(super) fn results(&self) -> impl DoubleEndedIterator<Item = (&ScanRow, &ScanResult)> {
        self.scans.iter().filter_map(|row| match &row.state {
            ScanState::Finished(result) => Some((row, &**result)),
            ScanState::Running | ScanState::Abandoned { .. } => None,
        })
    }

    /// The parts of the period that have begun, with a short name for each.
    pub(super) fn parts(&self) -> Vec<(String, Span)> {
        let begun = |(_, span): &(String, Span)| span.start() < self.now;
        let named = self.period.parts().into_iter().map(|part| (short(part), part.span(self.zone)));
        named.filter(begun).collect()
    }

    /// The weeks of the period that have begun, from its first day on, each with that day.
    pub(super) fn weeks(&self) -> Vec<(String, Span)> {
        let (first, after) = self.period.days();
        let starts = std::iter::successors(Some(first), |day| day.checked_add(7.days()).ok());
        let weeks = starts.take_while(|day| *day < after).map(|day| {
            let start = Period::Day(day).span(self.zone).start();
            let next = Period::Day(day.saturating_add(7.days()).min(after)).span(self.zone).start();
            (day.strftime("%m-%d").to_string(), Span::new(start, next))
        });
        weeks.filter(|(_, span)| span.start() < self.now).collect()
    }
}

/// What stands below a chart: `11-22`, `11 月`.
fn short(part: Period) -> String {
    let (first, _) = part.days();
    match part {
        Period::Day(day) => day.strftime("%m-%d").to_string(),
        _ => format!("{} 月", first.month()),
    }
}
