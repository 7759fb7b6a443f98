//! Evidence: the bodies that were judged, so that they can be judged again without a request.
//!
//! Bodies are named by what is in them ([`BlobId`]), so that a page which has not changed is kept once over all
//! scans, and what is read can be verified. Which body belongs to which address is known to the crawl
//! [`state`](crate::state).
//!
//! Bodies are gathered in packs of some hundred, for a file each was 40 % of a scan's CPU. A body that was put can be
//! read at once, but is safe only after the next [flush](Evidence::flush_blocking), which the crawl does before each
//! flush of its state. So what a `kill -9` costs is the bodies of the last quarter of a second, whose pages
//! are fetched again, as their rows are lost as well. Where the state has written a row ahead of its flush, the row
//! stays without its body, and the page is judged again as it was judged before. A power cut can cost more, as packs are
//! not forced to the disk; unlike the record, evidence can be gathered again.

mod archive;
mod codec;
mod error;
mod objects;
mod pack;

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use jiff::Timestamp;

pub use error::EvidenceError;

use self::archive::Archive;
use crate::facts::BlobId;

/// The evidence store. Clones share it.
///
/// Hashing and compressing happen on the thread that puts. Of the CPU that a body of 23 KB takes, its compression was
/// measured at 0.12 ms and its name at 0.02 ms; its share of a pack should be far below both.
#[derive(Debug, Clone)]
pub struct Evidence {
    archive: Arc<Archive>,
}

/// What a sweep removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Bodies.
    pub bodies: u64,
    /// Bytes of their packs.
    pub bytes: u64,
}

impl Evidence {
    /// Opens the evidence at `url` (`file:PATH`); creates the folder where there is none. Reads what is in each pack; a
    /// pack that is damaged is left out and logged.
    pub fn open(url: &str) -> Result<Evidence, EvidenceError> {
        let path = match url.strip_prefix("file:") {
            Some(path) if !path.is_empty() => Path::new(path),
            _ => return Err(EvidenceError::UnknownUrl { url: url.to_owned() }),
        };
        Ok(Evidence { archive: Arc::new(Archive::open(path)?) })
    }

    /// Keeps a body, unless it is there already, and returns its name. It is safe after the next
    /// [flush](Self::flush_blocking).
    pub async fn put(&self, body: Bytes) -> Result<BlobId, EvidenceError> {
        self.aside(move |archive| archive.put(&body)).await
    }

    /// A body by name; `None` where it was never kept or has been swept.
    pub async fn get(&self, id: BlobId) -> Result<Option<Vec<u8>>, EvidenceError> {
        self.aside(move |archive| archive.get(id)).await
    }

    /// [`put`](Self::put) for threads that may block.
    pub fn put_blocking(&self, body: Bytes) -> Result<BlobId, EvidenceError> {
        self.archive.put(&body)
    }

    /// [`get`](Self::get) for threads that may block.
    pub fn get_blocking(&self, id: BlobId) -> Result<Option<Vec<u8>>, EvidenceError> {
        self.archive.get(id)
    }

    /// When this returns, all that was put before is in the object store: a `kill -9` loses nothing of it. For threads
    /// that may block.
    pub fn flush_blocking(&self) -> Result<(), EvidenceError> {
        self.archive.flush()
    }

    /// Removes every pack of whose bodies nobody wants to `keep` any and none was put since `older_than`, give or take a
    /// day. For threads that may block; other work goes on while files are removed.
    pub fn sweep(
        &self,
        keep: &dyn Fn(BlobId) -> bool,
        older_than: Timestamp,
    ) -> Result<Swept, EvidenceError> {
        self.archive.sweep(keep, older_than)
    }

    /// Does work on a thread that may block.
    async fn aside<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Archive) -> Result<T, EvidenceError> + Send + 'static,
    ) -> Result<T, EvidenceError> {
        let archive = self.archive.clone();
        // No answer means that the work has panicked.
        tokio::task::spawn_blocking(move || work(&archive)).await.unwrap_or(Err(EvidenceError::Stopped))
    }
}

#[cfg(test)]
mod tests;
