//! What every page may use.

use std::sync::{Arc, RwLock};

use jiff::Timestamp;
use jiff::civil::Date;
use tokio::sync::Semaphore;

use super::answer::Failure;
use super::visitor::Visitor;
use crate::config::{Settings, Site};
use crate::evidence::Evidence;
use crate::indicators::RuleSet;
use crate::people::Token;
use crate::store::{Store, StoreError};
use crate::text::Lexicons;

/// Drafts that are checked at the same time: pages and probes must go on beside them.
const SEATS: usize = 2;

/// What every page may use. Clones share it.
#[derive(Clone)]
pub struct App {
    /// The record.
    pub store: Arc<dyn Store>,
    /// The bodies.
    pub evidence: Arc<Evidence>,
    /// What changes when the configuration is read again.
    current: Arc<RwLock<Current>>,
    /// Things that the daemon does on request.
    pub knobs: Arc<dyn Knobs>,
    /// What the form tokens of people are made from whom a proxy has logged in: they have no session here.
    pub(super) form_key: Arc<Token>,
    /// Seats for checking drafts.
    pub(super) seats: Arc<Semaphore>,
    /// What whoever sets the program up must know: it stands in the log and in a file beside the data.
    pub setup_code: Arc<Token>,
}

/// What changes when the configuration is read again.
#[derive(Clone)]
pub struct Current {
    /// The settings in force.
    pub settings: Arc<Settings>,
    /// The rules in force.
    pub rules: Arc<RuleSet>,
    /// The dictionaries in force.
    pub lexicons: Arc<Lexicons>,
}

/// Things that the daemon does on request. A dashboard without a daemon has none of them.
pub trait Knobs: Send + Sync {
    /// Whether everything that should happen happens; and what does not, in Chinese.
    fn health(&self) -> Vec<String>;

    /// The figures for Prometheus.
    fn metrics(&self) -> String;

    /// Has a site scanned in full as soon as possible.
    fn scan(&self, site: &str);

    /// Has a site read as soon as possible: with the pages where something was found.
    fn read(&self, site: &str);

    /// Takes in what people have entered that changes the settings: registers.
    fn reload(&self);

    /// How far the scan of a site is, where one runs.
    fn progress(&self, site: &str) -> Option<crate::crawl::Tally>;
}

impl App {
    /// Puts together what pages use.
    pub fn new(
        store: Arc<dyn Store>,
        evidence: Arc<Evidence>,
        current: Current,
        knobs: Arc<dyn Knobs>,
        setup_code: Token,
    ) -> App {
        App {
            store,
            evidence,
            current: Arc::new(RwLock::new(current)),
            knobs,
            form_key: Arc::new(Token::random()),
            seats: Arc::new(Semaphore::new(SEATS)),
            setup_code: Arc::new(setup_code),
        }
    }

    /// What is in force now.
    pub fn current(&self) -> Current {
        self.current.read().expect("nobody panics while holding it").clone()
    }

    /// Puts something else in force.
    pub fn change(&self, current: Current) {
        *self.current.write().expect("nobody panics while holding it") = current;
    }

    /// A site that the visitor sees; what is not theirs is not there.
    pub(super) fn site(&self, visitor: &Visitor, id: &str) -> Result<Site, Failure> {
        let settings = self.current().settings;
        let site = settings.sites.iter().find(|site| site.id == id && visitor.sees(id));
        site.cloned().ok_or(Failure::NotFound)
    }

    /// The sites that the visitor sees.
    pub(super) fn sites(&self, visitor: &Visitor) -> Vec<Site> {
        let settings = self.current().settings;
        settings.sites.iter().filter(|site| visitor.sees(&site.id)).cloned().collect()
    }

    /// The day it is where the sites are.
    pub(super) fn today(&self) -> Date {
        self.now().to_zoned(self.current().settings.timezone.clone()).date()
    }

    /// The time, in one place.
    pub fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// Asks the record on a thread that may block.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let store = self.store.clone();
        let asked = tokio::task::spawn_blocking(move || question(&*store));
        asked.await.expect("asking the record does not panic")
    }
}
