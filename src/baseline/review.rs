//! A change that would alarm, and what came of looking again.

use serde::{Deserialize, Serialize};

use super::{Blind, Delta, Judgement, Knowledge, Portrait};

/// A page that changed otherwise than pages do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its address.
    pub address: String,
    /// What it was.
    pub before: Portrait,
    /// What it is.
    pub after: Portrait,
    /// Whether a person has approved of what it was.
    pub is_approved: bool,
    /// What came of looking again, in order; empty where it was not worth a look.
    pub looks: Vec<Recheck>,
}

/// What came of looking at a changed page again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recheck {
    /// It is still changed.
    Stands,
    /// It is as it was, or as pages may be: it had been seen half deployed, or somebody mended it.
    Settled,
    /// It could not be seen.
    Unseen,
}

/// What the watch of a scan brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Pages that were compared with a baseline.
    pub compared: u64,
    /// Pages of those that a stand-in hid, by what it was.
    pub hidden: Vec<(String, Blind)>,
    /// Pages that changed otherwise than pages do.
    pub reviews: Vec<Review>,
}

impl Review {
    /// What differs.
    pub fn delta(&self) -> Delta {
        Delta::between(&self.before, &self.after)
    }

    /// What it means, by what is known today.
    pub fn judge(&self, knowledge: &Knowledge<'_>) -> Judgement {
        knowledge.judge(&self.delta(), self.is_approved)
    }

    /// Whether the page was another one when it was looked at again, so that nothing is to be said.
    pub fn is_settled(&self) -> bool {
        self.looks.contains(&Recheck::Settled)
    }

    /// Whether most looks showed the change, and none another page.
    pub fn is_confirmed(&self) -> bool {
        let stood = self.looks.iter().filter(|look| **look == Recheck::Stands).count();
        !self.is_settled() && stood * 2 > self.looks.len()
    }
}
