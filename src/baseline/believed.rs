//! Which portrait of a page is believed in.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Delta, Judgement, Portrait};

/// A portrait in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// The key of the page.
    pub page: String,
    /// Its address.
    pub address: String,
    /// What it looks like.
    pub portrait: Portrait,
    /// How it stands.
    pub standing: Standing,
    /// Who has approved of it, or of the one that it followed by itself.
    pub approval: Option<Approval>,
    /// When it was seen.
    pub seen: Timestamp,
}

/// How a portrait stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// What the page is compared with.
    Good,
    /// A change that a person has to accept, or to mend.
    Waiting,
}

/// Who has approved of a page as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The portraits of a site: of each page the last good one, and the one that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baselines {
    good: BTreeMap<String, Baseline>,
    waiting: BTreeMap<String, Baseline>,
}

/// A change that waits for a person.
pub struct Difference {
    /// What the page was.
    pub before: Baseline,
    /// What it is.
    pub after: Baseline,
    /// What differs.
    pub delta: Delta,
    /// What it means.
    pub judgement: Judgement,
    /// Lines of text that are gone, and that are new; `None` where an original is gone.
    pub lines: Option<(Vec<String>, Vec<String>)>,
}

/// What a scan has seen of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The key of the page.
    pub page: String,
    /// Its address.
    pub address: String,
    /// What follows.
    pub course: Course,
}

/// What follows for the baseline of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Course {
    /// It is as it was: nothing waits any more.
    Same,
    /// It is good as it is now.
    Follow(Box<Portrait>),
    /// A person must see it.
    Wait(Box<Portrait>),
    /// The page is gone.
    Forget,
}

impl Baselines {
    /// Gathers portraits, those of a page in the order in which they were taken.
    pub fn of(portraits: impl IntoIterator<Item = Baseline>) -> Baselines {
        let mut baselines = Baselines::default();
        for baseline in portraits {
            let of_standing = match baseline.standing {
                Standing::Good => &mut baselines.good,
                Standing::Waiting => &mut baselines.waiting,
            };
            of_standing.insert(baseline.page.clone(), baseline);
        }
        baselines
    }

    /// What a page is compared with.
    pub fn good(&self, page: &str) -> Option<&Baseline> {
        self.good.get(page)
    }

    /// The change of a page that waits for a person.
    pub fn waiting(&self, page: &str) -> Option<&Baseline> {
        self.waiting.get(page)
    }

    /// Every page with a baseline, in the order of their keys.
    pub fn pages(&self) -> impl Iterator<Item = &Baseline> {
        self.good.values()
    }

    /// Every portrait.
    pub fn all(&self) -> impl Iterator<Item = &Baseline> {
        self.good.values().chain(self.waiting.values())
    }
}
