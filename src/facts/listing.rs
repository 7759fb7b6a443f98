//! What a site names for search engines outside of its pages: in robots.txt and in sitemaps.

use serde::{Deserialize, Serialize};

/// An address that a file names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// As written.
    pub address: String,
    /// The byte where it stands, in the text of the file: unpacked, and in UTF-8.
    pub offset: u64,
}

/// A file in which a site names addresses, and those of them that nobody expects there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Its address.
    pub address: String,
    /// What it is.
    pub file: ListingFile,
    /// What it names: of each foreign host the first, and of the site's own what the dictionaries have something to say
    /// of.
    pub named: Vec<Named>,
}

/// What a file is that names addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ListingFile {
    /// `robots.txt`, whose addresses are those of sitemaps.
    Robots,
    /// An index of sitemaps.
    Index,
    /// A sitemap.
    Sitemap,
}

/// An address that nobody expects in such a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The first of its kind.
    pub mention: Mention,
    /// Addresses that are named of this host; 1 for one of the site's own.
    pub times: u64,
    /// Whether it belongs to the site.
    pub own: bool,
}
