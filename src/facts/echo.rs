//! Whether the site's own search shows back whatever it is asked for.

use serde::{Deserialize, Serialize};

/// That a page of results shows back an invented word, and search engines may keep that page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echo {
    /// The address that was asked.
    pub asked: String,
    /// Whether the word stands in the title of the page, which engines show; else only in its text.
    pub in_title: bool,
}
