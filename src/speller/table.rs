//! How often things were seen: a static hash table of keys and rounded counts, three bytes an entry.
//!
//! Two buckets of four slots a key (cuckoo hashing) fill 95 % of the space, and a look-up touches two cache lines
//! at most. A slot holds 16 bits of the key's hash and one byte for the count: of keys that were never put in, about
//! one in 8,000 is taken for one that was, and of those that were, one in 10,000 for another. A caller that can asks
//! for the parts of a thing before it asks for the whole.

/// Slots in a bucket.
const SLOTS: usize = 4;
/// Bytes in a slot: 16 bits of the hash, then the level.
const WIDTH: usize = 3;
const BUCKET: usize = SLOTS * WIDTH;
/// Moves before a table counts as too full.
const PATIENCE: usize = 5_000;

/// A count, rounded to steps of a twelfth of a power of two; 0: never seen.
pub(super) type Level = u8;

/// The level of a count.
pub(super) fn level(count: u64) -> Level {
    if count == 0 { 0 } else { (1.0 + 12.0 * (count as f64).log2()).round().min(255.0) as Level }
}

/// The count of each level.
pub(super) fn counts() -> [f32; 256] {
    std::array::from_fn(|level| if level == 0 { 0.0 } else { 2f32.powf((level as f32 - 1.0) / 12.0) })
}

/// The table, wherever its bytes lie.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    bytes: &'a [u8],
    buckets: u64,
}

impl<'a> Table<'a> {
    /// The table in these bytes.
    pub(super) fn new(bytes: &'a [u8]) -> Table<'a> {
        Table { bytes, buckets: (bytes.len() / BUCKET) as u64 }
    }

    /// The level of a key.
    pub(super) fn get(&self, key: u64) -> Level {
        let (first, second, print) = places(key, self.buckets);
        match self.look(first, print) {
            0 => self.look(second, print),
            found => found,
        }
    }

    fn look(&self, bucket: usize, print: u16) -> Level {
        let Some(slots) = self.bytes.get(bucket * BUCKET..(bucket + 1) * BUCKET) else { return 0 };
        let [low, high] = print.to_le_bytes();
        // All four are compared, as which one it is cannot be foreseen.
        let (slots, _) = slots.as_chunks::<WIDTH>();
        let level = |&[a, b, level]: &[u8; WIDTH]| level * u8::from(a == low && b == high);
        slots.iter().map(level).fold(0, Level::max)
    }
}

/// Both buckets of a key, and the part of its hash that is kept.
fn places(key: u64, buckets: u64) -> (usize, usize, u16) {
    let hash = mix(key);
    let other = mix(hash ^ 0x9E37_79B9_7F4A_7C15);
    let bucket = |hash: u64| ((u128::from(hash) * u128::from(buckets)) >> 64) as usize;
    (bucket(hash), bucket(other), hash as u16)
}

fn mix(mut key: u64) -> u64 {
    key = (key ^ (key >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    key = (key ^ (key >> 32)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    key ^ (key >> 32)
}

/// The bytes of a table with these keys, each of which stands there once.
///
/// The same entries in the same order give the same bytes.
pub(super) fn build(entries: &[(u64, Level)]) -> Vec<u8> {
    // Above that, moves seldom end.
    let mut filled = 0.95;
    loop {
        let buckets = ((entries.len() as f64 / filled / SLOTS as f64).ceil() as u64).max(1);
        if let Some(bytes) = fill(entries, buckets) {
            return bytes;
        }
        filled -= 0.02;
    }
}

/// Every entry in one of its two buckets, or `None` where moving them about does not end.
fn fill(entries: &[(u64, Level)], buckets: u64) -> Option<Vec<u8>> {
    let mut slots: Vec<u32> = vec![u32::MAX; buckets as usize * SLOTS];
    let mut turn = 0usize;
    for index in 0..entries.len() {
        let mut homeless = index as u32;
        let mut avoid = usize::MAX;
        let mut moves = 0;
        while homeless != u32::MAX {
            let (first, second, _) = places(entries[homeless as usize].0, buckets);
            let free = [first, second].into_iter().find_map(|bucket| {
                (bucket * SLOTS..(bucket + 1) * SLOTS).find(|&slot| slots[slot] == u32::MAX)
            });
            if let Some(slot) = free {
                slots[slot] = homeless;
                break;
            }
            moves += 1;
            if moves > PATIENCE {
                return None;
            }
            // Whoever was just turned out of a bucket does not go back to it.
            let bucket = if first == avoid { second } else { first };
            turn = turn.wrapping_mul(5).wrapping_add(1);
            let slot = bucket * SLOTS + (turn >> 3) % SLOTS;
            std::mem::swap(&mut slots[slot], &mut homeless);
            avoid = bucket;
        }
    }
    let mut bytes = vec![0u8; slots.len() * WIDTH];
    for (slot, &index) in bytes.chunks_exact_mut(WIDTH).zip(&slots) {
        if index != u32::MAX {
            let (key, level) = entries[index as usize];
            let [low, high] = places(key, buckets).2.to_le_bytes();
            slot.copy_from_slice(&[low, high, level]);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out_and_little_else() {
        let entries: Vec<(u64, Level)> = (0..20_000u64).map(|n| (n * 7, level(1 + n % 500))).collect();
        let bytes = build(&entries);
        assert!(bytes.len() < entries.len() * 33 / 10, "{} bytes", bytes.len());
        let table = Table::new(&bytes);
        let mixed_up = entries.iter().filter(|&&(key, level)| table.get(key) != level).count();
        assert!(mixed_up < 10, "{mixed_up}");
        let mistaken = (0..80_000u64).filter(|n| table.get(n * 7 + 3) != 0).count();
        assert!(mistaken < 40, "{mistaken}");
    }

    #[test]
    fn levels_keep_counts_to_a_few_per_cent() {
        let counts = counts();
        for count in [1u64, 2, 3, 10, 77, 1_000, 123_456] {
            let back = counts[usize::from(level(count))];
            assert!((back / count as f32 - 1.0).abs() < 0.03, "{count} came back as {back}");
        }
        assert_eq!(level(0), 0);
    }

    #[test]
    fn an_empty_table_knows_nothing() {
        assert_eq!(Table::new(&[]).get(5), 0);
        assert_eq!(Table::new(&build(&[])).get(5), 0);
    }
}
