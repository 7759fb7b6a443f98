//! The checks. Each is one file, one row in [`ALL`] and one fixture folder; see README, "Add a check".
//!
//! A check judges evidence that was gathered before: it knows no network, file, clock or points.

use jiff::civil::Date;

use crate::config::Site;
use crate::facts::TargetId;
use crate::finding::{Category, Confidence, Finding, Place, Scope, Severity};
use crate::link::Verdict;
use crate::page::Page;
use crate::snapshot::Snapshot;

/// Every check, in the order of the report.
pub const ALL: &[&dyn Check] = &[];

/// What a check is about.
#[derive(Debug)]
pub struct About {
    /// Id, named after the defect: `dead-link`.
    pub id: &'static str,
    /// Name in Chinese: `死链`.
    pub name: &'static str,
    /// Part of the inspection.
    pub category: Category,
    /// How bad, unless the finding says otherwise.
    pub severity: Severity,
    /// What to do, in Chinese, unless the finding says otherwise.
    pub advice: &'static str,
    /// The doc comment: what it is, why it matters, what to do, in English.
    pub explanation: &'static str,
}

/// Declares a check: its doc comment becomes both rustdoc and the text of `sitewarden explain`.
#[allow(unused_macros, reason = "used as soon as the first check is there")]
macro_rules! check {
    (
        $(#[doc = $doc:literal])+
        $type:ident, id: $id:literal, name: $name:literal, category: $category:ident, severity: $severity:ident,
        advice: $advice:literal
    ) => {
        $(#[doc = $doc])+
        pub struct $type;

        impl $type {
            /// Identity and explanation of this check.
            pub const ABOUT: $crate::checks::About = $crate::checks::About {
                id: $id,
                name: $name,
                category: $crate::finding::Category::$category,
                severity: $crate::finding::Severity::$severity,
                advice: $advice,
                explanation: concat!($($doc, "\n"),+),
            };
        }
    };
}
#[allow(unused_imports, reason = "used as soon as the first check is there")]
pub(crate) use check;

/// A check. Implements `page` or `site`, whichever it needs.
pub trait Check: Sync {
    /// Identity and explanation: `&Self::ABOUT`.
    fn about(&self) -> &'static About;

    /// Judges one page while it is in memory. Only answers with status 200 that are pages of the site come here.
    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let _ = (page, context, found);
    }

    /// Judges the site once everything is seen.
    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let _ = (snapshot, context, found);
    }
}

/// What checks may know besides the evidence.
pub struct Context<'a> {
    /// The site.
    pub site: &'a Site,
    /// The date of judgement, in the site's time zone.
    pub today: Date,
    /// Compiled dictionaries.
    pub lexicons: &'a crate::text::Lexicons,
    /// Cycles of columns and other thresholds from `rules/`.
    pub rules: &'a crate::indicators::RuleSet,
    /// Asks no check but these, where set (`--only`).
    pub only: Option<&'a [String]>,
}

/// Where a check puts what it found.
pub struct Findings<'a> {
    about: &'static About,
    out: &'a mut Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// Collects findings of the check `about` into `out`.
    pub fn new(about: &'static About, out: &'a mut Vec<Finding>) -> Self {
        Findings { about, out }
    }

    /// Starts a finding on `page`; it is added when the returned draft is dropped.
    ///
    /// `what` is its identity (the target's dedup key or the normalised words), `evidence` what was seen, in Chinese.
    pub fn add(&mut self, page: &str, what: impl Into<String>, evidence: impl Into<String>) -> Draft<'_> {
        Draft {
            finding: Some(Finding {
                check: self.about.id.to_owned(),
                category: self.about.category,
                severity: self.about.severity,
                confidence: Confidence::Confirmed,
                page: page.to_owned(),
                target: None,
                what: what.into(),
                evidence: evidence.into(),
                suggestion: self.about.advice.to_owned(),
                place: None,
                scope: Scope::Page,
                occurrences: 1,
                samples: Vec::new(),
                verdict: None,
                status: None,
                indicators: Vec::new(),
            }),
            out: self.out,
        }
    }
}

/// A finding being written; added to its [`Findings`] when dropped.
pub struct Draft<'a> {
    finding: Option<Finding>,
    out: &'a mut Vec<Finding>,
}

impl Draft<'_> {
    fn with(mut self, change: impl FnOnce(&mut Finding)) -> Self {
        if let Some(finding) = self.finding.as_mut() {
            change(finding);
        }
        self
    }

    /// The address that is wrong there.
    pub fn target(self, target: &str) -> Self {
        self.with(|finding| finding.target = Some(target.to_owned()))
    }

    /// The verdict on the target and the status it answered with.
    pub fn verdict(self, verdict: Verdict, status: Option<u16>) -> Self {
        self.with(|finding| (finding.verdict, finding.status) = (Some(verdict), status))
    }

    /// Where on the page.
    pub fn place(self, place: Place) -> Self {
        self.with(|finding| finding.place = Some(place))
    }

    /// Another severity than the check's own.
    pub fn severity(self, severity: Severity) -> Self {
        self.with(|finding| finding.severity = severity)
    }

    /// How sure; `Confirmed` unless said otherwise.
    pub fn confidence(self, confidence: Confidence) -> Self {
        self.with(|finding| finding.confidence = confidence)
    }

    /// Another suggestion than the check's own.
    pub fn suggestion(self, suggestion: impl Into<String>) -> Self {
        self.with(|finding| finding.suggestion = suggestion.into())
    }

    /// It concerns the site or a host as a whole.
    pub fn site_wide(self, occurrences: u64, samples: Vec<String>) -> Self {
        self.with(|finding| {
            (finding.scope, finding.occurrences, finding.samples) = (Scope::Site, occurrences, samples);
        })
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        self.out.extend(self.finding.take());
    }
}

/// A check that panicked: it could not run, which the report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CouldNotRun {
    /// Id of the check.
    pub check: &'static str,
    /// The page it was looking at, if any.
    pub page: Option<TargetId>,
}
