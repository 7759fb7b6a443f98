//! How tampering is told: which pages are compared, and from which change on.

use serde::Deserialize;

use super::Certainty;

/// How tampering (篡改) is told.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tampering {
    /// Columns that are compared.
    pub columns: usize,
    /// Articles that are compared.
    pub articles: usize,
    /// Pages that are compared in all.
    pub pages: usize,
    /// Good baselines kept of a page.
    pub kept: u32,
    /// Fetches that confirm a change.
    pub tries: u8,
    /// Below this likeness a page has another text.
    pub text_replaced: f64,
    /// Below this likeness of its elements a page has another form.
    pub form_replaced: f64,
    /// From this share of its menu on a site is the same.
    pub menu_kept: f64,
    /// New links to so many unknown hosts are a block.
    pub link_hosts: usize,
    /// Unless this share of the new hosts is known.
    pub known_share: f64,
    /// So many new words of crimes are an attack.
    pub words: usize,
    /// From this share of the compared pages on a change is one of the site.
    pub site_share: f64,
    /// And from so many pages on.
    pub site_pages: usize,
    /// A larger share of unreadable characters hides the page.
    pub garbled_share: f64,
    /// Words of pages that stand in for the site.
    pub maintenance: Vec<String>,
    /// Characters of such a page at most.
    pub maintenance_chars: u32,
    /// Words in the address of a picture by which visitors know the site.
    pub pictures: Vec<String>,
    /// Bits of 64 (dHash) up to which a picture is the same, similar, and changed; one that differs in more is another.
    pub picture_same: u32,
    /// See [`picture_same`](Self::picture_same).
    pub picture_similar: u32,
    /// See [`picture_same`](Self::picture_same).
    pub picture_changed: u32,
    /// What the figures rest on.
    pub source: String,
    /// How sure they are.
    pub confidence: Certainty,
}

/// How far a picture resembles what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resemblance {
    /// Compressed anew.
    Same,
    /// Scaled, or with a new shade.
    Similar,
    /// The same picture with something else in it.
    Changed,
    /// Another picture.
    Other,
}

impl Tampering {
    /// Whether visitors know the site by a picture of this address.
    pub fn is_emblem(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        self.pictures.iter().any(|word| address.contains(word.as_str()))
    }

    /// What so many bits of difference between two pictures mean.
    pub fn resemblance(&self, distance: u32) -> Resemblance {
        match distance {
            _ if distance <= self.picture_same => Resemblance::Same,
            _ if distance <= self.picture_similar => Resemblance::Similar,
            _ if distance <= self.picture_changed => Resemblance::Changed,
            _ => Resemblance::Other,
        }
    }
}
