//! Pictures by which visitors know a page, and whether one is another now.

use serde::{Deserialize, Serialize};

use crate::indicators::{Resemblance, Tampering};
use crate::likeness::Likeness;

/// A picture by which visitors know a page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Picture {
    /// Its address.
    pub address: String,
    /// Its bytes, where the crawl counted them.
    pub bytes: Option<u64>,
    /// What it looks like, where that could be told.
    #[serde(default)]
    pub likeness: Option<Likeness>,
}

/// A picture that is not to the byte what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repainted {
    /// Its address now.
    pub address: String,
    /// Bits of 64 in which it looks different; `None` where one of the two cannot be told.
    pub distance: Option<u32>,
}

impl Repainted {
    /// Pictures of the same address with other bytes, and new ones beside which old ones are gone.
    pub fn between(before: &[Picture], after: &[Picture]) -> Vec<Repainted> {
        let named = |pictures: &[Picture], address: &str| pictures.iter().any(|one| one.address == address);
        let gone: Vec<&Picture> = before.iter().filter(|old| !named(after, &old.address)).collect();
        let repainted = |new: &Picture| {
            let distance = match before.iter().find(|old| old.address == new.address) {
                Some(old) if old.is_same_file(new) => return None,
                Some(old) => old.distance(new),
                None if gone.is_empty() => return None,
                // A file that was only renamed looks like the one that is gone.
                None => gone.iter().filter_map(|old| old.distance(new)).min(),
            };
            Some(Repainted { address: new.address.clone(), distance })
        };
        after.iter().filter_map(repainted).collect()
    }

    /// Whether visitors see another picture.
    pub fn is_seen(&self, rules: &Tampering) -> bool {
        !matches!(self.resemblance(rules), Some(Resemblance::Same | Resemblance::Similar))
    }

    /// How far it resembles what it was; `None` where that cannot be told.
    pub fn resemblance(&self, rules: &Tampering) -> Option<Resemblance> {
        self.distance.map(|distance| rules.resemblance(distance))
    }
}

impl Picture {
    /// Whether nothing tells it from what it is now. What was not counted tells nothing, and what could not be told
    /// before is not missed.
    pub fn is_same_file(&self, now: &Picture) -> bool {
        let Some((before, after)) = self.bytes.zip(now.bytes) else { return true };
        before == after && (self.likeness.is_none() || self.likeness == now.likeness)
    }

    fn distance(&self, other: &Picture) -> Option<u32> {
        self.likeness.zip(other.likeness).map(|(one, another)| one.distance(another))
    }
}
