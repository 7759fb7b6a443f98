//! What is template and what is content: the same thing on most pages of a kind is one finding, never thousands.

use std::collections::HashMap;

use crate::facts::PageKind;
use crate::finding::{Finding, Scope, Sink};

/// Share of the pages of one kind from which on a finding belongs to their template (design: 60 %).
const TEMPLATE_SHARE: f64 = 0.6;
/// Fewer pages than this are no pattern.
const TEMPLATE_PAGES: u64 = 5;
/// Single findings kept per defect. Above, one finding with a count says it better, whatever the share.
const SINGLES: usize = 50;
/// Pages named in a template finding.
const SAMPLES: usize = 10;

/// Gathers findings and folds those that repeat. Memory grows with the number of different defects, not of pages.
#[derive(Default)]
pub struct Fold {
    groups: HashMap<(String, String), Group>,
    /// Order in which the groups were met, so that the result is the same every time.
    order: Vec<(String, String)>,
    whole: Vec<Finding>,
}

#[derive(Default)]
struct Group {
    kept: Vec<Finding>,
    /// The page met last. The same thing twice on a page is one finding: it has one identity.
    page: String,
    seen: u64,
    by_kind: HashMap<PageKind, u64>,
}

impl Sink for Fold {
    fn take(&mut self, finding: Finding) {
        if finding.scope != Scope::Page {
            self.whole.push(finding);
            return;
        }
        let key = (finding.check.clone(), finding.what.clone());
        if !self.groups.contains_key(&key) {
            self.order.push(key.clone());
        }
        let group = self.groups.entry(key).or_default();
        if group.page == finding.page {
            return;
        }
        group.page.clone_from(&finding.page);
        group.seen += 1;
        *group.by_kind.entry(finding.kind).or_default() += 1;
        if group.kept.len() < SINGLES {
            group.kept.push(finding);
        }
    }
}

impl Fold {
    /// The findings, folded; `pages` tells how many pages of a kind the scan saw.
    pub fn finish(mut self, pages: &dyn Fn(PageKind) -> u64) -> Vec<Finding> {
        let mut findings = self.whole;
        for key in &self.order {
            if let Some(group) = self.groups.remove(key) {
                if group.is_template(pages) {
                    findings.extend(group.folded());
                } else {
                    findings.extend(group.kept);
                }
            }
        }
        findings
    }
}

impl Group {
    fn is_template(&self, pages: &dyn Fn(PageKind) -> u64) -> bool {
        self.seen > SINGLES as u64
            || self.by_kind.iter().any(|(kind, seen)| {
                *seen >= TEMPLATE_PAGES && *seen as f64 >= TEMPLATE_SHARE * pages(*kind) as f64
            })
    }

    fn folded(self) -> Option<Finding> {
        let samples = self.kept.iter().take(SAMPLES).map(|finding| finding.page.clone()).collect();
        let first = self.kept.into_iter().next()?;
        Some(Finding { scope: Scope::Template, occurrences: self.seen, samples, ..first })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{About, Findings};
    use crate::finding::{Category, Severity};

    const ABOUT: About = About {
        id: "x",
        name: "x",
        category: Category::Links,
        severity: Severity::Low,
        advice: "",
        explanation: "",
    };

    /// Folds the same defect on `seen` of `all` articles; gives scope and occurrences of the findings.
    fn check(seen: u64, all: u64, expected: &[(Scope, u64)]) {
        let mut fold = Fold::default();
        for number in 0..seen {
            Findings::new(&ABOUT, &mut fold)
                .add(&format!("http://h.test/{number}"), "same", "")
                .kind(PageKind::Article);
        }
        let findings = fold.finish(&|kind| if kind == PageKind::Article { all } else { 0 });
        let got: Vec<_> = findings.iter().map(|finding| (finding.scope, finding.occurrences)).collect();
        assert_eq!(got, expected, "{seen} of {all}");
    }

    #[test]
    fn folding() {
        check(2, 2, &[(Scope::Page, 1), (Scope::Page, 1)]);
        check(6, 10, &[(Scope::Template, 6)]);
        check(5, 10, &[(Scope::Page, 1); 5]);
        check(51, 1000, &[(Scope::Template, 51)]);
    }

    #[test]
    fn repeats_on_one_page_are_one() {
        let mut fold = Fold::default();
        for page in ["a", "a", "a", "a", "a", "b"] {
            Findings::new(&ABOUT, &mut fold).add(page, "same", "");
        }
        let findings = fold.finish(&|_| 6);
        let pages: Vec<_> = findings.iter().map(|finding| (finding.scope, finding.page.as_str())).collect();
        assert_eq!(pages, [(Scope::Page, "a"), (Scope::Page, "b")]);
    }
}
