//! Which pages are compared: home, columns, and a sample of articles that stays the same from scan to scan.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

use super::Baselines;
use crate::address::Address;
use crate::facts::{PageFacts, PageKind, TargetId};
use crate::indicators::Tampering;
use crate::snapshot::Snapshot;

/// A page to compare.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Chosen {
    /// First home, then what has a baseline, then by a number that has nothing to do with the site.
    rank: (bool, bool, u64),
    /// The key of the page, equal over scans.
    pub page: String,
    /// Its number in this scan.
    pub id: TargetId,
    /// The address that answered.
    pub address: String,
}

/// The pages to compare: those that have a baseline come first, so that the sample does not wander.
pub fn choose(snapshot: &dyn Snapshot, baselines: &Baselines, rules: &Tampering) -> Vec<Chosen> {
    let (mut home, mut columns, mut articles) = (Vec::new(), Vec::new(), Vec::new());
    let mut met = HashSet::new();
    snapshot.pages(&mut |facts| {
        let (of_kind, most) = match facts.kind {
            PageKind::Home => (&mut home, 1),
            PageKind::Column => (&mut columns, rules.columns),
            PageKind::Article => (&mut articles, rules.articles),
            // What was a key page and looks like none any more is looked at all the more.
            _ if is_known(facts, baselines) => (&mut articles, rules.articles),
            _ => return,
        };
        if let Some(chosen) = Chosen::of(facts, baselines)
            && met.insert(chosen.page.clone())
        {
            let place = of_kind.partition_point(|other| *other < chosen);
            of_kind.insert(place, chosen);
            of_kind.truncate(most);
        }
    });
    home.into_iter().chain(columns).chain(articles).take(rules.pages).collect()
}

fn is_known(facts: &PageFacts, baselines: &Baselines) -> bool {
    Chosen::of(facts, baselines).is_some_and(|chosen| baselines.good(&chosen.page).is_some())
}

impl Chosen {
    fn of(facts: &PageFacts, baselines: &Baselines) -> Option<Chosen> {
        let page = Address::parse(&facts.address).ok()?.key().to_string();
        let rank = (facts.kind != PageKind::Home, baselines.good(&page).is_none(), xxh3_64(page.as_bytes()));
        Some(Chosen { rank, page, id: facts.id, address: facts.address.clone() })
    }
}
