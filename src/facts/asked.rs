//! Questions put to a server beside the crawl, and what came of them: addresses that cannot exist, the site's own search.

use serde::{Deserialize, Serialize};

use super::ContentKeys;

/// The answer to an address that cannot exist: what this part of a host says of a missing page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Host and port.
    pub authority: String,
    /// Directory that was probed, with its slashes: `/art/`.
    pub directory: String,
    /// Status. Anything but 200 means that missing pages are told properly.
    pub status: u16,
    /// The address that was asked for.
    pub asked: String,
    /// The address that answered.
    pub landed: String,
    /// Title of the answer.
    pub title: String,
    /// Content keys of the answer.
    pub content: ContentKeys,
}

/// A question to the site's own search, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The title that was searched for.
    pub title: String,
    /// The page that has it.
    pub wanted: String,
    /// The address that was asked.
    pub asked: String,
    /// What came of it.
    pub outcome: SearchOutcome,
}

/// What came of a question to a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchOutcome {
    /// The first page of results has it.
    Found,
    /// There are results, or it says that there are none, and this one is not among them.
    Missed,
    /// The search itself failed; how, in Chinese.
    Failed(String),
    /// Nothing can be said: a script shows the results, or we were refused; why, in Chinese.
    Unclear(String),
}

/// That a page of results shows back an invented word, and search engines may keep that page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// The address that was asked.
    pub asked: String,
    /// Whether the word stands in the title of the page, which engines show; else only in its text.
    pub in_title: bool,
}
