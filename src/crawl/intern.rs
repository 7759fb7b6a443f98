//! Addresses as numbers: every address of a crawl is known once, by its dedup key.
//!
//! Pages of one site repeat the same few hundred `href`s. What a raw link resolves to is remembered per directory,
//! so that the URL parser sees each of them once and not once a page.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use xxhash_rust::xxh3::{Xxh3, xxh3_128_with_seed};

use crate::address::{Address, Key};
use crate::facts::TargetId;

/// Raw links remembered. At 20 bytes each this is a megabyte or two; older ones are forgotten by halves.
const REMEMBERED: usize = 1 << 16;

type Hashed<V> = HashMap<u128, V, BuildHasherDefault<Xxh3>>;

/// The index of all known addresses.
#[derive(Default)]
pub(super) struct Interner {
    by_key: Hashed<TargetId>,
    recent: Hashed<Option<TargetId>>,
    older: Hashed<Option<TargetId>>,
}

/// What a raw link is.
pub(super) enum Interned {
    /// An address met before.
    Known(TargetId),
    /// An address met for the first time, now known by this number.
    New(TargetId, Address),
    /// No address.
    Nothing,
}

/// What links of one page are resolved against.
pub(super) struct Base<'a> {
    address: &'a Address,
    encoding: &'static encoding_rs::Encoding,
    seed: u64,
}

impl<'a> Base<'a> {
    /// Links on a page in `encoding` whose base is `address`.
    pub(super) fn new(address: &'a Address, encoding: &'static encoding_rs::Encoding) -> Base<'a> {
        let text = address.as_str();
        let path = text.find(['?', '#']).map_or(text, |end| &text[..end]);
        let directory = path.rfind('/').map_or(path, |end| &path[..=end]);
        let mut hash = Xxh3::new();
        hash.update(directory.as_bytes());
        hash.update(encoding.name().as_bytes());
        Base { address, encoding, seed: hash.digest() }
    }

    /// A link of `?…` or nothing resolves against the whole base, not its directory.
    fn depends_on_directory_only(raw: &str) -> bool {
        !raw.trim_start().starts_with(['?', '#']) && !raw.trim().is_empty()
    }
}

impl Interner {
    /// The number of a raw link.
    pub(super) fn link(&mut self, raw: &str, base: &Base<'_>) -> Interned {
        let memory =
            Base::depends_on_directory_only(raw).then(|| xxh3_128_with_seed(raw.as_bytes(), base.seed));
        if let Some(known) = memory.and_then(|key| self.recall(key)) {
            return known.map_or(Interned::Nothing, Interned::Known);
        }
        let interned = match base.address.resolve(raw, base.encoding) {
            Ok(address) => self.address(address),
            Err(_) => Interned::Nothing,
        };
        if let Some(key) = memory {
            let id = match &interned {
                Interned::Known(id) | Interned::New(id, _) => Some(*id),
                Interned::Nothing => None,
            };
            self.remember(key, id);
        }
        interned
    }

    /// The number of an address.
    pub(super) fn address(&mut self, address: Address) -> Interned {
        let hash = address.key().hash128();
        let next =
            TargetId::try_from(self.by_key.len()).expect("a crawl has fewer than four billion addresses");
        match self.by_key.entry(hash) {
            std::collections::hash_map::Entry::Occupied(known) => Interned::Known(*known.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(next);
                Interned::New(next, address)
            }
        }
    }

    /// The number of a key, where it is known.
    pub(super) fn find(&self, key: &Key) -> Option<TargetId> {
        self.by_key.get(&key.hash128()).copied()
    }

    /// Takes in an address of an earlier run of the same scan.
    pub(super) fn restore(&mut self, id: TargetId, address: &Address) {
        self.by_key.insert(address.key().hash128(), id);
    }

    /// Addresses known.
    pub(super) fn len(&self) -> usize {
        self.by_key.len()
    }

    fn recall(&mut self, key: u128) -> Option<Option<TargetId>> {
        if let Some(id) = self.recent.get(&key) {
            return Some(*id);
        }
        let id = *self.older.get(&key)?;
        self.remember(key, id);
        Some(id)
    }

    fn remember(&mut self, key: u128, id: Option<TargetId>) {
        if self.recent.len() >= REMEMBERED / 2 {
            self.older = std::mem::take(&mut self.recent);
        }
        self.recent.insert(key, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(base: &str, links: &[&str]) -> Vec<Option<TargetId>> {
        let address = Address::parse(base).expect("a good base");
        let base = Base::new(&address, encoding_rs::UTF_8);
        let mut interner = Interner::default();
        links
            .iter()
            .map(|raw| match interner.link(raw, &base) {
                Interned::Known(id) | Interned::New(id, _) => Some(id),
                Interned::Nothing => None,
            })
            .collect()
    }

    #[test]
    fn one_address_has_one_number() {
        let links = ["a.html", "/x/a.html", "http://h.test/x/a.html#top", "b.html", "javascript:;", "a.html"];
        assert_eq!(
            ids("http://h.test/x/index.html", &links),
            [Some(0), Some(0), Some(0), Some(1), None, Some(0)]
        );
    }

    #[test]
    fn a_query_alone_resolves_against_the_whole_page() {
        let mut interner = Interner::default();
        for page in ["http://h.test/a.html", "http://h.test/b.html"] {
            let address = Address::parse(page).expect("a good base");
            let interned = interner.link("?p=2", &Base::new(&address, encoding_rs::UTF_8));
            assert!(matches!(interned, Interned::New(_, ref to) if to.as_str() == format!("{page}?p=2")));
        }
    }
}
