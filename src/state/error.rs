//! Why a crawl state cannot be used, and what sled's words for it mean.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::lock::LockError;

/// Why the crawl state cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Somebody else has it open.
    #[error("crawl state {path} is in use by {holder}; wait for that to end or use another --data")]
    Locked {
        /// Folder of the state.
        path: PathBuf,
        /// Who, as far as is known: `process 1234`.
        holder: String,
    },
    /// The disk is full.
    #[error("no space left for the crawl state {0}; free some space and run the same command again to go on")]
    DiskFull(PathBuf),
    /// It cannot be opened, read or written for another reason.
    #[error("crawl state {path}: {cause}")]
    Failed {
        /// Folder of the state.
        path: PathBuf,
        /// What sled says.
        cause: String,
    },
}

/// Says what a failure of sled means to the operator.
pub(super) fn explain(path: &Path, error: &sled::Error) -> StateError {
    match error {
        sled::Error::Io(io) if io.kind() == ErrorKind::StorageFull => StateError::DiskFull(path.to_owned()),
        other if is_held(other) => {
            StateError::Locked { path: path.to_owned(), holder: "threads of sled that do not end".to_owned() }
        }
        other => StateError::Failed { path: path.to_owned(), cause: other.to_string() },
    }
}

/// That sled's own lock is taken, which it reports as an I/O error of kind `Other` that only its words tell apart.
pub(super) fn is_held(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(io)
        if io.kind() == ErrorKind::WouldBlock || io.to_string().contains("could not acquire lock"))
}

/// What a lock that cannot be had means here.
pub(super) fn locked(path: &Path, refused: LockError) -> StateError {
    match refused {
        LockError::Held(holder) => StateError::Locked { path: path.to_owned(), holder },
        LockError::Failed { path, cause } => explain(&path, &cause.into()),
    }
}
