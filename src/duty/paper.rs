//! Documents that are made once: composed from the record, written to the cabinet, recorded, told.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::handout::{Order, handout};
use super::{Books, DutyError, View, post};
use crate::cabinet::{Cabinet, CabinetError};
use crate::config::{Readership, Settings, Site};
use crate::contract::{Document as HandedIn, DocumentKind};
use crate::incident::{Cause, Incident, IncidentId};
use crate::indicators::RuleSet;
use crate::ledger::{Fault, Period, Span, Unit};
use crate::paper::{Kind, PaperFormat};
use crate::printer::{self, PrintError};
use crate::report::figures;
use crate::report::periodic::{self, Document};
use crate::store::papers::{HandIn, Matter, NewPaper, Paper};
use crate::store::{Reader, Store, StoreError};

/// Why a document was not made.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// It cannot be put together.
    #[error(transparent)]
    Duty(#[from] DutyError),
    /// It cannot be written.
    #[error(transparent)]
    Cabinet(#[from] CabinetError),
    /// It cannot be rendered.
    #[error("rendering a document: {0}")]
    Rendering(#[from] std::io::Error),
    /// It cannot be printed.
    #[error(transparent)]
    Printing(#[from] PrintError),
}

impl From<StoreError> for PaperError {
    fn from(error: StoreError) -> PaperError {
        PaperError::Duty(error.into())
    }
}

/// A document that is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// What it is about.
    pub matter: Matter,
    /// Of a fault: the incident after which it is made.
    pub incident: Option<IncidentId>,
    /// How it is written.
    pub formats: Vec<PaperFormat>,
}

/// What documents are made with.
pub struct Workshop<'a> {
    /// The record.
    pub store: &'a dyn Store,
    /// The rules in force.
    pub rules: &'a Arc<RuleSet>,
    /// The settings in force.
    pub settings: &'a Settings,
}

impl Workshop<'_> {
    /// Makes a document, unless it was made before, and tells its readers. Its files are on the disk before it is on
    /// record; whatever is interrupted in between is made again and replaces them.
    pub fn make(
        &self,
        site: &Site,
        wanted: Wanted,
        readers: Readership<'_>,
        now: Timestamp,
    ) -> Result<Paper, PaperError> {
        let Wanted { matter, incident, formats } = wanted;
        if let Some(known) = self.store.paper_about(&matter)? {
            return Ok(known);
        }
        let order = Order {
            interval: matter.interval,
            contract: self.settings.reports.contract.clone().filter(|_| matter.kind == Kind::Contract),
            ..Order::of(matter.kind, Some(matter.period))
        };
        let reader: &dyn Reader = self.store;
        let document = handout(reader, self.rules, self.settings, site, &order, now)?;
        let cabinet = Cabinet::below(&self.settings.data_dir);
        let mut files = Vec::new();
        for (format, content) in all_written(&document, &formats, now)? {
            let name = format!("{}.{}", document.name, format.word());
            files.push(cabinet.put(matter.period, &name, &content)?);
        }
        let alert = self.settings.alert.clone();
        let of = match matter.interval {
            Some(interval) => format!("台账区间 {interval}"),
            None => figures::period(matter.period),
        };
        let (title, site_name) = (format!("{}（{of}）", document.title), post::name_of(site));
        let readers = post::Readers::of(readers);
        let mailing = Box::new(move |paper: &Paper| {
            let notice = post::made(paper, site_name, title);
            readers.letters(&alert, &notice, now)
        });
        Ok(self.store.keep_paper(&NewPaper { matter, incident, made: now, files }, mailing)?)
    }
}

/// A document in one format.
pub fn written(document: &Document, format: PaperFormat, now: Timestamp) -> Result<Vec<u8>, PaperError> {
    Ok(match format {
        PaperFormat::Html => periodic::html(document).into_bytes(),
        PaperFormat::Docx => periodic::docx(document, now)?,
        PaperFormat::Pdf => printer::pdf(&periodic::html(document))?,
    })
}

/// A document in every format that can be had here: where there is no Chromium the others must do.
fn all_written(
    document: &Document,
    formats: &[PaperFormat],
    now: Timestamp,
) -> Result<Vec<(PaperFormat, Vec<u8>)>, PaperError> {
    let mut all = Vec::new();
    for format in formats {
        match written(document, *format, now) {
            Err(PaperError::Printing(PrintError::NoProgram)) if formats.len() > 1 => {
                tracing::warn!(document = document.name, "no PDF: Chromium is not installed");
            }
            content => all.push((*format, content?)),
        }
    }
    Ok(all)
}

/// Time after an incident in which its end has to reach the ledger.
const SETTLING: SignedDuration = SignedDuration::from_mins(15);

/// The report of the fault that an incident was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultReport {
    /// It is to be made.
    Due(Matter),
    /// The fault may still go on.
    NotYet,
    /// The ledger knows no fault that counts.
    None,
}

/// What report an incident that is over leads to: that of the first fault it touched, once nothing can be added to it.
pub fn fault_report(
    store: &dyn Reader,
    rules: &Arc<RuleSet>,
    settings: &Settings,
    site: &Site,
    incident: &Incident,
    now: Timestamp,
) -> Result<FaultReport, StoreError> {
    let Some(closed) = incident.closed.filter(|_| incident.trouble.cause == Cause::Down) else {
        return Ok(FaultReport::None);
    };
    let day = incident.trouble.began.to_zoned(settings.timezone.clone()).date();
    let year = Unit::Year.of(day);
    let books = Books::read(store, rules.clone(), settings, site, year, View::Site, now)?;
    let lasted = Span::new(incident.trouble.began, closed.saturating_add(SETTLING).unwrap_or(closed));
    let touches =
        |fault: &Fault| !Span::new(fault.start, fault.end.unwrap_or(now)).overlap(lasted).is_empty();
    let account = books.account(year);
    let Some(fault) = account.counted().find(|fault| touches(fault)) else {
        let is_settled = now.duration_since(closed) > SETTLING;
        return Ok(if is_settled { FaultReport::None } else { FaultReport::NotYet });
    };
    // What fails again within this time is still the same fault.
    let gap = rules.availability().merge_gap;
    let is_over = fault.end.is_some_and(|end| now.duration_since(end) >= gap);
    Ok(match fault.intervals.first() {
        Some(interval) if is_over => FaultReport::Due(Matter {
            site: site.id.clone(),
            kind: Kind::Fault,
            period: year,
            interval: Some(*interval),
        }),
        Some(_) => FaultReport::NotYet,
        None => FaultReport::None,
    })
}

/// The documents that were handed in, as contracts ask for them; what was withdrawn was not.
pub(super) fn handed_in(store: &dyn Reader, site: &str) -> Result<Vec<HandedIn>, StoreError> {
    let counted = |one: HandIn| {
        let Matter { kind, period, interval, .. } = &one.what.matter;
        let kind = match (kind, interval) {
            (Kind::Fault, Some(interval)) => DocumentKind::FaultReport { interval: *interval },
            (Kind::Summary, None) => DocumentKind::PeriodReport(*period),
            _ => return None,
        };
        one.holds().then_some(HandedIn { id: one.number, kind, handed_in: one.what.at })
    };
    Ok(store.handed_in(site)?.into_iter().filter_map(counted).collect())
}

/// What a contract promises of documents, for this year and the last one, and was not handed in.
pub fn outstanding(
    store: &dyn Reader,
    rules: &Arc<RuleSet>,
    settings: &Settings,
    site: &Site,
    now: Timestamp,
) -> Result<Vec<crate::contract::Owed>, DutyError> {
    let Some(id) = &settings.reports.contract else { return Ok(Vec::new()) };
    let year = now.to_zoned(settings.timezone.clone()).year();
    let mut outstanding = Vec::new();
    for year in [year - 1, year] {
        let books = Books::read(store, rules.clone(), settings, site, Period::Year(year), View::Site, now)?;
        let sheet = books.assess(books.contract(id)?);
        outstanding.extend(sheet.owed.into_iter().filter(|owed| owed.handed_in.is_none()));
    }
    Ok(outstanding)
}
