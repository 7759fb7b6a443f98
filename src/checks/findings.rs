//! Where a check puts what it found.

use std::borrow::Cow;

use super::About;
use crate::facts::PageKind;
use crate::finding::{Confidence, Finding, Place, Proof, Scope, Severity, Sink};
use crate::link::Verdict;
use crate::privacy::mask_all;

/// The findings of one check.
pub struct Findings<'a> {
    about: &'static About,
    out: &'a mut dyn Sink,
}

impl<'a> Findings<'a> {
    /// Collects findings of the check `about` into `out`.
    pub fn new(about: &'static About, out: &'a mut dyn Sink) -> Self {
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
                kind: PageKind::Other,
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
                proof: Proof::default(),
            }),
            out: self.out,
        }
    }
}

/// A finding being written; added to its [`Findings`] when dropped.
pub struct Draft<'a> {
    finding: Option<Finding>,
    out: &'a mut dyn Sink,
}

impl Draft<'_> {
    fn with(mut self, change: impl FnOnce(&mut Finding)) -> Self {
        if let Some(finding) = self.finding.as_mut() {
            change(finding);
        }
        self
    }

    /// The kind of the page; a page check need not say it.
    pub fn kind(self, kind: PageKind) -> Self {
        self.with(|finding| finding.kind = kind)
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
        if let Some(mut finding) = self.finding.take() {
            mask(&mut finding);
            self.out.take(finding);
        }
    }
}

/// Masks what a finding quotes: every check quotes pages, and a report must not publish what a page should not have.
fn mask(finding: &mut Finding) {
    let texts = [&mut finding.evidence, &mut finding.suggestion];
    // Where a target is named, the identity is its address, and an address is no text.
    let identity = finding.target.is_none().then_some(&mut finding.what);
    let context = finding.place.as_mut().and_then(|place| place.context.as_mut());
    for text in texts.into_iter().chain(identity).chain(context) {
        if let Cow::Owned(masked) = mask_all(text) {
            *text = masked;
        }
    }
}
