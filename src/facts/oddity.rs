//! What is odd about a document, and what that means for those who judge it.

use serde::{Deserialize, Serialize};

/// What is odd about a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oddity {
    /// Cut at a cap before parsing; the text names the cap, in Chinese.
    Limited(String),
    /// The declared encoding is not the one the bytes are in.
    WrongCharset {
        /// What the page declares.
        declared: String,
        /// What it is.
        actual: String,
    },
    /// Nothing declares an encoding.
    NoCharset,
    /// NUL bytes in the body.
    NulBytes,
    /// More than one `html`, `body` or `title`.
    SeveralDocuments,
    /// A shell filled by scripts: hardly any text, no list, scripts present. Not to be called empty.
    ScriptBuilt,
    /// A JavaScript challenge or a block page of a firewall; not a page of the site.
    Challenge,
    /// Only redirects (meta refresh or `location`).
    RedirectsOnly,
}

impl Oddity {
    /// Whether what was received stands in the place of a page of the site, so that nothing may be asked of it.
    pub fn replaces_page(&self) -> bool {
        matches!(self, Oddity::Challenge | Oddity::RedirectsOnly)
    }

    /// Whether a visitor may see more than was received, so that nothing may be called missing: the page is another, a
    /// script fills it, or it was cut.
    pub fn hides_content(&self) -> bool {
        self.replaces_page() || matches!(self, Oddity::ScriptBuilt | Oddity::Limited(_))
    }
}
