//! Whether a change is one of the site as a whole, and then whether its keepers made it.

use std::collections::BTreeMap;

use super::{Change, Delta, Gains, Judgement, Knowledge, Review};

/// What happened to most of the compared pages alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whole {
    /// It was rebuilt: its names, its menu and its hosts are known.
    Redesigned,
    /// It was rebuilt, and its menu is another, too.
    Moved,
    /// Its organ has another name now, and all else is as it was: organs are merged and renamed.
    Renamed,
    /// It was attacked.
    Attacked,
}

/// A change that still stood when it was looked at again, with what it means.
pub struct Judged<'r> {
    /// The page before and after.
    pub review: &'r Review,
    /// What differs.
    pub delta: Delta,
    /// What it means.
    pub judgement: Judgement,
}

/// The change that most of the compared pages share, with those that show it.
pub fn whole<'j, 'r>(
    judged: &'j [Judged<'r>],
    compared: u64,
    knowledge: &Knowledge<'_>,
) -> Option<(Whole, Vec<&'j Judged<'r>>)> {
    let rules = knowledge.rules.tampering();
    let is_most =
        |pages: usize| pages >= rules.site_pages && pages as f64 >= rules.site_share * compared.max(1) as f64;
    let alike = |change: Change, strangers: &Gains| {
        judged
            .iter()
            .filter(|one| one.judgement.change == change && one.judgement.strangers == *strangers)
            .collect::<Vec<_>>()
    };
    let kinds = judged.iter().map(|one| (one.judgement.change, &one.judgement.strangers));
    let shared = kinds
        .filter(|(change, _)| !matches!(change, Change::Benign | Change::Style | Change::Media))
        .map(|(change, strangers)| (change, alike(change, strangers)))
        .find(|(_, pages)| is_most(pages.len()));
    let (change, pages) = shared?;
    let most = |is_so: &dyn Fn(&Delta) -> bool| {
        let so = pages.iter().filter(|one| is_so(&one.delta)).count();
        so as f64 >= rules.site_share * pages.len() as f64
    };
    let is_ours = pages.iter().all(|one| one.judgement.strangers.is_empty())
        && most(&|delta| !delta.is_nameless)
        && change != Change::Phrase;
    let keeps_menu = most(&|delta| delta.menu >= rules.menu_kept);
    // Whoever puts another name on a site and strangers on one page of it is no organ.
    let is_quiet = judged.iter().all(|one| one.judgement.change <= Change::Renamed);
    let whole = match (is_ours, keeps_menu) {
        (true, true) => Whole::Redesigned,
        (true, false) => Whole::Moved,
        (false, true) if change == Change::Renamed && is_quiet && shares_name(&pages, rules.site_share) => {
            Whole::Renamed
        }
        (false, _) => Whole::Attacked,
    };
    Some((whole, pages))
}

/// Whether the titles of so large a share of the pages name one and the same organ now.
fn shares_name(pages: &[&Judged<'_>], share: f64) -> bool {
    let mut names: BTreeMap<&str, usize> = BTreeMap::new();
    for name in pages.iter().flat_map(|one| &one.review.after.names) {
        *names.entry(name).or_default() += 1;
    }
    names.values().any(|named| *named as f64 >= share * pages.len() as f64)
}
