//! What was counted a moment ago: edits near each other ask about the same words.

use std::cell::Cell;

/// Keys that are remembered; each has one place, where the next one that belongs there follows it.
const KEYS: usize = 1 << 10;

/// Keys, and how often each was seen.
pub(super) struct Memo(Vec<Cell<(u64, f32)>>);

impl Default for Memo {
    fn default() -> Memo {
        Memo(vec![Cell::default(); KEYS])
    }
}

impl Memo {
    /// How often the thing with this key was seen; `count` says so the first time. No key is 0.
    pub(super) fn get(&self, key: u64, count: impl FnOnce() -> f32) -> f32 {
        let mixed = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let place = &self.0[(mixed >> 32) as usize % KEYS];
        let (last, seen) = place.get();
        if last == key {
            return seen;
        }
        let seen = count();
        place.set((key, seen));
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_its_own_count() {
        let memo = Memo::default();
        let keys = 1..=4 * KEYS as u64;
        assert!(keys.clone().all(|key| memo.get(key, || key as f32) == key as f32));
        assert!(keys.clone().all(|key| memo.get(key, || key as f32) == key as f32));
        let last = *keys.end();
        assert_eq!(memo.get(last, || unreachable!("counted a moment ago")), last as f32);
    }
}
