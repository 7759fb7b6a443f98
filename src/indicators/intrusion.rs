//! What tells that strangers speak through a site: pages behind its links, and pages that change with the visitor.

use jiff::civil::Date;
use serde::Deserialize;
use xxhash_rust::xxh3::xxh3_64;

use super::Certainty;
use crate::link::cloak;
use crate::link::landing::Signs;

/// How the pages behind links to unknown hosts are looked at, and what speaks against them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Landings {
    /// `User-Agent` of a reader at a desk.
    pub desktop_agent: String,
    /// `User-Agent` of a reader with a phone.
    pub phone_agent: String,
    /// From when on what was seen says something.
    pub signs: Signs,
    /// What the figures rest on.
    pub source: String,
    /// How sure they are.
    pub confidence: Certainty,
}

/// How it is told whether a site shows search engines and their visitors another page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cloaking {
    /// Section pages that are looked at.
    pub sections: usize,
    /// Articles that are looked at.
    pub articles: usize,
    /// As whom every page is looked at besides a reader.
    #[serde(rename = "view")]
    pub views: Vec<Guise>,
    /// Of these one a day.
    pub rotating: Vec<Guise>,
    /// From when on a difference says something.
    pub signs: cloak::Signs,
    /// What the figures rest on.
    pub source: String,
    /// How sure they are.
    pub confidence: Certainty,
}

/// As whom a page is looked at.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guise {
    /// Who that is, in Chinese.
    pub name: String,
    /// `User-Agent`.
    pub agent: String,
    /// `Referer`.
    pub referrer: Option<String>,
}

impl Cloaking {
    /// As whom pages are looked at on a day: the same on the same day.
    ///
    /// Each day brings the next one of those that take turns, so that after as many days as there are each had its
    /// own; at which one a site begins is told by its name, so that not all sites wait for the same day.
    pub fn views_on(&self, day: Date, site: &str) -> impl Iterator<Item = &Guise> {
        let turns = self.rotating.len().max(1) as i64;
        let day = day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
        let first = (xxh3_64(site.as_bytes()) % turns as u64) as i64;
        let rotating = self.rotating.get((day + first).rem_euclid(turns) as usize);
        self.views.iter().chain(rotating)
    }
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan as _;
    use jiff::civil::date;

    use crate::indicators::RuleSet;

    #[test]
    fn every_engine_has_its_day() {
        let rules = RuleSet::built_in();
        let cloaking = rules.cloaking();
        let turns = cloaking.rotating.len();
        let of_day = |day, site| cloaking.views_on(day, site).last().expect("a view").name.clone();
        // Over the end of a year, and over a leap day.
        for first in [date(2026, 12, 28), date(2028, 2, 27), date(1969, 12, 30)] {
            for site in ["sthjt", "example"] {
                let days = (0..turns).map(|number| first + (number as i64).days());
                let mut seen: Vec<String> = days.map(|day| of_day(day, site)).collect();
                assert_eq!(of_day(first, site), seen[0], "the same on the same day");
                seen.sort();
                seen.dedup();
                assert_eq!(seen.len(), turns, "{first} {site}: {seen:?}");
            }
        }
        let sites = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let begun: std::collections::BTreeSet<String> =
            sites.iter().map(|site| of_day(date(2026, 11, 21), site)).collect();
        assert!(begun.len() > 1, "not all sites wait for the same day");
    }
}
