//! The record in one SQLite file: no server, one writer, any number of readers.
//!
//! Write-ahead log and `synchronous = FULL`: what was acknowledged survives a power cut, and readers never wait. One
//! thread owns the connection that writes ([`writer`]); each reader has one of its own that can only read. A lock
//! file beside the database keeps a second writing process out ([`lock`](crate::lock)).
//!
//! Statements number their parameters `$1, $2, …` in the order of their first use and keep to what PostgreSQL
//! understands as well, so that a shared backend can use them as they stand.

mod accounts;
mod baselines;
mod basis;
mod conditions;
mod deliveries;
mod entries;
mod exclusions;
mod fault;
mod findings;
mod hosts;
mod incidents;
mod ipv6;
mod ledger;
mod outbox;
mod paging;
mod papers;
mod pictures;
mod readings;
mod rechecks;
mod registers;
mod scans;
mod schema;
mod sightings;
mod snapshot;
mod tickets;
mod upkeep;
mod workflow;
mod writer;

use std::{fs, path::Path, path::PathBuf, sync::Mutex, time::Duration};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, Transaction};

use self::fault::Fault;
pub(super) use self::snapshot::examine;
use self::writer::Writer;
use super::outbox::{
    Backlog, Deliveries, Delivery, DeliveryFilter, Letter, LetterId, MessageId, Outbox, Outcome, Waiting,
};
use super::{
    Action, Author, Filter, NewEntry, NewScan, Reader, ScanId, ScanOutcome, ScanRow, Store, StoreError, Turn,
};
use crate::baseline::{Approval, Baselines};
use crate::diff::Changes;
use crate::finding::Fingerprint;
use crate::inventory::Inventory;
use crate::life::Reported;
use crate::lock::Lock;
use crate::score::{Basis, Entry};
use crate::sightings::Sightings;

/// How long a statement waits for another program, such as a backup, to let go of the file.
const BUSY: Duration = Duration::from_secs(10);

/// Reading connections kept open between calls; a dashboard rarely asks more than this at once.
const IDLE_READERS: usize = 4;

/// The record, opened for writing.
pub(super) struct Sqlite {
    // Closed first, for the last connection to close tidies the log away, and only the writer can.
    readers: Readers,
    writer: Writer,
}

impl Sqlite {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| StoreError::from_io(path, &error))?;
        }
        let lock = Lock::take(path).map_err(|refused| StoreError::locked(path, refused))?;
        let connection = prepare(path).map_err(|fault| fault.at(path))?;
        Ok(Sqlite { readers: Readers::new(path), writer: Writer::start(path, connection, lock)? })
    }

    /// Does `work` and records the note of who did it in one transaction: there is never the one without the other.
    fn noted<T, F>(&self, note: Option<&Action>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Result<T, Fault> + Send + 'static,
    {
        let note = note.cloned();
        self.writer.run(move |transaction| {
            let done = work(transaction)?;
            note.map_or(Ok(()), |note| accounts::note(transaction, &note))?;
            Ok(done)
        })
    }
}

/// Opens the database for writing, makes sure that it is sound, and brings its schema up to date.
fn prepare(path: &Path) -> Result<Connection, Fault> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Stops at the first thing that is wrong and leaves out the comparison of indexes with their tables.
    let health: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if health != "ok" {
        return Err(Fault::Damage(health));
    }
    schema::migrate(&mut connection)?;
    Ok(connection)
}

impl Store for Sqlite {
    fn begin_scan(&self, scan: &NewScan) -> Result<ScanId, StoreError> {
        let scan = scan.clone();
        self.writer.run(move |transaction| scans::begin(transaction, &scan))
    }

    fn finish_scan(&self, outcome: ScanOutcome) -> Result<Changes, StoreError> {
        self.writer.run(move |transaction| {
            let ScanOutcome {
                scan,
                finished,
                findings,
                seen,
                coverage,
                score,
                basis,
                learnt,
                hosts,
                taken,
                portraits_kept,
            } = outcome;
            let site = scans::finish(transaction, scan, finished, &coverage, &score)?;
            sightings::add(transaction, &site, &learnt)?;
            hosts::put(transaction, &site, &hosts)?;
            basis::keep(transaction, scan, &basis)?;
            baselines::record(transaction, &site, finished, &taken, portraits_kept)?;
            findings::record(transaction, Author::Scan(scan), &site, findings, &*seen, finished)
        })
    }

    fn abandon_scan(&self, scan: ScanId, at: Timestamp) -> Result<(), StoreError> {
        self.writer.run(move |transaction| scans::abandon(transaction, scan, at))
    }

    fn accept(
        &self,
        site: &str,
        pages: &[String],
        approval: &Approval,
        kept: u32,
        note: Option<&Action>,
    ) -> Result<(), StoreError> {
        let (site, pages, approval) = (site.to_owned(), pages.to_owned(), approval.clone());
        self.noted(note, move |transaction| baselines::accept(transaction, &site, &pages, &approval, kept))
    }

    fn enter(&self, entry: NewEntry) -> Result<Entry, StoreError> {
        self.writer.run(move |transaction| entries::append(transaction, &entry))
    }
}

impl Outbox for Sqlite {
    fn enqueue(&self, letters: Vec<Letter>, at: Timestamp) -> Result<usize, StoreError> {
        self.writer.run(move |transaction| outbox::put(transaction, &letters, at))
    }

    fn begin(
        &self,
        letters: &[LetterId],
        channel: &str,
        at: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<MessageId>, StoreError> {
        let (letters, channel) = (letters.to_owned(), channel.to_owned());
        self.writer.run(move |transaction| outbox::begin(transaction, &letters, &channel, at, lease_until))
    }

    fn settle(&self, message: MessageId, at: Timestamp, outcome: Outcome) -> Result<(), StoreError> {
        self.writer.run(move |transaction| outbox::settle(transaction, message, at, &outcome))
    }

    fn adopt(&self, known: &[String], last_resort: &str, at: Timestamp) -> Result<usize, StoreError> {
        let (known, last_resort) = (known.to_owned(), last_resort.to_owned());
        self.writer.run(move |transaction| outbox::adopt(transaction, &known, &last_resort, at))
    }
}

impl Deliveries for Sqlite {
    fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError> {
        self.readers.deliveries(filter)
    }

    fn backlog(&self) -> Result<Vec<Backlog>, StoreError> {
        self.readers.backlog()
    }

    fn waiting(&self, channel: &str, now: Timestamp, limit: u32) -> Result<Waiting, StoreError> {
        self.readers.waiting(channel, now, limit)
    }

    fn begun(
        &self,
        channel: &str,
        recipient: Option<&str>,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        self.readers.begun(channel, recipient, since)
    }
}

impl Reader for Sqlite {
    fn scan(&self, scan: ScanId) -> Result<Option<ScanRow>, StoreError> {
        self.readers.scan(scan)
    }

    fn scans(&self, site: &str, limit: u32) -> Result<Vec<ScanRow>, StoreError> {
        self.readers.scans(site, limit)
    }

    fn finished(&self, site: &str) -> Result<Vec<ScanId>, StoreError> {
        self.readers.finished(site)
    }

    fn open_scan(&self, site: &str) -> Result<Option<ScanRow>, StoreError> {
        self.readers.open_scan(site)
    }

    fn findings(&self, filter: &Filter) -> Result<Vec<Reported>, StoreError> {
        self.readers.findings(filter)
    }

    fn sightings(&self, site: &str) -> Result<Sightings, StoreError> {
        self.readers.sightings(site)
    }

    fn baselines(&self, site: &str) -> Result<Baselines, StoreError> {
        self.readers.baselines(site)
    }

    fn history(&self, finding: &Fingerprint) -> Result<Vec<Turn>, StoreError> {
        self.readers.history(finding)
    }

    fn turns(&self, site: &str, until: Timestamp) -> Result<Vec<(Fingerprint, Turn)>, StoreError> {
        self.readers.turns(site, until)
    }

    fn basis(&self, scan: ScanId) -> Result<Option<Basis>, StoreError> {
        self.readers.basis(scan)
    }

    fn entries(&self, site: &str) -> Result<Vec<Entry>, StoreError> {
        self.readers.entries(site)
    }

    fn inventory(&self, site: &str) -> Result<Inventory, StoreError> {
        self.readers.inventory(site)
    }
}

/// The record, opened for reading: connections that can only read, opened as they are needed.
pub(super) struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    /// Readers of a record that somebody else keeps.
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing { path: path.to_owned() });
        }
        let readers = Readers::new(path);
        readers.run(schema::require)?;
        Ok(readers)
    }

    fn new(path: &Path) -> Self {
        Readers { path: path.to_owned(), idle: Mutex::default() }
    }

    /// Writes a copy of the record as it is now.
    pub(super) fn copy(&self, to: &Path) -> Result<(), StoreError> {
        self.run(|connection| snapshot::copy(connection, to))
    }

    fn run<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, StoreError> {
        let idle = self.idle().pop();
        let answer = idle.map_or_else(|| self.connect(), Ok).and_then(|connection| {
            let answer = work(&connection)?;
            let mut idle = self.idle();
            if idle.len() < IDLE_READERS {
                idle.push(connection);
            }
            Ok(answer)
        });
        answer.map_err(|fault| fault.at(&self.path))
    }

    fn connect(&self) -> Result<Connection, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(BUSY)?;
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().expect("nothing can panic while this lock is held")
    }
}

impl Deliveries for Readers {
    fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError> {
        self.run(|connection| deliveries::list(connection, filter))
    }

    fn backlog(&self) -> Result<Vec<Backlog>, StoreError> {
        self.run(deliveries::backlog)
    }

    fn waiting(&self, channel: &str, now: Timestamp, limit: u32) -> Result<Waiting, StoreError> {
        self.run(|connection| deliveries::waiting(connection, channel, now, limit))
    }

    fn begun(
        &self,
        channel: &str,
        recipient: Option<&str>,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        self.run(|connection| deliveries::begun(connection, channel, recipient, since))
    }
}

impl Reader for Readers {
    fn scan(&self, scan: ScanId) -> Result<Option<ScanRow>, StoreError> {
        self.run(|connection| scans::one(connection, scan))
    }

    fn scans(&self, site: &str, limit: u32) -> Result<Vec<ScanRow>, StoreError> {
        self.run(|connection| scans::latest(connection, site, limit))
    }

    fn finished(&self, site: &str) -> Result<Vec<ScanId>, StoreError> {
        self.run(|connection| scans::finished(connection, site))
    }

    fn open_scan(&self, site: &str) -> Result<Option<ScanRow>, StoreError> {
        self.run(|connection| scans::running(connection, site))
    }

    fn findings(&self, filter: &Filter) -> Result<Vec<Reported>, StoreError> {
        self.run(|connection| findings::list(connection, filter))
    }

    fn sightings(&self, site: &str) -> Result<Sightings, StoreError> {
        self.run(|connection| sightings::all(connection, site))
    }

    fn baselines(&self, site: &str) -> Result<Baselines, StoreError> {
        self.run(|connection| baselines::all(connection, site))
    }

    fn history(&self, finding: &Fingerprint) -> Result<Vec<Turn>, StoreError> {
        self.run(|connection| findings::history(connection, finding))
    }

    fn turns(&self, site: &str, until: Timestamp) -> Result<Vec<(Fingerprint, Turn)>, StoreError> {
        self.run(|connection| findings::turns(connection, site, until))
    }

    fn basis(&self, scan: ScanId) -> Result<Option<Basis>, StoreError> {
        self.run(|connection| basis::of(connection, scan))
    }

    fn entries(&self, site: &str) -> Result<Vec<Entry>, StoreError> {
        self.run(|connection| entries::log(connection, site))
    }

    fn inventory(&self, site: &str) -> Result<Inventory, StoreError> {
        self.run(|connection| hosts::all(connection, site))
    }
}

#[cfg(test)]
mod tests;
