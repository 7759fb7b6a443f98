//! Bodies in a folder, as the evidence thread sees them.

use std::{
    fs,
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, SystemTime},
};

use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use object_store::{ObjectMeta, ObjectStore as _, ObjectStoreExt as _, local::LocalFileSystem};

use super::codec::{self, Packer};
use super::error::EvidenceError;
use crate::facts::BlobId;

/// A body that is put again counts as put today. Within a day the date is left alone, for days are what retention
/// counts, and writing it costs more than looking.
const DATE_IS_GOOD_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// The folder with everything needed to use it.
pub(super) struct Archive {
    root: PathBuf,
    objects: LocalFileSystem,
    packer: Packer,
}

impl Archive {
    pub(super) fn open(root: &Path) -> Result<Archive, EvidenceError> {
        let refused = |error: std::io::Error| EvidenceError::from_io(root, &error);
        fs::create_dir_all(root).map_err(refused)?;
        // Writes beside the place and renames, so that no half body ever has a name. Forcing each one to the disk
        // would cost more than fetching it again after a power cut.
        let objects = LocalFileSystem::new_with_prefix(root)
            .map_err(|error| EvidenceError::from_objects(root, &error))?;
        Ok(Archive { root: root.to_owned(), objects, packer: Packer::new().map_err(refused)? })
    }

    pub(super) fn put(&mut self, body: &[u8]) -> Result<BlobId, EvidenceError> {
        let bytes = body.len() as u64;
        if bytes > codec::BODY_BYTES {
            return Err(EvidenceError::TooLarge { bytes });
        }
        let id = codec::name(body);
        match self.look(id)? {
            // After a power cut a file may have its name and none of its bytes: as good as absent.
            Some(object) if object.size > 0 => self.date(id, &object)?,
            _ => {
                let packed = self.packer.pack(body).map_err(|error| self.io(&error))?;
                wait(self.objects.put(&codec::location(id), packed.into()))
                    .map_err(|error| self.refused(&error))?;
            }
        }
        Ok(id)
    }

    pub(super) fn get(&mut self, id: BlobId) -> Result<Option<Vec<u8>>, EvidenceError> {
        let location = codec::location(id);
        let packed = wait(async { self.objects.get(&location).await?.bytes().await });
        let packed = match packed {
            Ok(packed) => packed,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(self.refused(&error)),
        };
        let damaged = |detail| EvidenceError::Damaged { id, path: self.root.join(location.as_ref()), detail };
        codec::unpack(&packed, id).map(Some).map_err(damaged)
    }

    /// The bodies of one folder that were put for the last time before `older_than`.
    pub(super) fn list(&self, folder: u8, older_than: Timestamp) -> Result<Vec<BlobId>, EvidenceError> {
        let objects = self.objects.list(Some(&codec::folder(folder)));
        let objects: Vec<ObjectMeta> = wait(objects.try_collect()).map_err(|error| self.refused(&error))?;
        let old = objects.iter().filter(|object| put_at(object) < older_than);
        Ok(old.filter_map(|object| codec::located(&object.location)).collect())
    }

    /// Removes a body, unless it has been put again since it was listed; returns its bytes on disk.
    pub(super) fn remove(&self, id: BlobId, older_than: Timestamp) -> Result<Option<u64>, EvidenceError> {
        match self.look(id)? {
            Some(object) if put_at(&object) < older_than => {
                wait(self.objects.delete(&object.location)).map_err(|error| self.refused(&error))?;
                Ok(Some(object.size))
            }
            _ => Ok(None),
        }
    }

    fn look(&self, id: BlobId) -> Result<Option<ObjectMeta>, EvidenceError> {
        match wait(self.objects.head(&codec::location(id))) {
            Ok(object) => Ok(Some(object)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.refused(&error)),
        }
    }

    /// Dates an object that is put again.
    fn date(&self, id: BlobId, object: &ObjectMeta) -> Result<(), EvidenceError> {
        let now = SystemTime::now();
        let age = now.duration_since(object.last_modified.into()).unwrap_or_default();
        if age < DATE_IS_GOOD_FOR {
            return Ok(());
        }
        let file = self.root.join(codec::location(id).as_ref());
        let dated = fs::File::options().write(true).open(file).and_then(|file| file.set_modified(now));
        dated.map_err(|error| self.io(&error))
    }

    fn io(&self, error: &std::io::Error) -> EvidenceError {
        EvidenceError::from_io(&self.root, error)
    }

    fn refused(&self, error: &object_store::Error) -> EvidenceError {
        EvidenceError::from_objects(&self.root, error)
    }
}

fn put_at(object: &ObjectMeta) -> Timestamp {
    // A date beyond what a timestamp can hold is in any case not old.
    Timestamp::from_second(object.last_modified.timestamp()).unwrap_or(Timestamp::MAX)
}

/// Runs a future to its end on this thread. Outside of a runtime, a local object store does its work right here
/// instead of handing it to another thread.
fn wait<F: Future>(future: F) -> F::Output {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}
