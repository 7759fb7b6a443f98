//! The crawl state of one scan, in sled: targets, visits, facts, links, page findings.
//!
//! Local to the worker that scans the site, and rebuildable: what must never be lost lives in `store`. Everything
//! one page brings (its visit, its facts, the addresses it discovered) is one [`Batch`], applied atomically, so that
//! after a crash the scan goes on exactly where it was at the last flush.
//!
//! sled holds the keys, and where in a file beside it their values lie. It is given many batches at a time: each one
//! given costs it two writes to the disk that it waits for.

mod codec;
mod error;
mod snapshot;
mod values;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::baseline::Watched;
use crate::facts::{
    AttachmentFacts, CouldNotRun, Coverage, Echo, HostDown, Listing, OutLink, PageFacts, Probe, Search, Skip,
    Target, TargetId, Try, Visit,
};
use crate::finding::Finding;
use crate::link::cloak;
use crate::link::landing::Landing;
use crate::lock::Lock;
use codec::{Row, decode, encode, key};
use error::{explain, is_held, locked};
use values::{Slot, Values};

pub use codec::Damaged;
pub use error::StateError;

/// sled's page cache, in its own count; in memory a page takes several times that. The working set of a crawl is the
/// newest rows, and everything else is read once, at the end.
const CACHE_BYTES: u64 = 1 << 20;
/// Rows kept back from sled at most; a flush hands over what there is. More would save little time and cost memory: sled
/// keeps every version of a page of its tree that one batch went through.
const PENDING: usize = 128;
/// Bytes of their values that are kept in memory.
const PENDING_BYTES: usize = 1 << 20;

/// What is locked in the folder of a state.
const LOCK: &str = "state";
/// For threads of sled to end, after the state they worked for was closed: they take milliseconds, on a machine that is
/// busy a good part of a second.
const PATIENCE: Duration = Duration::from_secs(10);

/// The crawl state of one scan.
pub struct State {
    tree: sled::Tree,
    db: sled::Db,
    values: Values,
    /// Rows not yet given to sled: where their values lie, or that they are removed.
    pending: Mutex<Pending>,
    path: PathBuf,
    /// Given up last, when nothing more can be written. A temporary state needs none.
    _lock: Option<Lock>,
}

type Pending = BTreeMap<sled::IVec, Option<Slot>>;

/// A state that was opened, and what had to be done for it.
pub struct Opened {
    /// The state.
    pub state: State,
    /// Where an unusable earlier state was moved.
    pub moved_aside: Option<PathBuf>,
}

/// How far a scan is, beyond what its rows say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Sitemaps are read.
    pub sitemaps_read: bool,
    /// Everything known is visited, the soft-404 probes are done.
    pub crawled: bool,
    /// What robots.txt and the sitemaps name that nobody expects there.
    pub listings: Vec<Listing>,
    /// Counters that cannot be told from the rows.
    pub coverage: Coverage,
    /// Hosts given up.
    pub hosts_down: Vec<HostDown>,
    /// Answers to addresses that cannot exist.
    pub probes: Vec<Probe>,
    /// Questions to the site's own search.
    pub searches: Vec<Search>,
    /// That the site's own search shows back what it is asked for; `None`: it does not, or nobody asked.
    pub echo: Option<Echo>,
    /// What stands at the far end of links to strangers.
    pub landings: Vec<Landing>,
    /// What came of looking at the site as search engines do; `None`: nobody asked for it.
    pub cloaking: Option<cloak::Probe>,
    /// The address by which the home page answers without https although it has it.
    pub plain_http: Option<String>,
    /// Checks that could not run on a page.
    pub could_not_run: Vec<CouldNotRun>,
    /// What became of the key pages.
    pub watched: Watched,
}

impl State {
    /// Opens the state in `path`, creating it where there is none. One that will not open, or whose rows cannot be
    /// read, is moved aside and replaced by an empty one.
    pub fn open(path: &Path) -> Result<Opened, StateError> {
        match State::try_open(path) {
            Ok(state) => Ok(Opened { state, moved_aside: None }),
            Err(StateError::Failed { cause, .. }) => {
                let aside = free_name(path);
                tracing::warn!(state = %path.display(), aside = %aside.display(), cause, "crawl state will not open; moved aside");
                std::fs::rename(path, &aside).map_err(|error| StateError::Failed {
                    path: path.to_owned(),
                    cause: error.to_string(),
                })?;
                Ok(Opened { state: State::try_open(path)?, moved_aside: Some(aside) })
            }
            Err(error) => Err(error),
        }
    }

    /// A state in memory and a temporary folder, gone when dropped; for tests and for scans of fixtures.
    pub fn temporary() -> Result<State, StateError> {
        let open = || {
            let db = sled::Config::new().temporary(true).cache_capacity(CACHE_BYTES).open()?;
            Ok((db.open_tree(codec::TREE)?, db, Values::temporary()?))
        };
        let path = PathBuf::from("(temporary)");
        let (tree, db, values) = open().map_err(|error| explain(&path, &error))?;
        Ok(State { tree, db, values, pending: Mutex::default(), path, _lock: None })
    }

    fn try_open(path: &Path) -> Result<State, StateError> {
        std::fs::create_dir_all(path).map_err(|error| explain(path, &error.into()))?;
        let lock = Lock::take(&path.join(LOCK)).map_err(|refused| locked(path, refused))?;
        let open = || {
            let db = patiently(|| {
                sled::Config::new().path(path).cache_capacity(CACHE_BYTES).flush_every_ms(None).open()
            })?;
            Ok((db.open_tree(codec::TREE)?, db, Values::open(path)?))
        };
        let (tree, db, values) = open().map_err(|error| explain(path, &error))?;
        let path = path.to_owned();
        let state = State { tree, db, values, pending: Mutex::default(), path, _lock: Some(lock) };
        state.check_version()?;
        Ok(state)
    }

    /// Refuses rows of another version: they are rebuilt rather than guessed at.
    fn check_version(&self) -> Result<(), StateError> {
        let failed = |cause: String| StateError::Failed { path: self.path.clone(), cause };
        match self.tree.get(codec::VERSION_KEY).map_err(|error| explain(&self.path, &error))? {
            Some(version) if version.as_ref() == codec::VERSION => Ok(()),
            Some(_) => Err(failed("was written by another version".to_owned())),
            None => {
                self.tree
                    .insert(codec::VERSION_KEY, codec::VERSION)
                    .map_err(|error| explain(&self.path, &error))?;
                Ok(())
            }
        }
    }

    /// Applies a batch: all of it or, after a crash, none. It is durable after the next [`State::flush`].
    pub fn apply(&self, batch: Batch) -> Result<(), StateError> {
        let place =
            |(key, value): (sled::IVec, Option<Vec<u8>>)| (key, value.map(|value| self.values.push(&value)));
        let mut pending = self.pending();
        pending.extend(batch.rows.into_iter().map(place));
        if pending.len() < PENDING && self.values.unwritten() < PENDING_BYTES {
            return Ok(());
        }
        self.hand_over(pending)
    }

    /// When this returns, neither a `kill -9` nor a power cut loses anything that was applied before.
    pub fn flush(&self) -> Result<(), StateError> {
        self.hand_over(self.pending())?;
        let flush = || {
            self.values.flush()?;
            self.db.flush()
        };
        flush().map(|_| ()).map_err(|error| explain(&self.path, &error))
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives sled what it was not given yet.
    fn hand_over(&self, mut pending: MutexGuard<'_, Pending>) -> Result<(), StateError> {
        if pending.is_empty() {
            return Ok(());
        }
        let mut rows = sled::Batch::default();
        for (key, slot) in std::mem::take(&mut *pending) {
            match slot {
                Some(slot) => rows.insert(key, encode(&slot)),
                None => rows.remove(key),
            }
        }
        // Values first, so that no key is ever without one.
        let written = self.values.write().map_err(sled::Error::from);
        written.and_then(|()| self.tree.apply_batch(rows)).map_err(|error| explain(&self.path, &error))
    }

    /// All rows of a kind, in the order of their numbers: key and slot.
    fn rows(
        &self,
        row: Row,
    ) -> Result<impl Iterator<Item = Result<(TargetId, sled::IVec), StateError>> + '_, StateError> {
        self.hand_over(self.pending())?;
        let rows = self.tree.scan_prefix([row as u8]);
        Ok(rows.map(|row| {
            let (key, slot) = row.map_err(|error| explain(&self.path, &error))?;
            Ok((codec::id_of(&key), slot))
        }))
    }

    /// How far the scan is.
    pub fn progress(&self) -> Result<Progress, StateError> {
        Ok(self.row(codec::PROGRESS_KEY)?.unwrap_or_default())
    }

    /// Every known target, with what is already known of it, in the order of their numbers.
    pub fn known(&self, each: &mut dyn FnMut(Known)) -> Result<(), StateError> {
        for row in self.rows(Row::Target)? {
            let (id, slot) = row?;
            let target: Target = self.value(decode(&slot)).map_err(|damage| self.damaged(damage))?;
            let standing = if self.has(Row::Visit, id)? {
                Standing::Visited
            } else if let Some(skip) = self.row(&key(Row::Skip, id))? {
                Standing::Skipped(skip)
            } else {
                Standing::Pending(self.row(&key(Row::Tries, id))?.unwrap_or_default())
            };
            each(Known { target, standing });
        }
        Ok(())
    }

    /// Every page, every script and every file whose words were read, with its findings, in the order of their numbers.
    pub fn page_findings(&self, each: &mut dyn FnMut(TargetId, Vec<Finding>)) -> Result<(), StateError> {
        for row in self.rows(Row::Findings)? {
            let (id, slot) = row?;
            each(id, self.value(decode(&slot)).map_err(|damage| self.damaged(damage))?);
        }
        Ok(())
    }

    /// Every file whose words were read, in the order of their numbers.
    pub fn attachments(&self, each: &mut dyn FnMut(AttachmentFacts)) -> Result<(), StateError> {
        for row in self.rows(Row::Attachment)? {
            let (_, slot) = row?;
            each(self.value(decode(&slot)).map_err(|damage| self.damaged(damage))?);
        }
        Ok(())
    }

    fn has(&self, row: Row, id: TargetId) -> Result<bool, StateError> {
        Ok(self.slot(&key(row, id))?.is_some())
    }

    fn row<T: serde::de::DeserializeOwned>(&self, key: &[u8]) -> Result<Option<T>, StateError> {
        let value = |slot| self.value(slot).map_err(|damage| self.damaged(damage));
        self.slot(key)?.map(value).transpose()
    }

    /// Where the value of a row lies, if there is such a row.
    fn slot(&self, key: &[u8]) -> Result<Option<Result<Slot, Damaged>>, StateError> {
        if let Some(slot) = self.pending().get(key) {
            return Ok(slot.map(Ok));
        }
        let slot = self.tree.get(key).map_err(|error| explain(&self.path, &error))?;
        Ok(slot.map(|slot| decode(&slot)))
    }

    fn value<T: serde::de::DeserializeOwned>(&self, slot: Result<Slot, Damaged>) -> Result<T, Damaged> {
        decode(&self.values.read(slot?)?)
    }

    fn damaged(&self, damage: Damaged) -> StateError {
        StateError::Failed { path: self.path.clone(), cause: damage.to_string() }
    }
}

/// A target and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The target.
    pub target: Target,
    /// How it stands.
    pub standing: Standing,
}

/// How a target stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Done.
    Visited,
    /// Will not be visited.
    Skipped(Skip),
    /// To be visited, after these failed tries.
    Pending(Vec<Try>),
}

/// Rows that belong together: what is put, and what is removed.
#[derive(Default)]
pub struct Batch {
    rows: Vec<(sled::IVec, Option<Vec<u8>>)>,
}

impl Batch {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A newly discovered target.
    pub fn target(&mut self, target: &Target) {
        self.put(key(Row::Target, target.id), target);
    }

    /// What came of a target; its tries so far are part of the visit and no longer kept apart.
    pub fn visit(&mut self, visit: &Visit) {
        self.put(key(Row::Visit, visit.id), visit);
        if visit.tries.len() > 1 {
            self.remove(key(Row::Tries, visit.id));
        }
    }

    /// A target that will not be visited.
    pub fn skip(&mut self, id: TargetId, why: Skip) {
        self.put(key(Row::Skip, id), &why);
    }

    /// Failed tries of a target that will be tried again.
    pub fn tries(&mut self, id: TargetId, tries: &[Try]) {
        self.put(key(Row::Tries, id), &tries);
    }

    /// What a page is, where it leads and what its checks found.
    pub fn page(&mut self, facts: &PageFacts, links: &[OutLink], findings: &[Finding]) {
        self.links(facts.id, links);
        self.put(key(Row::Page, facts.id), facts);
        if !findings.is_empty() {
            self.put(key(Row::Findings, facts.id), &findings);
        }
    }

    /// What a page is and what its checks found, judged again: its links are left as they are.
    pub fn facts(&mut self, facts: &PageFacts, findings: &[Finding]) {
        self.put(key(Row::Page, facts.id), facts);
        self.findings(facts.id, findings);
    }

    /// That the words of a file were read, and what was found in them.
    pub fn attachment(&mut self, facts: AttachmentFacts, findings: &[Finding]) {
        self.put(key(Row::Attachment, facts.id), &facts);
        self.findings(facts.id, findings);
    }

    /// What was found in what lies at an address, in place of what was found there before.
    pub fn findings(&mut self, id: TargetId, findings: &[Finding]) {
        if findings.is_empty() {
            self.remove(key(Row::Findings, id));
        } else {
            self.put(key(Row::Findings, id), &findings);
        }
    }

    /// Where a page or a style sheet leads.
    pub fn links(&mut self, id: TargetId, links: &[OutLink]) {
        self.put(key(Row::Links, id), &links);
    }

    /// How far the scan is.
    pub fn progress(&mut self, progress: &Progress) {
        self.put(codec::PROGRESS_KEY, progress);
    }

    fn put(&mut self, key: impl AsRef<[u8]>, row: &impl Serialize) {
        self.rows.push((key.as_ref().into(), Some(encode(row))));
    }

    fn remove(&mut self, key: impl AsRef<[u8]>) {
        self.rows.push((key.as_ref().into(), None));
    }
}

/// Opens what is ours already, but which the last holder's threads may not have let go of: sled does not wait for them
/// when it is closed.
fn patiently(open: impl Fn() -> sled::Result<sled::Db>) -> sled::Result<sled::Db> {
    let begun = Instant::now();
    loop {
        match open() {
            Err(error) if is_held(&error) && begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(10))
            }
            opened => return opened,
        }
    }
}

/// The first `PATH.damaged-N` that does not exist.
fn free_name(path: &Path) -> PathBuf {
    (1..)
        .map(|number| PathBuf::from(format!("{}.damaged-{number}", path.display())))
        .find(|name| !name.exists())
        .expect("the numbers do not run out")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::LinkKind;

    fn target(id: TargetId) -> Target {
        Target {
            id,
            address: format!("http://a.test/{id}"),
            own: true,
            depth: 1,
            found_on: Some(0),
            found_as: LinkKind::Anchor,
        }
    }

    fn standings(state: &State) -> Vec<Standing> {
        let mut all = Vec::new();
        state.known(&mut |known| all.push(known.standing)).expect("rows are readable");
        all
    }

    #[test]
    fn what_was_committed_is_there_after_reopening() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path().join("state");
        {
            let state = State::open(&path).expect("opens").state;
            let mut batch = Batch::default();
            batch.target(&target(0));
            batch.target(&target(1));
            batch.skip(1, Skip::TrapShape);
            state.apply(batch).expect("applies");
            state.flush().expect("flushes");
        }
        // Again and again: the threads of sled end at their own time, and nobody may notice.
        for _ in 0..20 {
            drop(State::open(&path).expect("opens again"));
        }
        let opened = State::open(&path).expect("opens again");
        assert_eq!(opened.moved_aside, None);
        assert_eq!(standings(&opened.state), [Standing::Pending(vec![]), Standing::Skipped(Skip::TrapShape)]);
    }

    #[test]
    fn a_second_opener_is_told_who_holds_it() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let _held = State::open(folder.path()).expect("opens");
        let refused = State::open(folder.path()).err().map(|error| error.to_string());
        assert!(refused.is_some_and(|error| error.contains("in use by this very process")));
    }

    #[test]
    fn a_state_that_will_not_open_is_moved_aside() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let path = folder.path().join("state");
        std::fs::create_dir(&path).expect("a folder");
        std::fs::write(path.join("conf"), b"no sled configuration").expect("a damaged file");
        let opened = State::open(&path).expect("is rebuilt");
        assert!(opened.moved_aside.is_some_and(|aside| aside.exists()));
        assert_eq!(standings(&opened.state), []);
    }
}
