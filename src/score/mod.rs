//! The score: findings and facts counted against the indicators, line by line.
//!
//! A pure function. Points lost stand in exactly one line each, so that the lines add up to the total. A machine
//! never fails a site: a veto that its findings suggest is a candidate until a person confirms it, and what was not
//! measured is called so, never met.

mod facts;
mod lines;

use serde::{Deserialize, Serialize};

use crate::facts::Coverage;
use crate::finding::Finding;
use crate::indicators::{Certainty, Consequence, RuleSet, Scale};

pub use facts::{ColumnTally, Facts, HomeNewest, HomeOpened};

/// The score of one scan, every line explained.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ScoreSheet {
    /// Id of the scale, e.g. `2019`.
    pub scale: String,
    /// Version of the rule set, so that an old score can always be explained.
    pub rules_version: String,
    /// One line per indicator, in the order of the rules.
    pub lines: Vec<Line>,
    /// Points left of the deduction part; `None` where a veto makes it meaningless (it is still shown per line).
    pub total: Option<f64>,
    /// Points of that part at the outset.
    pub full: f64,
    /// Ids of vetoes that hold.
    pub vetoes: Vec<String>,
    /// The result in one Chinese sentence, with what it rests on.
    pub verdict: String,
}

/// One line of the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Id of the indicator, e.g. `LINK-01`.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// 单项否决 | 扣分指标 | 加分指标 | 建议.
    pub group: String,
    /// What is expected, in Chinese.
    pub expectation: String,
    /// What was measured, in Chinese; says so where it was not measured.
    pub measured: String,
    /// How it stands.
    pub standing: Standing,
    /// Points lost (0 or positive).
    pub lost: f64,
    /// Most that can be lost here; 0: no cap of its own.
    pub cap: f64,
    /// Findings counted.
    pub findings: u64,
    /// The document it rests on.
    pub authority: String,
    /// How sure the rule's figures are: a word of `regulations` 0 (`verified`, `verified-2nd`, `recalled-…`, `default`).
    pub confidence: String,
}

/// How an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Met.
    Met,
    /// Near the threshold.
    Warning,
    /// Not met.
    Failed,
    /// Not measured by this scan.
    NotMeasured,
}

/// Scores one scan by a scale. Where the scale is not known the sheet says so and has no lines.
pub fn score(
    rules: &RuleSet,
    scale: &str,
    findings: &[Finding],
    facts: &Facts,
    coverage: &Coverage,
) -> ScoreSheet {
    let version = rules.version().to_owned();
    let Some(table) = rules.scale(scale) else {
        let known: Vec<_> = rules.scales().iter().map(|scale| scale.id.as_str()).collect();
        let verdict = format!("没有名为“{scale}”的计分口径，可用：{}", known.join("、"));
        return ScoreSheet {
            scale: scale.to_owned(),
            rules_version: version,
            verdict,
            ..ScoreSheet::default()
        };
    };
    let mut lines = Vec::new();
    let mut vetoes = Vec::new();
    for rule in rules.rules(scale) {
        let line = lines::line(rule, findings, facts, coverage);
        if rule.consequence == Consequence::Veto && line.standing == Standing::Failed {
            vetoes.push(line.id.clone());
        }
        lines.push(line);
    }
    let lost: f64 = lines.iter().map(|line| line.lost).sum();
    // Where the lines on services are left out, the others count for the whole.
    let counted = if facts.services { table.full } else { table.full - table.services };
    // Tenths add up to a trail of nines in binary; no scale has finer steps than hundredths.
    let left = ((counted - lost).max(0.0) * table.full / counted * 100.0).round() / 100.0;
    let verdict = verdict(table, &version, left, &vetoes, &lines, coverage);
    ScoreSheet {
        scale: scale.to_owned(),
        rules_version: version,
        total: vetoes.is_empty().then_some(left),
        full: table.full,
        lines,
        vetoes,
        verdict,
    }
}

/// The result in one sentence: points, what they mean, and what they rest on.
fn verdict(
    scale: &Scale,
    version: &str,
    left: f64,
    vetoes: &[String],
    lines: &[Line],
    coverage: &Coverage,
) -> String {
    let result = if !vetoes.is_empty() {
        format!(
            "单项否决候选 {} 项（{}），需人工确认；如经确认即为不合格，扣分部分余 {left} 分仅供参考",
            vetoes.len(),
            vetoes.join("、")
        )
    } else if left < scale.pass {
        format!("扣分部分余 {left} 分，低于 {} 分，按此口径不合格", scale.pass)
    } else if left > scale.good {
        format!("扣分部分余 {left} 分，高于 {} 分，可再计加分项", scale.good)
    } else {
        format!("扣分部分余 {left} 分，不低于 {} 分，按此口径合格", scale.pass)
    };
    let measured = lines.iter().filter(|line| line.standing != Standing::NotMeasured).count();
    let unsure = lines.iter().any(|line| line.lost > 0.0 && !is_requirement(&line.confidence));
    let unsure = if unsure { "，部分扣分分值未与原文核对" } else { "" };
    let partial = if coverage.finished { "" } else { "；扫描未完成，结果不完整" };
    format!(
        "按“{}”（口径 {}，规则版本 {version}）：{result}；本次测得 {measured} 项，未测 {} 项{unsure}{partial}。",
        scale.name,
        scale.id,
        lines.len() - measured
    )
}

fn is_requirement(confidence: &str) -> bool {
    [Certainty::Verified, Certainty::VerifiedSecond]
        .iter()
        .any(|certainty| certainty.to_string() == confidence)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::{Date, date};

    use super::*;
    use crate::facts::PageKind;
    use crate::finding::{Category, Confidence, Scope, Severity};
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
        }
    }

    fn facts(newest: Date) -> Facts {
        Facts {
            today: date(2026, 11, 21),
            home: BTreeSet::from([HOME.to_owned()]),
            home_opened: HomeOpened::Yes { millis: 400 },
            home_newest: HomeNewest::Date(newest),
            columns: ColumnTally { fresh: 20, ..ColumnTally::default() },
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

    fn sheet(scale: &str, findings: &[Finding]) -> ScoreSheet {
        score(&RuleSet::built_in(), scale, findings, &facts(date(2026, 11, 20)), &coverage())
    }

    fn line<'a>(sheet: &'a ScoreSheet, id: &str) -> &'a Line {
        sheet.lines.iter().find(|line| line.id == id).expect("there is such a line")
    }

    #[test]
    fn a_body_without_services_is_counted_out_of_75() {
        let facts = Facts { services: false, ..facts(date(2026, 11, 20)) };
        let check = |findings: &[Finding], total: f64| {
            let sheet = score(&RuleSet::built_in(), "2019", findings, &facts, &coverage());
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
            let facts = Facts { home_newest: newest, ..facts(date(2026, 11, 20)) };
            let sheet = score(&RuleSet::built_in(), "2019", &[], &facts, &coverage());
            assert_eq!(line(&sheet, "VETO-03").standing, expected, "{newest:?}");
        };
        check(HomeNewest::Date(date(2026, 11, 12)), Standing::Met);
        check(HomeNewest::Date(date(2026, 11, 10)), Standing::Warning);
        check(HomeNewest::Date(date(2026, 11, 7)), Standing::Warning);
        check(HomeNewest::Date(date(2026, 11, 6)), Standing::Failed);
        check(HomeNewest::Unknown("首页没有日期"), Standing::NotMeasured);
    }

    #[test]
    fn one_scan_never_fails_a_site_for_being_down() {
        let check = |opened: HomeOpened, expected: Standing| {
            let facts = Facts { home_opened: opened.clone(), ..facts(date(2026, 11, 20)) };
            let sheet = score(&RuleSet::built_in(), "2019", &[], &facts, &coverage());
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
        let seen = score(&RuleSet::built_in(), "2019", &[], &empty, &unseen);
        assert_eq!(line(&seen, "TAG-03").standing, Standing::NotMeasured);
        assert_eq!(line(&seen, "DED-04").standing, Standing::NotMeasured);
        assert_eq!(line(&seen, "DED-35").standing, Standing::Met);
        let narrowed = Facts { only: Some(vec!["dead-link".to_owned()]), ..facts(date(2026, 11, 20)) };
        let seen = score(&RuleSet::built_in(), "2019", &[], &narrowed, &coverage());
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
                Facts { not_offered: BTreeSet::from(["message".to_owned()]), ..facts(date(2026, 11, 20)) };
            let coverage = Coverage { finished, ..coverage() };
            let seen = score(&RuleSet::built_in(), "2019", &[], &facts, &coverage);
            assert_eq!(line(&seen, "VETO-05").standing, expected, "{}", line(&seen, "VETO-05").measured);
        };
        check(true, Standing::Warning);
        check(false, Standing::NotMeasured);
    }

    #[test]
    fn of_few_guides_all_bad_ones_are_enough() {
        let check = |guides: u64, bad: usize, expected: Standing| {
            let facts = Facts { guides, ..facts(date(2026, 11, 20)) };
            let mut pages = coverage();
            pages.pages_by_kind.insert(PageKind::Service, guides);
            let found = Finding { severity: Severity::High, ..finding("guide-element", OTHER, "") };
            let seen = score(&RuleSet::built_in(), "2019", &vec![found; bad], &facts, &pages);
            assert_eq!(line(&seen, "VETO-06").standing, expected, "{bad} of {guides}");
        };
        check(2, 2, Standing::Failed);
        check(2, 1, Standing::Met);
        check(5, 4, Standing::Warning);
        check(9, 5, Standing::Failed);
    }

    #[test]
    fn a_search_that_gave_no_clear_answer_is_not_met() {
        let facts = Facts { searches: 0, ..facts(date(2026, 11, 20)) };
        let seen = score(&RuleSet::built_in(), "2019", &[], &facts, &coverage());
        assert_eq!(line(&seen, "DED-33").standing, Standing::NotMeasured);
        assert_eq!(line(&sheet("2019", &[]), "DED-33").standing, Standing::Met);
    }

    #[test]
    fn a_home_page_that_takes_long_is_a_warning() {
        let check = |millis: u32, expected: Standing| {
            let facts = Facts { home_opened: HomeOpened::Yes { millis }, ..facts(date(2026, 11, 20)) };
            let seen = score(&RuleSet::built_in(), "2019", &[], &facts, &coverage());
            assert_eq!(line(&seen, "PAGE-12").standing, expected, "{millis}");
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
        check("1999", 0, &["没有名为“1999”的计分口径", "2019、2015"]);
    }

    #[test]
    fn only_what_was_read_is_worded_as_a_requirement() {
        for scale in ["2019", "2015"] {
            for line in sheet(scale, &[]).lines {
                let sure = line.confidence.starts_with("verified");
                assert_eq!(line.expectation.contains("依据："), sure, "{}", line.expectation);
                assert!(line.expectation.contains(&line.confidence));
            }
        }
    }
}
