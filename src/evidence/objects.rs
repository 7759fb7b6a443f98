//! The object store: packs by name, and the dates of their last use.
//!
//! One thread of its own talks to the store. Outside of a runtime a local object store does its work right there,
//! where on a thread of the runtime each call would ask for one more thread of the pool of those that may block, which
//! may all be waiting for this very call.

use std::{
    fs,
    ops::Range,
    path::{Path, PathBuf},
    pin::pin,
    sync::{
        Arc,
        mpsc::{Sender, channel, sync_channel},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use bytes::Bytes;
use futures_util::{FutureExt as _, TryStreamExt as _, future::BoxFuture};
use jiff::Timestamp;
use object_store::{
    Error, GetOptions, GetRange, ObjectMeta, ObjectStore as _, ObjectStoreExt as _, PutPayload,
    Result as Answer, local::LocalFileSystem, path::Path as Location,
};

use super::error::EvidenceError;

const FOLDER: &str = "packs";
const PACK: &str = ".pack";
/// An empty object beside a pack; its date is the last use of the pack, where that is after its making.
const USED: &str = ".used";

type Job = Box<dyn FnOnce(&LocalFileSystem) + Send>;

/// A folder with packs, or what else may be one for an object store.
#[derive(Debug)]
pub(super) struct Objects {
    root: PathBuf,
    jobs: Sender<Job>,
}

/// A pack, as the object store lists it.
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) used: Timestamp,
}

impl Objects {
    pub(super) fn open(root: &Path) -> Result<Objects, EvidenceError> {
        let refused = |error: std::io::Error| EvidenceError::from_io(root, &error);
        fs::create_dir_all(root).map_err(refused)?;
        // Writes beside the place and renames, so that a reader sees a pack as it was or as it is. Not forced to the
        // disk: evidence can be gathered again after a power cut.
        let objects = LocalFileSystem::new_with_prefix(root)
            .map_err(|error| EvidenceError::from_objects(root, &error))?;
        let (jobs, queue) = channel::<Job>();
        let serve = move || {
            for job in queue {
                job(&objects);
            }
        };
        thread::Builder::new().name("evidence".to_owned()).spawn(serve).map_err(refused)?;
        Ok(Objects { root: root.to_owned(), jobs })
    }

    /// All packs, oldest first.
    pub(super) fn list(&self) -> Result<Vec<Listed>, EvidenceError> {
        let mut objects: Vec<ObjectMeta> =
            self.ask(|objects| objects.list(Some(&Location::from(FOLDER))).try_collect().boxed())?;
        // `.pack` sorts before `.used`, so that a mark comes right behind its pack.
        objects.sort_unstable_by(|a, b| a.location.cmp(&b.location));
        let mut packs: Vec<Listed> = Vec::with_capacity(objects.len());
        for object in objects {
            let Some(file) = object.location.filename() else { continue };
            let used = date(&object);
            if let Some(name) = file.strip_suffix(PACK) {
                packs.push(Listed { name: name.to_owned(), bytes: object.size, used });
            } else if let (Some(name), Some(pack)) = (file.strip_suffix(USED), packs.last_mut())
                && name == pack.name
            {
                pack.used = pack.used.max(used);
            }
        }
        Ok(packs)
    }

    /// Part of a pack; `None` where there is no such pack.
    pub(super) fn read(&self, name: &str, range: Range<u64>) -> Result<Option<Bytes>, EvidenceError> {
        let location = location(name, PACK);
        self.ask(move |objects| async move { there(objects.get_range(&location, range).await) }.boxed())
    }

    /// The last bytes of a pack (or all of it) and how long it is; `None` where there is no such pack.
    pub(super) fn read_tail(&self, name: &str, most: u64) -> Result<Option<(Bytes, u64)>, EvidenceError> {
        let location = location(name, PACK);
        let options = GetOptions { range: Some(GetRange::Suffix(most)), ..GetOptions::default() };
        self.ask(move |objects| {
            async move {
                let Some(found) = there(objects.get_opts(&location, options).await)? else { return Ok(None) };
                let size = found.meta.size;
                Ok(Some((found.bytes().await?, size)))
            }
            .boxed()
        })
    }

    /// Writes a pack, all or nothing, in place of a shorter one of the same name.
    pub(super) fn write(&self, name: &str, parts: [Bytes; 2]) -> Result<(), EvidenceError> {
        let location = location(name, PACK);
        self.ask(move |objects| {
            async move { objects.put(&location, PutPayload::from_iter(parts)).await.map(drop) }.boxed()
        })
    }

    /// Dates a pack as used now; `false` where it is gone.
    pub(super) fn mark_used(&self, name: &str) -> Result<bool, EvidenceError> {
        let (pack, mark) = (location(name, PACK), location(name, USED));
        self.ask(move |objects| {
            async move {
                let there = there(objects.head(&pack).await)?.is_some();
                if there {
                    objects.put(&mark, PutPayload::new()).await?;
                }
                Ok(there)
            }
            .boxed()
        })
    }

    /// Removes a pack; one that is gone already is removed as well.
    pub(super) fn remove(&self, name: &str) -> Result<(), EvidenceError> {
        let both = [PACK, USED].map(|end| location(name, end));
        self.ask(move |objects| {
            async move {
                for location in &both {
                    there(objects.delete(location).await)?;
                }
                Ok(())
            }
            .boxed()
        })
    }

    /// The file of a pack, for people.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.root.join(location(name, PACK).as_ref())
    }

    /// What the system says, as an error of the evidence.
    pub(super) fn refused(&self, error: &std::io::Error) -> EvidenceError {
        EvidenceError::from_io(&self.root, error)
    }

    /// Has the thread do something and waits for it.
    fn ask<T, F>(&self, work: F) -> Result<T, EvidenceError>
    where
        T: Send + 'static,
        F: FnOnce(&LocalFileSystem) -> BoxFuture<'_, Answer<T>> + Send + 'static,
    {
        let (answer, waiting) = sync_channel(1);
        // Where the thread has gone, the other side notices by itself.
        let _ = self.jobs.send(Box::new(move |objects| {
            let _ = answer.send(wait(work(objects)));
        }));
        let answer = waiting.recv().map_err(|_| EvidenceError::Stopped)?;
        answer.map_err(|error| EvidenceError::from_objects(&self.root, &error))
    }
}

fn location(name: &str, end: &str) -> Location {
    Location::from_iter([FOLDER, &format!("{name}{end}")])
}

fn date(object: &ObjectMeta) -> Timestamp {
    // A date beyond what a timestamp can hold is in any case not old.
    Timestamp::from_second(object.last_modified.timestamp()).unwrap_or(Timestamp::MAX)
}

/// Nothing where there is no such object.
fn there<T>(answer: Answer<T>) -> Answer<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Runs a future to its end on this thread.
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
