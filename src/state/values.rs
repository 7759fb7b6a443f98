//! The values of the rows: one file that only grows, beside sled's.
//!
//! sled copies a value whenever the page of its tree that holds it changes, and keeps such pages in memory. So it is
//! given only where a value lies; the value itself is written once. A row is put a second time by the rare page that
//! is judged again: what it was before stays in the file, which is removed with its scan.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// The file, and what is not written to it yet.
pub(super) struct Values {
    file: File,
    tail: Mutex<Tail>,
}

struct Tail {
    /// Bytes of the file; the tail stands behind them.
    written: u64,
    bytes: Vec<u8>,
}

impl Values {
    /// The values in the folder of a state.
    pub(super) fn open(folder: &Path) -> io::Result<Values> {
        let path = folder.join(FILE);
        Values::of(OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?)
    }

    /// Values that nobody will look for later.
    pub(super) fn temporary() -> io::Result<Values> {
        Values::of(tempfile::tempfile()?)
    }

    fn of(file: File) -> io::Result<Values> {
        let tail = Tail { written: file.metadata()?.len(), bytes: Vec::new() };
        Ok(Values { file, tail: Mutex::new(tail) })
    }

    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a value and says where it will lie. It can be read at once, and is in the file after the next
    /// [`Values::write`].
    pub(super) fn push(&self, value: &[u8]) -> Slot {
        let mut tail = self.tail();
        let slot = Slot {
            offset: tail.written + tail.bytes.len() as u64,
            length: u32::try_from(value.len()).expect("what is kept of a page is far below 4 GiB"),
            checksum: checksum(value),
        };
        tail.bytes.extend_from_slice(value);
        slot
    }

    /// Bytes that are not in the file yet.
    pub(super) fn unwritten(&self) -> usize {
        self.tail().bytes.len()
    }

    /// Writes what was taken.
    pub(super) fn write(&self) -> io::Result<()> {
        let Tail { written, bytes } = &mut *self.tail();
        self.file.write_all_at(bytes, *written)?;
        *written += bytes.len() as u64;
        bytes.clear();
        Ok(())
    }

    /// A value, or that it is damaged.
    pub(super) fn read(&self, slot: Slot) -> Result<Vec<u8>, Damaged> {
        let value = match self.unwritten_value(slot)? {
            Some(value) => value,
            None => {
                let mut value = vec![0; slot.length as usize];
                let read = self.file.read_exact_at(&mut value, slot.offset);
                read.map_err(|error| Damaged(error.to_string()))?;
                value
            }
        };
        if checksum(&value) == slot.checksum {
            Ok(value)
        } else {
            Err(Damaged("its value is another".to_owned()))
        }
    }

    /// A value of the tail; nothing where it must be in the file.
    fn unwritten_value(&self, slot: Slot) -> Result<Option<Vec<u8>>, Damaged> {
        let tail = self.tail();
        let end = slot.offset.checked_add(slot.length.into());
        if end.is_none_or(|end| end > tail.written + tail.bytes.len() as u64) {
            return Err(Damaged("its value is missing".to_owned()));
        }
        let start = slot.offset.checked_sub(tail.written);
        let value = start.and_then(|start| tail.bytes.get(start as usize..)?.get(..slot.length as usize));
        Ok(value.map(<[u8]>::to_vec))
    }

    /// What was written survives a power cut.
    pub(super) fn flush(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

fn checksum(value: &[u8]) -> u32 {
    // The lower half is as good as any other.
    xxh3_64(value) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_also_from_the_file_opened_again() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let values = Values::open(folder.path()).expect("opens");
        let slots = [b"one", &b""[..], b"three"].map(|value| values.push(value));
        let read = |values: &Values, slot| values.read(slot).expect("is there");
        assert_eq!(slots.map(|slot| read(&values, slot)), [b"one", &b""[..], b"three"]);
        values.write().expect("writes");
        drop(values);
        let values = Values::open(folder.path()).expect("opens again");
        let four = values.push(b"four");
        assert_eq!(slots.map(|slot| read(&values, slot)), [b"one", &b""[..], b"three"]);
        assert_eq!(read(&values, four), b"four");
    }

    #[test]
    fn what_was_not_written_is_missing_later() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let slot = Values::open(folder.path()).expect("opens").push(b"value");
        assert!(Values::open(folder.path()).expect("opens again").read(slot).is_err());
    }

    #[test]
    fn damage_is_noticed() {
        let values = Values::temporary().expect("opens");
        let slot = values.push(b"value");
        values.push(b"more");
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
