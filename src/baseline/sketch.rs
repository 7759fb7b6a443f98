//! How alike two sets are, told from a few hundred bytes of each.

use serde::{Deserialize, Serialize};

/// Hashes kept of a set. The estimate errs by 0.04 where half of two sets is shared; small sets are compared exactly.
const KEPT: usize = 128;

/// The smallest hashes of a set: a min-wise sample that is the same for all orders of its members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch(Vec<u32>);

impl FromIterator<u64> for Sketch {
    fn from_iter<I: IntoIterator<Item = u64>>(hashes: I) -> Sketch {
        let mut hashes: Vec<u32> = hashes.into_iter().map(|hash| (hash >> 32) as u32).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes.truncate(KEPT);
        Sketch(hashes)
    }
}

impl Sketch {
    /// How much of both sets is shared (Jaccard), from 0 to 1. Two empty sets are the same.
    pub fn likeness(&self, other: &Sketch) -> f64 {
        let mut union: Vec<u32> = self.0.iter().chain(&other.0).copied().collect();
        union.sort_unstable();
        union.dedup();
        union.truncate(KEPT);
        if union.is_empty() {
            return 1.0;
        }
        let is_shared =
            |hash: &&u32| self.0.binary_search(hash).is_ok() && other.0.binary_search(hash).is_ok();
        union.iter().filter(is_shared).count() as f64 / union.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;

    fn sketch(members: std::ops::Range<u32>) -> Sketch {
        members.map(|member| xxh3_64(&member.to_le_bytes())).collect()
    }

    #[test]
    fn small_sets_are_compared_exactly_and_large_ones_nearly() {
        let check = |a: std::ops::Range<u32>, b: std::ops::Range<u32>, expected: f64, error: f64| {
            let likeness = sketch(a).likeness(&sketch(b));
            assert!((likeness - expected).abs() <= error, "{likeness}, not {expected}");
        };
        check(0..0, 0..0, 1.0, 0.0);
        check(0..0, 0..9, 0.0, 0.0);
        check(0..30, 10..40, 0.5, 0.0);
        check(0..30, 0..30, 1.0, 0.0);
        check(0..20_000, 10_000..30_000, 1.0 / 3.0, 0.1);
        check(0..20_000, 20_000..40_000, 0.0, 0.0);
    }
}
