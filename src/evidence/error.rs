//! Why evidence cannot be kept or read.

use std::{
    error::Error as _,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use crate::facts::BlobId;

/// Why an operation on the evidence failed. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum EvidenceError {
    /// The configured URL names no kind of store.
    #[error("the evidence url {url:?} is not understood; write file:PATH")]
    UnknownUrl {
        /// As configured.
        url: String,
    },
    /// The disk is full.
    #[error(
        "no space is left to keep evidence in {path}; \
         free some on that disk, or keep evidence for fewer days"
    )]
    DiskFull {
        /// The folder of the evidence.
        path: PathBuf,
    },
    /// Not ours to write or read.
    #[error("no permission to use the evidence in {path} ({detail}); let this user read and write there")]
    Denied {
        /// The folder of the evidence.
        path: PathBuf,
        /// The words of the system.
        detail: String,
    },
    /// What was kept is not what was put.
    #[error(
        "the body {id} is damaged ({detail}); \
         remove {path}, and the next scan keeps again what is in it"
    )]
    Damaged {
        /// Which one.
        id: BlobId,
        /// The file of its pack.
        path: PathBuf,
        /// What is wrong.
        detail: String,
    },
    /// Larger than anything the crawl should pass on.
    #[error("a body of {bytes} bytes is larger than evidence may be")]
    TooLarge {
        /// How large.
        bytes: u64,
    },
    /// The system refuses for another reason.
    #[error("cannot use the evidence in {path}: {detail}")]
    Io {
        /// The folder of the evidence.
        path: PathBuf,
        /// The words of the system.
        detail: String,
    },
    /// An earlier operation ended in a panic.
    #[error("keeping evidence has stopped after an internal error; see the log and start sitewarden again")]
    Stopped,
}

impl EvidenceError {
    /// What the system says about the folder `path`.
    pub(super) fn from_io(path: &Path, error: &io::Error) -> Self {
        let (path, detail) = (path.to_owned(), error.to_string());
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => EvidenceError::DiskFull { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                EvidenceError::Denied { path, detail }
            }
            _ => EvidenceError::Io { path, detail },
        }
    }

    /// The same, where the words of the system are wrapped in those of the object store.
    pub(super) fn from_objects(path: &Path, error: &object_store::Error) -> Self {
        let mut cause = error.source();
        while let Some(inner) = cause {
            if let Some(error) = inner.downcast_ref::<io::Error>() {
                return Self::from_io(path, error);
            }
            cause = inner.source();
        }
        EvidenceError::Io { path: path.to_owned(), detail: error.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: ErrorKind, expected: &str) {
        let path = Path::new("data/evidence");
        let wrapped = object_store::Error::Generic {
            store: "LocalFileSystem",
            source: Box::new(io::Error::from(kind)),
        };
        let direct = EvidenceError::from_io(path, &io::Error::from(kind));
        for text in [direct, EvidenceError::from_objects(path, &wrapped)].map(|error| error.to_string()) {
            assert!(text.contains(expected) && text.contains("data/evidence"), "{kind:?}: {text}");
        }
    }

    #[test]
    fn the_cause_is_named() {
        check(ErrorKind::StorageFull, "no space is left");
        check(ErrorKind::QuotaExceeded, "no space is left");
        check(ErrorKind::PermissionDenied, "no permission");
        check(ErrorKind::ReadOnlyFilesystem, "no permission");
        check(ErrorKind::NotADirectory, "cannot use");
    }
}
