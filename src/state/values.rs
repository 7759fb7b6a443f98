//! The values of the rows: one file that only grows, beside sled's.
//!
//! sled copies a value whenever the page of its tree that holds it changes, and keeps such pages in memory. So it is
//! given only where a value lies; the value itself is written once. A row is put a second time by the rare page that
//! is judged again: what it was before stays in the file, which is removed with its scan.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::codec::Damaged;

const FILE: &str = "values";

/// Where a value lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Slot {
    offset: u64,
    length: u32,
    /// Of the value: after a power cut the file may end before what sled knows of it.
    checksum: u32,
}

/// The file.
pub(super) struct Values {
    file: File,
    end: Mutex<u64>,
}

/// Values to be written together, behind everything that is there.
pub(super) struct Appending<'a> {
    end: std::sync::MutexGuard<'a, u64>,
    file: &'a File,
    bytes: Vec<u8>,
}

impl Values {
    /// The values in the folder of a state.
    pub(super) fn open(folder: &Path) -> io::Result<Values> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(folder.join(FILE))?;
        Values::of(file)
    }

    /// Values that nobody will look for later.
    pub(super) fn temporary() -> io::Result<Values> {
        Values::of(tempfile::tempfile()?)
    }

    fn of(file: File) -> io::Result<Values> {
        let end = Mutex::new(file.metadata()?.len());
        Ok(Values { file, end })
    }

    /// Begins to write values.
    pub(super) fn append(&self) -> Appending<'_> {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        Appending { end, file: &self.file, bytes: Vec::new() }
    }

    /// A value, or that it is damaged.
    pub(super) fn read(&self, slot: Slot) -> Result<Vec<u8>, Damaged> {
        let known = *self.end.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.offset.checked_add(slot.length.into()).is_none_or(|end| end > known) {
            return Err(Damaged("its value is missing".to_owned()));
        }
        let mut value = vec![0; slot.length as usize];
        self.file.read_exact_at(&mut value, slot.offset).map_err(|error| Damaged(error.to_string()))?;
        if checksum(&value) == slot.checksum {
            Ok(value)
        } else {
            Err(Damaged("its value is another".to_owned()))
        }
    }

    /// What was written survives a power cut.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

impl Appending<'_> {
    /// Says where a value will lie.
    pub(super) fn push(&mut self, value: &[u8]) -> Slot {
        let slot = Slot {
            offset: *self.end + self.bytes.len() as u64,
            length: u32::try_from(value.len()).expect("what is kept of a page is far below 4 GiB"),
            checksum: checksum(value),
        };
        self.bytes.extend_from_slice(value);
        slot
    }

    /// Writes them. Where this fails, their slots mean nothing.
    pub(super) fn write(mut self) -> io::Result<()> {
        self.file.write_all_at(&self.bytes, *self.end)?;
        *self.end += self.bytes.len() as u64;
        Ok(())
    }
}

fn checksum(value: &[u8]) -> u32 {
    // The lower half is as good as any other.
    xxh3_64(value) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(values: &Values, value: &[u8]) -> Slot {
        let mut appending = values.append();
        let slot = appending.push(value);
        appending.write().expect("writes");
        slot
    }

    #[test]
    fn values_come_back_also_from_the_file_opened_again() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let values = Values::open(folder.path()).expect("opens");
        let slots = [put(&values, b"one"), put(&values, b""), put(&values, b"three")];
        drop(values);
        let values = Values::open(folder.path()).expect("opens again");
        let four = put(&values, b"four");
        let read = |slot| values.read(slot).expect("is there");
        assert_eq!(slots.map(read), [&b"one"[..], b"", b"three"]);
        assert_eq!(read(four), b"four");
    }

    #[test]
    fn what_was_dropped_leaves_no_trace() {
        let values = Values::temporary().expect("opens");
        values.append().push(b"never written");
        let slot = put(&values, b"written");
        assert_eq!(slot.offset, 0);
    }

    #[test]
    fn damage_is_noticed() {
        let values = Values::temporary().expect("opens");
        let slot = put(&values, b"value");
        for damaged in [
            Slot { offset: 1, ..slot },
            Slot { length: 4, ..slot },
            Slot { length: u32::MAX, ..slot },
            Slot { offset: u64::MAX, ..slot },
            Slot { checksum: !slot.checksum, ..slot },
        ] {
            assert!(values.read(damaged).is_err(), "{damaged:?}");
        }
    }
}
