//! What every backend has to do, written against the traits alone.
//!
//! A backend's tests call [`run`] with a way to make an empty record.

mod baselines;
mod duty;
mod hosts;
mod ipv6;
mod noted;
mod outbox;
mod paging;
mod papers;
mod pictures;
mod rechecks;
mod registers;
mod scores;
mod watch;
mod workflow;

use jiff::Timestamp;

use super::{Author, Filter, NewScan, ScanId, ScanOutcome, ScanResult, ScanState, Store, StoreError};
use crate::diff::tests::sighted;
use crate::diff::{Changes, Decision, Refusal, Ruling, Sighted, Step};
use crate::facts::{Coverage, PageKind, Skip};
use crate::finding::{Confidence, Fingerprint, Severity};
use crate::life::Life;
use crate::score::{Basis, ColumnTally, Facts, HomeNewest, HomeOpened, ScoreSheet};
use crate::sightings::{Key, Learnt, ListSighting, Sighting};

/// Runs the whole suite, each case on a record of its own.
pub(super) fn run(make: impl Fn() -> Box<dyn Store>) {
    scans_begin_and_end(&*make());
    a_scan_comes_back_as_it_was_written(&*make());
    findings_live_through_scans(&*make());
    what_fails_leaves_no_trace(&*make());
    people_decide(&*make());
    scores::what_a_scan_was_scored_by_is_kept(&*make());
    scores::entries_are_only_added(&*make());
    findings_are_filtered_and_sorted(&*make());
    sites_do_not_touch_each_other(&*make());
    several_threads_use_one_store(&*make());
    sightings_stay_as_they_were_first(&*make());
    baselines::portraits_follow_wait_and_are_approved(&*make());
    hosts::foreign_hosts_are_kept_as_the_last_scan_saw_them(&*make());
    hosts::what_is_said_of_a_host_stays_and_the_last_word_holds(&*make());
    duty::signs_become_intervals(&*make());
    duty::visits_are_counted_by_the_hour(&*make());
    duty::a_silence_is_a_gap(&*make());
    duty::tickets_grow_step_by_step(&*make());
    duty::exclusions_are_entered_and_taken_back_but_never_removed(&*make());
    rechecks::a_recheck_changes_hosts_and_findings_at_once(&*make());
    ipv6::assessments_are_kept(&*make());
    ipv6::visits_over_either_family_are_kept_for_a_while(&*make());
    outbox::run(&make);
    watch::an_incident_is_opened_once_grows_and_ends(&*make());
    watch::what_is_raised_in_silence_has_told_nobody(&*make());
    watch::jobs_are_known_and_run(&*make());
    watch::accounts_sessions_and_tokens(&*make());
    watch::only_what_is_old_and_over_is_let_go(&*make());
    paging::findings_come_in_pages(&*make());
    registers::the_last_register_is_in_force(&*make());
    paging::scans_come_in_pages(&*make());
    workflow::run(&make);
    papers::a_document_is_made_once_and_told_once(&*make());
    papers::what_was_handed_in_is_withdrawn_and_never_lost(&*make());
    noted::what_is_done_leaves_one_note_and_what_fails_none(&*make());
    pictures::the_last_picture_of_a_finding_counts(&*make());
}

fn day(day: i64) -> Timestamp {
    Timestamp::new(1_800_000_000 + day * 86_400, 123_456_789).expect("within range")
}

fn begin(store: &dyn Store, site: &str, on: i64) -> Result<ScanId, StoreError> {
    store.begin_scan(&NewScan {
        site: site.to_owned(),
        home: format!("https://{site}.example.test/"),
        started: day(on),
        rules_version: "2026-11".to_owned(),
    })
}

fn outcome(scan: ScanId, on: i64, findings: Vec<Sighted>, saw_everything: bool) -> ScanOutcome {
    let (coverage, score) = (Coverage::default(), ScoreSheet::default());
    ScanOutcome {
        scan,
        finished: day(on),
        findings,
        seen: Box::new(move |_| saw_everything),
        coverage,
        score,
        learnt: Learnt::default(),
        hosts: Vec::new(),
        basis: basis(&[]),
        taken: Vec::new(),
        portraits_kept: 5,
    }
}

/// What a scan that found these was scored by.
pub(super) fn basis(whats: &[&str]) -> Basis {
    let facts = Facts {
        today: jiff::civil::date(2026, 11, 21),
        home: ["https://a.example.test/".to_owned()].into(),
        home_opened: HomeOpened::Yes { millis: 120 },
        home_newest: HomeNewest::Unknown("首页没有日期".to_owned()),
        columns: ColumnTally { stale: 2, ..ColumnTally::default() },
        due: Vec::new(),
        guides: 12,
        searches: 4,
        not_offered: std::collections::BTreeSet::new(),
        services: true,
        only: None,
    };
    let findings: Vec<_> = whats.iter().map(|what| sighted(what).finding).collect();
    Basis::of(&findings, facts, Vec::new())
}

/// One scan from beginning to end.
fn scan(store: &dyn Store, site: &str, on: i64, whats: &[&str], saw_everything: bool) -> Changes {
    let id = begin(store, site, on).unwrap();
    let findings = whats.iter().map(|what| on_site(site, what)).collect();
    store.finish_scan(outcome(id, on, findings, saw_everything)).unwrap()
}

fn on_site(site: &str, what: &str) -> Sighted {
    let Sighted { page_key, finding, .. } = sighted(what);
    Sighted::new(site, &page_key, finding)
}

fn steps(changes: &Changes) -> Vec<(&str, Step)> {
    changes.0.iter().map(|change| (change.row.reported.finding.what.as_str(), change.step)).collect()
}

fn states(store: &dyn Store, site: &str) -> Vec<(String, Life)> {
    let filter = Filter { site: Some(site.to_owned()), ..Filter::default() };
    let findings = store.findings(&filter).unwrap();
    findings.into_iter().map(|reported| (reported.finding.what, reported.state)).collect()
}

fn scans_begin_and_end(store: &dyn Store) {
    assert_eq!(store.open_scan("a").unwrap(), None);
    assert_eq!(store.scan(ScanId(1)).unwrap(), None);

    let first = begin(store, "a", 0).unwrap();
    assert_eq!(store.open_scan("a").unwrap().map(|row| row.id), Some(first));
    assert!(
        matches!(begin(store, "a", 0), Err(StoreError::ScanRunning { scan, .. }) if scan == first),
        "one scan at a time"
    );
    store.abandon_scan(first, day(1)).unwrap();
    assert_eq!(store.open_scan("a").unwrap(), None);
    assert_eq!(store.scan(first).unwrap().unwrap().state, ScanState::Abandoned { at: day(1) });

    let second = begin(store, "a", 2).unwrap();
    assert!(second > first);
    store.finish_scan(outcome(second, 3, Vec::new(), true)).unwrap();
    for ended in [first, second, ScanId(99)] {
        let again = store.finish_scan(outcome(ended, 4, Vec::new(), true));
        assert!(matches!(again, Err(StoreError::NotRunning { scan }) if scan == ended));
        let again = store.abandon_scan(ended, day(4));
        assert!(matches!(again, Err(StoreError::NotRunning { scan }) if scan == ended));
    }

    let newest_first: Vec<ScanId> = store.scans("a", 10).unwrap().iter().map(|row| row.id).collect();
    assert_eq!(newest_first, [second, first]);
    assert_eq!(store.scans("a", 1).unwrap().len(), 1);
    let third = begin(store, "a", 5).unwrap();
    store.finish_scan(outcome(third, 6, Vec::new(), true)).unwrap();
    begin(store, "a", 7).unwrap();
    assert_eq!(store.finished("a").unwrap(), [second, third], "neither abandoned nor running ones");
    assert!(store.finished("b").unwrap().is_empty());
    assert!(store.scans("b", 10).unwrap().is_empty());
}

fn a_scan_comes_back_as_it_was_written(store: &dyn Store) {
    let id = begin(store, "a", 0).unwrap();
    let coverage = Coverage {
        known: 12,
        pages_by_kind: [(PageKind::Home, 1), (PageKind::Article, 9)].into(),
        skipped: [(Skip::Robots, 2)].into(),
        budgets_hit: vec!["https://a.example.test/日历/#.html (500)".to_owned()],
        finished: true,
        ..Coverage::default()
    };
    let score =
        ScoreSheet { scale: "2019".to_owned(), total: Some(91.5), full: 100.0, ..ScoreSheet::default() };
    let outcome =
        ScanOutcome { coverage: coverage.clone(), score: score.clone(), ..outcome(id, 1, Vec::new(), true) };
    store.finish_scan(outcome).unwrap();

    let row = store.scan(id).unwrap().unwrap();
    assert_eq!((row.site.as_str(), row.home.as_str()), ("a", "https://a.example.test/"));
    assert_eq!((row.started, row.rules_version.as_str()), (day(0), "2026-11"));
    let result = ScanResult { finished: day(1), coverage, score };
    assert_eq!(row.state, ScanState::Finished(Box::new(result)));
    assert_eq!(store.scans("a", 1).unwrap(), [row]);
}

fn findings_live_through_scans(store: &dyn Store) {
    let changes = scan(store, "a", 0, &["x", "y", "z"], true);
    assert_eq!(steps(&changes), [("x", Step::Opened), ("y", Step::Opened), ("z", Step::Opened)]);

    let changes = scan(store, "a", 1, &["x", "y"], false);
    assert_eq!(steps(&changes), [("x", Step::StillOpen), ("y", Step::StillOpen), ("z", Step::Unseen)]);

    let changes = scan(store, "a", 2, &["x", "z"], true);
    assert_eq!(steps(&changes), [("x", Step::StillOpen), ("y", Step::Fixed), ("z", Step::StillOpen)]);
    assert_eq!(changes.open().count(), 2);

    let changes = scan(store, "a", 3, &["x"], false);
    assert_eq!(steps(&changes), [("x", Step::StillOpen), ("z", Step::Unseen)], "what is fixed stays quiet");

    let changes = scan(store, "a", 4, &["y", "x"], true);
    assert_eq!(steps(&changes), [("x", Step::StillOpen), ("z", Step::Fixed), ("y", Step::Reopened)]);

    let y = on_site("a", "y").id;
    let life: Vec<_> = store.history(&y).unwrap().into_iter().map(|turn| (turn.at, turn.after)).collect();
    assert_eq!(life, [(day(0), Life::New), (day(2), Life::Fixed), (day(4), Life::Reopened)]);
    let filter = Filter { states: vec![Life::Reopened], ..Filter::default() };
    let [reopened] = &store.findings(&filter).unwrap()[..] else { panic!("one is reopened") };
    assert_eq!((&reopened.id, reopened.first_seen, reopened.last_seen), (&y, day(0), day(4)));
    assert_eq!(reopened.finding, on_site("a", "y").finding);
}

fn what_fails_leaves_no_trace(store: &dyn Store) {
    scan(store, "a", 0, &["x"], true);
    let failed = store.finish_scan(outcome(ScanId(99), 1, vec![on_site("a", "y")], true));
    assert!(matches!(failed, Err(StoreError::NotRunning { .. })));
    assert_eq!(states(store, "a"), [("x".to_owned(), Life::New)]);
    assert!(store.history(&on_site("a", "y").id).unwrap().is_empty());
}

fn people_decide(store: &dyn Store) {
    scan(store, "a", 0, &["x"], true);
    let x = on_site("a", "x").id;
    let decision = |on: i64, ruling: Ruling| Decision {
        ruling,
        actor: "王工".to_owned(),
        reason: "历史专题，已备案".to_owned(),
        at: day(on),
    };

    let until = day(10);
    let dismissed = workflow::decide(store, &x, &decision(1, Ruling::Dismiss { until })).unwrap();
    assert_eq!(dismissed.state, Life::Dismissed);
    assert_eq!(steps(&scan(store, "a", 2, &["x"], true)), [("x", Step::Dismissed)]);
    assert_eq!(steps(&scan(store, "a", 3, &[], true)), [("x", Step::Dismissed)]);
    assert_eq!(steps(&scan(store, "a", 10, &["x"], true)), [("x", Step::Lapsed)]);
    workflow::decide(store, &x, &decision(11, Ruling::Acknowledge)).unwrap();
    assert_eq!(steps(&scan(store, "a", 12, &["x"], true)), [("x", Step::StillOpen)]);
    assert_eq!(states(store, "a"), [("x".to_owned(), Life::Acknowledged)]);
    scan(store, "a", 13, &[], true);

    let refused = workflow::decide(store, &x, &decision(14, Ruling::Acknowledge));
    assert!(matches!(refused, Err(StoreError::Refused(Refusal::Fixed))));
    let nobody = Fingerprint("0".repeat(32));
    let refused = workflow::decide(store, &nobody, &decision(14, Ruling::Acknowledge));
    assert!(matches!(refused, Err(StoreError::NoSuchFinding { id }) if id == nobody));

    let history = store.history(&x).unwrap();
    let lives: Vec<_> = history.iter().map(|turn| (turn.before, turn.after)).collect();
    let expected = [
        (None, Life::New),
        (Some(Life::New), Life::Dismissed),
        (Some(Life::Dismissed), Life::Open),
        (Some(Life::Open), Life::Acknowledged),
        (Some(Life::Acknowledged), Life::Fixed),
    ];
    assert_eq!(lives, expected);
    assert_eq!(history[1].author, Author::Person("王工".to_owned()));
    assert_eq!((history[1].reason.as_str(), history[1].until), ("历史专题，已备案", Some(until)));
    let of_x: Vec<_> = history.iter().map(|turn| (x.clone(), turn.clone())).collect();
    assert_eq!(store.turns("a", day(20)).unwrap(), of_x);
    assert_eq!(store.turns("a", day(11)).unwrap(), of_x[..3], "what came before");
    assert!(store.turns("b", day(20)).unwrap().is_empty());
    assert!(matches!(history[4].author, Author::Scan(_)));
}

fn findings_are_filtered_and_sorted(store: &dyn Store) {
    let graded = |what: &str, check: &str, severity, confidence| {
        let mut finding = sighted(what).finding;
        (finding.check, finding.severity, finding.confidence) = (check.to_owned(), severity, confidence);
        Sighted::new("a", "http://a.example.test/", finding)
    };
    let findings = vec![
        graded("low", "stale-column", Severity::Low, Confidence::Confirmed),
        graded("doubtful", "dead-link", Severity::High, Confidence::Probable),
        graded("certain", "dead-link", Severity::High, Confidence::Confirmed),
        graded("worst", "hidden-link", Severity::Critical, Confidence::Note),
    ];
    let id = begin(store, "a", 0).unwrap();
    store.finish_scan(outcome(id, 0, findings, true)).unwrap();

    let check = |filter: Filter, expected: &[&str]| {
        let found = store.findings(&filter).unwrap();
        let whats: Vec<&str> = found.iter().map(|reported| reported.finding.what.as_str()).collect();
        assert_eq!(whats, expected, "{filter:?}");
    };
    let all = Filter::default;
    check(all(), &["worst", "certain", "doubtful", "low"]);
    check(Filter { limit: Some(2), ..all() }, &["worst", "certain"]);
    check(Filter { site: Some("a".to_owned()), limit: Some(1), ..all() }, &["worst"]);
    check(Filter { site: Some("b".to_owned()), ..all() }, &[]);
    check(Filter { severity: Some(Severity::High), ..all() }, &["worst", "certain", "doubtful"]);
    let checks = vec!["dead-link".to_owned(), "stale-column".to_owned()];
    check(Filter { checks, ..all() }, &["certain", "doubtful", "low"]);
    check(Filter { checks: vec!["' OR 1=1 --".to_owned()], ..all() }, &[]);
    check(Filter { states: vec![Life::Fixed, Life::Open], ..all() }, &[]);
    check(Filter { states: vec![Life::New], limit: Some(0), ..all() }, &[]);
}

fn sites_do_not_touch_each_other(store: &dyn Store) {
    scan(store, "a", 0, &["x"], true);
    scan(store, "b", 0, &["x"], true);
    scan(store, "b", 1, &[], true);
    assert_eq!(states(store, "a"), [("x".to_owned(), Life::New)]);
    assert_eq!(states(store, "b"), [("x".to_owned(), Life::Fixed)]);
    let running = [begin(store, "a", 2).unwrap(), begin(store, "b", 2).unwrap()];
    assert_ne!(running[0], running[1]);
}

fn several_threads_use_one_store(store: &dyn Store) {
    std::thread::scope(|scope| {
        for site in ["a", "b", "c"] {
            scope.spawn(move || {
                for on in 0..5 {
                    scan(store, site, on, &["x", "y"], true);
                    assert_eq!(states(store, site).len(), 2, "what was acknowledged is there to be read");
                }
            });
        }
    });
    assert_eq!(store.findings(&Filter::default()).unwrap().len(), 6);
}

fn sightings_stay_as_they_were_first(store: &dyn Store) {
    let on = |day| jiff::civil::date(2026, 11, day);
    let address = "http://www.example.test/1.html";
    let article = Sighting {
        page: Key::of_page(address),
        title: Key(u64::MAX),
        shown: Some(on(3)),
        first_seen: on(10),
        absent: None,
    };
    let list = ListSighting { page: Key(1), seen: on(10), reach: on(1) };
    for (day, learnt) in [
        (1, Learnt { articles: vec![article], lists: vec![list] }),
        // Lists are replaced, articles are not.
        (
            2,
            Learnt {
                articles: vec![Sighting { shown: None, absent: Some(on(9)), ..article }],
                lists: vec![ListSighting { seen: on(12), ..list }],
            },
        ),
    ] {
        let id = begin(store, "a", day).unwrap();
        store.finish_scan(ScanOutcome { learnt, ..outcome(id, day, Vec::new(), true) }).unwrap();
    }
    let known = store.sightings("a").unwrap();
    assert_eq!(known.article(address), Some(&article));
    assert_eq!(store.sightings("b").unwrap().article(address), None);
}
