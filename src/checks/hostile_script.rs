//! Scripts that work for somebody else: they send visitors away, or show search engines another page.

mod charge;
mod deeds;
mod elements;
mod wording;

use std::collections::HashSet;

use super::stranger::Targets;
use super::{About, Check, Context, Findings, check};
use crate::page::{Acted, Page, Program};
use charge::{At, Charge};

/// Findings on one page; more say nothing new about it.
const CHARGES: usize = 20;

check! {
    /// A script of the page does something for a stranger: it sends visitors there, loads a program or a frame from
    /// there, or changes the title for search engines.
    ///
    /// Scripts are read, never run, and what is wrapped is unwrapped first: escapes, character codes, packers, Base64.
    /// A finding names the rule (C: confirmed, Q: a person decides, N: worth a look), for whom the script acts (only for
    /// visitors from a search engine, only for phones, only for spiders), what it does, and how it was wrapped. To ask
    /// who the visitor is, or to be wrapped, is no fault by itself: versions for phones, statistics and the tools of
    /// vendors do both, and none of them leads to a stranger.
    ///
    /// ## Why it matters
    /// Visitors who come from a search engine land on gambling pages, while those who type the address, the keepers of
    /// the site among them, see nothing. A program from a stranger may do anything in the name of the site.
    ///
    /// ## What to do
    /// Keep the page as evidence, take the script out, and find out how it came in. Where the site uses the host on
    /// purpose, add `dark-link:<host>` to its `allow` list.
    HostileScript, id: "hostile-script", name: "恶意跳转与劫持脚本", category: Intrusion, severity: High,
    advice: "请先保全页面原件，再删除该脚本，并排查服务器、模板和发布账号是否被入侵；确属本站有意引用的，可将“dark-link:域名”加入本站点的允许清单。"
}

impl Check for HostileScript {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let targets = Targets::new(page, context);
        let acted = page.acted(context.readings, &|host| targets.may_be_strange(host));
        let mut charges = deeds::charges(&acted, context);
        charges.extend(elements::charges(&acted, context));
        bring(&acted, charges, found);
    }

    fn program(&self, program: &Program, context: &Context<'_>, found: &mut Findings<'_>) {
        let targets = Targets::new(program.blank(), context);
        let acted = program.acted(context.readings, &|host| targets.may_be_strange(host));
        let mut charges = deeds::of_program(program, context);
        charges.extend(deeds::charges(&acted, context));
        charges.extend(elements::charges(&acted, context));
        bring(&acted, charges, found);
    }
}

/// Reports charges. What says most stands first, and one rule says all there is to say of a host.
fn bring(acted: &Acted<'_>, mut charges: Vec<Charge>, found: &mut Findings<'_>) {
    charges.sort_by_key(|charge| std::cmp::Reverse(charge.rule.confidence()));
    let mut said = HashSet::new();
    for charge in charges.into_iter().filter(|charge| said.insert(charge.identity())).take(CHARGES) {
        report(acted, &charge, found);
    }
}

fn report(acted: &Acted<'_>, charge: &Charge, found: &mut Findings<'_>) {
    let page = acted.page();
    let place = match charge.at {
        At::Element(node) => acted.place_before(page.place(node)),
        At::Byte(at) => acted.place_in_file(at),
    };
    let evidence = wording::evidence(charge, place.offset);
    let mut draft = found
        .add(page.address.as_str(), charge.identity(), evidence)
        .place(place)
        .severity(charge.rule.severity())
        .confidence(charge.rule.confidence());
    if let Some(target) = &charge.target {
        draft = draft.target(target.address.as_str());
    }
    drop(draft);
}
