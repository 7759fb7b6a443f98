//! Scales that rest on others: a province's table takes over the national one and changes some figures of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::{Certainty, Rule, Scale};

/// An entry and where it was read.
pub(super) struct Placed<T> {
    pub(super) entry: T,
    pub(super) file: PathBuf,
    pub(super) line: usize,
}

/// `[[adjust]]`: other figures for a rule that a scale has or takes over.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Adjustment {
    scale: String,
    id: String,
    #[serde(default)]
    points: Option<f64>,
    #[serde(default)]
    item_cap: Option<f64>,
    #[serde(default)]
    expectation: Option<String>,
    /// Thresholds; those not named stay.
    #[serde(default)]
    param: BTreeMap<String, f64>,
    /// What the new figures rest on: figures never change without saying so.
    authority: String,
    confidence: Certainty,
}

/// What is wrong with an adjustment, and what would be right.
pub(super) struct Refused {
    pub(super) message: String,
    pub(super) remedy: &'static str,
}

/// Lets every scale take over the rules of the one it is based on, in the order of that one's table; returns what is
/// wrong with a scale. A scale may only rest on an earlier one, so that no two rest on each other.
pub(super) fn inherit(scales: &[Scale], rules: &mut Vec<Placed<Rule>>) -> Vec<String> {
    let mut wrong = Vec::new();
    for (position, scale) in scales.iter().enumerate() {
        let Some(base) = &scale.based_on else { continue };
        if !scales[..position].iter().any(|earlier| earlier.id == *base) {
            wrong.push(format!(
                "scale `{}` is based on `{base}`, which no earlier [[scale]] declares",
                scale.id
            ));
            continue;
        }
        let (mut own, mut all): (Vec<_>, Vec<_>) =
            std::mem::take(rules).into_iter().partition(|rule| rule.entry.scale == scale.id);
        let mut table = Vec::new();
        for of_base in all.iter().filter(|rule| rule.entry.scale == *base) {
            match own.iter().position(|rule| rule.entry.id == of_base.entry.id) {
                Some(replaced) => table.push(own.remove(replaced)),
                None => table.push(Placed {
                    entry: of_base.entry.inherited_by(scale),
                    file: of_base.file.clone(),
                    line: of_base.line,
                }),
            }
        }
        all.extend(table);
        all.extend(own);
        *rules = all;
    }
    wrong
}

/// Changes the figures of a rule.
pub(super) fn adjust(rules: &mut [Placed<Rule>], new: Adjustment) -> Result<(), Refused> {
    let refused = |message: String, remedy| Err(Refused { message, remedy });
    let rule = rules.iter_mut().find(|rule| rule.entry.scale == new.scale && rule.entry.id == new.id);
    let Some(Placed { entry: rule, .. }) = rule else {
        return refused(
            format!("scale `{}` has no rule `{}` to adjust", new.scale, new.id),
            "name a rule of that scale, or write a [[rule]]",
        );
    };
    if new.points.is_some() && rule.counts.iter().any(|count| count.points.is_some()) {
        return refused(
            format!("`{}` has points of their own for some findings", new.id),
            "write the [[rule]] anew, with all of its points",
        );
    }
    if let Some(unknown) = new.param.keys().find(|name| !rule.param.contains_key(*name)) {
        return refused(
            format!("`{}` has no parameter `{unknown}`", new.id),
            "see rules/README.md for the rules and their thresholds",
        );
    }
    rule.points = new.points.unwrap_or(rule.points);
    rule.item_cap = new.item_cap.unwrap_or(rule.item_cap);
    rule.expectation = new.expectation.unwrap_or_else(|| rule.expectation.clone());
    rule.param.extend(new.param);
    (rule.authority, rule.confidence, rule.wanted) = (new.authority, new.confidence, None);
    Ok(())
}
