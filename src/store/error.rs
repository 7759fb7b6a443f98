//! Why the record cannot do what was asked, and what a person can do about it.

use std::{
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::ScanId;
use crate::diff::Refusal;
use crate::finding::Fingerprint;
use crate::lock::LockError;

/// Why an operation on the record failed. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The configured URL names no kind of record.
    #[error("the store url {url:?} is not understood; write sqlite:PATH")]
    UnknownUrl {
        /// As configured.
        url: String,
    },
    /// Somebody wants to read a record that nobody has written.
    #[error("there is no record at {path} yet; the first scan creates it")]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Another process writes it.
    #[error("the record {path} is in use by {holder}; wait for that to end or stop it, then try again")]
    Locked {
        /// The record.
        path: PathBuf,
        /// Who, as far as is known: `process 1234`.
        holder: String,
    },
    /// There is no incident of this number.
    #[error("there is no incident {}", id.0)]
    NoSuchIncident {
        /// Which.
        id: crate::incident::IncidentId,
    },
    /// A login that somebody has already.
    #[error("the login {login} is taken")]
    LoginTaken {
        /// Which.
        login: String,
    },
    /// Nobody has this login.
    #[error("there is no account {login}")]
    NoSuchAccount {
        /// Which.
        login: String,
    },
    /// Its disk is full.
    #[error(
        "no space is left to write {path}; \
         free some on that disk and try again (what was recorded before is safe)"
    )]
    DiskFull {
        /// The record.
        path: PathBuf,
    },
    /// The file is damaged, or never was a record.
    #[error(
        "the record {path} is damaged or not a record ({detail}); move it aside and put a backup in its place, \
         or rescue what can still be read with `sqlite3 {path} .recover`"
    )]
    Corrupt {
        /// The record.
        path: PathBuf,
        /// What was noticed.
        detail: String,
    },
    /// Written by a later version of the program.
    #[error(
        "the record {path} was written by a newer sitewarden (schema {found}, this one knows {known}); \
         run that version, or restore the backup from before the update"
    )]
    Newer {
        /// The record.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest schema known here.
        known: u32,
    },
    /// Written by an earlier version, and opened for reading only.
    #[error(
        "the record {path} has an older layout (schema {found}, this sitewarden reads {known}); \
         the next scan brings it up to date"
    )]
    Older {
        /// The record.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The schema that is read here.
        known: u32,
    },
    /// The system refuses the file.
    #[error("cannot use {path}: {detail}; check that its folder exists and that this user may write there")]
    Io {
        /// The file.
        path: PathBuf,
        /// The words of the system.
        detail: String,
    },
    /// An earlier operation ended in a panic, so nothing is written any more.
    #[error(
        "writing to the record {path} has stopped after an internal error; \
         see the log and start sitewarden again"
    )]
    Stopped {
        /// The record.
        path: PathBuf,
    },
    /// The site has a scan that has not ended.
    #[error("scan {scan} of site {site} has not ended; resume or abandon it first")]
    ScanRunning {
        /// The site.
        site: String,
        /// Its scan.
        scan: ScanId,
    },
    /// There is no such scan, or it has ended.
    #[error("scan {scan} is not running, so it cannot be ended")]
    NotRunning {
        /// The number asked for.
        scan: ScanId,
    },
    /// There is no such finding.
    #[error("no finding {id} is on record", id = id.0)]
    NoSuchFinding {
        /// The fingerprint asked for.
        id: Fingerprint,
    },
    /// There is no such entry of that site, or it was taken back.
    #[error("site {site} has no entry {entry} to take back; `sitewarden entry list` shows them")]
    NoSuchEntry {
        /// The number asked for.
        entry: i64,
        /// The site.
        site: String,
    },
    /// There is no such ticket of that site.
    #[error("site {site} has no ticket {ticket}; `sitewarden ticket list` shows them")]
    NoSuchTicket {
        /// The number asked for.
        ticket: i64,
        /// The site.
        site: String,
    },
    /// There is no such exclusion of that site.
    #[error(
        "site {site} has no exclusion {exclusion} that was entered; `sitewarden exclude list` shows them"
    )]
    NoSuchExclusion {
        /// The number asked for.
        exclusion: i64,
        /// The site.
        site: String,
    },
    /// A host that no scan of the site met.
    #[error("site {site} links to no host {host}; `sitewarden links` lists those there are")]
    NoSuchHost {
        /// The site.
        site: String,
        /// The name asked for.
        host: String,
    },
    /// A host that nobody vouches for.
    #[error("nobody vouches for the host {host} of site {site}; `sitewarden links` shows who does for which")]
    NotApproved {
        /// The site.
        site: String,
        /// The name asked for.
        host: String,
    },
    /// Nothing of this number was handed in of that site.
    #[error("site {site} has handed in no document {number}; `sitewarden paper list` shows them")]
    NoSuchHandIn {
        /// The number asked for.
        number: i64,
        /// The site.
        site: String,
    },
    /// What a scan was scored by was written by a later version of the program.
    #[error(
        "what scan {scan} was scored by was written by a newer sitewarden (form {found}, this one knows {known})"
    )]
    NewerBasis {
        /// The scan.
        scan: ScanId,
        /// Its form.
        found: u32,
        /// The newest form known here.
        known: u32,
    },
    /// A later program wrote the portrait of a page.
    #[error(
        "the baseline of {page} was written by a newer sitewarden (form {found}, this one knows {known})"
    )]
    NewerBaseline {
        /// The page.
        page: String,
        /// Its form.
        found: u32,
        /// The newest form known here.
        known: u32,
    },
    /// The decision cannot be taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl StoreError {
    /// Why the record `path` cannot be written by this process.
    pub(super) fn locked(path: &Path, refused: LockError) -> Self {
        match refused {
            LockError::Held(holder) => StoreError::Locked { path: path.to_owned(), holder },
            LockError::Failed { path, cause } => StoreError::from_io(&path, &cause),
        }
    }

    /// What the system says about the file `path`.
    pub(super) fn from_io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::DiskFull { path },
            _ => StoreError::Io { path, detail: error.to_string() },
        }
    }
}
