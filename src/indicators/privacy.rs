//! Private data of people: the figures, and where they come from.

use serde::Deserialize;

use super::Certainty;
use crate::privacy::Figures;

/// How private data are told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Privacy {
    /// Figures and words.
    pub figures: Figures,
    /// What they rest on.
    pub sources: Vec<Source>,
}

/// What some of the figures rest on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Which figures.
    pub what: String,
    /// The document.
    pub authority: String,
    /// How sure they are.
    pub confidence: Certainty,
}
