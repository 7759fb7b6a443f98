//! What robots.txt and the sitemaps tell search engines to read: pages of strangers, and pages that speak of crimes.

use super::rule::Rule;
use crate::address::Address;
use crate::checks::Context;
use crate::checks::crimes::{Word, crimes, distinct};
use crate::checks::stranger::{Stranger, Targets};
use crate::facts::{Listing, ListingFile, Named};
use crate::page::Page;

/// Addresses of one file that one rule speaks of.
pub(super) struct Hijack<'a> {
    pub(super) rule: Rule,
    pub(super) file: ListingFile,
    /// Never empty.
    pub(super) named: Vec<&'a Named>,
    /// The strangers among them, in the same order; none where they are the site's own.
    pub(super) strangers: Vec<Stranger>,
    pub(super) words: Vec<Word>,
}

/// What is wrong with what a file names, the worst first.
pub(super) fn hijacks<'a>(listing: &'a Listing, context: &Context<'_>) -> Vec<Hijack<'a>> {
    let Ok(address) = Address::parse(&listing.address) else { return Vec::new() };
    let page = Page::blank(&address);
    let targets = Targets::new(&page, context);
    let stranger = |named: &'a Named| Some((named, targets.stranger(&named.mention.address)?));
    let foreign: Vec<(&Named, Stranger)> =
        listing.named.iter().filter(|named| !named.own).filter_map(stranger).collect();
    let file = listing.file;
    // What robots.txt and an index name are sitemaps: who names one of another host lets that host speak for the site.
    let hands_over = file != ListingFile::Sitemap;
    let is_farm = foreign.len() >= context.rules.hosts().dark_link.block_hosts;

    let mut hijacks: Vec<Hijack<'a>> = Vec::new();
    let mut charge = |rule: Rule, named: &'a Named, stranger: Option<Stranger>, words: Vec<Word>| {
        let is_own = stranger.is_none();
        let of_the_same =
            |hijack: &&mut Hijack<'_>| hijack.rule == rule && hijack.strangers.is_empty() == is_own;
        match hijacks.iter_mut().find(of_the_same) {
            Some(hijack) => {
                hijack.named.push(named);
                hijack.strangers.extend(stranger);
                hijack.words.extend(words);
            }
            None => hijacks.push(Hijack {
                rule,
                file,
                named: vec![named],
                strangers: stranger.into_iter().collect(),
                words,
            }),
        }
    };
    for named in listing.named.iter().filter(|named| named.own) {
        let words = Address::parse(&named.mention.address)
            .map(|address| crimes(&address.readable(), context.lexicons))
            .unwrap_or_default();
        if !words.is_empty() {
            charge(Rule::ListedWords, named, None, words);
        }
    }
    for (named, stranger) in foreign {
        let words = crimes(&stranger.said(), context.lexicons);
        let rule = match () {
            () if !words.is_empty() => Rule::ListedWords,
            () if hands_over || is_farm || stranger.is_odd() => Rule::ListedStranger,
            () => Rule::Note,
        };
        charge(rule, named, Some(stranger), words);
    }
    for hijack in &mut hijacks {
        hijack.words = distinct(std::mem::take(&mut hijack.words));
    }
    hijacks.sort_by_key(|hijack| std::cmp::Reverse(hijack.rule.confidence()));
    hijacks
}
