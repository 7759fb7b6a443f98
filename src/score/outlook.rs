//! What will be lost if nothing is done: the score once more, as if the columns that are due before long were overdue.

use serde::{Deserialize, Serialize};

use super::lines::line;
use super::{ColumnDue, Line, Seen, Standing};
use crate::facts::PageKind;
use crate::finding::{Category, Confidence, Finding, Proof, Scope, Severity};
use crate::indicators::{Measure, RuleSet};

/// What is about to be lost.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// How many days it looks ahead.
    pub days: u32,
    /// Columns that will be overdue by then, soonest first.
    pub due: Vec<ColumnDue>,
    /// Lines that will be worse if none of them is updated.
    pub worse: Vec<Worse>,
}

/// A line that is about to be worse.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Worse {
    /// Id of the indicator.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// How it will stand.
    pub standing: Standing,
    /// Points lost besides those lost now.
    pub points: f64,
}

impl Outlook {
    /// Points about to be lost.
    pub fn points(&self) -> f64 {
        self.worse.iter().map(|worse| worse.points).sum()
    }
}

/// Looks ahead as far as the rules say; `now` are the lines as they stand.
pub(super) fn outlook(rules: &RuleSet, scale: &str, seen: &Seen<'_>, now: &[Line]) -> Outlook {
    let days = rules
        .rules(scale)
        .find(|rule| rule.measure == Some(Measure::ColumnsDue))
        .and_then(|rule| rule.param("within_days"))
        .map_or(0, |days| days as u32); // Days of a rule file are small whole numbers; a cast saturates.
    let due: Vec<ColumnDue> = seen.facts.due_within(days).cloned().collect();
    if due.is_empty() {
        return Outlook { days, ..Outlook::default() };
    }
    let mut findings = seen.findings.to_vec();
    findings.extend(due.iter().map(overdue));
    let then = Seen { findings: &findings, ..*seen };
    let mut worse = Vec::new();
    for (rule, now) in rules.rules(scale).zip(now) {
        let then = line(rule, &then);
        let points = ((then.lost - now.lost) * 100.0).round() / 100.0;
        if points > 0.0 || (rule.takes_entries() && then.standing != now.standing) {
            worse.push(Worse { id: then.id, name: then.name, standing: then.standing, points });
        }
    }
    Outlook { days, due, worse }
}

/// The finding that an overdue column will be, as far as rules look at it.
fn overdue(column: &ColumnDue) -> Finding {
    Finding {
        check: "stale-column".to_owned(),
        category: Category::Columns,
        severity: Severity::Medium,
        confidence: Confidence::Confirmed,
        page: column.address.clone(),
        kind: PageKind::Column,
        target: None,
        what: column.name.clone(),
        evidence: format!("（{}）", column.kind_name),
        suggestion: String::new(),
        place: None,
        scope: Scope::Page,
        occurrences: 1,
        samples: Vec::new(),
        verdict: None,
        status: None,
        indicators: Vec::new(),
        proof: Proof::default(),
    }
}
