//! A site's own way of writing: what stands on several of its pages is a term, whether or not the model has read it.
//!
//! Pages are counted, not places, and a sentence only where it is first heard: a slip that lists and copies repeat
//! would vouch for itself otherwise. For the same reason one page fewer is kept than there were, as the page that is
//! being checked is most often one of them.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

use super::Speller;
use super::counting;
use super::model::Model;
use super::sentence;
use super::symbols::Symbol;
use super::table::{self, Table};

/// Characters of new sentences that are listened to. The same amount of text of one kind halves false alarms
/// already; this bounds memory to 60 MB while listening and the file to some megabytes.
const CHARACTERS: usize = 1_500_000;

/// What the file begins with: its kind and version.
const MAGIC: &[u8] = b"SWID1\n";

/// How often a site writes what, beside what a model has counted.
#[derive(Debug, Clone, Default)]
pub struct Idiolect {
    /// The model whose symbols the keys are made of.
    model: u64,
    table: Vec<u8>,
}

impl Idiolect {
    /// The idiolect in a file made by [`bytes`](Idiolect::bytes); `None` where it is none.
    pub fn read(bytes: &[u8]) -> Option<Idiolect> {
        let (model, table) = bytes.strip_prefix(MAGIC)?.split_at_checked(8)?;
        Some(Idiolect { model: u64::from_le_bytes(model.try_into().ok()?), table: table.to_vec() })
    }

    /// As a file.
    pub fn bytes(&self) -> Vec<u8> {
        [MAGIC, &self.model.to_le_bytes(), &self.table].concat()
    }

    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// Whether it was learned with this model, whose symbols it speaks of.
    pub(super) fn is_of(&self, model: &Model<'_>) -> bool {
        self.model == fingerprint(model)
    }

    /// The counts.
    pub(super) fn table(&self) -> Table<'_> {
        Table::new(&self.table)
    }
}

/// Learns an idiolect, page by page.
pub struct Listener<'a> {
    model: &'a Model<'a>,
    /// Hashes of the sentences heard.
    heard: HashSet<u64>,
    /// The keys of each page, page after page.
    keys: Vec<u64>,
    characters: usize,
}

impl<'a> Listener<'a> {
    /// Listens with the model of this speller.
    pub fn new(speller: &'a Speller) -> Listener<'a> {
        Listener { model: &speller.model, heard: HashSet::new(), keys: Vec::new(), characters: 0 }
    }

    /// Whether more would teach nothing.
    pub fn has_enough(&self) -> bool {
        self.characters >= CHARACTERS
    }

    /// Listens to the text of a page.
    pub fn hear(&mut self, page: &str) {
        let mut keys: Vec<u64> = Vec::new();
        sentence::symbols(page, &self.model.alphabet, |symbols| {
            let bytes: Vec<u8> = symbols.iter().flat_map(|symbol: &Symbol| symbol.to_le_bytes()).collect();
            if self.has_enough() || !self.heard.insert(xxh3_64(&bytes)) {
                return;
            }
            self.characters += symbols.len();
            keys.extend(counting::keys(self.model, symbols));
        });
        keys.sort_unstable();
        keys.dedup();
        self.keys.extend(keys);
    }

    /// What was learned.
    pub fn idiolect(mut self) -> Idiolect {
        self.keys.sort_unstable();
        let pages = self.keys.chunk_by(|a, b| a == b).filter(|alike| alike.len() > 1);
        let entries: Vec<_> = pages.map(|alike| (alike[0], table::level(alike.len() as u64 - 1))).collect();
        Idiolect { model: fingerprint(self.model), table: table::build(&entries) }
    }
}

/// Tells models with different symbols apart.
fn fingerprint(model: &Model<'_>) -> u64 {
    xxh3_64(model.alphabet.chars().collect::<String>().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speller::Mode;

    const SLIP: &str = "推动和美湘村建设。";

    /// The slips of a text after hearing these pages.
    fn slips(pages: &[&str], text: &str) -> usize {
        let speller = Speller::with_built_in().expect("the model");
        let mut listener = Listener::new(&speller);
        pages.iter().for_each(|page| listener.hear(page));
        let file = listener.idiolect().bytes();
        let speller = speller.adapted(Idiolect::read(&file).expect("what was just written"));
        speller.check(text, Mode::Review).len()
    }

    #[test]
    fn what_several_pages_write_is_a_term() {
        let pages = ["各地建设和美湘村。", "和美湘村是品牌。", "打造和美湘村示范点。", "全面推进和美湘村。"];
        assert_eq!(slips(&pages, SLIP), 0);
    }

    #[test]
    fn a_sentence_does_not_vouch_for_itself() {
        let without = slips(&[], SLIP);
        assert!(without > 0);
        assert_eq!(slips(&[SLIP, SLIP, SLIP], SLIP), without);
    }

    #[test]
    fn what_is_no_idiolect_of_this_model_is_refused() {
        assert!(Idiolect::read(b"").is_none());
        assert!(Idiolect::read(b"SWID1\n123").is_none());
        let foreign = Idiolect::read(b"SWID1\n12345678").expect("an empty one");
        assert!(!foreign.is_of(&Speller::built_in().model));
    }
}
