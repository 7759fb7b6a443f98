//! What was seen once: more than half of all runs, too many to keep with a count each.
//!
//! A filter of nine bits a key. Of keys that were never put in, one in 256 is taken for one that was, so that a caller
//! asks for the parts of a run first.

use xorf::{BinaryFuse8, BinaryFuse8Ref, DmaSerializable as _, Filter as _, FilterRef as _};

/// Bytes before the fingerprints: seed, segment length, its mask, length of all segments but two.
const HEAD: usize = BinaryFuse8::DESCRIPTOR_LEN;

/// The keys of what was seen once, wherever they lie.
#[derive(Debug, Clone, Default)]
pub(super) struct Once<'a> {
    bytes: &'a [u8],
    /// `None` where there is nothing.
    filter: Option<BinaryFuse8Ref<'a>>,
}

impl<'a> Once<'a> {
    /// The keys in these bytes; `None` where they contradict themselves.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Once<'a>> {
        if bytes.is_empty() {
            return Some(Once::default());
        }
        let (head, prints) = bytes.split_at_checked(HEAD)?;
        let [_, _, segment, mask, segments] = head.as_chunks().0 else { return None };
        let [segment, mask, segments] = [segment, mask, segments].map(|bytes| u32::from_le_bytes(*bytes));
        let is_sound = segment.is_power_of_two()
            && mask == segment - 1
            && segments.is_multiple_of(segment)
            && u64::from(segments) + 2 * u64::from(segment) == prints.len() as u64;
        is_sound.then(|| Once { bytes, filter: Some(BinaryFuse8Ref::from_dma(head, prints)) })
    }

    /// The bytes it lies in.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether a key was put in.
    pub(super) fn has(&self, key: u64) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.contains(&key))
    }
}

/// The bytes that hold these keys, each of which stands there once.
pub(super) fn build(keys: &[u64]) -> Vec<u8> {
    if keys.is_empty() {
        return Vec::new();
    }
    let filter = BinaryFuse8::try_from(keys).expect("keys without repetition find a place");
    let mut bytes = vec![0; HEAD];
    filter.dma_copy_descriptor_to(&mut bytes);
    bytes.extend(filter.dma_fingerprints());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_there_and_little_else() {
        let keys: Vec<u64> = (0..50_000).map(|n| n * 7).collect();
        let bytes = build(&keys);
        assert!(bytes.len() < keys.len() * 13 / 10, "{} bytes", bytes.len());
        let once = Once::read(&bytes).unwrap();
        assert!(keys.iter().all(|&key| once.has(key)));
        let mistaken = (0..50_000).filter(|n| once.has(n * 7 + 3)).count();
        assert!(mistaken < 300, "{mistaken}");
    }

    #[test]
    fn few_keys_find_a_place() {
        for count in 1..200 {
            let bytes = build(&(0..count).collect::<Vec<u64>>());
            let once = Once::read(&bytes).unwrap();
            assert!((0..count).all(|key| once.has(key)), "{count}");
        }
    }

    #[test]
    fn nothing_is_in_nothing() {
        assert!(!Once::read(&build(&[])).unwrap().has(5));
    }

    #[test]
    fn a_filter_that_would_lead_out_of_its_bytes_is_refused() {
        let bytes = build(&[1, 2, 3]);
        assert!(Once::read(&bytes[..bytes.len() - 1]).is_none());
        assert!(Once::read(&bytes[..HEAD - 1]).is_none());
        for at in 8..HEAD {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(Once::read(&damaged).is_none(), "{at}");
        }
    }
}
