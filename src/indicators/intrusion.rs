//! What tells that strangers speak through a site: pages behind its links, and pages that change with the visitor.

use jiff::civil::Date;
use serde::Deserialize;

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
    pub fn views_on(&self, day: Date) -> impl Iterator<Item = &Guise> {
        let number =
            usize::from(day.year().unsigned_abs()) * 366 + usize::from(day.day_of_year().unsigned_abs());
        let rotating = self.rotating.get(number % self.rotating.len().max(1));
        self.views.iter().chain(rotating)
    }
}
