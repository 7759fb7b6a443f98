//! What a file of the site advertises: a place behind a QR code, words drawn in a picture, a way to reach a stranger.

use super::reach::advert;
use super::rule::Rule;
use super::wording;
use crate::checks::crimes::{Word, crimes};
use crate::checks::stranger::Targets;
use crate::checks::{Attachment, Context};
use crate::document::{DRAWN, Origin};
use crate::page::Page;

/// Something that a file advertises.
pub(super) struct Offer {
    pub(super) rule: Rule,
    /// The same for the same offer in the same file.
    pub(super) what: String,
    pub(super) words: Vec<Word>,
    /// In Chinese.
    pub(super) evidence: String,
}

/// What a file advertises.
pub(super) fn offers(attachment: &Attachment<'_>, context: &Context<'_>) -> Vec<Offer> {
    let page = Page::blank(attachment.address);
    let targets = Targets::new(&page, context);
    let codes = attachment.document.codes.iter().filter_map(|code| coded(code, &targets, context));
    let written = attachment.document.parts.iter().filter(|part| part.origin == Origin::Written);
    let texts = written.filter_map(|part| {
        if part.place == DRAWN {
            return drawn(&part.text, context);
        }
        let figures = &context.rules.hosts().dark_link;
        let is_strange = |raw: &str| targets.stranger(raw).is_some();
        let advert = advert(&part.text, &is_strange, figures, context.lexicons)?;
        let rule = if advert.is_loud { Rule::LoudAdvert } else { Rule::Advert };
        let evidence = wording::advertised(rule, &format!("附件{}", part.place), &advert);
        Some(Offer { rule, what: "推广内容".to_owned(), words: advert.words, evidence })
    });
    // One advertisement may stand on every page of a file.
    let mut offers: Vec<Offer> = Vec::new();
    for offer in codes.chain(texts) {
        if !offers.iter().any(|known| known.what == offer.what) {
            offers.push(offer);
        }
    }
    offers
}

/// What a QR code leads to: who sees it cannot tell, so that the target is all there is to go by.
fn coded(code: &str, targets: &Targets<'_, '_>, context: &Context<'_>) -> Option<Offer> {
    let target = targets.stranger(code.trim())?;
    let words = crimes(&target.said(), context.lexicons);
    let rule = match words.is_empty() && !target.is_odd() && !target.is_lent {
        true => Rule::Note,
        false => Rule::CodedTarget,
    };
    let evidence = wording::coded(rule, &target, &words);
    Some(Offer { rule, what: target.host, words, evidence })
}

/// Words of crimes in a drawing.
pub(super) fn drawn(text: &str, context: &Context<'_>) -> Option<Offer> {
    let words = crimes(text, context.lexicons);
    let evidence = wording::drawn(Rule::DrawnWords, &words);
    let what = format!("svg {}", words.first()?.text);
    Some(Offer { rule: Rule::DrawnWords, what, words, evidence })
}
