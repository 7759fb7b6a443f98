//! Links that were planted for search engines, kept from the eyes of visitors.

mod contact;
mod head;
mod listed;
mod offered;
mod reach;
mod reflected;
mod rule;
mod stray;
mod suspect;
mod wording;

use super::crimes::Word;
use super::stranger::Targets;
use super::{About, Attachment, Check, Context, Draft, Findings, check};
use crate::facts::{HOME, Listing};
use crate::finding::Place;
use crate::page::{Acted, Page, Program, Spot};
use crate::snapshot::Snapshot;
use listed::Hijack;
use rule::{Judgement, Rule};
use suspect::{Company, Suspect, suspects};

/// Addresses shown of what search engines are told to read.
const SAMPLES: usize = 5;
/// Findings on one page; what is hidden in more ways than these was found all the same.
const COMPANIES: usize = 50;

check! {
    /// A page links to a stranger in a way that visitors do not see, or under the name of somebody else.
    ///
    /// Two things must come together: the link is hidden, stands where no link belongs, or pretends; and its target is
    /// known to nobody, is advertised with words of gambling, pornography or fraud, or lies in a domain that planted
    /// links favour. What scripts write is judged like what stands there. A finding names the rule (C: confirmed, Q: a
    /// person decides, N: worth a look), every factor, what hides the link, and its byte in the source. What robots.txt and
    /// the sitemaps have search engines read is judged by its target and its words.
    ///
    /// ## Why it matters
    /// An intruder lends the good name of the site to gambling and fraud. Search engines see it long before its keepers
    /// do, and an inspection calls the site insecure.
    ///
    /// ## What to do
    /// Keep the page as evidence, take the link out, and find out how it came in: the same door stands open for more.
    /// For a host that the site links to on purpose, add `dark-link:<host>` to its `allow` list.
    DarkLink, id: "dark-link", name: "暗链与伪链", category: Intrusion, severity: High,
    advice: "请先保全页面原件，再删除该链接，并排查服务器、模板和发布账号是否被入侵；确属本站有意设置的，可将“dark-link:域名”加入本站点的允许清单。"
}

impl Check for DarkLink {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let targets = Targets::new(page, context);
        let acted = page.acted(context.readings, &|host| targets.may_be_strange(host));
        look(&acted, context, &|_| true, found);
        for reflection in reflected::reflections(acted.page(), context) {
            found
                .add(page.address.as_str(), &reflection.address, wording::reflected(&reflection))
                .target(&reflection.address)
                .rated(reflection.rule, &reflection.words)
                .place(acted.place_before(acted.page().place(reflection.node)));
        }
        for saying in head::sayings(page, context.lexicons) {
            found
                .add(page.address.as_str(), format!("meta {}", saying.name), wording::in_head(&saying))
                .rated(saying.rule, &saying.words)
                .place(saying.place);
        }
        for (node, text) in page.asides.of(Spot::Drawing) {
            if let Some(offer) = offered::drawn(text, context) {
                found
                    .add(page.address.as_str(), offer.what, offer.evidence)
                    .rated(offer.rule, &offer.words)
                    .place(page.place(node));
            }
        }
        if let Some(stray) = stray::stray(page, context) {
            found
                .add(page.address.as_str(), "上传网页", stray.evidence)
                .rated(stray.rule, &stray.words)
                .place(stray.place);
        }
    }

    fn attachment(&self, attachment: &Attachment<'_>, context: &Context<'_>, found: &mut Findings<'_>) {
        for offer in offered::offers(attachment, context) {
            attachment.add(found, &offer.what, offer.evidence).rated(offer.rule, &offer.words);
        }
    }

    fn program(&self, program: &Program, context: &Context<'_>, found: &mut Findings<'_>) {
        let targets = Targets::new(program.blank(), context);
        let acted = program.acted(context.readings, &|host| targets.may_be_strange(host));
        // Calendars, players and menus are made out of sight and shown when somebody wants them.
        look(&acted, context, &|rule| rule != Rule::Note, found);
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        for listing in snapshot.listings() {
            for hijack in listed::hijacks(&listing, context) {
                list(&listing, &hijack, found);
            }
        }
        if let (Some(echo), Some(home)) = (snapshot.echo(), snapshot.page(HOME)) {
            found
                .add(&home.address, "站内搜索回显", wording::echoed(Rule::Note, &echo))
                .target(&echo.asked)
                .suggestion(wording::ECHOED_ADVICE)
                .rated(Rule::Note, &[])
                .site_wide(1, vec![echo.asked.clone()]);
        }
    }
}

impl Draft<'_> {
    /// As bad and as sure as a rule says of some words.
    fn rated(self, rule: Rule, words: &[Word]) -> Self {
        self.severity(rule.severity(words)).confidence(rule.confidence())
    }
}

/// Reports addresses that search engines are told to read.
fn list(listing: &Listing, hijack: &Hijack<'_>, found: &mut Findings<'_>) {
    let Some(first) = hijack.named.first() else { return };
    let times = hijack.named.iter().map(|named| named.times).sum();
    let samples = hijack.named.iter().map(|named| named.mention.address.clone()).take(SAMPLES).collect();
    // No page is read anew to see whether it is gone: what such a file names belongs to the site as a whole.
    found
        .add(&listing.address, wording::listed_identity(hijack), wording::listed(hijack))
        .target(&first.mention.address)
        .place(Place { offset: Some(first.mention.offset), ..Place::default() })
        .rated(hijack.rule, &hijack.words)
        .site_wide(times, samples);
}

/// Looks for what is kept from sight on a page as its scripts leave it, by the rules that are `wanted`.
fn look(acted: &Acted<'_>, context: &Context<'_>, wanted: &dyn Fn(Rule) -> bool, found: &mut Findings<'_>) {
    let figures = &context.rules.hosts().dark_link;
    let suspects = suspects(acted, context);
    for company in companies(acted.page(), &suspects).into_iter().take(COMPANIES) {
        let judgement = rule::judge(company, figures, context.lexicons);
        if let Some(judgement) = judgement.filter(|judgement| wanted(judgement.rule)) {
            report(acted, &judgement, found);
        }
    }
    for contact in contact::contacts(acted, context) {
        let rule = Rule::HiddenContact;
        found
            .add(acted.page().address.as_str(), contact.text.as_str(), wording::contact(rule, &contact))
            .rated(rule, &[])
            .place(contact.place);
    }
}

/// Suspects that are kept from sight together, in the order of the page.
fn companies<'a>(page: &Page, suspects: &'a [Suspect]) -> Vec<Vec<&'a Suspect>> {
    let mut companies: Vec<(Company, Vec<&'a Suspect>)> = Vec::new();
    for suspect in suspects {
        let company = suspect.company(page);
        match companies.iter_mut().find(|(known, _)| *known == company) {
            Some((_, members)) => members.push(suspect),
            None => companies.push((company, vec![suspect])),
        }
    }
    companies.into_iter().map(|(_, members)| members).collect()
}

fn report(acted: &Acted<'_>, judgement: &Judgement<'_>, found: &mut Findings<'_>) {
    let Some(first) = judgement.suspects.first() else { return };
    let page = acted.page();
    let place = first.place(page);
    // The link may stand there itself, and only what hides it be written by a script.
    let offsets = [place.offset, first.hider(page).and_then(|hider| hider.offset)];
    let writer = offsets.into_iter().flatten().find_map(|offset| acted.writer(offset));
    let place = acted.place_before(place);
    let evidence = wording::evidence(judgement, writer, place.offset);
    found
        .add(page.address.as_str(), wording::identity(judgement), evidence)
        .target(first.target.address.as_str())
        .place(place)
        .rated(judgement.rule, &judgement.words);
}
