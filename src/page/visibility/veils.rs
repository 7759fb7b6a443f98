//! What the scripts of a site hide from their own files, on the pages that load them.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use cssparser::Parser;
use xxhash_rust::xxh3::xxh3_64;

use super::selector::{self, Selector};
use crate::address::{Address, Key};
use crate::page::dom::Node;

/// Scripts known of one site: those that a scan reads, and as many that readings met since.
const SCRIPTS: usize = 1_000;

/// The scripts of a site that were read, by their addresses.
#[derive(Debug, Default)]
pub(super) struct Veils {
    known: RwLock<HashMap<Key, Arc<Veil>>>,
}

/// What one script hides; nothing, for most.
#[derive(Debug)]
pub(crate) struct Veil {
    /// Where the script lies.
    script: Address,
    selectors: Vec<Selector>,
    /// Another number wherever it hides something else; 0 where it hides nothing.
    hash: u64,
}

impl Veils {
    /// Takes in what a script hides.
    pub(super) fn insert(&self, script: &Address, hidden: &[String]) {
        let selectors: Vec<Selector> =
            hidden.iter().flat_map(|selector| selector::list(&mut Parser::new(selector))).collect();
        let key = script.key();
        let named = format!("{key}\n{}", hidden.join("\n"));
        let hash = if selectors.is_empty() { 0 } else { xxh3_64(named.as_bytes()) };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < SCRIPTS || known.contains_key(&key) {
            known.insert(key, Arc::new(Veil { script: script.clone(), selectors, hash }));
        }
    }

    pub(super) fn get(&self, script: &Address) -> Option<Arc<Veil>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(&script.key()).cloned()
    }

    /// A number that is another one whenever scripts are known that hide something else.
    pub(super) fn version(&self) -> u64 {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.values().fold(0, |version, veil| version.wrapping_add(veil.hash))
    }
}

impl Veil {
    /// Where the script lies.
    pub(super) fn script(&self) -> &Address {
        &self.script
    }

    /// Whether it hides anything at all.
    pub(super) fn hides(&self) -> bool {
        !self.selectors.is_empty()
    }

    /// Whether it hides an element.
    pub(super) fn covers(&self, node: Node<'_>, steps: &Cell<u32>) -> bool {
        self.selectors.iter().any(|selector| selector.matches(node, steps))
    }
}
