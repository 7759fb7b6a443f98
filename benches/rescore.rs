//! What it costs to score an earlier scan again: a record of 1,000 scans with 500 findings each.

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use jiff::{Timestamp, ToSpan as _, civil::date};
use sitewarden::address::Address;
use sitewarden::config::{Settings, Site};
use sitewarden::diff::Sighted;
use sitewarden::facts::{Coverage, PageKind};
use sitewarden::finding::{Category, Confidence, Finding, Proof, Scope, Severity};
use sitewarden::indicators::RuleSet;
use sitewarden::link::Verdict;
use sitewarden::scan::Rescorer;
use sitewarden::score::{Basis, ColumnTally, Facts, HomeNewest, HomeOpened, Seen, score};
use sitewarden::store::{self, NewScan, ScanOutcome};

const SCANS: i64 = 1_000;
const FINDINGS: usize = 500;
const HOME: &str = "https://www.example.gov.cn/";

fn finding(number: usize) -> Finding {
    Finding {
        check: if number.is_multiple_of(5) { "missing-tag" } else { "dead-link" }.to_owned(),
        category: Category::Links,
        severity: Severity::Medium,
        confidence: Confidence::Confirmed,
        page: format!("{HOME}xxgk/tzgg/202611/t20261121_{number}.html"),
        kind: PageKind::Article,
        target: Some(format!("{HOME}gone/{number}.html")),
        what: number.to_string(),
        evidence: format!("链接“第 {number} 号通知”返回 404 未找到（3 次尝试均失败）"),
        suggestion: "更正该链接的地址；目标确已不存在的，删除该链接。".to_owned(),
        place: None,
        scope: Scope::Page,
        occurrences: 1,
        samples: Vec::new(),
        verdict: (!number.is_multiple_of(5)).then_some(Verdict::Broken),
        status: Some(404),
        indicators: vec!["DED-32".to_owned()],
        proof: Proof::default(),
    }
}

/// Fills a record; the findings of each scan are known to the one before, but for a few.
fn fill(settings: &Settings, site: &Site) {
    let store = store::open(&settings.store_url).expect("opens");
    let rules = RuleSet::built_in();
    let facts = Facts {
        today: date(2026, 11, 21),
        home: [HOME.to_owned()].into(),
        home_opened: HomeOpened::Yes { millis: 200 },
        home_newest: HomeNewest::Date(date(2026, 11, 20)),
        columns: ColumnTally { fresh: 200, ..ColumnTally::default() },
        due: Vec::new(),
        guides: 12,
        searches: 4,
        not_offered: Default::default(),
        services: true,
        only: None,
    };
    let kinds = [(PageKind::Home, 1), (PageKind::Column, 200), (PageKind::Article, 4_800)];
    let coverage =
        Coverage { pages: 5_001, pages_by_kind: kinds.into(), finished: true, ..Coverage::default() };
    for number in 0..SCANS {
        let started = Timestamp::UNIX_EPOCH + number.hours();
        let scan = NewScan {
            site: site.id.clone(),
            home: HOME.to_owned(),
            started,
            rules_version: rules.version().to_owned(),
        };
        let scan = store.begin_scan(&scan).expect("begins");
        let first = number as usize;
        let findings: Vec<Finding> = (first..first + FINDINGS).map(finding).collect();
        let seen = Seen { findings: &findings, facts: &facts, coverage: &coverage, entries: &[] };
        let score = score(&rules, &site.scale, &seen);
        // The life of findings is not what is measured here, and recording it would take minutes.
        let sighted =
            findings.iter().take(5).map(|finding| Sighted::new(&site.id, &finding.page, finding.clone()));
        let outcome = ScanOutcome {
            scan,
            finished: started + 30.minutes(),
            findings: sighted.collect(),
            seen: Box::new(|_| true),
            coverage: coverage.clone(),
            score,
            learnt: Default::default(),
            hosts: Vec::new(),
            basis: Basis::of(&findings, facts.clone(), Vec::new()),
            taken: Vec::new(),
            portraits_kept: 0,
        };
        store.finish_scan(outcome).expect("finishes");
    }
}

fn record(data: &Path) -> (Settings, Site) {
    let site = Site::at(&Address::parse(HOME).expect("an address"), &[]);
    let settings = Settings::in_folder(data);
    fill(&settings, &site);
    (settings, site)
}

fn rescore(criterion: &mut Criterion) {
    let data = tempfile::tempdir().expect("a scratch folder");
    let (settings, site) = record(data.path());
    let scorer =
        |scale| Rescorer::open(&settings, site.clone(), Some(scale), Timestamp::now()).expect("opens");
    let mut group = criterion.benchmark_group("rescore");
    group.sample_size(10);
    group.bench_function("one-of-1000-scans", |bencher| {
        let scorer = scorer("sichuan");
        bencher.iter(|| scorer.one(None).expect("there are scans"));
    });
    group.throughput(Throughput::Elements(SCANS as u64));
    group.bench_function("all-1000-scans", |bencher| {
        let scorer = scorer("sichuan");
        bencher
            .iter(|| scorer.all(&mut |rescored| assert!(rescored.score.is_some())).expect("there are scans"));
    });
    group.finish();
    let bytes = std::fs::metadata(data.path().join("record.db")).map_or(0, |file| file.len());
    println!("the record of {SCANS} scans has {} KB a scan", bytes / 1024 / SCANS as u64);
}

criterion_group!(benches, rescore);
criterion_main!(benches);
