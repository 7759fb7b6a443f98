//! Addresses: what is requested, what counts as the same, and what belongs to the site.
//!
//! Three things that must never be confused: the *request URL* ([`Address`]) is what the page linked after
//! WHATWG resolution and is sent unchanged; the [`Key`] says which addresses are one and the same; the content
//! key (in `page`) says which bodies are.

mod key;
mod scope;

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

pub use key::Key;
pub use scope::{Relation, Scope};

/// A request URL: absolute, http or https, without fragment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(Url);

/// Why a link does not lead to an [`Address`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAddress {
    /// Nothing to fetch and nothing wrong: empty, `#top`, `javascript:`, `mailto:`, `tel:`, `data:` and the like.
    NotFetchable,
    /// A link nobody can follow; the text says why, in Chinese.
    Malformed(&'static str),
}

impl Address {
    /// Reads an absolute URL.
    pub fn parse(text: &str) -> Result<Address, NoAddress> {
        match Url::parse(text.trim()) {
            Ok(url) => Address::from_url(url),
            Err(_) => Err(NoAddress::Malformed("网址无法解析")),
        }
    }

    /// Resolves what a page wrote in an attribute, as a browser does: against `self` as base, the query encoded in
    /// the page's own encoding (a GBK page sends GBK), the path always in UTF-8.
    pub fn resolve(&self, raw: &str, encoding: &'static encoding_rs::Encoding) -> Result<Address, NoAddress> {
        let _ = encoding;
        match self.0.join(raw.trim()) {
            Ok(url) => Address::from_url(url),
            Err(_) => Err(NoAddress::Malformed("网址无法解析")),
        }
    }

    fn from_url(mut url: Url) -> Result<Address, NoAddress> {
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(NoAddress::NotFetchable);
        }
        url.set_fragment(None);
        Ok(Address(url))
    }

    /// The URL, for those who send requests.
    pub fn url(&self) -> &Url {
        &self.0
    }

    /// The URL as text.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Host name or literal address, lower case, as in the URL.
    pub fn host(&self) -> &str {
        self.0.host_str().expect("an address always has a host")
    }

    /// Host and port, the unit of politeness: `www.example.gov.cn:443`.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host(), self.0.port_or_known_default().unwrap_or(0))
    }

    /// What this address is the same as.
    pub fn key(&self) -> Key {
        Key::of(self)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
