//! The record: scans, findings and their life. It must never lose what it has acknowledged.
//!
//! [`Reader`] and [`Store`] speak in operations of the domain, and nothing above them knows which database is
//! there: a backend is one module below this one, and [`conformance`] is what it has to pass. Their calls block; an
//! async caller hands them to a blocking thread. What a scan means for a finding is decided by [`diff`](crate::diff);
//! bodies of pages belong to [`evidence`](crate::evidence), the frontier to the crawl [`state`](crate::state).
//!
//! Each area has traits of its own, one to ask and one to do: the ledger of availability ([`LedgerReader`],
//! [`Ledger`]), service tickets ([`TicketReader`], [`Tickets`]), time that does not count ([`ExclusionReader`],
//! [`Exclusions`]), words on foreign [`Hosts`], [`Readings`], [`Rechecks`], assessments of IPv6 support ([`Ipv6`]), the [`outbox`] of notices, the
//! work of people on findings ([`CaseReader`], [`Workflow`]), their pictures ([`PictureReader`], [`Pictures`]), [`papers`]
//! that are made and handed in. A shared backend takes its leases by `SKIP LOCKED`; the embedded one has
//! a single writer and needs nothing of the kind.

mod accounts;
#[cfg(test)]
mod conformance;
mod error;
mod exclusions;
mod hosts;
mod incidents;
mod ipv6;
mod ledger;
pub mod outbox;
mod paging;
pub mod papers;
mod pictures;
mod readings;
mod rechecks;
mod registers;
mod sqlite;
mod tickets;
pub mod upkeep;
mod word;
mod workflow;

use std::{fmt, path::Path};

use jiff::Timestamp;

pub use accounts::{Accounts, Action, ActionFilter, ApiToken, NewAccount, NewToken, Session};
pub use error::StoreError;
pub use exclusions::{ExclusionReader, Exclusions, NewExclusion};
pub use hosts::Hosts;
pub use incidents::{IncidentFilter, IncidentReader, Incidents, JobRun, News, Remembered, Telling};
pub use ipv6::{Ipv6, Ipv6Reader};
pub use ledger::{Ledger, LedgerReader, Visit};
pub use outbox::{Deliveries, Outbox};
pub use paging::Paging;
pub use papers::{PaperReader, Papers};
pub use pictures::{PictureReader, Pictures};
pub use readings::{ReadingId, ReadingOutcome, ReadingReader, ReadingRow, Readings};
pub use rechecks::{RecheckId, RecheckOutcome, Rechecks};
pub use registers::{NewRegister, Registers};
pub use tickets::{NewTicket, TicketReader, Tickets};
pub use upkeep::Upkeep;
pub use workflow::{
    Assignee, Case, CaseOrder, CasePage, CaseQuery, CaseReader, CaseTally, Effort, Held, Remark, STANDING,
    TurnTally, Work, Workflow,
};

use crate::baseline::{Approval, Baselines, Taken};
use crate::diff::{Changes, Sighted, StoredFinding};
use crate::facts::Coverage;
use crate::finding::{Fingerprint, Severity};
use crate::inventory::{ExternalHost, Inventory};
use crate::life::{Life, Reported};
use crate::lock::Lock;
use crate::score::{Basis, Deed, Entry, ScoreSheet};
use crate::sightings::{Learnt, Sightings};

/// Opens the record at `url` (`sqlite:PATH`) for writing; creates it where there is none and brings it up to date.
///
/// One process at a time may do so; the next one is told who.
pub fn open(url: &str) -> Result<Box<dyn Store>, StoreError> {
    Ok(Box::new(sqlite::Sqlite::open(sqlite_path(url)?)?))
}

/// Opens the record at `url` for reading, which any number of processes may do while another one writes.
pub fn open_reader(url: &str) -> Result<Box<dyn Reader>, StoreError> {
    Ok(Box::new(sqlite::Readers::open(sqlite_path(url)?)?))
}

/// Writes a copy of the record at `url`, as it is at one moment, to a file that is not there yet. Whoever writes the
/// record goes on meanwhile.
pub fn copy(url: &str, to: &Path) -> Result<(), StoreError> {
    sqlite::Readers::open(sqlite_path(url)?)?.copy(to)
}

/// Reads the whole record in a file, and says what is wrong with it.
pub fn examine(path: &Path) -> Result<Soundness, StoreError> {
    sqlite::examine(path)
}

/// The file of the record at `url`.
pub fn path_of(url: &str) -> Result<&Path, StoreError> {
    sqlite_path(url)
}

/// Keeps every writer out of the record at `url` as long as what it returns lives.
pub fn keep_others_out(url: &str) -> Result<Box<dyn Send>, StoreError> {
    let path = sqlite_path(url)?;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::from_io(path, &error))?;
    }
    Ok(Box::new(Lock::take(path).map_err(|refused| StoreError::locked(path, refused))?))
}

/// How a record stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soundness {
    /// What is wrong; empty where it is sound.
    pub problems: Vec<String>,
    /// Its layout.
    pub schema: u32,
    /// The newest layout known here.
    pub known: u32,
}

fn sqlite_path(url: &str) -> Result<&Path, StoreError> {
    match url.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() => Ok(Path::new(path)),
        _ => Err(StoreError::UnknownUrl { url: url.to_owned() }),
    }
}

/// What may be asked of the record.
pub trait Reader:
    LedgerReader
    + TicketReader
    + ExclusionReader
    + Deliveries
    + IncidentReader
    + ReadingReader
    + Ipv6Reader
    + CaseReader
    + PaperReader
    + PictureReader
    + Send
    + Sync
{
    /// A scan by number.
    fn scan(&self, scan: ScanId) -> Result<Option<ScanRow>, StoreError>;

    /// The last `limit` scans of a site, newest first.
    fn scans(&self, site: &str, limit: u32) -> Result<Vec<ScanRow>, StoreError>;

    /// The scans of a site that ended with a result, oldest first.
    fn finished(&self, site: &str) -> Result<Vec<ScanId>, StoreError>;

    /// The scan of a site that has not ended: running elsewhere, or interrupted and to be resumed.
    fn open_scan(&self, site: &str) -> Result<Option<ScanRow>, StoreError>;

    /// Findings, worst first.
    fn findings(&self, filter: &Filter) -> Result<Vec<Reported>, StoreError>;

    /// What was seen on a site when; nothing where it is not known.
    fn sightings(&self, site: &str) -> Result<Sightings, StoreError>;

    /// What the key pages of a site look like: of each the last good portrait, and the one that waits.
    fn baselines(&self, site: &str) -> Result<Baselines, StoreError>;

    /// The life of a finding, oldest turn first; empty where nobody knows it.
    fn history(&self, finding: &Fingerprint) -> Result<Vec<Turn>, StoreError>;

    /// Every turn in the life of the findings of a site before `until`, oldest first.
    fn turns(&self, site: &str, until: Timestamp) -> Result<Vec<(Fingerprint, Turn)>, StoreError>;

    /// What the score of a scan was computed from; `None` where it was not kept.
    fn basis(&self, scan: ScanId) -> Result<Option<Basis>, StoreError>;

    /// What people said about the indicators of a site, oldest first; what was taken back is still there.
    fn entries(&self, site: &str) -> Result<Vec<Entry>, StoreError>;

    /// The hosts of others that a site links to, and what people said of them.
    fn inventory(&self, site: &str) -> Result<Inventory, StoreError>;
}

/// What may be done to the record. Each operation is one transaction: it happens as a whole or not at all, and once
/// it has returned, it has happened for good.
pub trait Store:
    Reader
    + Readings
    + Rechecks
    + Accounts
    + Ledger
    + Tickets
    + Exclusions
    + Ipv6
    + Outbox
    + Incidents
    + Upkeep
    + Paging
    + Registers
    + Workflow
    + Papers
    + Pictures
    + Hosts
{
    /// Begins a scan, which stays open over a crash until it is finished or abandoned.
    fn begin_scan(&self, scan: &NewScan) -> Result<ScanId, StoreError>;

    /// Ends a scan: records its findings, coverage, score, sightings and foreign hosts, and says what has changed.
    fn finish_scan(&self, outcome: ScanOutcome) -> Result<Changes, StoreError>;

    /// Ends a scan without a result. The findings stay as they were.
    fn abandon_scan(&self, scan: ScanId, at: Timestamp) -> Result<(), StoreError>;

    /// Makes pages of a site, named by their keys, good as they are, on somebody's word; keeps so many portraits of each.
    fn accept(
        &self,
        site: &str,
        pages: &[String],
        approval: &Approval,
        kept: u32,
        note: Option<&Action>,
    ) -> Result<(), StoreError>;

    /// Records what a person says about an indicator. Whether its rules allow it is asked before.
    fn enter(&self, entry: NewEntry) -> Result<Entry, StoreError>;
}

/// Number of a scan in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScanId(pub i64);

impl fmt::Display for ScanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A scan about to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewScan {
    /// Id of the site.
    pub site: String,
    /// Its home page.
    pub home: String,
    /// When it begins.
    pub started: Timestamp,
    /// Version of the rules it is judged by.
    pub rules_version: String,
}

/// Everything a scan leaves to the record.
pub struct ScanOutcome {
    /// The scan.
    pub scan: ScanId,
    /// When it ended.
    pub finished: Timestamp,
    /// What it found.
    pub findings: Vec<Sighted>,
    /// Whether the page of a finding was seen again and its check ran, so that its absence means that it is gone.
    /// Asked from another thread.
    pub seen: Box<dyn Fn(&StoredFinding) -> bool + Send>,
    /// What was seen and what not.
    pub coverage: Coverage,
    /// The score.
    pub score: ScoreSheet,
    /// What it saw for the first time.
    pub learnt: Learnt,
    /// The hosts of others that it met.
    pub hosts: Vec<ExternalHost>,
    /// What it was computed from.
    pub basis: Basis,
    /// What it has seen of the key pages.
    pub taken: Vec<Taken>,
    /// Good portraits of a page that are kept.
    pub portraits_kept: u32,
}

/// An entry about to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// Id of the site.
    pub site: String,
    /// When.
    pub at: Timestamp,
    /// Who makes it.
    pub author: String,
    /// Why.
    pub note: String,
    /// What it does.
    pub deed: Deed,
}

/// A scan on record.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanRow {
    /// Its number.
    pub id: ScanId,
    /// Id of the site.
    pub site: String,
    /// Its home page, as it was then.
    pub home: String,
    /// Version of the rules it is judged by.
    pub rules_version: String,
    /// When it began.
    pub started: Timestamp,
    /// How it stands.
    pub state: ScanState,
}

/// How a scan stands.
#[derive(Debug, Clone, PartialEq)]
pub enum ScanState {
    /// Not ended, whether somebody works at it or not.
    Running,
    /// Ended with a result.
    Finished(Box<ScanResult>),
    /// Ended without one.
    Abandoned {
        /// When.
        at: Timestamp,
    },
}

/// The result of a scan; its findings live on.
#[derive(Debug, Clone, PartialEq)]
pub struct ScanResult {
    /// When it ended.
    pub finished: Timestamp,
    /// What was seen and what not.
    pub coverage: Coverage,
    /// The score.
    pub score: ScoreSheet,
}

/// Which findings are wanted. The default wants them all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Of this site; `None`: of all.
    pub site: Option<String>,
    /// In one of these states; empty: in any.
    pub states: Vec<Life>,
    /// Of one of these checks; empty: of any.
    pub checks: Vec<String>,
    /// At least so bad.
    pub severity: Option<Severity>,
    /// At most so many; `None`: all.
    pub limit: Option<u32>,
}

/// One turn in the life of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// State before; `None`: nobody knew of it.
    pub before: Option<Life>,
    /// State after.
    pub after: Life,
    /// Who brought it about.
    pub author: Author,
    /// Why, where a person said so.
    pub reason: String,
    /// The end of the dismissal, where it is one.
    pub until: Option<Timestamp>,
}

/// Who brought about a turn in the life of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// A scan, by what it saw.
    Scan(ScanId),
    /// A reading, by what it saw.
    Reading(ReadingId),
    /// A look at the hosts of others that the site links to, by what it saw.
    Recheck(RecheckId),
    /// A person, by decision.
    Person(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: Option<&str>) {
        assert_eq!(sqlite_path(url).ok(), expected.map(Path::new), "{url:?}");
    }

    #[test]
    fn urls() {
        check("sqlite:data/record.db", Some("data/record.db"));
        check("sqlite:/var/lib/sitewarden/record.db", Some("/var/lib/sitewarden/record.db"));
        check("sqlite:", None);
        check("data/record.db", None);
        check("postgres://localhost/record", None);
    }

    #[test]
    fn an_unknown_url_says_what_would_be_right() {
        let Err(error) = open("mysql://localhost") else { panic!("no such backend") };
        assert_eq!(
            error.to_string(),
            "the store url \"mysql://localhost\" is not understood; write sqlite:PATH"
        );
    }
}
