//! What the scans of all sites share, opened once.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use super::ScanError;
use crate::config::Settings;
use crate::evidence::Evidence;
use crate::indicators::RuleSet;
use crate::registers::Dictionaries;
use crate::speller;
use crate::store::{self, Store};
use crate::text::Shelf;

/// What the scans of all sites share.
#[derive(Clone)]
pub struct Shared {
    /// The record.
    pub store: Arc<dyn Store>,
    /// The bodies.
    pub evidence: Arc<Evidence>,
    /// The rules.
    pub rules: Arc<RuleSet>,
    /// The dictionaries of each site.
    pub dictionaries: Dictionaries,
    /// Stands for rules, dictionaries and settings as they were loaded.
    pub edition: Edition,
}

/// Stands for rules, dictionaries and settings as they were loaded: no two loadings have the same one, so that what was
/// judged by others is never taken for judged by these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition(u64);

impl Edition {
    /// The one of what was loaded just now.
    pub fn of_now() -> Edition {
        // Its keys are random, and no two have the same.
        Edition(RandomState::new().hash_one(()))
    }
}

impl Shared {
    /// Opens record, evidence, rules and dictionaries.
    pub fn open(settings: &Settings) -> Result<Shared, ScanError> {
        let rules = RuleSet::load(settings.rules_dir.as_deref()).map_err(ScanError::Rules)?;
        let shelf = Shelf::open(settings.dictionaries_dir.as_deref(), &speller::Words)
            .map_err(ScanError::Dictionaries)?;
        let store: Arc<dyn Store> = Arc::from(store::open(&settings.store_url)?);
        let dictionaries = Dictionaries::of(&shelf, &store.registers()?).map_err(ScanError::Dictionaries)?;
        Ok(Shared {
            store,
            evidence: Arc::new(Evidence::open(&settings.evidence_url)?),
            rules: Arc::new(rules),
            dictionaries,
            edition: Edition::of_now(),
        })
    }
}
