//! What tells that strangers speak through a site: pages behind its links, and pages that change with the visitor.

use serde::Deserialize;

use super::Certainty;
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
