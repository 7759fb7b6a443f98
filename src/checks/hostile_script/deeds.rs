//! What the code on a page does: that of its scripts, and that of its attributes where it is wrapped.

use super::charge::{At, Charge, Rule, Way};
use crate::checks::Context;
use crate::checks::crimes::crimes;
use crate::checks::stranger::{Stranger, Targets};
use crate::page::{Acted, NodeId, Program, holds_document};
use crate::script::{Act, Deed, Guard, HOLE, Manner, Reading};

/// What the code on a page is charged with.
pub(super) fn charges(acted: &Acted<'_>, context: &Context<'_>) -> Vec<Charge> {
    let page = acted.page();
    let targets = Targets::new(page, context);
    let mut charges = Vec::new();
    for (node, code) in page.inline_scripts() {
        let reading = context.readings.of(code);
        if reading.acts.is_empty() {
            continue;
        }
        let writer = acted.manner_at(node).unwrap_or_default();
        let services = reading
            .acts
            .iter()
            .filter_map(|act| service(&act.deed, reading.manner_of(act).with(writer), &targets));
        charges.extend(services.map(|service| service.at(At::Element(node))));
        charges.extend(retitling(&page.title, &reading, context, node));
    }
    for (node, code) in page.wrapped_attributes() {
        let reading = context.readings.of(&code);
        let services =
            reading.acts.iter().filter_map(|act| service(&act.deed, reading.manner_of(act), &targets));
        charges.extend(services.map(|service| service.at(At::Element(node))));
    }
    charges
}

/// What the code of a file is charged with. Libraries ask and unwrap a lot: only what stands near a deed says something
/// of it.
pub(super) fn of_program(program: &Program, context: &Context<'_>) -> Vec<Charge> {
    let targets = Targets::new(program.blank(), context);
    let reading = context.readings.of(program.code());
    let charge = |act: &Act| {
        let service = service(&act.deed, act.near, &targets).or_else(|| entitling(act, context));
        service.map(|service| service.at(At::Byte(act.at)))
    };
    reading.acts.iter().filter_map(charge).collect()
}

/// What a deed does for a stranger.
struct Service {
    rule: Rule,
    way: Way,
    target: Option<Stranger>,
    manner: Manner,
}

impl Service {
    fn at(self, at: At) -> Charge {
        let Service { rule, way, target, manner } = self;
        Charge { rule, way, target, manner, at }
    }
}

fn service(deed: &Deed, manner: Manner, targets: &Targets<'_, '_>) -> Option<Service> {
    let (way, address) = match deed {
        Deed::Go(address) => (Way::Go, address),
        Deed::Open(address) => (Way::Open, address),
        Deed::GoBehind(address) => (Way::GoBehind, address),
        Deed::Load("script", address) => (Way::Program, address),
        Deed::Load("img", _) => return None,
        Deed::Load(_, address) => (Way::Frame, address),
        Deed::Notify => return Some(Service { rule: Rule::Note, way: Way::Notify, target: None, manner }),
        Deed::Write(_)
        | Deed::Insert(_)
        | Deed::Retitle(_)
        | Deed::Hide(_)
        | Deed::Show(_)
        | Deed::Remove(_) => return None,
    };
    if holds_document(address) {
        return Some(Service { rule: Rule::Data, way: Way::Data, target: None, manner });
    }
    let target = targets.stranger(address)?;
    let rule = Rule::of(&way, &target, manner)?;
    Some(Service { rule, way, target: Some(target), manner })
}

/// A title that pages are given where spiders are asked for. What they are called otherwise, a file does not say.
fn entitling(act: &Act, context: &Context<'_>) -> Option<Service> {
    let Deed::Retitle(title) = &act.deed else { return None };
    let is_said = !title.trim().is_empty() && !title.contains(HOLE);
    (is_said && act.near.guards.has(Guard::Spider)).then(|| Service {
        rule: rule_of_title(title, context),
        way: Way::Entitle(title.clone()),
        target: None,
        manner: act.near,
    })
}

fn rule_of_title(title: &str, context: &Context<'_>) -> Rule {
    if crimes(title, context.lexicons).is_empty() { Rule::SpiderTitle } else { Rule::CriminalTitle }
}

/// The title that only search engines are meant to see: a script takes it back for everybody else.
fn retitling(title: &str, reading: &Reading, context: &Context<'_>, node: NodeId) -> Option<Charge> {
    let is_other = |new: &str| !new.trim().is_empty() && !new.contains(HOLE) && new.trim() != title;
    let act = reading.acts.iter().find(|act| {
        let is_changed = matches!(&act.deed, Deed::Retitle(new) if is_other(new));
        is_changed && act.near.guards.has(Guard::Spider)
    })?;
    Some(Charge {
        rule: rule_of_title(title, context),
        way: Way::Retitle(title.to_owned()),
        target: None,
        manner: reading.manner_of(act),
        at: At::Element(node),
    })
}
