//! The style sheets of a site, what its scripts hide, and what of both a page asks for.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::sheet::{Sheet, is_screen};
use super::veils::{Veil, Veils};
use crate::address::{Address, Key};
use crate::facts::LinkKind;
use crate::page::Page;
use crate::page::dom::{Element, attribute, own_text};

/// Sheets kept of one site. Real sites have some dozens; generated names must not fill the memory.
const SHEETS: usize = 256;
/// Rules kept of all of them: some 300 bytes each.
const RULES: usize = 100_000;
/// Bytes of `style` elements read of one page.
const STYLE_BYTES: usize = 2 << 20;
/// Sheets that one page may ask for.
const OF_PAGE: usize = 20;
/// Scripts with something to hide that one page may load: as many as sheets.
const VEILS_OF_PAGE: usize = 20;
/// Scripts in files that are looked up for one page.
const SCRIPTS_OF_PAGE: usize = 200;
/// How deep sheets may import one another.
const IMPORTS: usize = 2;

/// The style sheets of a site and what its scripts hide, read once, by their addresses. The crawl fills it in; checks look
/// into it.
#[derive(Debug, Default)]
pub struct Sheets {
    known: RwLock<HashMap<Key, Known>>,
    veils: Veils,
}

/// A sheet, and the hash of where it lies and what stands in it.
#[derive(Debug)]
struct Known {
    sheet: Arc<Sheet>,
    hash: u64,
}

/// What a page asks for.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// In the order of the document.
    pub(super) sheets: Vec<Arc<Sheet>>,
    /// Of the scripts that hide something, in the order of the document.
    pub(super) veils: Vec<Arc<Veil>>,
    /// Whether rules of sheets are unknown.
    pub(super) has_gaps: bool,
    /// The sheets and scripts that are not known.
    pub(crate) missing: Vec<Address>,
}

impl Sheets {
    /// Takes in a sheet that was fetched.
    pub fn insert(&self, address: &Address, body: &[u8]) {
        let sheet = Arc::new(Sheet::parse(&String::from_utf8_lossy(body)));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let rules: usize = known.values().map(|known| known.sheet.size()).sum();
        if known.len() < SHEETS && rules + sheet.size() <= RULES {
            let key = address.key();
            let hash = xxh3_64_with_seed(body, xxh3_64(key.to_string().as_bytes()));
            known.insert(key, Known { sheet, hash });
        }
    }

    /// Takes in what a script in a file hides on the pages that load it, by selectors.
    pub fn veil(&self, script: &Address, hidden: &[String]) {
        self.veils.insert(script, hidden);
    }

    /// A number that is another one whenever other sheets are known, or scripts that hide something else.
    pub fn version(&self) -> u64 {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.values().fold(self.veils.version(), |version, known| version.wrapping_add(known.hash))
    }

    fn get(&self, address: &Address) -> Option<Arc<Sheet>> {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&address.key())
            .map(|known| known.sheet.clone())
    }

    /// What a page asks for.
    pub(crate) fn wanted(&self, page: &Page) -> Wanted {
        let mut wanted = Wanted::default();
        let mut style_bytes = 0;
        for node in page.dom.tree.root().descendants() {
            let Some(element) = node.value().as_element() else { continue };
            match element.name() {
                "style" if applies(element) => {
                    style_bytes += own_text(node).len();
                    if style_bytes > STYLE_BYTES {
                        wanted.has_gaps = true;
                        continue;
                    }
                    let sheet = Arc::new(Sheet::parse(own_text(node)));
                    self.add(sheet, &page.base, IMPORTS, &mut wanted);
                }
                "link" if is_sheet(element) && applies(element) => {
                    let href = attribute(element, "href").unwrap_or_default();
                    if let Ok(address) = page.base.resolve(href, page.charset.encoding) {
                        self.fetch(&address, IMPORTS, &mut wanted);
                    }
                }
                _ => {}
            }
        }
        self.add_veils(page, &mut wanted);
        wanted
    }

    /// Adds what the scripts in files hide that a page loads.
    fn add_veils(&self, page: &Page, wanted: &mut Wanted) {
        let scripts = page.links.iter().filter(|link| link.kind == LinkKind::Script).take(SCRIPTS_OF_PAGE);
        for link in scripts {
            let Ok(script) = page.base.resolve(&link.raw, page.charset.encoding) else { continue };
            match self.veils.get(&script) {
                Some(veil) if veil.hides() && wanted.veils.len() < VEILS_OF_PAGE => wanted.veils.push(veil),
                Some(_) => {}
                None => wanted.missing.push(script),
            }
        }
    }

    fn fetch(&self, address: &Address, imports: usize, wanted: &mut Wanted) {
        match self.get(address) {
            Some(sheet) => self.add(sheet, address, imports, wanted),
            None => {
                wanted.has_gaps = true;
                wanted.missing.push(address.clone());
            }
        }
    }

    /// Adds a sheet behind those that it imports.
    fn add(&self, sheet: Arc<Sheet>, base: &Address, imports: usize, wanted: &mut Wanted) {
        if wanted.is_full() {
            return;
        }
        for import in &sheet.imports {
            match base.resolve(import, encoding_rs::UTF_8) {
                Ok(address) if imports > 0 => self.fetch(&address, imports - 1, wanted),
                _ => wanted.has_gaps = true,
            }
        }
        // Its imports come first, and may have been enough.
        if !wanted.is_full() {
            wanted.has_gaps |= sheet.is_cut;
            wanted.sheets.push(sheet);
        }
    }
}

impl Wanted {
    /// Whether there are as many sheets as a page may have; then rules are unknown.
    fn is_full(&mut self) -> bool {
        let is_full = self.sheets.len() >= OF_PAGE;
        self.has_gaps |= is_full;
        is_full
    }
}

fn applies(element: &Element) -> bool {
    attribute(element, "disabled").is_none() && attribute(element, "media").is_none_or(is_screen)
}

fn is_sheet(element: &Element) -> bool {
    let rel = attribute(element, "rel").unwrap_or_default();
    let has = |wanted: &str| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(wanted));
    has("stylesheet") && !has("alternate")
}
