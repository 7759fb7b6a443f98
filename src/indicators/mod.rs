//! The indicators: `rules/*.toml` compiled into rules with points, thresholds and confidence.
//!
//! What a regulation or a customer may change stands in those files, never in code. They are built in; a folder of
//! the operator's own is layered over them. Which findings count against which rule is decided here, what that
//! costs in [`score`](crate::score).

mod availability;
mod calendar;
mod contract;
mod files;
mod hosts;
mod intrusion;
mod ipv6;
mod layers;
mod marks;
mod overlay;
mod overview;
mod privacy;
mod publishing;
mod registers;
mod remedy;
mod rule;
mod searching;
mod services;
mod soundness;
mod tags;
mod tally;
mod tampering;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use crate::finding::Finding;

pub use availability::{Availability, Deadline, DeadlineAfter, FailureRule};
pub use calendar::{Calendar, Holidays};
pub use contract::{Bound, Category, Contract, ContractLine, Marks, Measured, Promise, Tier};
pub use hosts::{DarkLink, HostGroup, Hosts, is_below};
pub use intrusion::{Cloaking, Guise, Landings};
pub use ipv6::{Excluded, Floors, Ipv6Rules, LineRule, Metric, Similarity, ViewRow, ViewRule};
pub use marks::{Identity, Mark, Must};
pub use overview::overview;
pub use privacy::{Privacy, Source};
pub use publishing::{Dating, Disclosure, Interpretation, OptionalTags, Publishing, Sharing};
pub use registers::{Certainty, ColumnKind, ColumnPages, Columns, Cycle, ElementPlace, HomeElement, Pattern};
pub use remedy::Remedy;
pub use rule::{Consequence, Count, Limit, Measure, On, PageArea, Per, Rule, Scale};
pub use searching::Searching;
pub use services::{Element, Forms, Guide, Labels, Messages, Offer, Policy, Services, Survey, Vague};
pub use tags::{TagRule, TagSet, TagState, Tags, ValueRule};
pub use tally::TagCount;
pub use tampering::{Resemblance, Tampering};

/// The scale whose rules are shown beside every other: they cost no points.
pub const PROJECT: &str = "project";

/// All rules in force.
#[derive(Debug, Clone)]
pub struct RuleSet {
    scales: Vec<Scale>,
    rules: Vec<Rule>,
    columns: Columns,
    tags: Tags,
    elements: Vec<HomeElement>,
    marks: Vec<Mark>,
    identity: Identity,
    searching: Searching,
    services: Services,
    publishing: Publishing,
    privacy: Privacy,
    hosts: Hosts,
    tampering: Tampering,
    landings: Landings,
    cloaking: Cloaking,
    availability: Availability,
    contracts: Vec<Contract>,
    ipv6: Ipv6Rules,
    remedy: Remedy,
    version: String,
}

/// Something wrong in a rule file. Loading reports all of them at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub remedy: String,
}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {} ({})", self.file.display(), self.line, self.message, self.remedy)
    }
}

impl Default for RuleSet {
    fn default() -> RuleSet {
        RuleSet::built_in()
    }
}

impl RuleSet {
    /// The rules this program was built with.
    pub fn built_in() -> RuleSet {
        static BUILT_IN: LazyLock<RuleSet> =
            LazyLock::new(|| layers::built_in().expect("the built-in rules are read in a test"));
        BUILT_IN.clone()
    }

    /// The built-in rules with those of a folder layered over them: an entry with the same id replaces, any other
    /// adds. Every problem of every file is reported, not just the first.
    pub fn load(folder: Option<&Path>) -> Result<RuleSet, Vec<RuleError>> {
        match folder {
            None => Ok(RuleSet::built_in()),
            Some(folder) => layers::load(folder),
        }
    }

    /// What identifies this set, so that an old score can always be explained.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The scales that a site may be scored by.
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// A scale by its id.
    pub fn scale(&self, id: &str) -> Option<&Scale> {
        self.scales.iter().find(|scale| scale.id == id)
    }

    /// The rules of a scale in the order of its table, then those shown beside every scale.
    pub fn rules<'a>(&'a self, scale: &'a str) -> impl Iterator<Item = &'a Rule> {
        let of = move |id: &'a str| self.rules.iter().filter(move |rule| rule.scale == id);
        of(scale).chain(of(PROJECT))
    }

    /// Kinds of columns and how they are told.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// How IPv6 support is judged.
    pub fn ipv6(&self) -> &Ipv6Rules {
        &self.ipv6
    }

    /// The page tags.
    pub fn tags(&self) -> &Tags {
        &self.tags
    }

    /// What the home page must show in this place.
    pub fn elements(&self, place: ElementPlace) -> impl Iterator<Item = &HomeElement> {
        self.elements.iter().filter(move |element| element.place == place)
    }

    /// What the marks at the bottom of the home page must be.
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// How the site must name itself.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// How the site's own search is tried.
    pub fn searching(&self) -> &Searching {
        &self.searching
    }

    /// A threshold that a check shares with the rule it counts against; `None` where an operator took it out.
    pub fn param(&self, rule: &str, name: &str) -> Option<f64> {
        self.rules.iter().filter(|known| known.id == rule).find_map(|known| known.param(name))
    }

    /// Service guides, published messages, policy files.
    pub fn services(&self) -> &Services {
        &self.services
    }

    /// Interpretations of policy files, dates, shared items, optional tags.
    pub fn publishing(&self) -> &Publishing {
        &self.publishing
    }

    /// How private data of people are told.
    pub fn privacy(&self) -> &Privacy {
        &self.privacy
    }

    /// Known hosts, and what tells a dark link.
    pub fn hosts(&self) -> &Hosts {
        &self.hosts
    }

    /// How tampering is told.
    pub fn tampering(&self) -> &Tampering {
        &self.tampering
    }

    /// How the pages behind links to unknown hosts are judged.
    pub fn landings(&self) -> &Landings {
        &self.landings
    }

    /// How it is told whether a site shows search engines another page.
    pub fn cloaking(&self) -> &Cloaking {
        &self.cloaking
    }

    /// How long people may take to mend what was found.
    pub fn remedy(&self) -> &Remedy {
        &self.remedy
    }

    /// How availability is judged.
    pub fn availability(&self) -> &Availability {
        &self.availability
    }

    /// The figures of VETO-02; `None` where an operator took one out.
    pub fn failure_rule(&self) -> Option<FailureRule> {
        let figure = |name| self.param("VETO-02", name);
        Some(FailureRule {
            timeout_s: figure("timeout_s")?,
            fail_ratio: figure("fail_ratio")?,
            warn_ratio: figure("warn_ratio")?,
            window_days: figure("window_days")? as u16,
            min_visits_per_day: figure("min_visits_per_day")? as u32,
        })
    }

    /// The contracts of operation.
    pub fn contracts(&self) -> &[Contract] {
        &self.contracts
    }

    /// A contract by its id.
    pub fn contract(&self, id: &str) -> Option<&Contract> {
        self.contracts.iter().find(|contract| contract.id == id)
    }

    /// The rules with this id, one for each scale that has it.
    pub fn named<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Rule> {
        self.rules.iter().filter(move |rule| rule.id.eq_ignore_ascii_case(id))
    }

    /// Fills in [`Finding::indicators`]: the ids of all rules, of any scale, that a finding counts against.
    /// `is_home` tells the address of the home page from others.
    pub fn assign(&self, findings: &mut [Finding], is_home: &dyn Fn(&str) -> bool) {
        for finding in findings {
            let mut ids: Vec<String> = Vec::new();
            for rule in &self.rules {
                if !ids.contains(&rule.id) && rule.all_counts().any(|count| count.matches(finding, is_home)) {
                    ids.push(rule.id.clone());
                }
            }
            finding.indicators = ids;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::PageKind;
    use crate::finding::{Category, Confidence, Proof, Scope, Severity};
    use crate::link::Verdict;

    const HOME: &str = "http://www.example.gov.cn/";

    fn finding(check: &str, page: &str, evidence: &str) -> Finding {
        Finding {
            check: check.to_owned(),
            category: Category::Links,
            severity: Severity::Medium,
            confidence: Confidence::Confirmed,
            page: page.to_owned(),
            kind: PageKind::Other,
            target: None,
            what: "what".to_owned(),
            evidence: evidence.to_owned(),
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

    fn assigned(mut finding: Finding) -> Vec<String> {
        let mut rules = RuleSet::built_in();
        rules.rules.retain(|rule| rule.scale != "2015");
        rules.assign(std::slice::from_mut(&mut finding), &|address| address == HOME);
        finding.indicators
    }

    #[test]
    fn a_finding_counts_against_the_rules_that_name_it() {
        let check = |finding: Finding, expected: &[&str]| assert_eq!(assigned(finding), expected);
        let other = "http://www.example.gov.cn/a.html";
        check(finding("dead-link", HOME, ""), &["DED-32", "LINK-01", "LINK-03"]);
        check(finding("dead-link", other, ""), &["DED-32", "LINK-02", "LINK-03"]);
        check(finding("broken-image", other, ""), &["DED-32", "LINK-02", "LINK-08"]);
        check(finding("stale-column", other, "栏目“要闻”（动态要闻类）…"), &["VETO-04", "DED-04", "COL-01"]);
        check(finding("empty-column", other, ""), &["VETO-04", "DED-07", "COL-02"]);
        check(finding("missing-tag", other, "缺少站点标签 SiteName"), &["DED-35", "TAG-01"]);
        check(finding("footer-element", HOME, "没有“我为政府网站找错”入口"), &["PAGE-10", "DED-38"]);
        check(finding("no-such-check", other, ""), &[]);
    }

    #[test]
    fn doubtful_and_unconfirmed_findings_count_against_nothing() {
        let mut note = finding("dead-link", HOME, "");
        note.confidence = Confidence::Note;
        assert!(assigned(note).is_empty());
        let mut suspect = finding("dead-link", HOME, "");
        suspect.verdict = Some(Verdict::Suspect);
        assert!(assigned(suspect).is_empty());
    }

    #[test]
    fn a_template_seen_on_home_and_elsewhere_counts_for_both() {
        let mut everywhere = finding("dead-link", HOME, "");
        everywhere.scope = Scope::Template;
        everywhere.occurrences = 40;
        assert_eq!(assigned(everywhere), ["DED-32", "LINK-01", "LINK-02", "LINK-03"]);
    }
}
