//! Which three symbols were ever seen in a row, for most of those that never were: a Bloom filter small enough to stay
//! close to the processor, asked before anything larger is.

use xxhash_rust::xxh3::xxh3_64;

/// Bits for each three. Of threes that were never seen one in six is taken for one that was.
const BITS: usize = 4;
/// Bytes of a word, which has all bits of its threes.
const WORD: usize = 8;

/// The filter, wherever its bytes lie.
#[derive(Clone, Copy)]
pub(super) struct Threes<'a>(&'a [[u8; WORD]]);

impl<'a> Threes<'a> {
    /// The filter in these bytes.
    pub(super) fn new(bytes: &'a [u8]) -> Threes<'a> {
        Threes(bytes.as_chunks().0)
    }

    /// Whether the three with this key may have been seen.
    pub(super) fn may_have(&self, key: u64) -> bool {
        let (word, bits) = place(key, self.0.len());
        self.0.get(word).is_some_and(|word| u64::from_le_bytes(*word) & bits == bits)
    }
}

/// The word of a key, and its bits there.
fn place(key: u64, words: usize) -> (usize, u64) {
    let hash = xxh3_64(&key.to_le_bytes());
    let word = (u128::from(hash) * words as u128) >> 64;
    (word as usize, 1 << (hash % 64) | 1 << (hash / 64 % 64))
}

/// The bytes that hold these keys.
pub(super) fn build(keys: &[u64]) -> Vec<u8> {
    let mut words = vec![0u64; (keys.len() * BITS).div_ceil(8 * WORD)];
    for &key in keys {
        let (word, bits) = place(key, words.len());
        words[word] |= bits;
    }
    words.into_iter().flat_map(u64::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_there_and_most_else_is_not() {
        let keys: Vec<u64> = (0..50_000).map(|n| n * 7).collect();
        let bytes = build(&keys);
        assert!(bytes.len() <= keys.len() * BITS / 8 + WORD, "{} bytes", bytes.len());
        let threes = Threes::new(&bytes);
        assert!(keys.iter().all(|&key| threes.may_have(key)));
        let mistaken = (0..50_000).filter(|n| threes.may_have(n * 7 + 3)).count();
        assert!(mistaken < 50_000 / 5, "{mistaken}");
    }

    #[test]
    fn nothing_is_in_nothing() {
        assert!(!Threes::new(&build(&[])).may_have(5));
    }
}
