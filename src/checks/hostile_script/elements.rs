//! Programs and frames that the page loads by elements, its own and those that its scripts wrote.

use super::charge::{At, Charge, Rule, Way};
use crate::checks::Context;
use crate::checks::stranger::Targets;
use crate::page::{Acted, LinkKind, NodeId};
use crate::script::Manner;

/// What the elements of a page are charged with.
pub(super) fn charges(acted: &Acted<'_>, context: &Context<'_>) -> Vec<Charge> {
    let page = acted.page();
    let targets = Targets::new(page, context);
    let manner = |node: NodeId| -> Manner { acted.manner_at(node).unwrap_or_default() };
    let mut charges = Vec::new();
    for node in page.holders_of_documents() {
        charges.push(Charge {
            rule: Rule::Data,
            way: Way::Data,
            target: None,
            manner: manner(node),
            at: At::Element(node),
        });
    }
    for link in &page.links {
        let node = link.node;
        let is_frame = || matches!(page.element(node), Some("iframe" | "frame" | "object" | "embed"));
        let is_program = link.kind == LinkKind::Script;
        let Some(target) = (is_program || is_frame()).then(|| targets.stranger(&link.raw)).flatten() else {
            continue;
        };
        let way = match is_program {
            true => Way::Program,
            false if page.fills_window(node) => Way::Overlay,
            false => Way::Frame,
        };
        let manner = manner(node);
        if let Some(rule) = Rule::of(&way, &target, manner) {
            charges.push(Charge { rule, way, target: Some(target), manner, at: At::Element(node) });
        }
    }
    charges
}
