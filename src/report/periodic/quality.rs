//! How a site ran: how fast it opened, how often it failed, where it breaks, and what follows from that.

use std::collections::BTreeMap;

use super::SIGNED_BY;
use super::chart::{Chart, Series, Shape};
use super::document::{Document, Part, Table, number, pair, text};
use super::lives::Movement;
use super::material::{About, Answers, Material};
use super::sections::{availability, availability_said, by_category, movement, movement_said, scans};
use crate::ledger::{Span, hour_of};
use crate::link::{Verdict, failure_wording};
use crate::report::ledger::{bounds, share};
use crate::report::{figures, wording};
use crate::score::HomeOpened;

/// Pages named as the worst.
const WORST: usize = 10;

/// Fills it in.
pub(super) fn fill(document: &mut Document, material: &Material<'_>) {
    let About::Answers(answers) = &material.about else { return };
    document.said = vec![availability_said(material), movement_said(material)];
    document.add("首页打开用时", home(answers));
    document.add("访问失败率", failing(material, answers));
    document.add("可用性与故障", availability(material));
    document.add("链接与访问失败", failures(material));
    document.add("问题集中之处", vec![worst(material)]);
    document.add("问题发现与整改", movement(material));
    document.add("全量监测", vec![scans(material)]);
    let advice = advice(material, answers);
    document.add("优化建议", advice.into_iter().map(Part::Text).collect());
    document.add("签字", vec![Part::Blanks(SIGNED_BY)]);
}

/// The time the home page took in each full scan, in milliseconds; `None` where it did not open.
fn opened(answers: &Answers) -> Vec<Option<u32>> {
    let millis = |opened: &HomeOpened| match opened {
        HomeOpened::Yes { millis } => Some(*millis),
        HomeOpened::No(_) | HomeOpened::Unknown(_) => None,
    };
    answers.scans.iter().map(|(_, facts)| millis(&facts.home_opened)).collect()
}

/// The middle one of some times, the lower one of two.
fn median(times: &[u32]) -> Option<u32> {
    let mut times = times.to_vec();
    times.sort_unstable();
    times.get(times.len().checked_sub(1)? / 2).copied()
}

fn home(answers: &Answers) -> Vec<Part> {
    let note =
        "台账只保存每次全量监测打开首页的用时，不保存逐页用时；慢页面见各次监测当时的报告。".to_owned();
    let opened = opened(answers);
    let times: Vec<u32> = opened.iter().copied().flatten().collect();
    let (Some(middle), Some(longest)) = (median(&times), times.iter().max()) else {
        return vec![Part::Text("没有记录：报告期内没有打开首页的用时。".to_owned()), Part::Note(note)];
    };
    let chart = Chart {
        caption: "各次全量监测打开首页用时（毫秒；间断处为未能打开）".to_owned(),
        shape: Shape::Lines,
        labels: answers.scans.iter().map(|(at, _)| figures::day(*at)).collect(),
        series: vec![Series {
            name: "用时",
            values: opened.iter().map(|millis| millis.map(f64::from)).collect(),
        }],
    };
    let told = |millis: u32| format!("{} 毫秒", figures::count(u64::from(millis)));
    vec![
        Part::Pairs(vec![
            pair("记录（次）", figures::count(times.len() as u64)),
            pair("中位", told(middle)),
            pair("最长", told(*longest)),
        ]),
        Part::Chart(chart),
        Part::Note(note),
    ]
}

/// Visits and failures of all targets within a stretch of time.
fn visits(answers: &Answers, span: Span) -> (u64, u64) {
    let hours = hour_of(span.start())..hour_of(span.end());
    let counts = answers.visits.iter().flat_map(|(_, counts)| counts);
    counts.filter(|count| hours.contains(&count.hour)).fold((0, 0), |(visits, failures), count| {
        (visits + u64::from(count.visits), failures + u64::from(count.failures))
    })
}

fn failing(material: &Material<'_>, answers: &Answers) -> Vec<Part> {
    let (all, failed) = visits(answers, material.span());
    let Some(share) = figures::percent(failed, all) else {
        return vec![Part::Text("没有记录：报告期内没有按小时计数的首页访问。".to_owned())];
    };
    let weeks = material.weeks();
    let rate = |(_, span): &(String, Span)| {
        let (visits, failures) = visits(answers, *span);
        (visits > 0).then(|| failures as f64 * 100.0 / visits as f64)
    };
    let values = weeks.iter().map(rate).collect();
    let chart = Chart {
        caption: "各周首页访问失败率（%）".to_owned(),
        shape: Shape::Lines,
        labels: weeks.into_iter().map(|(name, _)| name).collect(),
        series: vec![Series { name: "失败率", values }],
    };
    vec![
        Part::Pairs(vec![
            pair("访问（次）", figures::count(all)),
            pair("失败（次）", figures::count(failed)),
            pair("失败率", share),
        ]),
        Part::Chart(chart),
    ]
}

/// Verdicts on links and failures to answer, summed over the full scans.
fn failures(material: &Material<'_>) -> Vec<Part> {
    let (mut verdicts, mut failures) = (BTreeMap::new(), BTreeMap::new());
    for (_, result) in material.results() {
        for (verdict, number) in &result.coverage.verdicts {
            *verdicts.entry(*verdict).or_insert(0) += number;
        }
        for (failure, number) in &result.coverage.failures {
            *failures.entry(*failure).or_insert(0) += number;
        }
    }
    let table = |caption: &str, head: &str, rows: Vec<(&'static str, u64)>| {
        let rows = rows.into_iter().map(|(name, number)| vec![name.to_owned(), figures::count(number)]);
        Part::Table(Table::of(caption, vec![text(head, 5), number("次")], rows))
    };
    let named = |verdict: Verdict| wording::verdict(verdict).label;
    vec![
        table(
            "链接判定（各次全量监测合计）",
            "判定",
            verdicts.into_iter().map(|(verdict, number)| (named(verdict), number)).collect(),
        ),
        table(
            "访问失败（各次全量监测合计）",
            "原因",
            failures.into_iter().map(|(failure, number)| (failure_wording(failure), number)).collect(),
        ),
    ]
}

/// The pages with the most findings that are not mended.
fn worst(material: &Material<'_>) -> Part {
    let mut pages: BTreeMap<&str, usize> = BTreeMap::new();
    for tracked in material.findings.iter().filter(|tracked| tracked.is_open()) {
        *pages.entry(tracked.reported.finding.page.as_str()).or_default() += 1;
    }
    let mut pages: Vec<(&str, usize)> = pages.into_iter().collect();
    // Equal ones stay in the order of their addresses.
    pages.sort_by_key(|(_, findings)| std::cmp::Reverse(*findings));
    let rows = pages
        .into_iter()
        .take(WORST)
        .map(|(page, findings)| vec![page.to_owned(), figures::count(findings as u64)]);
    Part::Table(Table::of("未修复问题最多的页面", vec![text("页面", 8), number("未修复问题")], rows))
}

/// What follows from the figures; nothing where they do not carry it.
fn advice(material: &Material<'_>, answers: &Answers) -> Vec<String> {
    let mut advice = Vec::new();
    let account = &material.statement.whole;
    let least = material.statement.coverage_least;
    if let Some(seen) = account.coverage().filter(|seen| *seen < least) {
        advice.push(format!(
            "监测覆盖 {}，低于 {}：先保证监测程序持续运行，否则可用性数值不能作为结论。",
            share(seen),
            share(least)
        ));
    }
    let (visits, failures) = visits(answers, material.span());
    if let Some(rule) = answers.rule.filter(|_| visits > 0) {
        let ratio = failures as f64 / visits as f64;
        if ratio >= rule.warn_ratio {
            advice.push("首页访问失败率达到预警线：核查服务器负载、出口带宽和防火墙策略。".to_owned());
        }
    }
    let counted: Vec<_> = account.counted().collect();
    if let Some(longest) = counted.iter().max_by_key(|fault| fault.repair.least) {
        advice.push(format!(
            "发生故障 {} 次，最长一次恢复用时 {}：对照故障报告落实预防措施。",
            counted.len(),
            bounds(longest.repair)
        ));
    }
    advice.extend(slower(&opened(answers).into_iter().flatten().collect::<Vec<_>>()));
    let span = material.span();
    let mut groups: Vec<_> = by_category(&material.findings)
        .into_iter()
        .map(|(category, findings)| (category, Movement::of(findings, span).open))
        .filter(|(_, open)| *open > 0)
        .collect();
    groups.sort_by_key(|(_, open)| std::cmp::Reverse(*open));
    if let Some((category, open)) = groups.first() {
        advice.push(format!("未修复问题以“{}”最多（{open} 个），优先整改。", wording::category(*category)));
    }
    if advice.is_empty() {
        advice.push("现有记录没有提示需要优化之处。".to_owned());
    }
    advice
}

/// Says so where the home page opened more slowly in the second half of the record.
fn slower(times: &[u32]) -> Option<String> {
    let (before, after) = times.split_at(times.len() / 2);
    let (before, after) = (median(before)?, median(after)?);
    (after > before)
        .then(|| format!("首页打开用时中位数由前半段的 {before} 毫秒升至后半段的 {after} 毫秒：核查首页资源大小和后台响应。"))
}
