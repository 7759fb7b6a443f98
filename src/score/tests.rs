//! The score as a whole, by the built-in rules.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::*;
use crate::facts::PageKind;
use crate::finding::{Category, Confidence, Proof, Scope, Severity};
use crate::link::Verdict;

const HOME: &str = "http://www.example.gov.cn/";
const OTHER: &str = "http://www.example.gov.cn/a.html";

fn finding(check: &str, page: &str, evidence: &str) -> Finding {
    Finding {
        check: check.to_owned(),
        category: Category::Links,
        severity: Severity::Medium,
        confidence: Confidence::Confirmed,
        page: page.to_owned(),
        kind: PageKind::Other,
        target: None,
        what: String::new(),
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

fn facts(newest: Date) -> Facts {
    Facts {
        today: date(2026, 11, 21),
        home: BTreeSet::from([HOME.to_owned()]),
        home_opened: HomeOpened::Yes { millis: 400 },
        home_newest: HomeNewest::Date(newest),
        columns: ColumnTally { fresh: 20, ..ColumnTally::default() },
        due: Vec::new(),
        guides: 12,
        searches: 4,
        not_offered: BTreeSet::new(),
        services: true,
        only: None,
    }
}

fn coverage() -> Coverage {
    let pages_by_kind = [(PageKind::Home, 1), (PageKind::Column, 20), (PageKind::Article, 79)].into();
    Coverage { pages: 100, pages_by_kind, finished: true, ..Coverage::default() }
}

fn scored(scale: &str, findings: &[Finding], facts: &Facts, entries: &[Said]) -> ScoreSheet {
    score(&RuleSet::built_in(), scale, &Seen { findings, facts, coverage: &coverage(), entries })
}

fn sheet(scale: &str, findings: &[Finding]) -> ScoreSheet {
    scored(scale, findings, &facts(date(2026, 11, 20)), &[])
}

fn line<'a>(sheet: &'a ScoreSheet, id: &str) -> &'a Line {
    sheet.lines.iter().find(|line| line.id == id).expect("there is such a line")
}

#[test]
fn a_body_without_services_is_counted_out_of_75() {
    let facts = Facts { services: false, ..facts(date(2026, 11, 20)) };
    let check = |findings: &[Finding], total: f64| {
        let sheet = scored("2019", findings, &facts, &[]);
        assert_eq!(sheet.total, Some(total));
        assert_eq!(line(&sheet, "DED-11").standing, Standing::NotMeasured);
    };
    check(&[], 100.0);
    // 3 of 75 points are 4 of 100.
    check(&vec![finding("dead-link", HOME, ""); 3], 96.0);
}

#[test]
fn points_are_lost_once_and_capped() {
    let check = |scale: &str, findings: Vec<Finding>, id: &str, lost: f64, total: f64| {
        let sheet = sheet(scale, &findings);
        assert_eq!((line(&sheet, id).lost, sheet.total), (lost, Some(total)), "{scale} {id}");
        let sum: f64 = sheet.lines.iter().map(|line| line.lost).sum();
        assert!((sheet.full - sum - total).abs() < 0.001, "the lines add up to the total");
    };
    let some = |number: usize, check, page, says| vec![finding(check, page, says); number];
    check("2019", vec![], "DED-32", 0.0, 100.0);
    check("2019", some(3, "dead-link", HOME, ""), "DED-32", 3.0, 97.0);
    check("2019", some(3, "dead-link", OTHER, ""), "DED-32", 0.3, 99.7);
    check("2019", some(40, "broken-image", HOME, ""), "DED-32", 10.0, 90.0);
    check("2019", some(3, "dead-link", HOME, ""), "LINK-01", 0.0, 97.0);
    check("2015", some(3, "dead-link", HOME, ""), "LINK-01", 3.0, 97.0);
    check("2015", some(7, "dead-link", OTHER, ""), "LINK-02", 0.7, 99.3);
    check("2015", some(2, "stale-column", OTHER, "（动态要闻类）"), "COL-01", 6.0, 94.0);
    check("2019", some(2, "stale-column", OTHER, "（政策文件类）"), "DED-05", 5.0, 95.0);
    check("2019", some(2, "empty-column", OTHER, ""), "DED-07", 4.0, 96.0);
    check(
        "2019",
        some(1, "footer-element", HOME, "首页底部没有找到“我为政府网站找错”入口"),
        "DED-38",
        5.0,
        95.0,
    );
}

#[test]
fn a_template_counts_by_pages_where_the_rule_says_so() {
    let template = |check: &str| Finding {
        scope: Scope::Template,
        occurrences: 12,
        samples: vec![HOME.to_owned(), OTHER.to_owned()],
        ..finding(check, HOME, "站点标签")
    };
    let seen = sheet("2019", &[template("missing-tag")]);
    assert_eq!((line(&seen, "DED-35").lost, line(&seen, "TAG-01").findings), (2.4, 12));
    let seen = sheet("2019", &[template("dead-link")]);
    assert_eq!((line(&seen, "DED-32").lost, line(&seen, "DED-32").findings), (1.0, 1));
}

#[test]
fn vetoes_warn_before_they_are_candidates() {
    let check = |check: &str, says: &str, number: usize, expected: Standing| {
        let sheet = sheet("2019", &vec![finding(check, OTHER, says); number]);
        let line = line(&sheet, "VETO-04");
        assert_eq!(line.standing, expected, "{number} {check}: {}", line.measured);
        let fails = expected == Standing::Failed;
        assert_eq!(sheet.vetoes.contains(&"VETO-04".to_owned()), fails);
        assert_eq!(sheet.total.is_none(), fails);
        assert_eq!(sheet.verdict.contains("需人工确认"), fails, "{}", sheet.verdict);
        assert_eq!(line.measured.starts_with("候选，需人工确认"), fails);
    };
    check("stale-column", "（动态要闻类）", 2, Standing::Met);
    check("stale-column", "（动态要闻类）", 3, Standing::Warning);
    check("stale-column", "（通知公告类）", 4, Standing::Warning);
    check("stale-column", "（政策文件类）", 5, Standing::Failed);
    check("stale-column", "（人事信息类）", 5, Standing::Met);
    check("stale-column", "（人事信息类）", 9, Standing::Warning);
    check("stale-column", "（人事信息类）", 10, Standing::Failed);
    check("empty-column", "", 2, Standing::Met);
    check("empty-column", "", 4, Standing::Warning);
    check("empty-column", "", 5, Standing::Failed);
}

#[test]
fn an_old_home_page_is_a_candidate() {
    let check = |newest: HomeNewest, expected: Standing| {
        let facts = Facts { home_newest: newest.clone(), ..facts(date(2026, 11, 20)) };
        let sheet = scored("2019", &[], &facts, &[]);
        assert_eq!(line(&sheet, "VETO-03").standing, expected, "{newest:?}");
    };
    check(HomeNewest::Date(date(2026, 11, 12)), Standing::Met);
    check(HomeNewest::Date(date(2026, 11, 10)), Standing::Warning);
    check(HomeNewest::Date(date(2026, 11, 7)), Standing::Warning);
    check(HomeNewest::Date(date(2026, 11, 6)), Standing::Failed);
    check(HomeNewest::Unknown("首页没有日期".to_owned()), Standing::NotMeasured);
}

#[test]
fn one_scan_never_fails_a_site_for_being_down() {
    let check = |opened: HomeOpened, expected: Standing| {
        let facts = Facts { home_opened: opened.clone(), ..facts(date(2026, 11, 20)) };
        let sheet = scored("2019", &[], &facts, &[]);
        assert_eq!(line(&sheet, "VETO-02").standing, expected, "{opened:?}");
    };
    check(HomeOpened::Yes { millis: 14_999 }, Standing::NotMeasured);
    check(HomeOpened::Yes { millis: 15_000 }, Standing::Warning);
    check(HomeOpened::No("连接被拒绝".to_owned()), Standing::Warning);
    check(HomeOpened::Unknown("被防护设备拦截".to_owned()), Standing::NotMeasured);
}

#[test]
fn what_was_not_looked_at_is_not_called_met() {
    let unseen = Coverage { pages_by_kind: [(PageKind::Home, 1)].into(), pages: 1, ..coverage() };
    let empty = Facts { columns: ColumnTally::default(), ..facts(date(2026, 11, 20)) };
    let seen = Seen { findings: &[], facts: &empty, coverage: &unseen, entries: &[] };
    let seen = score(&RuleSet::built_in(), "2019", &seen);
    assert_eq!(line(&seen, "TAG-03").standing, Standing::NotMeasured);
    assert_eq!(line(&seen, "DED-04").standing, Standing::NotMeasured);
    assert_eq!(line(&seen, "DED-35").standing, Standing::Met);
    let narrowed = Facts { only: Some(vec!["dead-link".to_owned()]), ..facts(date(2026, 11, 20)) };
    let seen = scored("2019", &[], &narrowed, &[]);
    assert_eq!(line(&seen, "DED-35").standing, Standing::NotMeasured);
    assert_eq!(line(&seen, "DED-36").standing, Standing::NotMeasured);
}

#[test]
fn links_not_confirmed_cost_nothing() {
    let with = |verdict| Finding { verdict: Some(verdict), ..finding("dead-link", HOME, "") };
    let seen = sheet("2019", &[with(Verdict::Suspect), with(Verdict::Blocked), with(Verdict::Broken)]);
    assert_eq!(line(&seen, "DED-32").lost, 1.0);
}

#[test]
fn notes_cost_nothing_but_stand_in_the_way_of_met() {
    let mut note = finding("survey-result", OTHER, "");
    note.confidence = Confidence::Note;
    let seen = sheet("2019", &[note]);
    let line = line(&seen, "DED-23");
    assert_eq!((line.standing, line.lost, line.findings), (Standing::Warning, 0.0, 0));
    assert!(line.measured.contains("另有提示 1 处"), "{}", line.measured);
}

#[test]
fn what_is_offered_nowhere_is_a_warning_of_a_finished_scan() {
    let check = |finished: bool, expected: Standing| {
        let facts =
            &Facts { not_offered: BTreeSet::from(["message".to_owned()]), ..facts(date(2026, 11, 20)) };
        let coverage = &Coverage { finished, ..coverage() };
        let seen = Seen { findings: &[], facts, coverage, entries: &[] };
        let sheet = score(&RuleSet::built_in(), "2019", &seen);
        assert_eq!(line(&sheet, "VETO-05").standing, expected, "{}", line(&sheet, "VETO-05").measured);
    };
    check(true, Standing::Warning);
    check(false, Standing::NotMeasured);
}

#[test]
fn of_few_guides_all_bad_ones_are_enough() {
    let check = |guides: u64, bad: usize, expected: Standing| {
        let facts = &Facts { guides, ..facts(date(2026, 11, 20)) };
        let mut coverage = coverage();
        coverage.pages_by_kind.insert(PageKind::Service, guides);
        let found = Finding { severity: Severity::High, ..finding("guide-element", OTHER, "") };
        let seen = Seen { findings: &vec![found; bad], facts, coverage: &coverage, entries: &[] };
        let sheet = score(&RuleSet::built_in(), "2019", &seen);
        assert_eq!(line(&sheet, "VETO-06").standing, expected, "{bad} of {guides}");
    };
    check(2, 2, Standing::Failed);
    check(2, 1, Standing::Met);
    check(5, 4, Standing::Warning);
    check(9, 5, Standing::Failed);
}

#[test]
fn a_search_that_gave_no_clear_answer_is_not_met() {
    let facts = Facts { searches: 0, ..facts(date(2026, 11, 20)) };
    assert_eq!(line(&scored("2019", &[], &facts, &[]), "DED-33").standing, Standing::NotMeasured);
    assert_eq!(line(&sheet("2019", &[]), "DED-33").standing, Standing::Met);
}

#[test]
fn a_home_page_that_takes_long_is_a_warning() {
    let check = |millis: u32, expected: Standing| {
        let facts = Facts { home_opened: HomeOpened::Yes { millis }, ..facts(date(2026, 11, 20)) };
        assert_eq!(line(&scored("2019", &[], &facts, &[]), "PAGE-12").standing, expected, "{millis}");
    };
    check(3_000, Standing::NotMeasured);
    check(3_001, Standing::Warning);
}

#[test]
fn the_verdict_names_what_it_rests_on() {
    let check = |scale: &str, number: usize, words: &[&str]| {
        let verdict = sheet(scale, &vec![finding("dead-link", HOME, ""); number]).verdict;
        assert!(words.iter().all(|words| verdict.contains(words)), "{verdict}");
    };
    check("2019", 0, &["国办秘函〔2019〕19号", "口径 2019", "规则版本 2026.11", "余 100 分"]);
    check("2019", 3, &["余 97 分", "未与原文核对"]);
    check("2015", 30, &["余 70 分", "按此口径合格"]);
    check("2015", 50, &["余 50 分", "按此口径不合格"]);
    check("1999", 0, &["没有名为“1999”的计分口径", "2019、sichuan、2015"]);
}

#[test]
fn only_what_was_read_is_worded_as_a_requirement() {
    for scale in ["2019", "sichuan", "2015"] {
        for line in sheet(scale, &[]).lines {
            let sure = line.confidence.starts_with("verified");
            assert_eq!(line.expectation.contains("依据："), sure, "{}", line.expectation);
            assert!(line.expectation.contains(&line.confidence));
        }
    }
}

#[test]
fn sichuan_is_no_surer_than_its_practice_and_says_what_is_wanted() {
    let (national, sichuan) = (sheet("2019", &[]), sheet("sichuan", &[]));
    let ids = |sheet: &ScoreSheet| sheet.lines.iter().map(|line| line.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&national), ids(&sichuan));
    for line in sichuan.lines.iter().filter(|line| line.group != "单项否决" && line.group != "建议") {
        assert_ne!(line.confidence, "verified", "{}", line.id);
        assert_eq!(line.expectation.contains("优化调整"), !line.is_requirement(), "{}", line.expectation);
    }
    assert_eq!(line(&sichuan, "VETO-03").confidence, "verified");
    assert_eq!(sichuan.scale_confidence, "verified-2nd");
}

fn said(indicator: &str, standing: Judged, points: f64) -> Said {
    Said {
        number: 1,
        at: "2026-11-21T01:00:00Z".parse().expect("a time"),
        author: "王工".to_owned(),
        note: "现场核实".to_owned(),
        judgement: Judgement { indicator: indicator.to_owned(), standing, points, until: None },
    }
}

#[test]
fn a_person_judges_what_no_machine_can_and_against_it() {
    let with = |findings: &[Finding], entries: &[Said]| {
        scored("2019", findings, &facts(date(2026, 11, 20)), entries)
    };
    let seen = with(&[], &[said("DED-34", Judged::Failed, 3.0)]);
    assert_eq!((line(&seen, "DED-34").standing, seen.total), (Standing::Failed, Some(97.0)));
    let candidate = vec![finding("empty-column", OTHER, ""); 5];
    let seen = with(&candidate, &[said("VETO-04", Judged::Met, 0.0)]);
    assert_eq!((line(&seen, "VETO-04").standing, &seen.vetoes[..]), (Standing::Met, &[][..]));
    assert!(line(&seen, "VETO-04").measured.contains("空白栏目 5 个"), "what was measured stays");
    let seen = with(&[], &[said("VETO-01f", Judged::Failed, 0.0)]);
    assert_eq!((&seen.confirmed[..], seen.total), (&["VETO-01f".to_owned()][..], None));
    assert!(seen.verdict.contains("人工认定") && !seen.verdict.contains("候选"), "{}", seen.verdict);
    let seen = with(&[], &[said("BONUS-03", Judged::Met, 4.0), said("BONUS-05", Judged::Met, 28.0)]);
    assert_eq!((seen.total, seen.bonus), (Some(100.0), 30.0));
    let poor = vec![finding("dead-link", HOME, ""); 60];
    let poor = scored("2015", &poor, &facts(date(2026, 11, 20)), &[said("BONUS-03", Judged::Met, 4.0)]);
    assert_eq!(poor.bonus, 0.0);
}

#[test]
fn points_that_hang_on_doubtful_findings_are_told_apart() {
    let doubtful = Finding { confidence: Confidence::Probable, ..finding("dead-link", HOME, "") };
    let seen = sheet("2019", &[finding("dead-link", HOME, ""), doubtful]);
    assert_eq!((line(&seen, "DED-32").lost, line(&seen, "DED-32").unconfirmed), (2.0, 1.0));
}

#[test]
fn gauges_say_how_far_a_veto_is() {
    let check = |number: usize, left: u64| {
        let seen = sheet("2019", &vec![finding("empty-column", OTHER, ""); number]);
        let blank = line(&seen, "VETO-04").gauges.iter().find(|gauge| gauge.name == "空白栏目");
        assert_eq!(blank.map(Gauge::left), Some(left));
    };
    check(0, 5);
    check(3, 2);
    check(7, 0);
    // Fourteen days are still in time.
    let old = scored("2019", &[], &facts(date(2026, 11, 7)), &[]);
    assert_eq!(line(&old, "VETO-03").gauges[0].left(), 1);
}

#[test]
fn the_outlook_counts_what_will_be_overdue() {
    let due = |day: Date, kind: &str| ColumnDue {
        name: "要闻".to_owned(),
        address: OTHER.to_owned(),
        kind_name: kind.to_owned(),
        newest: date(2026, 11, 10),
        due: day,
    };
    let facts = Facts {
        due: vec![
            due(date(2026, 11, 21), "动态要闻类"),
            due(date(2026, 12, 4), "政策文件类"),
            due(date(2026, 12, 5), "通知公告类"),
        ],
        ..facts(date(2026, 11, 20))
    };
    let stale = vec![finding("stale-column", OTHER, "（通知公告类）"); 3];
    let outlook = scored("2019", &stale, &facts, &[]).outlook;
    assert_eq!((outlook.days, outlook.due.len()), (14, 2), "on the day it is due a column is in time");
    let worse: Vec<_> =
        outlook.worse.iter().map(|worse| (worse.id.as_str(), worse.standing, worse.points)).collect();
    let expected = [
        ("VETO-04", Standing::Failed, 0.0),
        ("DED-04", Standing::Failed, 5.0),
        ("DED-05", Standing::Failed, 5.0),
    ];
    assert_eq!(worse, expected);
    assert_eq!(outlook.points(), 10.0);
}
