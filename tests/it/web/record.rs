//! A record with something in it.

use jiff::Timestamp;
use sitewarden::diff::Sighted;
use sitewarden::facts::{Coverage, PageKind};
use sitewarden::finding::{Category, Confidence, Finding, Proof, Scope, Severity};
use sitewarden::score::{Basis, ColumnTally, Facts, HomeNewest, HomeOpened, ScoreSheet};
use sitewarden::sightings::Learnt;
use sitewarden::store::{NewScan, ScanOutcome};

use super::dashboard::Dashboard;

/// A finding of a site, told apart by `what`.
fn sighted(site: &str, what: &str) -> Sighted {
    let page = format!("http://{site}.example.gov.cn/{what}.html");
    let finding = Finding {
        check: "dead-link".to_owned(),
        category: Category::Links,
        severity: Severity::Medium,
        confidence: Confidence::Confirmed,
        page: page.clone(),
        kind: PageKind::Other,
        target: None,
        what: what.to_owned(),
        evidence: format!("链接“{what}”无法打开"),
        suggestion: "更正或删除链接。".to_owned(),
        place: None,
        scope: Scope::Page,
        occurrences: 1,
        samples: Vec::new(),
        verdict: None,
        status: Some(404),
        indicators: Vec::new(),
        proof: Proof::default(),
    };
    Sighted::new(site, &page, finding)
}

/// The identity of such a finding.
pub(super) fn fingerprint(site: &str, what: &str) -> String {
    sighted(site, what).id.0
}

/// One scan of a site that found these.
pub(super) fn scan(dashboard: &Dashboard, site: &str, whats: &[&str]) {
    let store = &dashboard.app.store;
    let (home, now) = (format!("http://{site}.example.gov.cn/"), Timestamp::now());
    let new =
        NewScan { site: site.to_owned(), home: home.clone(), started: now, rules_version: "test".to_owned() };
    let scan = store.begin_scan(&new).expect("no other scan runs");
    let findings: Vec<Sighted> = whats.iter().map(|what| sighted(site, what)).collect();
    let facts = Facts {
        today: jiff::civil::date(2026, 11, 21),
        home: [home].into(),
        home_opened: HomeOpened::Yes { millis: 120 },
        home_newest: HomeNewest::Unknown("首页没有日期".to_owned()),
        columns: ColumnTally::default(),
        due: Vec::new(),
        guides: 0,
        searches: 0,
        not_offered: std::collections::BTreeSet::new(),
        services: true,
        only: None,
    };
    let plain: Vec<Finding> = findings.iter().map(|sighted| sighted.finding.clone()).collect();
    let outcome = ScanOutcome {
        scan,
        finished: now,
        findings,
        seen: Box::new(|_| true),
        coverage: Coverage::default(),
        score: ScoreSheet::default(),
        learnt: Learnt::default(),
        hosts: Vec::new(),
        basis: Basis::of(&plain, facts, Vec::new()),
        taken: Vec::new(),
        portraits_kept: 5,
    };
    store.finish_scan(outcome).expect("the scan runs");
}
