//! The form of a pack: many bodies in one object.
//!
//! ```text
//! body, body, … │ contents: (name, length), … │ trailer: checksum of the contents, number of bodies, mark
//! ```
//!
//! Each body is a zstd frame, which says itself how long it is unpacked. The contents stand behind the bodies, so that
//! a pack can be written again with more bodies in it while those before stay where they were: who has read the
//! contents of the shorter one still finds everything. Integers are little-endian.

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use crate::facts::BlobId;

/// A pack this long takes no more bodies. Half a dozen files a second are nothing to any file system.
const PACK_BYTES: usize = 1 << 20;
/// A pack with this many bodies takes no more, so that its contents are read in one small read.
pub(super) const PACK_BODIES: usize = 256;

const ENTRY_BYTES: usize = 32 + 4;
const TRAILER_BYTES: usize = 8 + 4 + MARK.len();
/// Last bytes of a pack; the last of them is the version of this form.
const MARK: &[u8; 8] = b"evpack\0\x01";

/// Bytes at the end of a pack that hold its contents, at most.
pub(super) const TAIL_BYTES: u64 = (PACK_BODIES * ENTRY_BYTES + TRAILER_BYTES) as u64;

/// Where in its pack a body lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) offset: u32,
    pub(super) length: u32,
}

/// A pack that takes bodies.
pub(super) struct OpenPack {
    /// Unique, and in the order of time.
    pub(super) name: String,
    pub(super) bodies: Vec<u8>,
    entries: Vec<(BlobId, u32)>,
    /// Bodies that the object store has already.
    written: usize,
}

impl OpenPack {
    /// An empty pack, named after the moment and its `first` body: no two writers have both in common.
    pub(super) fn new(now: Timestamp, first: BlobId) -> OpenPack {
        let mut name = now.strftime("%Y%m%dT%H%M%S.%9f-").to_string();
        name.push_str(&first.to_string()[..8]);
        let bodies = Vec::with_capacity(PACK_BYTES + PACK_BYTES / 8);
        OpenPack { name, bodies, entries: Vec::with_capacity(PACK_BODIES), written: 0 }
    }

    pub(super) fn is_full(&self) -> bool {
        self.bodies.len() >= PACK_BYTES || self.entries.len() >= PACK_BODIES
    }

    pub(super) fn is_written(&self) -> bool {
        self.written == self.entries.len()
    }

    /// Everything in it is in the object store.
    pub(super) fn mark_written(&mut self) {
        self.written = self.entries.len();
    }

    /// Takes a packed body.
    pub(super) fn push(&mut self, id: BlobId, packed: &[u8]) -> Slot {
        let short = |length: usize| u32::try_from(length).expect("a pack and a body are far below 4 GiB");
        let slot = Slot { offset: short(self.bodies.len()), length: short(packed.len()) };
        self.bodies.extend_from_slice(packed);
        self.entries.push((id, slot.length));
        slot
    }

    /// A body that it holds, packed.
    pub(super) fn packed(&self, slot: Slot) -> &[u8] {
        &self.bodies[slot.offset as usize..][..slot.length as usize]
    }

    /// What stands behind the bodies.
    pub(super) fn tail(&self) -> Vec<u8> {
        let mut tail = Vec::with_capacity(self.entries.len() * ENTRY_BYTES + TRAILER_BYTES);
        for (id, length) in &self.entries {
            tail.extend_from_slice(&id.0);
            tail.extend_from_slice(&length.to_le_bytes());
        }
        let checksum = xxh3_64(&tail);
        tail.extend_from_slice(&checksum.to_le_bytes());
        tail.extend_from_slice(&(self.entries.len() as u32).to_le_bytes());
        tail.extend_from_slice(MARK);
        tail
    }
}

/// Reads the contents of a pack of `size` bytes from its last [`TAIL_BYTES`] (or all of it), or says what is wrong.
pub(super) fn contents(tail: &[u8], size: u64) -> Result<Vec<(BlobId, Slot)>, &'static str> {
    let rest = tail.strip_suffix(MARK).ok_or("it does not end as a pack does")?;
    let (rest, bodies) = rest.split_last_chunk::<4>().ok_or("it is too short")?;
    let (rest, checksum) = rest.split_last_chunk::<8>().ok_or("it is too short")?;
    let bodies = u32::from_le_bytes(*bodies) as usize;
    if bodies > PACK_BODIES {
        return Err("it claims more bodies than a pack holds");
    }
    let start = rest.len().checked_sub(bodies * ENTRY_BYTES).ok_or("its contents are cut")?;
    let entries = &rest[start..];
    if xxh3_64(entries) != u64::from_le_bytes(*checksum) {
        return Err("its contents are damaged");
    }
    let mut offset = 0;
    let mut contents = Vec::with_capacity(bodies);
    for entry in entries.as_chunks::<ENTRY_BYTES>().0 {
        let (id, length) = entry.split_first_chunk::<32>().expect("an entry begins with a name");
        let length = u32::from_le_bytes(length.try_into().expect("the rest of an entry is a length"));
        contents.push((BlobId(*id), Slot { offset, length }));
        offset = offset.checked_add(length).ok_or("its contents are longer than a pack")?;
    }
    let expected = u64::from(offset) + (entries.len() + TRAILER_BYTES) as u64;
    if expected == size { Ok(contents) } else { Err("it is not as long as its contents say") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDS: [BlobId; 3] = [BlobId([1; 32]), BlobId([2; 32]), BlobId([3; 32])];

    fn pack(bodies: &[&[u8]]) -> OpenPack {
        let mut pack = OpenPack::new(Timestamp::UNIX_EPOCH, IDS[0]);
        for (id, body) in IDS.iter().zip(bodies) {
            pack.push(*id, body);
        }
        pack
    }

    fn object(pack: &OpenPack) -> Vec<u8> {
        [&pack.bodies[..], &pack.tail()].concat()
    }

    #[test]
    fn a_name_tells_the_time_and_the_first_body() {
        assert_eq!(pack(&[]).name, "19700101T000000.000000000-01010101");
    }

    #[test]
    fn contents_come_back() {
        for bodies in [&[][..], &[&b"one"[..]], &[b"one", b"", b"three"]] {
            let pack = pack(bodies);
            let object = object(&pack);
            let contents = contents(&object, object.len() as u64).unwrap();
            assert_eq!(contents.len(), bodies.len());
            for (((id, slot), expected), body) in contents.into_iter().zip(IDS).zip(bodies) {
                assert_eq!((id, pack.packed(slot)), (expected, *body));
            }
        }
    }

    #[test]
    fn a_longer_version_leaves_bodies_where_they_were() {
        let short = object(&pack(&[b"one", b"two"]));
        let long = object(&pack(&[b"one", b"two", b"three"]));
        let of = |object: &[u8]| contents(object, object.len() as u64).unwrap();
        assert_eq!(of(&short)[..], of(&long)[..2]);
    }

    #[test]
    fn it_is_full_by_bodies_or_bytes() {
        let mut many = pack(&[]);
        (0..PACK_BODIES - 1).for_each(|_| _ = many.push(IDS[0], b"x"));
        assert!(!many.is_full());
        many.push(IDS[0], b"x");
        assert!(many.is_full());
        assert_eq!(many.tail().len() as u64, TAIL_BYTES);
        let mut long = pack(&[&[0; PACK_BYTES - 1]]);
        assert!(!long.is_full());
        long.push(IDS[1], b"x");
        assert!(long.is_full());
    }

    #[test]
    fn no_half_or_damaged_pack_is_taken_for_a_whole_one() {
        let whole = object(&pack(&[b"one", b"two"]));
        for end in 0..whole.len() {
            assert!(contents(&whole[..end], end as u64).is_err(), "cut at {end}");
        }
        for at in whole.len() - TRAILER_BYTES - 2 * ENTRY_BYTES..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x40;
            assert!(contents(&damaged, damaged.len() as u64).is_err(), "damaged at {at}");
        }
        assert!(contents(&whole, whole.len() as u64 + 1).is_err());
    }
}
