//! Counting while it runs, for those who watch.

/// How far a crawl is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Addresses known.
    pub known: u64,
    /// Addresses visited.
    pub visited: u64,
    /// Addresses left out.
    pub skipped: u64,
    /// Addresses waiting.
    pub queued: u64,
    /// Pages whose visit was begun; what `max_pages` bounds.
    pub pages_begun: u64,
    /// Pages examined.
    pub pages: u64,
    /// Findings of page checks, and links that are broken or invalid.
    pub findings: u64,
}

/// Somebody who wants to know how far a crawl is. Called a few times a second.
pub trait Watch: Sync {
    /// Takes note.
    fn tick(&self, tally: &Tally);
}

/// Nobody watches.
impl Watch for () {
    fn tick(&self, _: &Tally) {}
}
