//! How much of a site a crawl looks at: all of it, or what a reading is about.

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

use super::discover::Finder;
use crate::address::{Address, Key};
use crate::facts::{HOME, Target};
use crate::page::LinkKind;

/// How much of a site a crawl looks at.
#[derive(Debug, Default)]
pub enum Extent {
    /// Everything that belongs to it, and every link that leaves it.
    #[default]
    Whole,
    /// What a reading is about.
    Reading(Choice),
}

/// What a reading looks at: certain addresses, what is new behind them, and everything the home page shows.
#[derive(Debug, Default)]
pub struct Choice {
    /// Where it begins, besides the home page, and as what.
    pub begin: Vec<(Address, LinkKind)>,
    /// What was known before.
    pub known: Known,
    /// What is looked at wherever it is linked, known or not.
    pub wanted: Known,
}

/// Addresses, by the hash of their dedup keys: eight bytes each.
#[derive(Debug, Default)]
pub struct Known(HashSet<u64>);

impl Known {
    /// Takes in an address.
    pub fn insert(&mut self, address: &Address) {
        self.0.insert(hash(&address.key()));
    }

    /// Whether an address is one of them.
    pub fn has(&self, address: &Address) -> bool {
        self.0.contains(&hash(&address.key()))
    }
}

fn hash(key: &Key) -> u64 {
    xxh3_64(key.to_string().as_bytes())
}

impl Extent {
    /// Whether the whole site is looked at.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self, Extent::Whole)
    }

    /// The addresses to begin with, besides the home page, and as what.
    pub(super) fn begin(&self) -> &[(Address, LinkKind)] {
        match self {
            Extent::Whole => &[],
            Extent::Reading(choice) => &choice.begin,
        }
    }

    /// Whether a target that was met on a page is looked at.
    pub(super) fn includes(&self, target: &Target, address: &Address, finder: Option<&Finder<'_>>) -> bool {
        let Extent::Reading(choice) = self else { return true };
        // What nobody linked was asked for.
        let Some(finder) = finder else { return true };
        if choice.wanted.has(address) {
            return true;
        }
        match target.found_as {
            // Pages are judged by their sheets, and what is put into one script is on every page.
            LinkKind::Style => true,
            LinkKind::Script if target.own => true,
            LinkKind::Anchor if target.own => finder.depth == 0 && !choice.known.has(address),
            _ => finder.id == HOME,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(
        extent: &Extent,
        url: &str,
        own: bool,
        found_as: LinkKind,
        on: Option<(u32, u16)>,
        expected: bool,
    ) {
        let address = Address::parse(url).unwrap();
        let target = Target {
            id: 9,
            address: url.to_owned(),
            own,
            depth: 1,
            found_on: on.map(|(id, _)| id),
            found_as,
        };
        let finder = on.map(|(id, depth)| Finder { id, depth, base: &address, encoding: encoding_rs::UTF_8 });
        assert_eq!(
            extent.includes(&target, &address, finder.as_ref()),
            expected,
            "{url} {found_as:?} {on:?}"
        );
    }

    #[test]
    fn a_reading_follows_what_is_new_and_all_that_the_home_page_shows() {
        let mut known = Known::default();
        known.insert(&Address::parse("http://a.test/old.html").unwrap());
        let mut wanted = Known::default();
        wanted.insert(&Address::parse("http://b.test/dead.html").unwrap());
        let reading = Extent::Reading(Choice { begin: Vec::new(), known, wanted });
        let (home, column, article) = (Some((HOME, 0)), Some((5, 0)), Some((6, 1)));
        check(&reading, "http://a.test/xxgk/", true, LinkKind::Anchor, None, true);
        check(&reading, "http://a.test/new.html", true, LinkKind::Anchor, home, true);
        check(&reading, "http://a.test/new.html", true, LinkKind::Anchor, column, true);
        check(&reading, "http://a.test/old.html", true, LinkKind::Anchor, home, false);
        check(&reading, "http://a.test/new.html", true, LinkKind::Anchor, article, false);
        check(&reading, "http://a.test/site.css", true, LinkKind::Style, article, true);
        check(&reading, "http://a.test/common.js", true, LinkKind::Script, article, true);
        check(&reading, "http://b.test/vendor.js", false, LinkKind::Script, home, true);
        check(&reading, "http://b.test/vendor.js", false, LinkKind::Script, article, false);
        check(&reading, "http://b.test/", false, LinkKind::Anchor, home, true);
        check(&reading, "http://b.test/", false, LinkKind::Anchor, column, false);
        check(&reading, "http://a.test/logo.png", true, LinkKind::Image, home, true);
        check(&reading, "http://a.test/photo.png", true, LinkKind::Image, article, false);
        check(&reading, "http://b.test/dead.html", false, LinkKind::Anchor, column, true);
        check(&Extent::Whole, "http://a.test/old.html", true, LinkKind::Anchor, article, true);
    }
}
