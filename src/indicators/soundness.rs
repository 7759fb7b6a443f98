//! What can be wrong with a rule although each of its keys is well formed.

use std::collections::BTreeSet;

use super::{Measure, PROJECT, Rule, Scale};

/// What is wrong: pairs of message and remedy. `checks` are the ids of the checks there are; an empty set knows all.
pub(super) fn problems(rule: &Rule, scales: &[Scale], checks: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    let mut problem = |message: String, remedy: &str| problems.push((message, remedy.to_owned()));
    if rule.scale != PROJECT && !scales.iter().any(|scale| scale.id == rule.scale) {
        problem(format!("scale `{}` is not known", rule.scale), "declare it in a [[scale]]");
    }
    if rule.part_of.is_some() && rule.points > 0.0 {
        problem(format!("`{}` has points of its own", rule.id), "leave them to the lines it is part of");
    }
    let of_counts = rule.all_counts().filter_map(|count| count.points);
    if of_counts.chain([rule.points, rule.item_cap]).any(|points| !points.is_finite() || points < 0.0) {
        problem(format!("`{}` has points below 0", rule.id), "write points lost as a positive number");
    }
    for limit in &rule.limit {
        if limit.counts.is_empty() == limit.offer.is_none() {
            problem(
                format!("limit `{}` has to count findings or name an offer", limit.name),
                "write one of them",
            );
        }
        if limit.warn == 0 || limit.fail < limit.warn {
            problem(format!("limit `{}` is out of order", limit.name), "write 0 < warn <= fail");
        }
    }
    let needed: &[&str] = match rule.measure {
        Some(Measure::HomeOpens) => &["timeout_s"],
        Some(Measure::HomeUpdated) => &["stale_days", "warn_days"],
        Some(Measure::HomeLoads) => &["load_s"],
        Some(Measure::ColumnsDue) => &["within_days"],
        None => &[],
    };
    for name in needed.iter().filter(|name| rule.param(name).is_none()) {
        problem(format!("`{}` lacks the parameter `{name}`", rule.id), "add it under [rule.param]");
    }
    for count in rule.all_counts() {
        if !checks.is_empty() && !checks.contains(&count.check) {
            let known = checks.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            problem(format!("there is no check `{}`", count.check), &format!("one of {known}"));
        }
    }
    problems
}
