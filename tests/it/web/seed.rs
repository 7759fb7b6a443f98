//! A record to look at: a scan of the site `sthjt` with findings, some of them as hostile as a site can make them.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use sitewarden::diff::Sighted;
use sitewarden::facts::{BlobId, Coverage, PageKind};
use sitewarden::finding::{Category, Confidence, Finding, Place, Proof, Scope, Severity};
use sitewarden::indicators::{RuleSet, TagCount};
use sitewarden::link::Verdict;
use sitewarden::score::{self, Basis, ColumnDue, ColumnTally, Facts, HomeNewest, HomeOpened, Seen};
use sitewarden::sightings::Learnt;
use sitewarden::store::{NewScan, ScanOutcome};
use sitewarden::web::App;

/// Text that no page may show as it is.
pub(super) const HOSTILE: &str =
    "<script>alert(1)</script><img src=x onerror=alert(1)>\u{202e}\u{200b}\u{7}\"'";

/// What scans find on a page.
pub(super) fn finding(number: usize) -> Finding {
    Finding {
        check: "dead-link".to_owned(),
        category: Category::Links,
        severity: [Severity::Low, Severity::Medium, Severity::High][number % 3],
        confidence: Confidence::Confirmed,
        page: format!("http://sthjt.example.gov.cn/zwgk/t{number}.html"),
        kind: PageKind::Article,
        target: Some(format!("http://sthjt.example.gov.cn/files/{number}.pdf")),
        what: number.to_string(),
        evidence: format!("链接 {number} 应答 404"),
        suggestion: "更正或删除链接".to_owned(),
        place: Some(Place { context: Some(format!("前文【附件{number}】后文")), ..Place::default() }),
        scope: Scope::Page,
        occurrences: 1,
        samples: Vec::new(),
        verdict: Some(Verdict::Broken),
        status: Some(404),
        indicators: vec!["LINK-01".to_owned()],
        proof: Proof::default(),
    }
}

/// A finding on a page that was kept, whose every text is hostile.
fn hostile(original: BlobId) -> Finding {
    let long = format!("{HOSTILE}{}", "长".repeat(100_000));
    Finding {
        severity: Severity::Critical,
        confidence: Confidence::Probable,
        page: "javascript:alert(1)".to_owned(),
        target: Some(format!("javascript:alert('{HOSTILE}')")),
        evidence: long.clone(),
        suggestion: long.clone(),
        samples: vec![format!("data:text/html,{HOSTILE}")],
        place: Some(Place {
            selector: Some(HOSTILE.to_owned()),
            offset: Some(3),
            context: Some(format!("{HOSTILE}【{HOSTILE}】{long}")),
        }),
        proof: Proof {
            title: Some(long),
            path: vec![HOSTILE.to_owned()],
            original: Some(original.to_string()),
            tries: Some(3),
        },
        ..finding(0)
    }
}

/// Records a scan of `site`; returns the fingerprints of what it found, the hostile one first.
pub(super) async fn scan(app: &App, site: &str, number: usize) -> Vec<String> {
    let body = format!("<p>{HOSTILE}</p>身份证 11010519491231002X");
    let original = app.evidence.put(body.into()).await.expect("evidence takes it");
    let findings: Vec<Finding> = std::iter::once(hostile(original)).chain((1..number).map(finding)).collect();
    let sighted: Vec<Sighted> =
        findings.iter().map(|one| Sighted::new(site, &one.page, one.clone())).collect();
    let ids = sighted.iter().map(|one| one.id.0.clone()).collect();
    let begun = Timestamp::now() - SignedDuration::from_hours(2);
    let today = begun.strftime("%Y-%m-%d").to_string().parse().expect("a date");
    let due = ColumnDue {
        name: HOSTILE.to_owned(),
        address: "http://sthjt.example.gov.cn/tzgg/".to_owned(),
        kind_name: "通知公告类".to_owned(),
        newest: today,
        due: today,
    };
    let facts = Facts {
        today,
        home: ["http://sthjt.example.gov.cn/".to_owned()].into(),
        home_opened: HomeOpened::Yes { millis: 120 },
        home_newest: HomeNewest::Date(today),
        columns: ColumnTally { fresh: 3, warn: 1, ..ColumnTally::default() },
        due: vec![due],
        guides: 12,
        searches: 4,
        not_offered: BTreeSet::new(),
        services: true,
        only: None,
    };
    let tag = TagCount {
        kind: PageKind::Article,
        tag: "ArticleTitle".to_owned(),
        label: "标题".to_owned(),
        required: true,
        filled: 9,
        empty: 1,
        absent: 2,
    };
    let coverage = Coverage { known: 12, visited: 12, pages: 12, finished: true, ..Coverage::default() };
    let rules = RuleSet::built_in();
    let seen = Seen { findings: &findings, facts: &facts, coverage: &coverage, entries: &[] };
    let score = score::score(&rules, "2019", &seen);
    let new = NewScan {
        site: site.to_owned(),
        home: "http://sthjt.example.gov.cn/".to_owned(),
        started: begun,
        rules_version: rules.version().to_owned(),
    };
    let scan = app.store.begin_scan(&new).expect("no other scan runs");
    let outcome = ScanOutcome {
        scan,
        finished: begun + SignedDuration::from_hours(1),
        findings: sighted,
        seen: Box::new(|_| true),
        basis: Basis::of(&findings, facts, vec![tag]),
        coverage,
        score,
        learnt: Learnt::default(),
        hosts: Vec::new(),
        taken: Vec::new(),
        portraits_kept: 5,
    };
    app.store.finish_scan(outcome).expect("it is recorded");
    ids
}
