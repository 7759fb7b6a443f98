//! The scripts of a site, each read once: templates repeat theirs on every page.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, PoisonError, RwLock};

use super::{Act, Deed, Reading, read};

/// Readings that are kept. Sites have some dozens; scripts that differ from page to page must not fill the memory.
const READINGS: usize = 20_000;
/// Bytes of text in all of them.
const BYTES: usize = 16 << 20;

/// Readings by their scripts.
#[derive(Debug, Default)]
pub struct Readings {
    known: RwLock<Known>,
    /// Its keys are secret, so that nobody makes two scripts pass for one.
    hasher: RandomState,
}

#[derive(Debug, Default)]
struct Known {
    readings: HashMap<u64, Arc<Reading>>,
    bytes: usize,
}

impl Readings {
    /// What a script would do.
    pub fn of(&self, code: &str) -> Arc<Reading> {
        let key = self.hasher.hash_one(code);
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).readings.get(&key) {
            return known.clone();
        }
        let reading = Arc::new(read(code));
        let bytes: usize = reading.acts.iter().map(bytes).sum();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.readings.len() < READINGS && known.bytes + bytes <= BYTES {
            known.bytes += bytes;
            known.readings.insert(key, reading.clone());
        }
        reading
    }
}

fn bytes(act: &Act) -> usize {
    match &act.deed {
        Deed::Write(text)
        | Deed::Insert(text)
        | Deed::Go(text)
        | Deed::Open(text)
        | Deed::GoBehind(text)
        | Deed::Retitle(text)
        | Deed::Load(_, text)
        | Deed::Hide(text)
        | Deed::Show(text)
        | Deed::Remove(text) => text.len(),
        Deed::Notify => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read_once() {
        let readings = Readings::default();
        let first = readings.of("document.write('<p>')");
        assert!(Arc::ptr_eq(&first, &readings.of("document.write('<p>')")));
        assert_ne!(first, readings.of("document.write('<b>')"));
    }

    #[test]
    fn floods_are_not_kept() {
        let readings = Readings::default();
        let long = format!("document.write('<p>{}')", "文".repeat(100_000));
        for number in 0..60 {
            readings.of(&format!("{long};{number}"));
        }
        assert!(readings.known.read().unwrap().bytes <= BYTES);
    }
}
