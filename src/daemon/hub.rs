//! What the parts of the daemon share.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::Date};
use tokio::sync::{Notify, watch};

use super::figures::Figures;
use super::queue::Queue;
use crate::alert::dispatch::Waker;
use crate::alert::route;
use crate::config::{Settings, Site};
use crate::crawl::{Tally, Watch};
use crate::evidence::Evidence;
use crate::fetch::Pace;
use crate::incident::cause::Move;
use crate::incident::{Trouble, telling};
use crate::indicators::RuleSet;
use crate::ledger::Span;
use crate::notice::{Notice, SiteName};
use crate::registers::{self, Dictionaries};
use crate::scan::{Edition, Shared};
use crate::schedule::{Calendars, JobKind, maintained};
use crate::store::outbox::Letter;
use crate::store::{IncidentFilter, News, Outbox, Remembered, Store, StoreError, Telling};
use crate::web::{Current, Knobs};

/// What changes when the configuration is read again.
pub(super) struct Standing {
    pub(super) settings: Arc<Settings>,
    pub(super) rules: Arc<RuleSet>,
    pub(super) dictionaries: Dictionaries,
    pub(super) calendars: Calendars,
    /// Stands for all of that.
    pub(super) edition: Edition,
}

impl Standing {
    pub(super) fn new(settings: &Settings, shared: &Shared) -> Result<Standing, StoreError> {
        Standing::of(settings, &*shared.store, shared.rules.clone(), shared.dictionaries.clone())
    }

    /// What the configuration says, with what people have entered laid over it.
    pub(super) fn of(
        settings: &Settings,
        store: &dyn Store,
        rules: Arc<RuleSet>,
        dictionaries: Dictionaries,
    ) -> Result<Standing, StoreError> {
        let settings = registers::apply(settings, &store.registers()?);
        let availability = rules.availability();
        let calendars = Calendars {
            zone: settings.timezone.clone(),
            spread: availability.spread.unsigned_abs(),
            quarter_lead: availability.quarter_lead.unsigned_abs(),
        };
        let edition = Edition::of_now();
        Ok(Standing { settings: Arc::new(settings), rules, dictionaries, calendars, edition })
    }

    pub(super) fn as_current(&self) -> Current {
        Current {
            settings: self.settings.clone(),
            rules: self.rules.clone(),
            lexicons: self.dictionaries.of_drafts(),
        }
    }

    /// The site of an id.
    pub(super) fn site(&self, id: &str) -> Option<&Site> {
        self.settings.sites.iter().find(|site| site.id == id)
    }

    /// The name of a site, for notices.
    pub(super) fn name_of(&self, id: &str) -> SiteName {
        let name = self.site(id).map(|site| site.name.clone().unwrap_or_else(|| site.home.host().to_owned()));
        SiteName { id: id.to_owned(), name: name.unwrap_or_else(|| id.to_owned()) }
    }

    /// Whether somebody works at a site (维护窗口), so that what does not work there says nothing.
    pub(super) fn is_worked_at(&self, site: &Site, now: Timestamp) -> bool {
        let moment = Span::new(now, now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(now));
        let windows = maintained(&site.schedule.maintenance, moment, &self.calendars.zone);
        windows.length() > SignedDuration::ZERO
    }

    /// The date where the sites are.
    pub(super) fn today(&self, now: Timestamp) -> Date {
        now.to_zoned(self.calendars.zone.clone()).date()
    }
}

/// What the parts of the daemon share.
pub(super) struct Hub {
    pub(super) store: Arc<dyn Store>,
    pub(super) evidence: Arc<Evidence>,
    pub(super) figures: Figures,
    /// What each host is promised, whichever part asks it.
    pub(super) pace: Arc<Pace>,
    standing: RwLock<Arc<Standing>>,
    generation: watch::Sender<u64>,
    /// Wakes whoever looks for work: somebody wants something now.
    pub(super) wanted: Notify,
    /// Wakes whoever reads the configuration: what people have entered has changed.
    pub(super) reload: Notify,
    wishes: Mutex<Vec<(String, JobKind)>>,
    /// Whose findings wait for pictures.
    pub(super) pictures: Queue,
    /// How far scans and readings are.
    running: Mutex<HashMap<String, Tally>>,
    waker: Mutex<Option<Waker>>,
    /// What does not work as it should, by what it is called.
    troubles: Mutex<HashMap<String, (Timestamp, String)>>,
}

impl Hub {
    pub(super) fn new(standing: Standing, shared: Shared) -> Hub {
        Hub {
            store: shared.store,
            evidence: shared.evidence,
            figures: Figures::default(),
            pace: Pace::of(&standing.settings.fetch),
            standing: RwLock::new(Arc::new(standing)),
            generation: watch::Sender::new(0),
            wanted: Notify::new(),
            reload: Notify::new(),
            wishes: Mutex::default(),
            pictures: Queue::default(),
            running: Mutex::default(),
            waker: Mutex::default(),
            troubles: Mutex::default(),
        }
    }

    /// What is in force.
    pub(super) fn standing(&self) -> Arc<Standing> {
        self.standing.read().expect("nobody panics while holding it").clone()
    }

    /// Puts something else in force.
    pub(super) fn change(&self, standing: Standing) {
        self.pace.follow(&standing.settings.fetch);
        *self.standing.write().expect("nobody panics while holding it") = Arc::new(standing);
        self.generation.send_modify(|generation| *generation += 1);
    }

    /// Tells when something else is in force.
    pub(super) fn changed(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }

    /// The record as those see it who deliver.
    pub(super) fn outbox(&self) -> Arc<dyn Outbox> {
        self.store.clone()
    }

    /// Notes who is to be woken when there is something to deliver.
    pub(super) fn wakes(&self, waker: Waker) {
        *self.waker.lock().expect("nobody panics while holding it") = Some(waker);
    }

    fn wake(&self) {
        if let Some(waker) = &*self.waker.lock().expect("nobody panics while holding it") {
            waker.wake();
        }
    }

    /// Asks the record on a thread that may block. What goes wrong there is a trouble of ours, and nothing is returned.
    pub(super) async fn ask<T: Send + 'static>(
        self: &Arc<Self>,
        question: impl FnOnce(&Hub) -> Result<T, StoreError> + Send + 'static,
    ) -> Option<T> {
        let hub = self.clone();
        let asked = tokio::task::spawn_blocking(move || question(&hub)).await;
        match asked {
            Ok(Ok(answer)) => {
                self.clear("记录库无法读写");
                Some(answer)
            }
            Ok(Err(error)) => {
                self.trouble("记录库无法读写", &error.to_string());
                None
            }
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }

    /// Gives a sign of life; says what nobody saw before it.
    pub(super) fn mark_alive(&self, now: Timestamp) -> Result<Option<Span>, StoreError> {
        self.store.mark_alive(now, self.standing().rules.availability().silence)
    }

    /// Does what a sample or a scan leads to.
    pub(super) fn act(
        &self,
        moves: Vec<Move>,
        memory: Option<Remembered>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut memory = memory;
        for one in moves {
            let memory = memory.take();
            match one {
                Move::Raise(trouble) => {
                    let telling = self.telling(self.is_muted(&trouble, now)?, String::new(), now);
                    let incident = self.store.raise(&trouble, now, telling, memory)?;
                    if incident.opened == now {
                        tracing::warn!(
                            incident = incident.id.0,
                            subject = trouble.subject,
                            "{}",
                            trouble.title
                        );
                    }
                }
                Move::Settle { subject, at, text } => {
                    let telling = self.telling(false, text.clone(), now);
                    if let Some(incident) = self.store.close(&subject, at, &text, telling, memory)? {
                        tracing::warn!(incident = incident.id.0, subject, "over: {text}");
                    }
                }
            }
        }
        if let Some(memory) = memory {
            self.store.remember(vec![memory])?;
        }
        self.wake();
        Ok(())
    }

    /// What is told when something happens to an incident. One that was raised in silence ends in silence.
    fn telling(&self, is_muted: bool, text: String, now: Timestamp) -> Telling {
        let standing = self.standing();
        Box::new(move |incident, news| {
            let alert = &standing.settings.alert;
            match news {
                News::Opened | News::Grew(_) if is_muted => Vec::new(),
                News::Opened => route::letters(alert, &telling::opening(incident), 0, now),
                News::Grew(_) if incident.told.last.is_none() => Vec::new(),
                News::Grew(times) => route::letters(alert, &telling::growth(incident, times, now), 0, now),
                News::Closed if incident.told.last.is_none() => Vec::new(),
                News::Closed => {
                    let notice = telling::recovery(incident, incident.closed.unwrap_or(now), &text);
                    // Whoever heard of it on a higher rung hears of its end there.
                    (0..=incident.told.rung)
                        .flat_map(|rung| route::letters(alert, &notice, rung, now))
                        .collect()
                }
            }
        })
    }

    /// Whether nobody is to be told of a trouble now: silenced, worked at, or part of something larger that is told.
    pub(super) fn is_muted(&self, trouble: &Trouble, now: Timestamp) -> Result<bool, StoreError> {
        if self.store.silences(now)?.iter().any(|silence| silence.covers(trouble, now)) {
            return Ok(true);
        }
        let standing = self.standing();
        let Some(site) = trouble.site.as_ref().and_then(|site| standing.site(&site.id)) else {
            return Ok(false);
        };
        if standing.is_worked_at(site, now) {
            return Ok(true);
        }
        let home = format!("probe:{}", site.id);
        if trouble.subject == home || !trouble.subject.starts_with("probe:") {
            return Ok(false);
        }
        let open = IncidentFilter { open: true, site: Some(site.id.clone()), ..IncidentFilter::default() };
        Ok(self.store.incidents(&open)?.iter().any(|incident| incident.trouble.subject == home))
    }

    /// Puts the letters of a notice into the outbox that belongs to no incident.
    pub(super) fn tell(&self, notice: &Notice, now: Timestamp) -> Result<(), StoreError> {
        let letters: Vec<Letter> = route::letters(&self.standing().settings.alert, notice, 0, now);
        self.store.enqueue(letters, now)?;
        self.wake();
        Ok(())
    }

    /// Somebody has put letters into the outbox.
    pub(super) fn enqueued(&self) {
        self.wake();
    }

    /// Notes that something of ours does not work; in the log once, however often it is noted.
    pub(super) fn trouble(&self, what: &str, why: &str) {
        let mut troubles = self.troubles.lock().expect("nobody panics while holding it");
        let is_new = troubles.insert(what.to_owned(), (Timestamp::now(), why.to_owned())).is_none();
        if is_new {
            tracing::error!(why, "{what}");
        }
    }

    /// Notes that it works again.
    pub(super) fn clear(&self, what: &str) {
        let gone = self.troubles.lock().expect("nobody panics while holding it").remove(what);
        if gone.is_some() {
            tracing::warn!("works again: {what}");
        }
    }

    /// What does not work, in Chinese.
    pub(super) fn troubles(&self) -> Vec<String> {
        let troubles = self.troubles.lock().expect("nobody panics while holding it");
        let mut said: Vec<String> =
            troubles.iter().map(|(what, (_, why))| format!("{what}：{why}")).collect();
        said.sort();
        said
    }

    /// The jobs that somebody wants now.
    pub(super) fn take_wishes(&self) -> Vec<(String, JobKind)> {
        std::mem::take(&mut *self.wishes.lock().expect("nobody panics while holding it"))
    }

    /// Keeps a wish for later: somebody works at its site.
    pub(super) fn wish_again(&self, site: &str, kind: JobKind) {
        self.wishes.lock().expect("nobody panics while holding it").push((site.to_owned(), kind));
    }

    fn wish(&self, site: &str, kind: JobKind) {
        let mut wishes = self.wishes.lock().expect("nobody panics while holding it");
        if !wishes.iter().any(|(other, same)| other == site && *same == kind) {
            wishes.push((site.to_owned(), kind));
        }
        drop(wishes);
        self.wanted.notify_one();
    }

    /// Watches the scan of a site.
    pub(super) fn watch(self: &Arc<Self>, site: &str) -> Overseer {
        Overseer { hub: self.clone(), site: site.to_owned() }
    }
}

/// Keeps how far the scan of a site is, as long as it lives.
pub(super) struct Overseer {
    hub: Arc<Hub>,
    site: String,
}

impl Watch for Overseer {
    fn tick(&self, tally: &Tally) {
        self.hub.running.lock().expect("nobody panics while holding it").insert(self.site.clone(), *tally);
    }
}

impl Drop for Overseer {
    fn drop(&mut self) {
        self.hub.running.lock().expect("nobody panics while holding it").remove(&self.site);
    }
}

impl Knobs for Hub {
    fn health(&self) -> Vec<String> {
        self.troubles()
    }

    fn metrics(&self) -> String {
        let backlog = self.store.backlog().unwrap_or_default();
        let open = IncidentFilter { open: true, ..IncidentFilter::default() };
        let incidents = self.store.incidents(&open).map_or(0, |open| open.len());
        self.figures.text(&backlog, incidents, self.troubles().len())
    }

    fn scan(&self, site: &str) {
        self.wish(site, JobKind::FullScan);
    }

    fn read(&self, site: &str) {
        self.wish(site, JobKind::Read);
    }

    fn reload(&self) {
        self.reload.notify_one();
    }

    fn progress(&self, site: &str) -> Option<Tally> {
        self.running.lock().expect("nobody panics while holding it").get(site).copied()
    }
}

/// Time between two looks at something that changes seldom.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// Counts something.
pub(super) fn count(counter: &std::sync::atomic::AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}
