//! The watch over key pages at the end of a crawl: compares them with their baselines, and looks again at what would
//! alarm before anybody hears of it.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::kept::Kept;
use super::key;
use crate::address::Address;
use crate::baseline::{
    Baselines, Blind, Course, Delta, Knowledge, Look, Picture, Portrait, Recheck, Review, Studio, Taken,
    Watched, choose,
};
use crate::crawl::Examiner;
use crate::evidence::Evidence;
use crate::facts::{LinkKind, TargetId, Visit};
use crate::fetch::{BodyEnd, Capture, Connection, Fetch, Purpose, Request};
use crate::page::{self, Source};
use crate::snapshot::Snapshot;
use crate::state::State;

/// Changed pages that are looked at again. Where most of a site changed, these tell for the rest.
const LOOKED_AT: usize = 20;

/// Looks at the key pages of a site.
pub(super) struct Sentry<'a> {
    pub(super) state: &'a State,
    pub(super) evidence: &'a Evidence,
    pub(super) examiner: &'a Examiner,
    pub(super) baselines: &'a Baselines,
    /// The pictures by which visitors know the site.
    pictures: HashMap<String, Look>,
}

/// What the watch has seen.
pub(super) struct Looked {
    pub(super) watched: Watched,
    /// What follows for the baselines of pages that changed as pages do.
    taken: Vec<Taken>,
    /// The keys of the pages under review, in their order.
    reviewed: Vec<String>,
}

impl Looked {
    /// What follows for the baselines. A page that has settled meanwhile is left to the next scan.
    pub(super) fn into_taken(self) -> Vec<Taken> {
        let reviews = self.reviewed.into_iter().zip(self.watched.reviews);
        let waiting = reviews.filter(|(_, review)| !review.is_settled()).map(|(page, review)| Taken {
            page,
            address: review.address,
            course: Course::Wait(Box::new(review.after)),
        });
        self.taken.into_iter().chain(waiting).collect()
    }
}

impl<'a> Sentry<'a> {
    pub(super) fn new(
        state: &'a State,
        evidence: &'a Evidence,
        examiner: &'a Examiner,
        baselines: &'a Baselines,
    ) -> Sentry<'a> {
        let rules = examiner.rules.tampering();
        let mut pictures = HashMap::new();
        state.visits(&mut |target, visit| {
            let is_whole = visit.status == Some(200) && visit.end == Some(BodyEnd::Complete);
            let is_seen = target.found_as == LinkKind::Image && is_whole;
            if is_seen && rules.is_emblem(&target.address) {
                let look = Look { bytes: visit.bytes, likeness: visit.likeness };
                pictures.insert(key(&target.address), look);
            }
        });
        Sentry { state, evidence, examiner, baselines, pictures }
    }

    /// Compares the key pages with their baselines.
    pub(super) fn look(&self) -> Looked {
        let mut looked = Looked { watched: Watched::default(), taken: self.gone(), reviewed: Vec::new() };
        for chosen in choose(self.state, self.baselines, self.examiner.rules.tampering()) {
            if self.baselines.good(&chosen.page).is_some_and(|known| self.shows(chosen.id, &known.portrait)) {
                looked.watched.compared += 1;
                looked.taken.push(Taken { page: chosen.page, address: chosen.address, course: Course::Same });
                continue;
            }
            let after = match self.portrait(chosen.id) {
                Some(Ok(after)) => after,
                Some(Err(blind)) => {
                    looked.watched.hidden.push((chosen.address, blind));
                    continue;
                }
                None => continue,
            };
            let Some(baseline) = self.baselines.good(&chosen.page) else {
                let course = Course::Follow(Box::new(after));
                looked.taken.push(Taken { page: chosen.page, address: chosen.address, course });
                continue;
            };
            looked.watched.compared += 1;
            let delta = Delta::between(&baseline.portrait, &after);
            let is_approved = baseline.approval.is_some();
            let course = if delta.is_empty() {
                Course::Same
            } else if self.knowledge().judge(&delta, is_approved).is_accepted {
                Course::Follow(Box::new(after))
            } else {
                looked.reviewed.push(chosen.page);
                looked.watched.reviews.push(Review {
                    address: chosen.address,
                    before: baseline.portrait.clone(),
                    after,
                    is_approved,
                    looks: Vec::new(),
                });
                continue;
            };
            looked.taken.push(Taken { page: chosen.page, address: chosen.address, course });
        }
        looked
    }

    /// Looks at each alarming change again, so often and so far apart as the rules and settings say, the last time past
    /// all caches.
    pub(super) async fn look_again(&self, watched: &mut Watched, fetch: &dyn Fetch, spacing: Duration) {
        let alarms = |review: &Review| review.judge(&self.knowledge()).alarm.is_some();
        let mut alarming: Vec<&mut Review> =
            watched.reviews.iter_mut().filter(|review| alarms(review)).take(LOOKED_AT).collect();
        let tries = self.examiner.rules.tampering().tries;
        for number in 1..=tries {
            if alarming.is_empty() {
                return;
            }
            tokio::time::sleep(spacing).await;
            for review in &mut alarming {
                let look = self.look_once(review, fetch, number == tries).await;
                review.looks.push(look);
            }
        }
    }

    async fn look_once(&self, review: &Review, fetch: &dyn Fetch, past_caches: bool) -> Recheck {
        let Ok(mut address) = Address::parse(&review.address) else { return Recheck::Unseen };
        if past_caches {
            address = unheard_of(&address, review);
        }
        let request = Request { connection: Connection::Fresh, ..Request::of(address, Purpose::Page) };
        let Ok(capture) = fetch.fetch(&request).await else { return Recheck::Unseen };
        let portrait = tokio::task::block_in_place(|| self.portrait_of(&capture, review));
        let Some(now) = portrait else { return Recheck::Unseen };
        let before = review.judge(&self.knowledge()).change;
        let again = Delta::between(&review.before, &now);
        match self.knowledge().judge(&again, review.is_approved).change == before {
            true => Recheck::Stands,
            false => Recheck::Settled,
        }
    }

    /// The portrait of a page as it came back just now.
    fn portrait_of(&self, capture: &Capture, review: &Review) -> Option<Portrait> {
        if capture.status != 200 || capture.end != BodyEnd::Complete {
            return None;
        }
        let body = self.evidence.put_blocking(capture.body.clone()).ok()?;
        let page = page::parse(Source {
            address: &capture.address,
            content_type: capture.header("content-type"),
            body: &capture.body,
            is_home: review.before.kind == crate::facts::PageKind::Home,
        });
        self.studio(|studio| studio.portray(&page, body)).ok()
    }

    /// Whether a page is to the byte what it was for a portrait, and so are its pictures: nothing is drawn anew then.
    fn shows(&self, id: TargetId, portrait: &Portrait) -> bool {
        let is_whole = |visit: &Visit| visit.end == Some(BodyEnd::Complete);
        let body = self.state.visit(id).filter(is_whole).and_then(|visit| visit.body);
        let is_same = |picture: &Picture| {
            let now = |look: &Look| Picture {
                address: picture.address.clone(),
                bytes: Some(look.bytes),
                likeness: look.likeness,
            };
            self.pictures.get(&picture.address).is_none_or(|look| picture.is_same_file(&now(look)))
        };
        body == Some(portrait.body) && portrait.pictures.iter().all(is_same)
    }

    /// The portrait of a page of this scan; `None` where its evidence is gone.
    fn portrait(&self, id: TargetId) -> Option<Result<Portrait, Blind>> {
        let kept = Kept::read(id, self.state, self.evidence)?;
        let name = kept.visit.body?;
        if kept.visit.end != Some(BodyEnd::Complete) {
            return Some(Err(Blind::Cut));
        }
        let portrait = self.studio(|studio| studio.portray(&kept.page(), name));
        // A registered column is one whatever it looks like.
        Some(portrait.map(|portrait| Portrait { kind: kept.facts.kind, ..portrait }))
    }

    fn studio<T>(&self, use_it: impl FnOnce(&Studio<'_>) -> T) -> T {
        let Examiner { site, rules, lexicons, .. } = self.examiner;
        let look_of = |address: &Address| self.pictures.get(&address.key().to_string()).copied();
        use_it(&Studio { site, rules, lexicons, look_of: &look_of })
    }

    fn knowledge(&self) -> Knowledge<'_> {
        Knowledge { site: &self.examiner.site, rules: &self.examiner.rules }
    }

    /// Pages with a baseline that are gone.
    fn gone(&self) -> Vec<Taken> {
        let mut met = HashSet::new();
        let mut gone = Vec::new();
        self.state.visits(&mut |target, visit| {
            let page = key(&target.address);
            let is_gone = target.own && visit.verdict.counts() && matches!(visit.status, Some(404 | 410));
            if is_gone && self.baselines.good(&page).is_some() && met.insert(page.clone()) {
                gone.push(Taken { page, address: target.address.clone(), course: Course::Forget });
            }
        });
        gone
    }
}

/// An address of the same page that no cache has met.
fn unheard_of(address: &Address, review: &Review) -> Address {
    let mut url = address.url().clone();
    let [a, b, c, d, ..] = review.after.body.0;
    url.query_pairs_mut().append_pair("_", &format!("{a:02x}{b:02x}{c:02x}{d:02x}"));
    Address::parse(url.as_str()).unwrap_or_else(|_| address.clone())
}
