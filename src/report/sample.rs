//! Reports for tests: one rich and partly hostile, one failed. Everything in them is invented.

mod score;

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, civil::date};

use super::{Conduct, Report, Timings};
use crate::facts::{CouldNotRun, Coverage, Gap, KindSample, PageKind, Skip};
use crate::fetch::FailureKind;
use crate::finding::{Category, Confidence, Finding, Place, Proof, Scope, Severity};
use crate::indicators::TagCount;
use crate::life::{Life, Reported};
use crate::link::Verdict;
use crate::score::{ColumnTally, ScoreSheet, Standing};
use score::score;

const HOME: &str = "http://www.example.gov.cn/";

fn at(text: &str) -> Timestamp {
    text.parse().expect("a timestamp")
}

/// A finding on the page `path`; the tests' checks have names of their own, so that snapshots do not depend on the
/// checks that happen to exist.
fn finding(check: &str, category: Category, severity: Severity, path: &str, evidence: &str) -> Finding {
    Finding {
        check: format!("sample-{check}"),
        category,
        severity,
        confidence: Confidence::Confirmed,
        page: format!("{HOME}{path}"),
        kind: if path.is_empty() { PageKind::Home } else { PageKind::Article },
        target: None,
        what: evidence.to_owned(),
        evidence: evidence.to_owned(),
        suggestion: format!("请按要求整改（{check}）。"),
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

fn reported(finding: Finding, state: Life) -> Reported {
    let first_seen = match state {
        Life::New => at("2026-11-21T01:04:00Z"),
        _ => at("2026-11-01T01:04:00Z"),
    };
    let id = finding.fingerprint("demo", &finding.page);
    Reported { id, finding, first_seen, last_seen: at("2026-11-21T01:04:00Z"), state }
}

fn findings() -> Vec<Reported> {
    let context = |text: &str, selector: &str, offset| {
        Some(Place {
            selector: Some(selector.to_owned()),
            offset: Some(offset),
            context: Some(text.to_owned()),
        })
    };
    let wording = Finding {
        target: None,
        place: context("庆祝【中华人民共合国】成立【重要】活动", "div.main > p:nth-child(3)", 4211),
        confidence: Confidence::Probable,
        suggestion: "请核对后更正为“中华人民共和国”。".to_owned(),
        indicators: vec!["VETO-01".to_owned()],
        ..finding(
            "grave-wording",
            Category::Text,
            Severity::Critical,
            "xw/202611/t1.html",
            "国名疑似写错：【中华人民共合国】",
        )
    };
    let dark = Finding {
        target: Some("http://casino.example.test/?a=1&b=2".to_owned()),
        place: context("友情链接【澳门娱乐】<div style=display:none>", "body > div.hidden > a", 20_480),
        ..finding("dark-link", Category::Links, Severity::Critical, "", "页面中有隐藏链接，指向博彩网站")
    };
    let hostile = Finding {
        target: Some("javascript:alert(document.domain)".to_owned()),
        place: context(
            "\"><img src=x onerror=alert(1)>【</mark><script>alert(2)</script>】\u{202e}gpj.exe",
            "a[title=\"</style><script>\"]",
            7,
        ),
        samples: vec!["=HYPERLINK(\"http://evil.example.test\",\"点我\")".to_owned()],
        ..finding(
            "odd-text",
            Category::Text,
            Severity::High,
            "x?<script>alert(0)</script>",
            "<script>alert('标题')</script>\u{1b}[31m红\u{1b}]0;title\u{7}\r\n=cmd|' /C calc'!A0 \u{202e}倒\u{200b}零宽",
        )
    };
    let template = Finding {
        scope: Scope::Template,
        occurrences: 1234,
        samples: (1..=3).map(|n| format!("{HOME}xw/202611/t{n}.html")).collect(),
        indicators: vec!["TAG-01".to_owned()],
        ..finding(
            "missing-tag",
            Category::Tags,
            Severity::Medium,
            "xw/202611/t1.html",
            "内容页缺少标签：ContentSource、Keywords",
        )
    };
    let host = Finding {
        target: Some("http://old.example.gov.cn/".to_owned()),
        scope: Scope::Site,
        occurrences: 37,
        verdict: Some(Verdict::Broken),
        ..finding(
            "host-down",
            Category::Availability,
            Severity::High,
            "",
            "主机 old.example.gov.cn 无法访问：连接超时",
        )
    };
    let dead = |number: u32, status: u16| Finding {
        target: Some(format!("{HOME}gone/{number}.html")),
        verdict: Some(Verdict::Broken),
        status: Some(status),
        place: context(
            &format!("相关链接：【第 {number} 号通知】附件下载"),
            &format!("ul.list > li:nth-child({number}) > a"),
            u64::from(number) * 100,
        ),
        indicators: vec!["LINK-02".to_owned()],
        proof: Proof {
            title: Some(format!("第 {number} 号通知")),
            path: vec!["政务公开".to_owned(), "通知公告".to_owned()],
            original: Some("ab".repeat(32)),
            tries: Some(3),
        },
        suggestion: "修改或删除该链接。".to_owned(),
        ..finding(
            "dead-link",
            Category::Links,
            Severity::Medium,
            &format!("tz/{number}.html"),
            &format!("链接“第 {number} 号通知”返回 {status} 未找到"),
        )
    };
    let suspect = Finding { verdict: Some(Verdict::Suspect), severity: Severity::Low, ..dead(99, 503) };
    let dismissed = finding("misspelling", Category::Text, Severity::Low, "xw/a.html", "“帐户”宜为“账户”");
    let stale = Finding {
        indicators: vec!["DED-04".to_owned()],
        ..finding(
            "stale-column",
            Category::Columns,
            Severity::High,
            "dt/",
            "栏目“工作动态”最新一条为 2026-10-30，已 22 天未更新（要求 14 天）",
        )
    };
    let mut all = vec![
        reported(dark, Life::New),
        reported(wording, Life::New),
        reported(hostile, Life::New),
        reported(host, Life::Open),
        reported(stale, Life::Reopened),
        reported(template, Life::Open),
    ];
    all.extend((1..=4).map(|number| reported(dead(number, 404), Life::Open)));
    all.push(reported(suspect, Life::New));
    all.push(reported(dismissed, Life::Dismissed));
    all
}

fn conduct() -> Conduct {
    Conduct {
        vantage: Some("某市机房（电信）".to_owned()),
        user_agent: "Mozilla/5.0 (compatible; sitewarden)".to_owned(),
        resolver: vec!["192.0.2.53:53".to_owned()],
        rate: Some(10.0),
        confirm_tries: 3,
        confirm_spacing: std::time::Duration::from_secs(5),
        robots: true,
        timings: Timings { visits: 10_400, median: 80, most: 900, slowest: 15_000 },
        columns: ColumnTally { fresh: 200, warn: 4, stale: 3, empty: 3, unclear: 4 },
        registered: 2,
        unseen: vec![("规划计划".to_owned(), format!("{HOME}ghjh/"))],
    }
}

fn coverage() -> Coverage {
    Coverage {
        known: 12_000,
        visited: 10_400,
        pages: 8_765,
        pages_by_kind: BTreeMap::from([
            (PageKind::Home, 1),
            (PageKind::Column, 214),
            (PageKind::Article, 8_500),
            (PageKind::Other, 50),
        ]),
        skipped: BTreeMap::from([(Skip::Robots, 25), (Skip::PageBudget, 1_500), (Skip::HostDown, 37)]),
        verdicts: BTreeMap::from([
            (Verdict::Ok, 10_300),
            (Verdict::Redirected, 50),
            (Verdict::Broken, 41),
            (Verdict::Suspect, 1),
            (Verdict::Blocked, 8),
        ]),
        failures: BTreeMap::from([(FailureKind::ConnectTimeout, 37), (FailureKind::OwnNetwork, 2)]),
        limited: 3,
        attachments: 420,
        attachments_limited: BTreeMap::from([(Gap::Locked, 2), (Gap::NoText, 31)]),
        programs: 37,
        programs_cut: 1,
        programs_unread: 0,
        landings: 61,
        landings_unobservable: 4,
        views: 15,
        views_unobservable: 0,
        budgets_hit: vec![format!("{HOME}rili/#.html (500)")],
        requests: 10_987,
        bytes: 512 << 20,
        sitemap_urls: 9_000,
        finished: true,
    }
}

fn tags() -> Vec<TagCount> {
    let count = |kind, tag: &str, label: &str, required, [filled, empty, absent]: [u64; 3]| TagCount {
        kind,
        tag: tag.to_owned(),
        label: label.to_owned(),
        required,
        filled,
        empty,
        absent,
    };
    vec![
        count(PageKind::Home, "SiteName", "网站名称", true, [1, 0, 0]),
        count(PageKind::Column, "ColumnName", "栏目名称", true, [213, 1, 0]),
        count(PageKind::Article, "ContentSource", "来源", true, [7_266, 0, 1_234]),
        count(PageKind::Article, "Keywords", "关键词", false, [0, 8_500, 0]),
    ]
}

/// A report with something of everything.
pub(crate) fn report() -> Report {
    let fixed = finding("dead-link", Category::Links, Severity::Medium, "old.html", "链接返回 404 未找到");
    Report {
        site: "demo".to_owned(),
        site_name: "示例市生态环境局".to_owned(),
        home: HOME.to_owned(),
        scan: 12,
        started: at("2026-11-21T01:00:00Z"),
        finished: at("2026-11-21T01:12:34.567Z"),
        today: date(2026, 11, 21),
        findings: findings(),
        fixed: vec![reported(fixed, Life::Fixed)],
        score: score(),
        coverage: coverage(),
        conduct: conduct(),
        tags: tags(),
        kinds: vec![KindSample {
            kind: PageKind::Article,
            reason: "article tags".to_owned(),
            pages: 4_120,
            samples: vec![format!("{HOME}xw/a.html")],
        }],
        could_not_run: vec![CouldNotRun {
            check: "sample-misspelling".to_owned(),
            page: Some(format!("{HOME}xw/b.html")),
        }],
        pictures: HashMap::new(),
    }
}

/// A report of a scan that saw no page.
pub(crate) fn failed() -> Report {
    Report {
        findings: Vec::new(),
        fixed: Vec::new(),
        score: ScoreSheet {
            total: None,
            full: 100.0,
            lines: Vec::new(),
            vetoes: Vec::new(),
            confirmed: Vec::new(),
            outlook: crate::score::Outlook::default(),
            verdict: "未能计分：首页无法访问。".to_owned(),
            ..score()
        },
        coverage: Coverage {
            known: 1,
            visited: 1,
            failures: BTreeMap::from([(FailureKind::NoSuchName, 1)]),
            ..Coverage::default()
        },
        tags: Vec::new(),
        kinds: Vec::new(),
        could_not_run: Vec::new(),
        pictures: HashMap::new(),
        ..report()
    }
}

/// A report of a flawless, complete scan.
pub(crate) fn clean() -> Report {
    let mut score = score();
    score.lines.retain(|line| line.standing == Standing::Met);
    score.vetoes.clear();
    score.confirmed.clear();
    score.outlook = crate::score::Outlook::default();
    score.total = Some(100.0);
    score.verdict = "合格：未发现单项否决情形。".to_owned();
    Report {
        findings: Vec::new(),
        fixed: Vec::new(),
        score,
        coverage: Coverage {
            known: 120,
            visited: 120,
            pages: 80,
            pages_by_kind: BTreeMap::from([(PageKind::Home, 1), (PageKind::Article, 79)]),
            verdicts: BTreeMap::from([(Verdict::Ok, 120)]),
            requests: 121,
            bytes: 3 << 20,
            finished: true,
            ..Coverage::default()
        },
        tags: Vec::new(),
        could_not_run: Vec::new(),
        pictures: HashMap::new(),
        ..report()
    }
}
