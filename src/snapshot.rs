//! A view of everything one scan saw: facts, visits and the link graph, as streams.

use crate::facts::{
    Echo, HostDown, Listing, OutLink, PageFacts, PageKind, Probe, Search, Target, TargetId, Visit,
};
use crate::link::cloak;
use crate::link::landing::Landing;

/// A view of one scan, for checks that judge the whole site. Streams, never one big value in memory.
pub trait Snapshot {
    /// Calls `each` for every page, in the order of their numbers.
    fn pages(&self, each: &mut dyn FnMut(&PageFacts));
    /// Calls `each` for every known target, in the order of their numbers.
    fn targets(&self, each: &mut dyn FnMut(&Target));
    /// Calls `each` for every visited target, in the order of their numbers.
    fn visits(&self, each: &mut dyn FnMut(&Target, &Visit));
    /// Calls `each` for every page with its links, one page at a time.
    fn links(&self, each: &mut dyn FnMut(TargetId, &[OutLink]));
    /// A target by number.
    fn target(&self, id: TargetId) -> Option<Target>;
    /// What came of a target; `None`: not visited, so nothing may be claimed of it.
    fn visit(&self, id: TargetId) -> Option<Visit>;
    /// Where a page leads.
    fn links_of(&self, id: TargetId) -> Vec<OutLink>;
    /// The page of a target, where it is one.
    fn page(&self, id: TargetId) -> Option<PageFacts>;

    /// What kind of page a target is, where it is one.
    fn kind(&self, id: TargetId) -> Option<PageKind> {
        self.page(id).map(|page| page.kind)
    }

    /// Hosts that are down: one finding stands for all links to one of them.
    fn hosts_down(&self) -> Vec<HostDown>;
    /// Answers to addresses that cannot exist, for telling soft 404s.
    fn probes(&self) -> Vec<Probe>;
    /// Questions to the site's own search.
    fn searches(&self) -> Vec<Search>;
    /// That the site's own search shows back what it is asked for.
    fn echo(&self) -> Option<Echo>;
    /// What robots.txt and the sitemaps name that nobody expects there.
    fn listings(&self) -> Vec<Listing>;
    /// What stands at the far end of links to strangers.
    fn landings(&self) -> Vec<Landing>;
    /// What came of looking at the site as search engines do; `None`: nobody asked for it.
    fn cloaking(&self) -> Option<cloak::Probe>;
    /// The address by which the home page, which has https, answers without it.
    fn plain_http(&self) -> Option<String>;

    /// Calls `each` with `(page, link)` for every link that leads to one of `wanted`.
    fn links_into(&self, wanted: &Targets, each: &mut dyn FnMut(TargetId, OutLink)) {
        if wanted.is_empty() {
            return;
        }
        self.links(&mut |page, links| {
            for link in links.iter().filter(|link| wanted.contains(link.target)) {
                each(page, *link);
            }
        });
    }
}

/// A set of targets: their numbers are dense, so one bit each.
#[derive(Debug, Default)]
pub struct Targets(Vec<u64>);

impl Targets {
    /// Whether a target is among them.
    pub fn contains(&self, id: TargetId) -> bool {
        self.0.get(id as usize / 64).is_some_and(|bits| bits >> (id % 64) & 1 == 1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<TargetId> for Targets {
    fn from_iter<I: IntoIterator<Item = TargetId>>(ids: I) -> Targets {
        let mut bits = Vec::new();
        for id in ids {
            let word = id as usize / 64;
            bits.resize(bits.len().max(word + 1), 0);
            bits[word] |= 1 << (id % 64);
        }
        Targets(bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        let set: Targets = [3, 64, 700].into_iter().collect();
        let held: Vec<TargetId> = (0..1_000).filter(|id| set.contains(*id)).collect();
        assert_eq!(held, [3, 64, 700]);
        assert!(!set.is_empty() && Targets::default().is_empty());
    }
}
