//! What is kept of a page that was examined: plain data.

use crate::address::Address;
use crate::facts::{CouldNotRun, PageFacts};
use crate::finding::Finding;
use crate::page::LinkKind;

/// What is kept of an examined page.
pub struct Examined {
    /// Facts, numbers not yet filled in: `id` is 0, items and the page itself lead nowhere.
    pub facts: PageFacts,
    /// Where it leads, in document order.
    pub links: Vec<(String, LinkKind)>,
    /// For each item of the facts, its index in `links`.
    pub item_links: Vec<usize>,
    /// What links are resolved against.
    pub base: Address,
    /// The encoding of queries in those links.
    pub encoding: &'static encoding_rs::Encoding,
    /// What its checks found.
    pub findings: Vec<Finding>,
    /// Checks that could not run on it.
    pub could_not_run: Vec<CouldNotRun>,
}
