//! How the site's own search is tried: what tells its form, and which titles it is asked for.

use serde::Deserialize;

use super::Certainty;

/// How the site's own search is tried.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Searching {
    /// Words, in lower case, one of which a form says if it is a search.
    pub signs: Vec<String>,
    /// Words by which a page of results says that there are none.
    pub nothing: Vec<String>,
    /// Days that the index has to take in what is new.
    pub index_days: u16,
    /// Titles of ordinary articles that are searched for.
    pub articles: usize,
    /// Titles of policy files.
    pub policies: usize,
    /// Titles of service guides.
    pub services: usize,
    /// The document it rests on.
    pub authority: String,
    /// How sure these figures are.
    pub confidence: Certainty,
}
