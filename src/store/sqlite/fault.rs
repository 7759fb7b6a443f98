//! What goes wrong inside an operation, before it is known to which file.

use std::path::Path;

use rusqlite::{ErrorCode, ffi::SQLITE_IOERR_SHMSIZE};

use crate::diff::Refusal;
use crate::store::{StoreError, word::Unreadable};

/// Why an operation failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// SQLite says so.
    Sqlite(rusqlite::Error),
    /// The file is not what it should be.
    Damage(String),
    /// Its schema is newer than the newest known here.
    Newer { found: u32, known: u32 },
    /// Its schema is older than the one read here.
    Older { found: u32, known: u32 },
    /// The operation makes no sense on the record as it is.
    Domain(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Fault::Sqlite(error)
    }
}

impl From<Unreadable> for Fault {
    fn from(column: Unreadable) -> Self {
        Fault::Damage(column.into_detail())
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::Domain(error)
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Fault::Domain(refusal.into())
    }
}

impl Fault {
    /// The same for the caller, who wants to know which file and what to do.
    pub(super) fn at(self, path: &Path) -> StoreError {
        let path = path.to_owned();
        let error = match self {
            Fault::Sqlite(error) => error,
            Fault::Damage(detail) => return StoreError::Corrupt { path, detail },
            Fault::Newer { found, known } => return StoreError::Newer { path, found, known },
            Fault::Older { found, known } => return StoreError::Older { path, found, known },
            Fault::Domain(error) => return error,
        };
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::DiskFull { path },
            // The index of the log could not grow: there is no other reason for that than a full disk.
            _ if error.sqlite_error().is_some_and(|error| error.extended_code == SQLITE_IOERR_SHMSIZE) => {
                StoreError::DiskFull { path }
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                StoreError::Corrupt { path, detail }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StoreError::Locked { path, holder: "another program".to_owned() }
            }
            Some(_) => StoreError::Io { path, detail },
            // Not SQLite but the wrapper complains: a column of another type than the schema says.
            None => StoreError::Corrupt { path, detail },
        }
    }
}
