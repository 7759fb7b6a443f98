//! What the record says about availability and contracts, put together for one site and one period.
//!
//! Opens the record, takes the rules and the configuration, and hands plain values on: figures come from
//! [`ledger`](crate::ledger), verdicts from [`contract`](crate::contract), wording from [`report`](crate::report).

mod alarms;
mod entry;
mod handout;
mod paper;
mod post;

use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::config::{Settings, Site};
use crate::contract::{
    self, Alarm, Document, Exclusion, ExclusionKind, FullScan, Material, Origin, Sheet, Ticket,
};
use crate::indicators::{Contract, RuleError, RuleSet};
use crate::ledger::{self, Account, Failing, HourVisits, Journal, Lane, Period, Span, Target};
use crate::report::ledger::Statement;
use crate::store::{self, Reader, ScanState, StoreError};

pub use entry::{
    Papers, exclude, exclusions, hand_in, open_ticket, papers, take_steps, tickets, withdraw_document,
    withdraw_exclusion,
};
pub use handout::{Order, handout};
pub use paper::{FaultReport, PaperError, Wanted, Workshop, fault_report, outstanding, written};
pub use post::{reminder, reminder_letters};

/// Why it could not be put together.
#[derive(Debug, thiserror::Error)]
pub enum DutyError {
    /// Rules do not load.
    #[error("the rules have errors:\n{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Rules(Vec<RuleError>),
    /// No contract has this id.
    #[error("there is no contract {id}; the rules know {known}")]
    NoSuchContract {
        /// As asked for.
        id: String,
        /// Those there are.
        known: String,
    },
    /// What was asked for makes no document.
    #[error("{0}")]
    NoSuchDocument(String),
    /// The record does not do what it should.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl DutyError {
    /// Whether the operator has to change something before it can work.
    pub fn is_operators(&self) -> bool {
        !matches!(self, DutyError::Store(_))
    }
}

/// Whose availability is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The monitored site.
    Site,
    /// The monitoring service itself, by its own signs of life.
    Service,
}

/// Everything on record about a site and a period.
pub struct Books {
    rules: Arc<RuleSet>,
    timezone: TimeZone,
    site: Site,
    period: Period,
    now: Timestamp,
    journal: Journal,
    visits: Vec<(Target, Vec<HourVisits>)>,
    tickets: Vec<Ticket>,
    exclusions: Vec<Exclusion>,
    scans: Vec<FullScan>,
    alarms: Option<Vec<Alarm>>,
    documents: Vec<Document>,
}

impl Books {
    /// Opens the record and reads it; only reads, so the daemon may go on meanwhile.
    pub fn open(
        settings: &Settings,
        site: &Site,
        period: Period,
        view: View,
        now: Timestamp,
    ) -> Result<Books, DutyError> {
        let rules = RuleSet::load(settings.rules_dir.as_deref()).map_err(DutyError::Rules)?;
        let store = store::open_reader(&settings.store_url)?;
        Ok(Books::read(&*store, Arc::new(rules), settings, site, period, view, now)?)
    }

    /// Reads the record.
    pub fn read(
        store: &dyn Reader,
        rules: Arc<RuleSet>,
        settings: &Settings,
        site: &Site,
        period: Period,
        view: View,
        now: Timestamp,
    ) -> Result<Books, StoreError> {
        let span = period.span(&settings.timezone);
        let merge_gap = rules.availability().merge_gap;
        // A fault shortly before the period may be the beginning of one that goes on in it.
        let from = span.start().saturating_sub(merge_gap).unwrap_or(Timestamp::MIN);
        let recorded = store.journal(&site.id, Span::new(from, span.end()))?;
        let (journal, exclusions) = match view {
            View::Site => {
                let entered = store.exclusions(&site.id)?.into_iter();
                (recorded, entered.chain(configured(site, span, settings)).collect())
            }
            // What was agreed for a site excuses no silence of the monitoring.
            View::Service => (recorded.of_service(rules.availability().silence, now), Vec::new()),
        };
        let alarms = alarms::of_site(store, &site.id, span, !journal.watches.is_empty())?;
        Ok(Books {
            alarms,
            documents: paper::handed_in(store, &site.id)?,
            journal,
            visits: visits(store, &site.id, &rules, now)?,
            tickets: store.tickets(&site.id)?,
            exclusions,
            scans: full_scans(store, &site.id)?,
            rules,
            timezone: settings.timezone.clone(),
            site: site.clone(),
            period,
            now,
        })
    }

    /// How long the site was up, in all and part by part.
    pub fn statement(&self) -> Statement<'_> {
        let zone = &self.timezone;
        let passed = |part: &Period| part.span(zone).start() < self.now;
        let parts = self.period.parts().into_iter().filter(passed);
        let rule = self.rules.failure_rule();
        let failing = |(target, counts): &'_ (Target, Vec<HourVisits>)| -> Option<(String, Failing)> {
            let failing = ledger::weekly(counts, rule.as_ref()?, self.now, zone);
            Some((target.name.clone(), failing))
        };
        Statement {
            site: &self.site.id,
            site_name: self.site.name.as_deref(),
            period: self.period,
            now: self.now,
            coverage_least: self.rules.availability().coverage_least,
            whole: self.account(self.period),
            parts: parts.map(|part| (part, self.account(part))).collect(),
            failing: self.visits.iter().filter_map(failing).collect(),
            steps: &self.journal.steps,
        }
    }

    /// How each target stood, in at most `slots` pieces.
    pub fn timeline(&self, slots: u32) -> Vec<Lane> {
        ledger::timeline(&self.journal, self.period.span(&self.timezone), self.now, slots)
    }

    /// Everything that somebody wants not to count, entered or configured.
    pub fn exclusions(&self) -> &[Exclusion] {
        &self.exclusions
    }

    fn account(&self, period: Period) -> Account {
        let span = period.span(&self.timezone);
        let merge_gap = self.rules.availability().merge_gap;
        ledger::account(&self.journal, &contract::approved(&self.exclusions), span, merge_gap, self.now)
    }

    /// A contract by its id.
    pub fn contract(&self, id: &str) -> Result<&Contract, DutyError> {
        self.rules.contract(id).ok_or_else(|| {
            let known: Vec<&str> =
                self.rules.contracts().iter().map(|contract| contract.id.as_str()).collect();
            DutyError::NoSuchContract { id: id.to_owned(), known: known.join(", ") }
        })
    }

    /// The assessment of a contract.
    pub fn assess<'a>(&'a self, contract: &'a Contract) -> Sheet<'a> {
        let material = Material {
            contract,
            availability: self.rules.availability(),
            calendar: &self.rules.services().calendar,
            journal: &self.journal,
            alarms: self.alarms.as_deref(),
            tickets: &self.tickets,
            documents: Some(&self.documents),
            scans: &self.scans,
            exclusions: &self.exclusions,
            period: self.period,
            zone: &self.timezone,
        };
        contract::assess(&material, self.now)
    }
}

/// The maintenance that was agreed in the configuration.
fn configured(site: &Site, span: Span, settings: &Settings) -> Vec<Exclusion> {
    let windows = site.schedule.maintenance.iter();
    windows
        .flat_map(|window| {
            window.spans(span, &settings.timezone).into_iter().map(|span| Exclusion {
                origin: Origin::Configured,
                span,
                kind: ExclusionKind::Maintenance,
                reason: window.reason.clone(),
                author: window.author.clone(),
                approved_by: window.approved_by.clone(),
                withdrawn: None,
            })
        })
        .collect()
}

fn visits(
    store: &dyn Reader,
    site: &str,
    rules: &RuleSet,
    now: Timestamp,
) -> Result<Vec<(Target, Vec<HourVisits>)>, StoreError> {
    let days = rules.failure_rule().map_or(0, |rule| i64::from(rule.window_days) + 1);
    let since = now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MIN);
    let with_visits = |target: Target| Ok((target.clone(), store.visits(&target, since)?));
    store.targets(site)?.into_iter().map(with_visits).collect()
}

fn full_scans(store: &dyn Reader, site: &str) -> Result<Vec<FullScan>, StoreError> {
    let mut scans = Vec::new();
    for id in store.finished(site)? {
        if let Some(ScanState::Finished(result)) = store.scan(id)?.map(|row| row.state) {
            scans.push(FullScan { number: id.0, finished: result.finished });
        }
    }
    Ok(scans)
}
