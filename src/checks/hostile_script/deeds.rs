//! What the code on a page does: that of its scripts, and that of its attributes where it is wrapped.

use super::charge::{Charge, Rule, Way};
use crate::checks::Context;
use crate::checks::crimes::crimes;
use crate::checks::stranger::Targets;
use crate::page::{Acted, NodeId, holds_document};
use crate::script::{Deed, Guard, HOLE, Manner, Reading};

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
        let manner = reading.manner().with(acted.manner_at(node).unwrap_or_default());
        charges.extend(services(&reading, manner, &targets, node));
        charges.extend(retitling(&page.title, &reading, context, node));
    }
    for (node, code) in page.wrapped_attributes() {
        let reading = context.readings.of(&code);
        charges.extend(services(&reading, reading.manner(), &targets, node));
    }
    charges
}

/// What is done for strangers.
fn services(reading: &Reading, manner: Manner, targets: &Targets<'_, '_>, node: NodeId) -> Vec<Charge> {
    let mut charges = Vec::new();
    for act in &reading.acts {
        let (way, address) = match &act.deed {
            Deed::Go(address) => (Way::Go, address),
            Deed::Open(address) => (Way::Open, address),
            Deed::GoBehind(address) => (Way::GoBehind, address),
            Deed::Load("script", address) => (Way::Program, address),
            Deed::Load("img", _) => continue,
            Deed::Load(_, address) => (Way::Frame, address),
            Deed::Notify => {
                charges.push(Charge { rule: Rule::Note, way: Way::Notify, target: None, manner, node });
                continue;
            }
            Deed::Write(_) | Deed::Insert(_) | Deed::Retitle(_) | Deed::Hide(_) | Deed::Remove(_) => continue,
        };
        if holds_document(address) {
            charges.push(Charge { rule: Rule::Data, way: Way::Data, target: None, manner, node });
        } else if let Some(target) = targets.stranger(address)
            && let Some(rule) = Rule::of(&way, &target, manner)
        {
            charges.push(Charge { rule, way, target: Some(target), manner, node });
        }
    }
    charges
}

/// The title that only search engines are meant to see: a script takes it back for everybody else.
fn retitling(title: &str, reading: &Reading, context: &Context<'_>, node: NodeId) -> Option<Charge> {
    if !reading.guards.has(Guard::Spider) {
        return None;
    }
    let is_other = |new: &str| !new.trim().is_empty() && !new.contains(HOLE) && new.trim() != title;
    let is_changed = reading.acts.iter().any(|act| matches!(&act.deed, Deed::Retitle(new) if is_other(new)));
    let words = || crimes(title, context.lexicons);
    is_changed.then(|| Charge {
        rule: if words().is_empty() { Rule::SpiderTitle } else { Rule::CriminalTitle },
        way: Way::Retitle(title.to_owned()),
        target: None,
        manner: reading.manner(),
        node,
    })
}
