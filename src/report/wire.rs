//! Schema 1: the objects that other programs read, apart from the inner types so that these stay free to change.
//!
//! Every key is always there. A value that does not exist is `null` (`target`, `place` and its parts, `verdict`,
//! `status`, `total`, `page`), a list without members is `[]`. Times are RFC 3339 in UTC, to the second.
//! Within schema 1 keys may be added, never removed or given another meaning.

mod score;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

pub use score::ScoreObject;

use super::completeness::{Completeness, unaccounted};
use super::{Conduct, Report, words};
use crate::facts::{CouldNotRun, KindSample};
use crate::finding::{Place, Proof};
use crate::indicators::TagCount;
use crate::life::Reported;
use crate::score::ColumnTally;

/// The version that every object names.
pub const SCHEMA: u32 = 1;

/// A finding, as in JSON Lines, the JSON report, the API and webhooks.
#[derive(Debug, Serialize)]
pub struct FindingObject<'a> {
    schema: u32,
    id: &'a str,
    check: &'a str,
    category: &'static str,
    severity: &'static str,
    confidence: &'static str,
    site: &'a str,
    page: &'a str,
    target: Option<&'a str>,
    evidence: &'a str,
    suggestion: &'a str,
    place: Option<PlaceObject<'a>>,
    scope: &'static str,
    occurrences: u64,
    samples: &'a [String],
    verdict: Option<&'static str>,
    status: Option<u16>,
    indicators: &'a [String],
    first_seen: String,
    last_seen: String,
    state: &'static str,
    proof: ProofObject<'a>,
}

#[derive(Debug, Serialize)]
struct ProofObject<'a> {
    title: Option<&'a str>,
    path: &'a [String],
    tries: Option<u32>,
    original_sha256: Option<&'a str>,
}

impl<'a> ProofObject<'a> {
    fn new(proof: &'a Proof) -> Self {
        ProofObject {
            title: proof.title.as_deref(),
            path: &proof.path,
            tries: proof.tries,
            original_sha256: proof.original.as_deref(),
        }
    }
}

#[derive(Debug, Serialize)]
struct PlaceObject<'a> {
    selector: Option<&'a str>,
    offset: Option<u64>,
    context: Option<&'a str>,
}

impl<'a> FindingObject<'a> {
    /// The object of a finding on `site`.
    pub fn new(site: &'a str, reported: &'a Reported) -> Self {
        let finding = &reported.finding;
        FindingObject {
            schema: SCHEMA,
            id: &reported.id.0,
            check: &finding.check,
            category: words::category(finding.category),
            severity: words::severity(finding.severity),
            confidence: words::confidence(finding.confidence),
            site,
            page: &finding.page,
            target: finding.target.as_deref(),
            evidence: &finding.evidence,
            suggestion: &finding.suggestion,
            place: finding.place.as_ref().map(PlaceObject::new),
            scope: words::scope(finding.scope),
            occurrences: finding.occurrences,
            samples: &finding.samples,
            verdict: finding.verdict.map(words::verdict),
            status: finding.status,
            indicators: &finding.indicators,
            first_seen: time(reported.first_seen),
            last_seen: time(reported.last_seen),
            state: words::life(reported.state),
            proof: ProofObject::new(&finding.proof),
        }
    }
}

impl<'a> PlaceObject<'a> {
    fn new(place: &'a Place) -> Self {
        PlaceObject {
            selector: place.selector.as_deref(),
            offset: place.offset,
            context: place.context.as_deref(),
        }
    }
}

/// A whole report.
#[derive(Debug, Serialize)]
pub struct ReportObject<'a> {
    schema: u32,
    site: &'a str,
    site_name: &'a str,
    home: &'a str,
    scan: i64,
    started: String,
    finished: String,
    today: String,
    score: ScoreObject<'a>,
    coverage: CoverageObject<'a>,
    conduct: ConductObject<'a>,
    tags: Vec<TagObject<'a>>,
    page_kinds: Vec<KindObject<'a>>,
    findings: Vec<FindingObject<'a>>,
    fixed: Vec<FindingObject<'a>>,
    could_not_run: Vec<CouldNotRunObject<'a>>,
}

impl<'a> ReportObject<'a> {
    /// The object of a report.
    pub fn new(report: &'a Report) -> Self {
        let objects = |list: &'a [Reported]| {
            list.iter().map(|reported| FindingObject::new(&report.site, reported)).collect()
        };
        ReportObject {
            schema: SCHEMA,
            site: &report.site,
            site_name: &report.site_name,
            home: &report.home,
            scan: report.scan,
            started: time(report.started),
            finished: time(report.finished),
            today: report.today.to_string(),
            score: ScoreObject::new(&report.score),
            coverage: CoverageObject::new(report),
            conduct: ConductObject::new(&report.conduct),
            tags: report.tags.iter().map(TagObject::new).collect(),
            page_kinds: report.kinds.iter().map(KindObject::new).collect(),
            findings: objects(&report.findings),
            fixed: objects(&report.fixed),
            could_not_run: report.could_not_run.iter().map(CouldNotRunObject::new).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct CoverageObject<'a> {
    /// `complete`, `partial` or `failed`.
    outcome: &'static str,
    /// Why it is not complete, in Chinese.
    reasons: Vec<String>,
    finished: bool,
    known: u64,
    visited: u64,
    unaccounted: u64,
    pages: u64,
    pages_by_kind: BTreeMap<&'static str, u64>,
    skipped: BTreeMap<&'static str, u64>,
    verdicts: BTreeMap<&'static str, u64>,
    failures: BTreeMap<&'static str, u64>,
    limited: u64,
    attachments: u64,
    attachments_limited: BTreeMap<&'static str, u64>,
    programs: u64,
    programs_cut: u64,
    programs_unread: u64,
    budgets_hit: &'a [String],
    requests: u64,
    bytes: u64,
    sitemap_urls: u64,
    duration_seconds: i64,
}

impl<'a> CoverageObject<'a> {
    fn new(report: &'a Report) -> Self {
        let coverage = &report.coverage;
        let (outcome, reasons) = match Completeness::of(&report.coverage, report.could_not_run.len()) {
            Completeness::Complete => ("complete", Vec::new()),
            Completeness::Partial(reasons) => ("partial", reasons),
            Completeness::Failed => ("failed", vec!["没有检查到任何页面".to_owned()]),
        };
        CoverageObject {
            outcome,
            reasons,
            finished: coverage.finished,
            known: coverage.known,
            visited: coverage.visited,
            unaccounted: unaccounted(coverage),
            pages: coverage.pages,
            pages_by_kind: renamed(&coverage.pages_by_kind, words::page_kind),
            skipped: renamed(&coverage.skipped, words::skip),
            verdicts: renamed(&coverage.verdicts, words::verdict),
            failures: renamed(&coverage.failures, words::failure),
            limited: coverage.limited,
            attachments: coverage.attachments,
            attachments_limited: renamed(&coverage.attachments_limited, words::gap),
            programs: coverage.programs,
            programs_cut: coverage.programs_cut,
            programs_unread: coverage.programs_unread,
            budgets_hit: &coverage.budgets_hit,
            requests: coverage.requests,
            bytes: coverage.bytes,
            sitemap_urls: coverage.sitemap_urls,
            duration_seconds: report.finished.as_second().saturating_sub(report.started.as_second()),
        }
    }
}

fn renamed<K: Copy>(map: &BTreeMap<K, u64>, word: impl Fn(K) -> &'static str) -> BTreeMap<&'static str, u64> {
    map.iter().map(|(key, number)| (word(*key), *number)).collect()
}

#[derive(Debug, Serialize)]
struct ConductObject<'a> {
    vantage: Option<&'a str>,
    user_agent: &'a str,
    resolver: &'a [String],
    requests_per_second: Option<f64>,
    confirm_tries: u8,
    confirm_spacing_seconds: f64,
    robots: bool,
    visits_timed: u64,
    median_ms: u32,
    p95_ms: u32,
    slowest_ms: u32,
    columns: ColumnTally,
    columns_registered: u64,
    columns_unseen: Vec<UnseenObject<'a>>,
}

#[derive(Debug, Serialize)]
struct UnseenObject<'a> {
    name: &'a str,
    address: &'a str,
}

impl<'a> ConductObject<'a> {
    fn new(conduct: &'a Conduct) -> Self {
        ConductObject {
            vantage: conduct.vantage.as_deref(),
            user_agent: &conduct.user_agent,
            resolver: &conduct.resolver,
            requests_per_second: conduct.rate,
            confirm_tries: conduct.confirm_tries,
            confirm_spacing_seconds: conduct.confirm_spacing.as_secs_f64(),
            robots: conduct.robots,
            visits_timed: conduct.timings.visits,
            median_ms: conduct.timings.median,
            p95_ms: conduct.timings.most,
            slowest_ms: conduct.timings.slowest,
            columns: conduct.columns,
            columns_registered: conduct.registered,
            columns_unseen: conduct
                .unseen
                .iter()
                .map(|(name, address)| UnseenObject { name, address })
                .collect(),
        }
    }
}

/// How the pages of one kind carry one page tag.
#[derive(Debug, Serialize)]
struct TagObject<'a> {
    kind: &'static str,
    tag: &'a str,
    label: &'a str,
    required: bool,
    filled: u64,
    empty: u64,
    absent: u64,
}

impl<'a> TagObject<'a> {
    fn new(count: &'a TagCount) -> Self {
        TagObject {
            kind: words::page_kind(count.kind),
            tag: &count.tag,
            label: &count.label,
            required: count.required,
            filled: count.filled,
            empty: count.empty,
            absent: count.absent,
        }
    }
}

/// Why pages were taken for a kind.
#[derive(Debug, Serialize)]
struct KindObject<'a> {
    kind: &'static str,
    reason: &'a str,
    pages: u64,
    samples: &'a [String],
}

impl<'a> KindObject<'a> {
    fn new(sample: &'a KindSample) -> Self {
        KindObject {
            kind: words::page_kind(sample.kind),
            reason: &sample.reason,
            pages: sample.pages,
            samples: &sample.samples,
        }
    }
}

#[derive(Debug, Serialize)]
struct CouldNotRunObject<'a> {
    check: &'a str,
    page: Option<&'a str>,
}

impl<'a> CouldNotRunObject<'a> {
    fn new(fault: &'a CouldNotRun) -> Self {
        CouldNotRunObject { check: &fault.check, page: fault.page.as_deref() }
    }
}

pub(super) fn time(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
