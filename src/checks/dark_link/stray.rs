//! Pages that somebody uploaded: they lie among attachments, and share nothing with the pages of the site.

use super::reach::advert;
use super::rule::Rule;
use super::wording;
use crate::address::Relation;
use crate::checks::Context;
use crate::checks::crimes::{Word, crimes_at, distinct};
use crate::checks::stranger::Targets;
use crate::facts::LinkKind;
use crate::finding::Place;
use crate::page::Page;

/// A page that nobody of the site made.
pub(super) struct Stray {
    pub(super) rule: Rule,
    pub(super) words: Vec<Word>,
    pub(super) place: Place,
    /// In Chinese.
    pub(super) evidence: String,
}

/// What is wrong with an uploaded page; `None` where it is none, or belongs to the site, or speaks of no crime.
pub(super) fn stray(page: &Page, context: &Context<'_>) -> Option<Stray> {
    let figures = &context.rules.hosts().dark_link;
    if !figures.is_uploaded(page.address.url().path()) || belongs(page, context) {
        return None;
    }
    let text = &page.text.visible;
    let said = crimes_at(&format!("{text}\n{}", page.title), context.lexicons);
    let first = said.first()?.0;
    let place = match first < text.len() {
        true => page.text_place(first, first),
        false => Place { offset: Some(0), ..Place::default() },
    };
    let words = distinct(said.into_iter().map(|(_, word)| word).collect());
    let targets = Targets::new(page, context);
    let is_strange = |raw: &str| targets.stranger(raw).is_some();
    let advert = advert(text, &is_strange, figures, context.lexicons);
    let leads_away = page.links.iter().any(|link| is_strange(&link.raw));
    let rule = if advert.is_some() || leads_away { Rule::StrayAdvert } else { Rule::Stray };
    let evidence = wording::stray(rule, &words, advert.as_ref());
    Some(Stray { rule, words, place, evidence })
}

/// Whether a page leads to other pages of the site, as all that come from its template do, or bears its name.
fn belongs(page: &Page, context: &Context<'_>) -> bool {
    let is_named = context.site.name.as_deref().is_some_and(|name| page.title.contains(name));
    let leads_home = |raw: &str| {
        let address = page.base.resolve(raw, page.charset.encoding);
        address.is_ok_and(|address| {
            context.site.scope.relation(&address) == Relation::Own && address.key() != page.address.key()
        })
    };
    let mut anchors = page.links.iter().filter(|link| link.kind == LinkKind::Anchor);
    is_named || anchors.any(|link| leads_home(&link.raw))
}
