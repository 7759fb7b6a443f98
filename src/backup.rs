//! A copy of everything that cannot be had again, taken while the program runs, and putting it back.
//!
//! A backup is a folder: the record as it was at one moment, the documents that were made, the configuration, the
//! evidence where it is wanted, and a manifest with the hash of every file. It is read back and verified before it
//! counts as made; restoring verifies it again and moves what is there aside instead of overwriting it.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::cabinet::{Cabinet, CabinetError};
use crate::config::Settings;
use crate::digest::hex;
use crate::store::papers::PaperFilter;
use crate::store::{self, StoreError};

const MANIFEST: &str = "manifest.json";
const RECORD: &str = "record.db";
const CONFIGURATION: &str = "sitewarden.toml";
const EVIDENCE: &str = "evidence";
const DOCUMENTS: &str = "documents";

/// Why a backup was not made or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The record.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file or folder.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The place is taken.
    #[error("{0} is there already; name a folder that is not")]
    Taken(PathBuf),
    /// No backup, or one that was changed.
    #[error("{folder} is no sound backup: {why}")]
    Unsound {
        /// Which.
        folder: PathBuf,
        /// What is wrong.
        why: String,
    },
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When it was taken.
    pub taken: Timestamp,
    /// The version of the program that took it.
    pub program: String,
    /// Layout of the record.
    pub schema: u32,
    /// Its files, by their paths below the folder.
    pub files: Vec<Kept>,
}

/// A file of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Path below the folder, with `/`.
    pub path: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256, hex.
    pub sha256: String,
}

/// Takes a backup into a new folder `to`, and verifies it.
pub fn make(
    settings: &Settings,
    configuration: Option<&Path>,
    to: &Path,
    with_evidence: bool,
    now: Timestamp,
) -> Result<Manifest, BackupError> {
    if to.exists() {
        return Err(BackupError::Taken(to.to_owned()));
    }
    // What is half made must not look like a backup.
    let building = beside(to, "partial");
    if building.exists() {
        fs::remove_dir_all(&building).map_err(at(&building))?;
    }
    fs::create_dir_all(&building).map_err(at(&building))?;
    store::copy(&settings.store_url, &building.join(RECORD))?;
    // A document is on the disk before it is on record: after the record, all it names are there to be copied.
    let documents = Cabinet::below(&settings.data_dir);
    if documents.folder().exists() {
        copy_all(documents.folder(), &building.join(DOCUMENTS))?;
    }
    if let Some(configuration) = configuration.filter(|file| file.exists()) {
        let copy = building.join(CONFIGURATION);
        fs::copy(configuration, &copy).map_err(at(configuration))?;
    }
    if with_evidence && let Some(folder) = evidence_of(settings).filter(|folder| folder.exists()) {
        copy_all(&folder, &building.join(EVIDENCE))?;
    }
    let soundness = store::examine(&building.join(RECORD))?;
    let manifest = Manifest {
        taken: now,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: soundness.schema,
        files: list(&building)?,
    };
    let text = serde_json::to_string_pretty(&manifest).expect("plain data can always be written as JSON");
    let file = building.join(MANIFEST);
    fs::write(&file, text).map_err(at(&file))?;
    verify(&building)?;
    fs::rename(&building, to).map_err(at(to))?;
    Ok(manifest)
}

/// Reads a whole backup and says what it holds, where it is sound.
pub fn verify(folder: &Path) -> Result<Manifest, BackupError> {
    let unsound = |why: String| BackupError::Unsound { folder: folder.to_owned(), why };
    let text =
        fs::read_to_string(folder.join(MANIFEST)).map_err(|error| unsound(format!("{MANIFEST}: {error}")))?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| unsound(format!("{MANIFEST}: {error}")))?;
    let found: Vec<Kept> = list(folder)?.into_iter().filter(|kept| kept.path != MANIFEST).collect();
    for kept in &manifest.files {
        match found.iter().find(|file| file.path == kept.path) {
            None => return Err(unsound(format!("{} is missing", kept.path))),
            Some(file) if file != kept => return Err(unsound(format!("{} was changed", kept.path))),
            Some(_) => {}
        }
    }
    if !manifest.files.iter().any(|kept| kept.path == RECORD) {
        return Err(unsound(format!("it has no {RECORD}")));
    }
    let soundness = store::examine(&folder.join(RECORD))?;
    if let Some(problem) = soundness.problems.first() {
        return Err(unsound(format!("{RECORD}: {problem}")));
    }
    if soundness.schema > soundness.known {
        return Err(unsound("its record was written by a newer sitewarden".to_owned()));
    }
    Ok(manifest)
}

/// Puts a backup in place. What is there is moved aside, with the time in its name; says where to.
pub fn restore(
    settings: &Settings,
    from: &Path,
    now: Timestamp,
) -> Result<(Manifest, Vec<PathBuf>), BackupError> {
    let manifest = verify(from)?;
    let record = store::path_of(&settings.store_url)?.to_owned();
    // Whoever writes the record now must stop first.
    let _lock = store::keep_others_out(&settings.store_url)?;
    let suffix = format!("before-{}", now.strftime("%Y%m%dT%H%M%SZ"));
    let mut aside = Vec::new();
    for part in [record.clone(), with_end(&record, "-wal"), with_end(&record, "-shm")] {
        move_aside(&part, &suffix, &mut aside)?;
    }
    copy_file(&from.join(RECORD), &record)?;
    let documents = Some(Cabinet::below(&settings.data_dir).folder().to_owned());
    for (part, place) in [(EVIDENCE, evidence_of(settings)), (DOCUMENTS, documents)] {
        let kept = from.join(part);
        if let Some(place) = place.filter(|_| kept.exists()) {
            move_aside(&place, &suffix, &mut aside)?;
            copy_all(&kept, &place)?;
        }
    }
    Ok((manifest, aside))
}

/// What is wrong with the documents on record: those that are gone, cannot be read or were changed.
pub fn documents_amiss(settings: &Settings) -> Result<Vec<CabinetError>, StoreError> {
    let papers = store::open_reader(&settings.store_url)?.papers(&PaperFilter::default())?;
    let cabinet = Cabinet::below(&settings.data_dir);
    Ok(cabinet.amiss(papers.iter().flat_map(|paper| &paper.files)))
}

fn evidence_of(settings: &Settings) -> Option<PathBuf> {
    settings.evidence_url.strip_prefix("file:").map(PathBuf::from)
}

fn move_aside(path: &Path, suffix: &str, aside: &mut Vec<PathBuf>) -> Result<(), BackupError> {
    if !path.exists() {
        return Ok(());
    }
    let to = beside(path, suffix);
    fs::rename(path, &to).map_err(at(path))?;
    aside.push(to);
    Ok(())
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    with_end(path, &format!(".{suffix}"))
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    |error| BackupError::File { path, error }
}

fn copy_file(from: &Path, to: &Path) -> Result<(), BackupError> {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(at(folder))?;
    }
    fs::copy(from, to).map_err(at(from))?;
    // What is restored must survive a power cut as well as what was written.
    fs::File::open(to).and_then(|file| file.sync_all()).map_err(at(to))
}

fn copy_all(from: &Path, to: &Path) -> Result<(), BackupError> {
    for file in files(from)? {
        let below = file.strip_prefix(from).expect("listed below it");
        // A pack that is swept meanwhile is wanted by nobody any more.
        if file.exists() {
            copy_file(&file, &to.join(below))?;
        }
    }
    Ok(())
}

/// The files below a folder, in the order of their paths.
fn files(folder: &Path) -> Result<Vec<PathBuf>, BackupError> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(at(&folder))? {
            let entry = entry.map_err(at(&folder))?;
            let kind = entry.file_type().map_err(at(&folder))?;
            // A link could lead anywhere.
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn list(folder: &Path) -> Result<Vec<Kept>, BackupError> {
    let kept = |file: PathBuf| {
        let below = file.strip_prefix(folder).expect("listed below it");
        let path =
            below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        let (bytes, sha256) = digest(&file).map_err(at(&file))?;
        Ok(Kept { path, bytes, sha256 })
    };
    files(folder)?.into_iter().map(kept).collect()
}

fn digest(file: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut hash, mut bytes) = (fs::File::open(file)?, Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        bytes += read as u64;
    }
    Ok((bytes, hex(&hash.finalize())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Period;
    use crate::paper::Kind;
    use crate::store::NewScan;
    use crate::store::papers::{Matter, NewPaper};

    fn scan(settings: &Settings, site: &str) {
        let store = store::open(&settings.store_url).unwrap();
        let (site, home) = (site.to_owned(), "http://a.test/".to_owned());
        let rules_version = "1".to_owned();
        store.begin_scan(&NewScan { site, home, started: Timestamp::UNIX_EPOCH, rules_version }).unwrap();
    }

    fn knows(settings: &Settings, site: &str) -> bool {
        store::open_reader(&settings.store_url).unwrap().open_scan(site).unwrap().is_some()
    }

    #[test]
    fn what_is_restored_is_what_was_backed_up() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::in_folder(&folder.path().join("data"));
        let copy = folder.path().join("copy");
        scan(&settings, "before");
        fs::create_dir_all(folder.path().join("data/evidence/packs")).unwrap();
        fs::write(folder.path().join("data/evidence/packs/1"), "body").unwrap();
        let manifest = make(&settings, None, &copy, true, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(manifest.files.len(), 2, "{manifest:?}");
        scan(&settings, "after");
        fs::remove_file(folder.path().join("data/evidence/packs/1")).unwrap();
        let (_, aside) = restore(&settings, &copy, Timestamp::UNIX_EPOCH).unwrap();
        assert!(!aside.is_empty() && aside.iter().all(|path| path.exists()), "{aside:?}");
        assert!(knows(&settings, "before") && !knows(&settings, "after"));
        assert_eq!(fs::read_to_string(folder.path().join("data/evidence/packs/1")).unwrap(), "body");
    }

    /// Makes a document and has it on record.
    fn document(settings: &Settings) -> PathBuf {
        let period: Period = "2026-11".parse().unwrap();
        let cabinet = Cabinet::below(&settings.data_dir);
        let kept = cabinet.put(period, "a-work-2026-11.html", b"<html>").unwrap();
        let place = cabinet.folder().join(&kept.path);
        let matter = Matter { site: "a".to_owned(), kind: Kind::Work, period, interval: None };
        let paper = NewPaper { matter, incident: None, made: Timestamp::UNIX_EPOCH, files: vec![kept] };
        store::open(&settings.store_url).unwrap().keep_paper(&paper, Box::new(|_| Vec::new())).unwrap();
        place
    }

    #[test]
    fn documents_are_kept_put_back_and_compared_with_the_record() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::in_folder(&folder.path().join("data"));
        let copy = folder.path().join("copy");
        let place = document(&settings);
        assert!(documents_amiss(&settings).unwrap().is_empty());
        make(&settings, None, &copy, false, Timestamp::UNIX_EPOCH).unwrap();
        let changed = |place: &Path| fs::write(place, "<html>!").unwrap();
        let lost = |place: &Path| fs::remove_file(place).unwrap();
        let harms: [fn(&Path); 2] = [changed, lost];
        for (harm, told) in harms.into_iter().zip(["is not what was put there", "No such file"]) {
            harm(&place);
            let [amiss] = &documents_amiss(&settings).unwrap()[..] else { panic!("one document") };
            let said = amiss.to_string();
            assert!(said.contains("a-work-2026-11.html") && said.contains(told), "{said}");
        }
        restore(&settings, &copy, Timestamp::UNIX_EPOCH).unwrap();
        assert!(documents_amiss(&settings).unwrap().is_empty());
        fs::write(copy.join("documents/2026-11/a-work-2026-11.html"), "another").unwrap();
        let error = verify(&copy).unwrap_err();
        assert!(error.to_string().contains("was changed"), "{error}");
    }

    #[test]
    fn a_backup_is_taken_while_somebody_writes() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::in_folder(folder.path());
        let writing = store::open(&settings.store_url).unwrap();
        make(&settings, None, &folder.path().join("copy"), false, Timestamp::UNIX_EPOCH).unwrap();
        let refused = restore(&settings, &folder.path().join("copy"), Timestamp::UNIX_EPOCH);
        assert!(matches!(refused, Err(BackupError::Store(StoreError::Locked { .. }))), "{refused:?}");
        drop(writing);
    }

    #[test]
    fn one_that_was_changed_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::in_folder(&folder.path().join("data"));
        scan(&settings, "site");
        let copy = folder.path().join("copy");
        make(&settings, None, &copy, false, Timestamp::UNIX_EPOCH).unwrap();
        let again = make(&settings, None, &copy, false, Timestamp::UNIX_EPOCH);
        assert!(matches!(again, Err(BackupError::Taken(_))));
        let mut bytes = fs::read(copy.join(RECORD)).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(copy.join(RECORD), bytes).unwrap();
        let error = restore(&settings, &copy, Timestamp::UNIX_EPOCH).unwrap_err();
        assert!(error.to_string().contains("record.db was changed"), "{error}");
        assert!(knows(&settings, "site"), "nothing was touched");
        fs::remove_file(copy.join(MANIFEST)).unwrap();
        assert!(verify(&copy).is_err());
    }
}
