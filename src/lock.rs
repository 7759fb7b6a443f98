//! Keeps a second writer out of what one alone may write: a record, the state of a scan.
//!
//! SQLite itself would let it in and only take turns, and two scans would then overwrite each other's results; sled
//! keeps it out, but for a moment longer than the first one writes. The lock is one of the operating system on a file
//! of its own, so it ends with its holder, however that ends.

use std::{
    ffi::OsString,
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    process,
};

/// Why a lock cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Somebody has it: `process 1234`, as far as is known.
    #[error("in use by {0}")]
    Held(String),
    /// Its file cannot be opened or locked.
    #[error("{}: {cause}", path.display())]
    Failed {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// Held as long as this lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of what is written at `path`, or says who holds it.
    pub fn take(path: &Path) -> Result<Lock, LockError> {
        let beside = beside(path);
        let failed = |cause: io::Error| LockError::Failed { path: beside.clone(), cause };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&beside)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(LockError::Held(holder(&mut file))),
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        // The name inside is a courtesy to whoever finds the lock taken; a full disk must not be blamed on it.
        let _ = file.set_len(0).and_then(|()| write!(file, "{}", process::id()));
        Ok(Lock { _file: file })
    }
}

/// `data/record.db` is locked by `data/record.db.lock`, which stays there unlocked when nobody writes: removing it
/// could take the file from under somebody who is just about to lock it.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".lock");
    PathBuf::from(name)
}

/// Who wrote its number into the lock file.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    let number = file.take(20).read_to_string(&mut text).ok().and_then(|_| text.trim().parse::<u32>().ok());
    match number {
        Some(number) if number == process::id() => "this very process".to_owned(),
        Some(number) => format!("process {number}"),
        None => "another process".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_was_first() {
        let folder = tempfile::tempdir().unwrap();
        let record = folder.path().join("record.db");
        let first = Lock::take(&record).unwrap();
        let error = Lock::take(&record).unwrap_err();
        assert!(matches!(&error, LockError::Held(holder) if holder == "this very process"), "{error}");
        drop(first);
        Lock::take(&record).unwrap();
    }

    #[test]
    fn what_a_dead_process_left_behind_does_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let record = folder.path().join("record.db");
        std::fs::write(beside(&record), "4294967295 and more than a number").unwrap();
        let _held = Lock::take(&record).unwrap();
        assert_eq!(std::fs::read_to_string(beside(&record)).unwrap(), process::id().to_string());
    }

    fn check(written: &str, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        std::fs::write(&path, written).unwrap();
        assert_eq!(holder(&mut File::open(path).unwrap()), expected, "{written:?}");
    }

    #[test]
    fn holders() {
        check("4294967295", "process 4294967295");
        check("", "another process");
        check("\u{1b}[2J", "another process");
        check(&"9".repeat(1000), "another process");
        check(&process::id().to_string(), "this very process");
    }
}
