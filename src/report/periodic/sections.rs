//! Sections that several documents share.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::chart::{Chart, Series, Shape};
use super::document::{Column, NOTHING, Part, Table, count, number, pair, text};
use super::lives::{Movement, Tracked};
use super::material::Material;
use crate::contract::{StepKind, Ticket};
use crate::finding::Category;
use crate::ledger::{Account, Fault};
use crate::report::ledger::{bounds, coverage, share};
use crate::report::{contract, figures, tickets, wording};
use crate::store::{ReadingRow, ScanResult, ScanRow};

/// How long the site was up, and its faults.
pub(super) fn availability(material: &Material<'_>) -> Vec<Part> {
    let account = &material.statement.whole;
    let known = account.coverage().is_some_and(|seen| seen > 0.0);
    if !known && account.faults.is_empty() {
        return vec![Part::Text("没有可用性监测记录：报告期内无人监测，不能据此认为网站正常。".to_owned())];
    }
    let mut parts = vec![Part::Pairs(vec![
        pair("正常", figures::length(account.up)),
        pair("降级（可用但缓慢或加密过旧）", figures::length(account.degraded)),
        pair("故障（已扣除维护和免责时间）", bounds(account.down)),
        pair("故障（扣除前）", bounds(account.recorded)),
        pair("维护和免责", figures::length(account.maintenance)),
        pair("未监测", figures::length(account.unknown)),
        pair("监测覆盖", coverage(account, material.statement.coverage_least)),
        pair("故障次数（计入）", count(account.counted().count())),
    ])];
    let columns = vec![
        text("最早可能开始", 3),
        text("首次失败", 3),
        text("恢复", 3),
        text("恢复用时", 4),
        text("台账区间", 2),
        text("是否计入", 2),
    ];
    parts.push(Part::Table(Table::of("故障", columns, account.faults.iter().map(fault))));
    let accounts = &material.statement.parts;
    if !accounts.is_empty() && !account.faults.is_empty() {
        let hours = |length: SignedDuration| Some(length.as_secs_f64() / 3600.0);
        let of = |take: fn(&Account) -> SignedDuration| {
            accounts.iter().map(|(_, part)| hours(take(part))).collect()
        };
        parts.push(Part::Chart(Chart {
            caption: "各时段故障与未监测时间（小时）".to_owned(),
            shape: Shape::Stacked,
            labels: material.parts().into_iter().map(|(name, _)| name).collect(),
            series: vec![
                Series { name: "故障", values: of(|part| part.down.least) },
                Series { name: "未监测", values: of(|part| part.unknown) },
            ],
        }));
    }
    parts.push(Part::Note(
        "恢复用时的下限为首次失败至首次恢复，上限为末次正常至首次恢复；无人监测的时间既不算正常，也不算故障。".to_owned(),
    ));
    parts
}

fn fault(fault: &Fault) -> Vec<String> {
    let numbers: Vec<String> = fault.intervals.iter().map(ToString::to_string).collect();
    vec![
        figures::moment(fault.earliest),
        figures::moment(fault.start),
        fault.end.map_or_else(|| "持续中".to_owned(), figures::moment),
        bounds(fault.repair),
        numbers.join("、"),
        if fault.is_excused() { "否（维护或免责）" } else { "是" }.to_owned(),
    ]
}

/// What the ledger says in one sentence.
pub(super) fn availability_said(material: &Material<'_>) -> String {
    let account = &material.statement.whole;
    match account.coverage() {
        Some(seen) if seen > 0.0 => format!(
            "故障 {} 次，累计 {}（已扣除维护和免责时间）；监测覆盖 {}。",
            account.counted().count(),
            bounds(account.down),
            share(seen)
        ),
        _ => "报告期内没有可用性监测记录。".to_owned(),
    }
}

/// Service tickets and their steps.
pub(super) fn tickets(material: &Material<'_>) -> Vec<Part> {
    let columns = vec![
        text("单号", 1),
        text("报障时间", 3),
        text("类别", 2),
        text("系统", 2),
        text("内容", 5),
        text("处置", 7),
    ];
    vec![Part::Table(Table::of("报障单（人工登记）", columns, material.tickets.iter().map(ticket)))]
}

fn ticket(ticket: &Ticket) -> Vec<String> {
    let steps = StepKind::ALL.into_iter().filter_map(|kind| ticket.step(kind));
    let steps: Vec<String> = steps
        .map(|step| {
            let name = tickets::step(step.kind);
            format!("{name} {} {}：{}", figures::minute(step.at), step.person, step.note)
        })
        .collect();
    vec![
        ticket.number.to_string(),
        figures::minute(ticket.opened),
        tickets::category(ticket.category).to_owned(),
        ticket.system.clone(),
        format!("{}（{} 报障）", ticket.what, ticket.opened_by),
        if steps.is_empty() { "尚未登记".to_owned() } else { steps.join("；") },
    ]
}

/// What the tickets amount to, in one sentence.
pub(super) fn tickets_said(material: &Material<'_>) -> String {
    let solved = material.tickets.iter().filter(|ticket| ticket.step(StepKind::Solved).is_some()).count();
    match material.tickets.len() {
        0 => "没有登记报障单。".to_owned(),
        all => format!("登记报障 {all} 件，已解决 {solved} 件。"),
    }
}

/// Findings that came and went, group by group.
pub(super) fn movement(material: &Material<'_>) -> Vec<Part> {
    let span = material.span();
    let all = Movement::of(&material.findings, span);
    if all.is_nothing() {
        return vec![Part::Text(format!("{NOTHING}：没有发现、修复或遗留的问题。"))];
    }
    let groups = by_category(&material.findings);
    let row = |name: &str, movement: Movement| {
        let figures = [movement.new, movement.reopened, movement.fixed, movement.dismissed, movement.open];
        std::iter::once(name.to_owned()).chain(figures.map(count)).collect::<Vec<_>>()
    };
    let rows = groups
        .iter()
        .map(|(category, findings)| {
            (wording::category(*category), Movement::of(findings.iter().copied(), span))
        })
        .filter(|(_, movement)| !movement.is_nothing())
        .map(|(name, movement)| row(name, movement))
        .chain([row("合计", all)]);
    let columns = vec![
        text("类别", 3),
        number("新增"),
        number("复发"),
        number("修复"),
        number("期末已忽略"),
        number("期末未修复"),
    ];
    let mut parts = vec![Part::Table(Table::of("按类别（个）", columns, rows))];
    let stretches = material.parts();
    if stretches.len() > 1 {
        let movements: Vec<Movement> =
            stretches.iter().map(|(_, part)| Movement::of(&material.findings, *part)).collect();
        let of = |take: fn(&Movement) -> usize| {
            movements.iter().map(|movement| Some(take(movement) as f64)).collect()
        };
        parts.push(Part::Chart(Chart {
            caption: "各时段发现与修复（个）".to_owned(),
            shape: Shape::Bars,
            labels: stretches.into_iter().map(|(name, _)| name).collect(),
            series: vec![
                Series {
                    name: "发现（含复发）", values: of(|movement| movement.new + movement.reopened)
                },
                Series { name: "修复", values: of(|movement| movement.fixed) },
            ],
        }));
    }
    parts.extend(repairs(material));
    parts
}

/// How long repairs took.
fn repairs(material: &Material<'_>) -> Option<Part> {
    let span = material.span();
    let rows: Vec<Vec<String>> = by_category(&material.findings)
        .into_iter()
        .filter_map(|(category, findings)| {
            let mut times: Vec<SignedDuration> =
                findings.iter().flat_map(|tracked| tracked.repairs(span)).collect();
            times.sort_unstable();
            let (median, longest) = (times.get(times.len().checked_sub(1)? / 2)?, times.last()?);
            let name = wording::category(category).to_owned();
            Some(vec![name, count(times.len()), figures::length(*median), figures::length(*longest)])
        })
        .collect();
    let columns = vec![text("类别", 3), number("修复（次）"), text("中位用时", 3), text("最长用时", 3)];
    let caption = "修复用时（自监测发现至复查确认；实际整改可能更早）";
    (!rows.is_empty()).then(|| Part::Table(Table::of(caption, columns, rows)))
}

/// What the findings amount to, in one sentence.
pub(super) fn movement_said(material: &Material<'_>) -> String {
    let Movement { new, reopened, fixed, open, .. } = Movement::of(&material.findings, material.span());
    format!("新发现问题 {new} 个，复发 {reopened} 个，修复 {fixed} 个，期末未修复 {open} 个。")
}

/// What was still to be mended at the end.
pub(super) fn open(material: &Material<'_>) -> Part {
    let open = material.findings.iter().filter(|tracked| tracked.is_open());
    let rows = open.map(|tracked| {
        let since = tracked.since().map_or_else(|| "—".to_owned(), figures::minute);
        finding(tracked, wording::life(tracked.state()).label, since)
    });
    Part::Table(Table::of("期末未修复的问题，重者在前", finding_columns("状态", "发现时间"), rows))
}

/// Findings that came within the period.
pub(super) fn found(material: &Material<'_>) -> Part {
    let span = material.span();
    let rows = material.findings.iter().filter_map(|tracked| {
        let since = tracked.since().filter(|since| span.contains(*since))?;
        let confidence = wording::confidence(tracked.reported.finding.confidence).label;
        Some(finding(tracked, confidence, figures::minute(since)))
    });
    Part::Table(Table::of("报告期内发现的问题，重者在前", finding_columns("可信度", "发现时间"), rows))
}

/// What was seen to be fixed.
pub(super) fn fixed(material: &Material<'_>) -> Part {
    let span = material.span();
    let rows = material.findings.iter().filter_map(|tracked| {
        let at = tracked.fixed(span)?;
        Some(finding(tracked, wording::life(tracked.state()).label, figures::minute(at)))
    });
    Part::Table(Table::of("报告期内修复的问题", finding_columns("期末状态", "确认修复"), rows))
}

fn finding_columns(state: &str, when: &str) -> Vec<Column> {
    vec![
        text("严重程度", 2),
        text("检查", 3),
        text("页面", 6),
        text("问题", 7),
        text(state, 2),
        text(when, 3),
    ]
}

fn finding(tracked: &Tracked, state: &str, when: String) -> Vec<String> {
    let finding = &tracked.reported.finding;
    vec![
        wording::severity(finding.severity).label.to_owned(),
        wording::check_name(&finding.check).to_owned(),
        finding.page.clone(),
        finding.evidence.clone(),
        state.to_owned(),
        when,
    ]
}

/// Findings by the part of the inspection they belong to.
pub(super) fn by_category(findings: &[Tracked]) -> Vec<(Category, Vec<&Tracked>)> {
    let mut groups: BTreeMap<Category, Vec<&Tracked>> = BTreeMap::new();
    for tracked in findings {
        groups.entry(tracked.reported.finding.category).or_default().push(tracked);
    }
    groups.into_iter().collect()
}

/// The full scans of the period.
pub(super) fn scans(material: &Material<'_>) -> Part {
    let columns = vec![
        text("编号", 1),
        text("开始", 3),
        text("结束", 3),
        number("已知地址"),
        number("已访问"),
        number("检查页面"),
        number("请求"),
        text("是否执行完毕", 2),
        number("得分"),
    ];
    Part::Table(Table::of("全量监测", columns, material.results().map(|(row, result)| scan(row, result))))
}

fn scan(row: &ScanRow, result: &ScanResult) -> Vec<String> {
    let coverage = &result.coverage;
    vec![
        row.id.to_string(),
        figures::minute(row.started),
        figures::minute(result.finished),
        figures::count(coverage.known),
        figures::count(coverage.visited),
        figures::count(coverage.pages),
        figures::count(coverage.requests),
        if coverage.finished { "是" } else { "否" }.to_owned(),
        result.score.total.map_or_else(|| "不计".to_owned(), figures::points),
    ]
}

/// The readings of the period.
pub(super) fn readings(material: &Material<'_>) -> Part {
    let columns = vec![
        text("编号", 1),
        text("开始", 3),
        text("结束", 3),
        number("访问地址"),
        number("检查页面"),
        number("请求"),
        number("发现"),
        number("确认修复"),
    ];
    Part::Table(Table::of("读网", columns, material.readings.iter().map(reading)))
}

fn reading(row: &ReadingRow) -> Vec<String> {
    vec![
        row.id.0.to_string(),
        figures::moment(row.started),
        figures::moment(row.finished),
        figures::count(row.coverage.visited),
        figures::count(row.coverage.pages),
        figures::count(row.coverage.requests),
        figures::count(row.opened),
        figures::count(row.fixed),
    ]
}

/// What was inspected, in one sentence.
pub(super) fn inspected_said(material: &Material<'_>) -> String {
    format!(
        "完成全量监测 {} 次、读网 {} 次。",
        material.results().count(),
        figures::count(material.readings.len() as u64)
    )
}

/// Time that somebody wants not to count.
pub(super) fn exclusions(material: &Material<'_>) -> Part {
    let columns = vec![
        text("开始", 3),
        text("结束", 3),
        text("类别", 1),
        text("原因", 5),
        text("提出", 2),
        text("批准", 3),
    ];
    let rows = material.exclusions.iter().map(|exclusion| {
        vec![
            figures::minute(exclusion.span.start()),
            figures::minute(exclusion.span.end()),
            contract::exclusion_kind(exclusion.kind).to_owned(),
            exclusion.reason.clone(),
            exclusion.author.clone(),
            exclusion.approved_by.clone().unwrap_or_else(|| "未经批准，不扣除".to_owned()),
        ]
    });
    Part::Table(Table::of("维护和免责时间", columns, rows))
}
