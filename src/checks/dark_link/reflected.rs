//! Addresses of the site itself that carry an advertisement: search and error pages show it back, under the site's name.

use std::collections::HashSet;

use super::reach::chats;
use super::rule::Rule;
use crate::address::Relation;
use crate::checks::Context;
use crate::checks::crimes::{Word, crimes};
use crate::facts::LinkKind;
use crate::page::{NodeId, Page};

/// Such addresses that are told of one page.
const TOLD: usize = 10;

/// An address of the site that carries an advertisement.
pub(super) struct Reflection {
    pub(super) rule: Rule,
    pub(super) address: String,
    pub(super) words: Vec<Word>,
    /// Ways to reach somebody that stand in it.
    pub(super) ways: Vec<String>,
    pub(super) node: NodeId,
}

/// The links of a page that lead to such addresses.
pub(super) fn reflections(page: &Page, context: &Context<'_>) -> Vec<Reflection> {
    let figures = &context.rules.hosts().dark_link;
    let mut known = HashSet::new();
    let is_told = |raw: &str| raw.contains('?') && (raw.contains('%') || !raw.is_ascii());
    let links = page.links.iter().filter(|link| link.kind == LinkKind::Anchor && is_told(&link.raw));
    let reflections = links.filter_map(|link| {
        let address = page.base.resolve(&link.raw, page.charset.encoding).ok()?;
        if context.site.scope.relation(&address) != Relation::Own || !known.insert(address.key()) {
            return None;
        }
        let said = address.readable();
        let words = crimes(&said, context.lexicons);
        let ways: Vec<String> = chats(&said, figures).map(|(_, way)| way).collect();
        let rule = match (words.is_empty(), ways.is_empty()) {
            (false, _) => Rule::Reflected,
            // Offices have accounts, too, and links that open a chat with them.
            (true, false) => Rule::Note,
            (true, true) => return None,
        };
        Some(Reflection { rule, address: address.to_string(), words, ways, node: link.node })
    });
    reflections.take(TOLD).collect()
}
