//! Which body is in which pack, and the pack that takes new ones.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fmt,
    path::Path,
    sync::{Mutex, MutexGuard},
};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};

use super::Swept;
use super::codec::{self, Packer};
use super::error::EvidenceError;
use super::objects::{Listed, Objects};
use super::pack::{self, OpenPack, Slot};
use crate::facts::BlobId;

/// A body that is put again counts as put today, and its pack as used today. Within a day the mark is left alone, for
/// days are what retention counts.
const MARK_IS_GOOD_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Packs are numbered as they are met, older ones first.
type PackNumber = u32;

/// All packs, with everything needed to use them.
pub(super) struct Archive {
    objects: Objects,
    /// Those at rest; there are as many as threads have ever packed at once.
    packers: Mutex<Vec<Packer>>,
    catalogue: Mutex<Catalogue>,
}

/// What is known of the packs. Some 60 bytes a body.
#[derive(Default)]
struct Catalogue {
    bodies: HashMap<BlobId, Place>,
    packs: BTreeMap<PackNumber, Pack>,
    open: Option<(PackNumber, OpenPack)>,
}

#[derive(Clone, Copy)]
struct Place {
    pack: PackNumber,
    slot: Slot,
}

struct Pack {
    name: String,
    /// When one of its bodies was put for the last time, give or take a day.
    used: Timestamp,
}

impl fmt::Debug for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Archive").field("objects", &self.objects).finish_non_exhaustive()
    }
}

impl Archive {
    pub(super) fn open(root: &Path) -> Result<Archive, EvidenceError> {
        let objects = Objects::open(root)?;
        let mut catalogue = Catalogue::default();
        for listed in objects.list()? {
            // Gone since it was listed: another process sweeps.
            let Some(contents) = read_contents(&objects, &listed.name)? else { continue };
            let number = catalogue.add(Pack { name: listed.name, used: listed.used });
            // The newer of two wins: who put a body again had a reason.
            let places = contents.into_iter().map(|(id, slot)| (id, Place { pack: number, slot }));
            catalogue.bodies.extend(places);
        }
        Ok(Archive { objects, packers: Mutex::default(), catalogue: Mutex::new(catalogue) })
    }

    /// Hashes and packs on this thread; only adding to the open pack is one at a time.
    pub(super) fn put(&self, body: &[u8]) -> Result<BlobId, EvidenceError> {
        let bytes = body.len() as u64;
        if bytes > codec::BODY_BYTES {
            return Err(EvidenceError::TooLarge { bytes });
        }
        let id = codec::name(body);
        if self.catalogue()?.note_use(id, &self.objects)? {
            return Ok(id);
        }
        let packed = self.pack(body)?;
        let mut catalogue = self.catalogue()?;
        // Another thread may have packed the same body meanwhile.
        if !catalogue.bodies.contains_key(&id) {
            catalogue.take(id, &packed, &self.objects)?;
        }
        Ok(id)
    }

    pub(super) fn get(&self, id: BlobId) -> Result<Option<Vec<u8>>, EvidenceError> {
        let (name, packed) = {
            let catalogue = self.catalogue()?;
            let Some(place) = catalogue.bodies.get(&id) else { return Ok(None) };
            let name = catalogue.packs[&place.pack].name.clone();
            match &catalogue.open {
                Some((number, open)) if *number == place.pack => {
                    (name, Ok(Bytes::copy_from_slice(open.packed(place.slot))))
                }
                _ => (name, Err(place.slot)),
            }
        };
        let damaged = |detail| EvidenceError::Damaged { id, path: self.objects.file(&name), detail };
        let packed = match packed {
            Ok(packed) => packed,
            Err(slot) => {
                let start = u64::from(slot.offset);
                match self.objects.read(&name, start..start + u64::from(slot.length)) {
                    Ok(Some(packed)) => packed,
                    Ok(None) => return Ok(None),
                    // Where everything may be used, what cannot be read is cut off or worse.
                    Err(EvidenceError::Io { detail, .. }) => return Err(damaged(detail)),
                    Err(error) => return Err(error),
                }
            }
        };
        codec::unpack(&packed, id).map(Some).map_err(damaged)
    }

    pub(super) fn flush(&self) -> Result<(), EvidenceError> {
        self.catalogue()?.write(&self.objects)
    }

    pub(super) fn sweep(
        &self,
        keep: &dyn Fn(BlobId) -> bool,
        older_than: Timestamp,
    ) -> Result<Swept, EvidenceError> {
        // Listed anew, for other processes may have used a pack since it was opened here.
        let listed = self.objects.list()?;
        let (removed, bodies) = self.catalogue()?.forget(&listed, keep, older_than);
        let mut swept = Swept { bodies, bytes: 0 };
        for pack in removed {
            self.objects.remove(&pack.name)?;
            swept.bytes += pack.bytes;
        }
        Ok(swept)
    }

    fn pack(&self, body: &[u8]) -> Result<Vec<u8>, EvidenceError> {
        let stopped = |_| EvidenceError::Stopped;
        let at_rest = self.packers.lock().map_err(stopped)?.pop();
        let refused = |error: std::io::Error| self.objects.refused(&error);
        let mut packer = at_rest.map_or_else(Packer::new, Ok).map_err(refused)?;
        let packed = packer.pack(body).map_err(refused)?;
        self.packers.lock().map_err(|_| EvidenceError::Stopped)?.push(packer);
        Ok(packed)
    }

    fn catalogue(&self) -> Result<MutexGuard<'_, Catalogue>, EvidenceError> {
        self.catalogue.lock().map_err(|_| EvidenceError::Stopped)
    }
}

impl Catalogue {
    fn add(&mut self, pack: Pack) -> PackNumber {
        let number = self.packs.last_key_value().map_or(0, |(last, _)| last + 1);
        self.packs.insert(number, pack);
        number
    }

    /// Whether the body is kept. If so, its pack counts as used now.
    fn note_use(&mut self, id: BlobId, objects: &Objects) -> Result<bool, EvidenceError> {
        let Some(place) = self.bodies.get(&id) else { return Ok(false) };
        let (number, now) = (place.pack, Timestamp::now());
        let pack = self.packs.get_mut(&number).expect("bodies lie in packs that are known");
        // The open pack is dated whenever it is written; where it has been idle, it is marked like any other.
        let unwritten = self.open.as_ref().is_some_and(|(open, pack)| *open == number && !pack.is_written());
        if unwritten || now.duration_since(pack.used) < MARK_IS_GOOD_FOR {
            return Ok(true);
        }
        if objects.mark_used(&pack.name)? {
            pack.used = now;
            return Ok(true);
        }
        // Swept by another process.
        self.drop_packs(&HashSet::from([number]));
        Ok(false)
    }

    /// Takes a packed body. Where this fails, the body is not taken, and all that were taken before are still here.
    fn take(&mut self, id: BlobId, packed: &[u8], objects: &Objects) -> Result<(), EvidenceError> {
        if self.open.as_ref().is_some_and(|(_, open)| open.is_full()) {
            self.write(objects)?;
            self.open = None;
        }
        let now = Timestamp::now();
        let (number, mut open) = match self.open.take() {
            Some(open) => open,
            None => {
                let open = OpenPack::new(now, id);
                (self.add(Pack { name: open.name.clone(), used: now }), open)
            }
        };
        let slot = open.push(id, packed);
        self.bodies.insert(id, Place { pack: number, slot });
        self.open = Some((number, open));
        Ok(())
    }

    /// Writes the open pack, if it holds anything new.
    fn write(&mut self, objects: &Objects) -> Result<(), EvidenceError> {
        let Some((number, open)) = self.open.as_mut().filter(|(_, open)| !open.is_written()) else {
            return Ok(());
        };
        let bodies = Bytes::from(std::mem::take(&mut open.bodies));
        let written = objects.write(&open.name, [bodies.clone(), open.tail().into()]);
        // Nobody shares it any more, so this copies nothing.
        open.bodies = bodies.into();
        written?;
        open.mark_written();
        self.packs.get_mut(number).expect("the open pack is known").used = Timestamp::now();
        Ok(())
    }

    /// Forgets the packs that nobody wants; returns them and how many bodies they held.
    fn forget<'l>(
        &mut self,
        listed: &'l [Listed],
        keep: &dyn Fn(BlobId) -> bool,
        older_than: Timestamp,
    ) -> (Vec<&'l Listed>, u64) {
        let old: HashMap<&str, &Listed> =
            listed.iter().filter(|pack| pack.used < older_than).map(|pack| (&*pack.name, pack)).collect();
        let open = self.open.as_ref().map(|(number, _)| *number);
        let mut unwanted: BTreeMap<PackNumber, &Listed> = (self.packs.iter())
            .filter(|(number, pack)| Some(**number) != open && pack.used < older_than)
            .filter_map(|(number, pack)| Some((*number, *old.get(&*pack.name)?)))
            .collect();
        for (id, place) in &self.bodies {
            if unwanted.contains_key(&place.pack) && keep(*id) {
                unwanted.remove(&place.pack);
            }
        }
        let bodies = self.drop_packs(&unwanted.keys().copied().collect());
        (unwanted.into_values().collect(), bodies)
    }

    fn drop_packs(&mut self, dropped: &HashSet<PackNumber>) -> u64 {
        let before = self.bodies.len();
        self.bodies.retain(|_, place| !dropped.contains(&place.pack));
        self.packs.retain(|number, _| !dropped.contains(number));
        self.open = self.open.take().filter(|(number, _)| !dropped.contains(number));
        (before - self.bodies.len()) as u64
    }
}

/// What is in a pack; nothing where that cannot be told, `None` where there is no such pack.
fn read_contents(objects: &Objects, name: &str) -> Result<Option<Vec<(BlobId, Slot)>>, EvidenceError> {
    let contents = match objects.read_tail(name, pack::TAIL_BYTES) {
        Ok(Some((tail, size))) => pack::contents(&tail, size).map_err(str::to_owned),
        Ok(None) => return Ok(None),
        Err(EvidenceError::Io { detail, .. }) => Err(detail),
        Err(error) => return Err(error),
    };
    Ok(Some(contents.unwrap_or_else(|detail| {
        tracing::warn!(pack = %objects.file(name).display(), detail, "damaged evidence left out");
        Vec::new()
    })))
}
