//! The order in which findings are told: by part of the inspection, then by check, worst first.

use std::collections::BTreeMap;

use super::wording::{self, SEVERITIES};
use crate::finding::{Category, Severity};
use crate::life::{Life, Reported};

/// Findings of one part of the inspection.
pub(super) struct Section<'a> {
    /// Which part.
    pub(super) category: Category,
    /// One group per check, worst first.
    pub(super) groups: Vec<Group<'a>>,
}

/// Findings of one check.
pub(super) struct Group<'a> {
    /// Id of the check.
    pub(super) check: &'a str,
    /// Its Chinese name.
    pub(super) name: &'a str,
    /// The worst severity among its findings.
    pub(super) worst: Severity,
    /// What to do, where it is the same for all of them: told once then.
    pub(super) suggestion: Option<&'a str>,
    /// Its findings, worst first.
    pub(super) findings: Vec<&'a Reported>,
}

/// How many findings there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Problems: all findings but dismissed ones.
    pub(super) problems: u64,
    /// Problems per severity, in the order of [`SEVERITIES`].
    pub(super) by_severity: [u64; 4],
    /// Problems seen for the first time.
    pub(super) new: u64,
    /// Problems that came back.
    pub(super) reopened: u64,
    /// Findings that a person dismissed.
    pub(super) dismissed: u64,
}

impl Counts {
    /// Counts findings.
    pub(super) fn of<'a>(findings: impl IntoIterator<Item = &'a Reported>) -> Counts {
        let mut counts = Counts::default();
        for reported in findings {
            match reported.state {
                Life::Dismissed => {
                    counts.dismissed += 1;
                    continue;
                }
                Life::New => counts.new += 1,
                Life::Reopened => counts.reopened += 1,
                Life::Open | Life::Acknowledged | Life::Fixed => {}
            }
            counts.problems += 1;
            for (slot, severity) in counts.by_severity.iter_mut().zip(SEVERITIES) {
                *slot += u64::from(reported.finding.severity == severity);
            }
        }
        counts
    }
}

/// Puts findings in the order of the report.
pub(super) fn outline(findings: &[Reported]) -> Vec<Section<'_>> {
    let mut grouped: BTreeMap<Category, BTreeMap<&str, Vec<&Reported>>> = BTreeMap::new();
    for reported in findings {
        let section = grouped.entry(reported.finding.category).or_default();
        section.entry(&reported.finding.check).or_default().push(reported);
    }
    let sections = grouped.into_iter();
    sections.map(|(category, checks)| Section { category, groups: groups(checks) }).collect()
}

fn groups<'a>(checks: BTreeMap<&'a str, Vec<&'a Reported>>) -> Vec<Group<'a>> {
    let mut groups = Vec::with_capacity(checks.len());
    for (check, mut findings) in checks {
        // Dismissed ones go last: nobody has to do anything about them. The sort is stable.
        findings.sort_by_key(|reported| {
            (reported.state == Life::Dismissed, std::cmp::Reverse(reported.finding.severity))
        });
        let worst = findings.iter().map(|reported| reported.finding.severity).max();
        groups.push(Group {
            check,
            name: wording::check_name(check),
            suggestion: shared_suggestion(&findings),
            worst: worst.expect("a group is made with its first finding"),
            findings,
        });
    }
    groups.sort_by_key(|group| std::cmp::Reverse((group.worst, group.findings.len())));
    groups
}

fn shared_suggestion<'a>(findings: &[&'a Reported]) -> Option<&'a str> {
    let (first, rest) = findings.split_first()?;
    let suggestion = first.finding.suggestion.as_str();
    let shared = rest.iter().all(|reported| reported.finding.suggestion == suggestion);
    (shared && !suggestion.is_empty()).then_some(suggestion)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn worst_comes_first_and_dismissed_last() {
        let report = sample::report();
        let sections = outline(&report.findings);
        let categories: Vec<_> = sections.iter().map(|section| section.category).collect();
        let mut sorted = categories.clone();
        sorted.sort();
        assert_eq!(categories, sorted);
        for section in &sections {
            assert!(section.groups.is_sorted_by_key(|group| std::cmp::Reverse(group.worst)));
            for group in &section.groups {
                assert!(group.findings.is_sorted_by_key(|reported| reported.state == Life::Dismissed));
            }
        }
        let shown: usize = sections.iter().flat_map(|s| &s.groups).map(|g| g.findings.len()).sum();
        assert_eq!(shown, report.findings.len());
    }

    #[test]
    fn dismissed_findings_are_no_problems() {
        let report = sample::report();
        let counts = Counts::of(&report.findings);
        assert_eq!(counts.problems + counts.dismissed, report.findings.len() as u64);
        assert_eq!(counts.by_severity.iter().sum::<u64>(), counts.problems);
        assert_eq!(counts.dismissed, 1);
    }
}
