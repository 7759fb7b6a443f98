use std::{cell::RefCell, fs, path::Path};

use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::{Readers, Sqlite};
use crate::diff::Sighted;
use crate::diff::tests::sighted;
use crate::facts::Coverage;
use crate::finding::Severity;
use crate::score::ScoreSheet;
use crate::sightings::Learnt;
use crate::store::{
    CaseOrder, CaseQuery, CaseReader as _, Filter, NewScan, Reader as _, STANDING, ScanId, ScanOutcome,
    ScanState, Store, StoreError, conformance,
};

fn folder() -> TempDir {
    tempfile::tempdir().expect("a scratch folder")
}

fn begin(store: &Sqlite) -> ScanId {
    let (site, home) = ("a".to_owned(), "https://a.example.test/".to_owned());
    let scan = NewScan { site, home, started: Timestamp::UNIX_EPOCH, rules_version: "1".to_owned() };
    store.begin_scan(&scan).unwrap()
}

/// A scan that found `count` things.
fn outcome(scan: ScanId, count: usize) -> ScanOutcome {
    ScanOutcome {
        scan,
        finished: Timestamp::UNIX_EPOCH,
        findings: (0..count).map(|number| sighted(&number.to_string())).collect(),
        seen: Box::new(|_| true),
        coverage: Coverage::default(),
        score: ScoreSheet::default(),
        learnt: Learnt::default(),
        hosts: Vec::new(),
        basis: conformance::basis(&[]),
        taken: Vec::new(),
        portraits_kept: 5,
    }
}

/// What opening `path` fails with.
fn refusal(path: &Path) -> StoreError {
    match Sqlite::open(path) {
        Ok(_) => panic!("{} should not open", path.display()),
        Err(error) => error,
    }
}

#[test]
fn conforms() {
    let folders = RefCell::new(Vec::new());
    conformance::run(|| {
        let folder = folder();
        let store = Sqlite::open(&folder.path().join("data/record.db")).unwrap();
        folders.borrow_mut().push(folder);
        Box::new(store)
    });
}

#[test]
fn a_kill_loses_nothing_that_was_acknowledged() {
    let folder = folder();
    let (alive, dead) = (folder.path().join("record.db"), folder.path().join("after-kill.db"));
    let store = Sqlite::open(&alive).unwrap();
    let first = begin(&store);
    store.finish_scan(outcome(first, 20)).unwrap();
    let second = begin(&store);

    // What a killed process leaves: the file and its log as they are at this moment, nothing closed or flushed.
    for end in ["", "-wal"] {
        let name = |path: &Path| format!("{}{end}", path.display());
        fs::copy(name(&alive), name(&dead)).unwrap();
    }
    let store = Sqlite::open(&dead).unwrap();
    assert!(matches!(store.scan(first).unwrap().unwrap().state, ScanState::Finished(_)));
    assert_eq!(store.findings(&Filter::default()).unwrap().len(), 20);
    assert_eq!(store.open_scan("a").unwrap().map(|row| row.id), Some(second), "to be resumed");
    store.finish_scan(outcome(second, 20)).unwrap();
}

#[test]
fn a_second_writer_is_kept_out_and_readers_are_not() {
    let folder = folder();
    let path = folder.path().join("record.db");
    let missing = Readers::open(&path).map(|_| ()).unwrap_err();
    assert!(missing.to_string().contains("the first scan creates it"), "{missing}");

    let store = Sqlite::open(&path).unwrap();
    let error = refusal(&path);
    assert!(matches!(&error, StoreError::Locked { .. }), "{error}");
    assert!(error.to_string().contains("record.db is in use by this very process"), "{error}");

    let reader = Readers::open(&path).unwrap();
    let scan = begin(&store);
    assert_eq!(reader.open_scan("a").unwrap().map(|row| row.id), Some(scan));
    drop(store);
    assert!(Sqlite::open(&path).is_ok(), "the lock ends with its holder");
}

#[test]
fn a_file_that_is_no_record_is_named_and_left_alone() {
    let folder = folder();
    let path = folder.path().join("record.db");
    fs::write(&path, "这不是数据库".repeat(1000)).unwrap();
    let error = refusal(&path);
    assert!(matches!(&error, StoreError::Corrupt { .. }), "{error}");
    let text = error.to_string();
    assert!(text.contains("record.db is damaged or not a record"), "{text}");
    assert!(text.contains("move it aside"), "{text}");
    assert_eq!(fs::read(&path).unwrap(), "这不是数据库".repeat(1000).as_bytes());
}

#[test]
fn damage_inside_the_file_is_noticed_at_opening() {
    let folder = folder();
    let path = folder.path().join("record.db");
    let store = Sqlite::open(&path).unwrap();
    let scan = begin(&store);
    store.finish_scan(outcome(scan, 200)).unwrap();
    drop(store);

    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 8192].fill(0xff);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(refusal(&path), StoreError::Corrupt { .. }));
}

#[test]
fn a_full_disk_is_named_and_nothing_is_half_done() {
    let folder = folder();
    let path = folder.path().join("record.db");
    let store = Sqlite::open(&path).unwrap();
    let scan = begin(&store);
    let cap = |pages: i64| {
        let change = move |connection: &rusqlite::Transaction<'_>| {
            Ok(connection.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?)
        };
        store.writer.run(change).unwrap();
    };
    cap(20);
    let error = store.finish_scan(outcome(scan, 500)).unwrap_err();
    assert!(matches!(&error, StoreError::DiskFull { .. }), "{error}");
    assert!(store.findings(&Filter::default()).unwrap().is_empty());
    assert_eq!(store.open_scan("a").unwrap().map(|row| row.id), Some(scan), "still to be finished");

    cap(100_000);
    store.finish_scan(outcome(scan, 500)).unwrap();
    assert_eq!(store.findings(&Filter::default()).unwrap().len(), 500);
}

#[test]
fn a_schema_of_another_time_is_not_touched() {
    let folder = folder();
    let path = folder.path().join("record.db");
    let version = |number: u32| {
        Connection::open(&path).unwrap().pragma_update(None, "user_version", number).unwrap();
    };
    version(0);
    let older = Readers::open(&path).map(|_| ()).unwrap_err();
    assert!(matches!(older, StoreError::Older { found: 0, .. }), "{older}");
    version(99);
    for newer in [refusal(&path), Readers::open(&path).map(|_| ()).unwrap_err()] {
        assert!(matches!(newer, StoreError::Newer { found: 99, .. }), "{newer}");
    }
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let folder = folder();
    fs::write(folder.path().join("file"), "").unwrap();
    let error = refusal(&folder.path().join("file/record.db"));
    assert!(matches!(&error, StoreError::Io { .. }), "{error}");
}

#[test]
fn after_a_panic_the_writer_says_that_it_has_stopped() {
    let folder = folder();
    let store = Sqlite::open(&folder.path().join("record.db")).unwrap();
    let first = begin(&store);
    store.finish_scan(outcome(first, 1)).unwrap();
    let scan = begin(&store);
    let broken = ScanOutcome { seen: Box::new(|_| panic!("the judge of absence fails")), ..outcome(scan, 0) };
    assert!(matches!(store.finish_scan(broken), Err(StoreError::Stopped { .. })));
    assert!(matches!(store.abandon_scan(scan, Timestamp::UNIX_EPOCH), Err(StoreError::Stopped { .. })));
    assert_eq!(store.open_scan("a").unwrap().map(|row| row.id), Some(scan), "reading goes on");
}

#[test]
fn a_record_of_an_earlier_version_is_brought_up_to_date() {
    let folder = folder();
    let path = folder.path().join("record.db");
    let old = Connection::open(&path).unwrap();
    old.execute_batch(include_str!("../migrations/0001_scans_and_findings.sql")).unwrap();
    old.execute_batch(
        "INSERT INTO scan (site, home, rules_version, state, started, ended, coverage, score)
         SELECT 'a', 'https://a.example.test/', '1', 'finished', '2026-11-01T00:00:00Z', '2026-11-01T01:00:00Z',
             '{\"known\":0,\"visited\":0,\"pages\":0,\"pages_by_kind\":{},\"skipped\":{},\"verdicts\":{},
               \"failures\":{},\"limited\":0,\"budgets_hit\":[],\"requests\":0,\"bytes\":0,
               \"sitemap_urls\":0,\"finished\":true}',
             '{\"scale\":\"2019\",\"rules_version\":\"1\",\"lines\":[{\"id\":\"DED-05\",\"name\":\"x\",
               \"group\":\"扣分指标\",\"expectation\":\"\",\"measured\":\"\",\"standing\":\"met\",\"lost\":0,
               \"cap\":5,\"findings\":0,\"authority\":\"\",\"confidence\":\"verified\"}],
               \"total\":91.5,\"full\":100,\"vetoes\":[],\"verdict\":\"\"}';
         PRAGMA user_version = 1",
    )
    .unwrap();
    drop(old);
    let store = Sqlite::open(&path).unwrap();
    let scan = store.scan(ScanId(1)).unwrap().unwrap();
    let ScanState::Finished(result) = scan.state else { panic!("it was finished") };
    assert_eq!((result.score.total, result.score.lines.len()), (Some(91.5), 1));
    assert_eq!(store.basis(scan.id).unwrap(), None, "nobody kept what it was scored by");
    assert!(store.entries("a").unwrap().is_empty());
}

/// How long pages of a large record take. `cargo test --release -- --ignored --nocapture a_large_record` shows it.
#[test]
#[ignore = "a measurement"]
fn a_large_record_is_listed_quickly() {
    let folder = folder();
    let store = Sqlite::open(&folder.path().join("record.db")).unwrap();
    for site in 0..50 {
        let (site, home) = (format!("site{site}"), "https://a.example.test/".to_owned());
        let scan = NewScan {
            site: site.clone(),
            home,
            started: Timestamp::UNIX_EPOCH,
            rules_version: "1".to_owned(),
        };
        let scan = store.begin_scan(&scan).unwrap();
        let found = (0..2_000).map(|number| {
            let mut finding = sighted(&number.to_string()).finding;
            finding.severity = [Severity::Low, Severity::Medium, Severity::High][number % 3];
            finding.page = format!("https://{site}.example.test/zwgk/tzgg/2026/t2026_{number}.html");
            finding.evidence =
                format!("链接 https://{site}.example.test/{number}.pdf 应答 404，共尝试 3 次。").repeat(5);
            Sighted::new(&site, &finding.page.clone(), finding)
        });
        store.finish_scan(ScanOutcome { findings: found.collect(), ..outcome(scan, 0) }).unwrap();
    }
    // The dashboard names every site that its visitor sees.
    let sites: Vec<String> = (0..50).map(|site| format!("site{site}")).collect();
    let all = || CaseQuery {
        sites: Some(sites.clone()),
        states: STANDING.to_vec(),
        limit: 50,
        ..CaseQuery::default()
    };
    let queries = [
        ("first page", all()),
        ("page 1000", CaseQuery { offset: 50_000, ..all() }),
        ("newest", CaseQuery { order: CaseOrder::Newest, ..all() }),
        ("one site", CaseQuery { sites: Some(vec!["site7".to_owned()]), ..all() }),
        ("severe", CaseQuery { severities: vec![Severity::High], ..all() }),
        ("words found", CaseQuery { text: "t2026_1999".to_owned(), ..all() }),
        ("words not found", CaseQuery { text: "没有这样的话".to_owned(), ..all() }),
    ];
    for (name, query) in queries {
        let mut took: Vec<_> = (0..20)
            .map(|_| {
                let begun = std::time::Instant::now();
                store.cases(&query).unwrap();
                begun.elapsed()
            })
            .collect();
        took.sort();
        println!("{name}: median {:?}, p95 {:?}", took[10], took[18]);
    }
    let begun = std::time::Instant::now();
    store.tallies().unwrap();
    println!("tallies: {:?}", begun.elapsed());
}
