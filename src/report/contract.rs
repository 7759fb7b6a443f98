//! The assessment of a contract, as `sitewarden contract` shows it.

use jiff::Timestamp;
use serde_json::{Value as Json, json};

use super::figures::length;
use super::ledger::{account_json, bounds, bounds_json, coverage};
use super::{documents, escape, figures};
use crate::contract::{
    Assessed, Basis, Exclusion, ExclusionKind, Grade, Origin, Points, Settlement, Sheet, Value, Verdict, Why,
};
use crate::indicators::{Bound, Promise};

/// To be read.
pub fn text(sheet: &Sheet<'_>, site: &str, now: Timestamp) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    let contract = sheet.contract;
    line(format!("{} {} {}", escape::terminal(site), escape::terminal(&contract.name), sheet.period));
    let [authority, bound] = footing(sheet);
    line(authority);
    line(format!("{bound}；统计截至 {}", figures::moment(now)));
    line(seen(sheet));
    for row in rows(sheet) {
        line(String::new());
        line(format!("{} {}", row.id, row.name));
        line(format!("  结论：{}", row.verdict));
        line(format!("  约定：{}；实测：{}", row.limit, row.measured));
        if let Some(points) = row.points {
            line(format!("  计分：{points}"));
        }
        if !row.from.is_empty() {
            line(format!("  依据记录：{}", row.from));
        }
        if let Some(doubt) = row.doubt {
            line(format!("  {doubt}"));
        }
    }
    if !sheet.owed.is_empty() {
        line("\n应提交的文件：".to_owned());
    }
    for owed in &sheet.owed {
        let [what, _, last, _, standing] = documents::row(owed);
        line(format!("  {what}  最迟 {last}  {standing}"));
    }
    if sheet.holidays_unknown {
        line("\n部分年份的节假日安排未登记，工作日按周一至周五计算。".to_owned());
    }
    if !sheet.exclusions.is_empty() {
        line("\n维护和免责：".to_owned());
    }
    for exclusion in &sheet.exclusions {
        line(format!("  {}", excluded(exclusion)));
    }
    out
}

/// A line of the sheet, in words. Harmless on a terminal; pages escape it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What the measurement means.
    pub verdict: String,
    /// Look of that: `good`, `bad`, or nothing.
    pub tone: &'static str,
    /// What was promised.
    pub limit: String,
    /// What was measured.
    pub measured: String,
    /// Points, where the line has any.
    pub points: Option<String>,
    /// The records that it was computed from; empty: none.
    pub from: String,
    /// That its figures are not certain, where they are not.
    pub doubt: Option<String>,
}

/// The lines of the sheet.
pub fn rows(sheet: &Sheet<'_>) -> Vec<Row> {
    let row = |assessed: &Assessed<'_>| Row {
        id: assessed.line.id.clone(),
        name: escape::terminal(&assessed.line.name),
        verdict: format!("{}{}", verdict(assessed), provisional(assessed)),
        tone: match assessed.verdict {
            Verdict::Met => "good",
            Verdict::NotMet => "bad",
            Verdict::NotApplicable | Verdict::NotStated(_) => "",
        },
        limit: limit(assessed),
        measured: measured(&assessed.value),
        points: assessed.points.map(earned),
        from: assessed.from.iter().map(basis).collect::<Vec<_>>().join("、"),
        doubt: assessed
            .line
            .confidence
            .filter(|confidence| !confidence.is_requirement())
            .map(|confidence| format!("数值待核实（{confidence}）")),
    };
    sheet.lines.iter().map(row).collect()
}

/// By what the verdicts are made, and how sure that is.
pub fn footing(sheet: &Sheet<'_>) -> [String; 2] {
    let contract = sheet.contract;
    let standing = if contract.confidence.is_requirement() { "" } else { "，未核对原文，待核实" };
    let authority = escape::terminal(&contract.authority);
    let bound = match contract.bound {
        Bound::Least => "下限：首次失败至首次恢复",
        Bound::Most => "上限：末次正常至首次恢复",
    };
    [
        format!("依据：{authority}（{}{standing}）", contract.confidence),
        format!("结论按{bound}（{}）", contract.bound_confidence),
    ]
}

/// How much of the period was seen, and what that allows to say.
pub fn seen(sheet: &Sheet<'_>) -> String {
    coverage(&sheet.account, sheet.coverage_least)
}

/// A bound, for people.
pub(super) fn bound(bound: Bound) -> &'static str {
    match bound {
        Bound::Least => "下限：首次失败至首次恢复",
        Bound::Most => "上限：末次正常至首次恢复",
    }
}

/// For programs; lengths in seconds.
pub fn json(sheet: &Sheet<'_>, site: &str, now: Timestamp) -> String {
    let line = |assessed: &Assessed<'_>| {
        json!({
            "id": assessed.line.id,
            "name": assessed.line.name,
            "measure": assessed.line.measure,
            "limit": assessed.line.limit,
            "value": value_json(&assessed.value),
            "verdict": verdict_word(assessed.verdict),
            "otherwise": assessed.otherwise.map(verdict_word),
            "provisional": assessed.provisional,
            "tier": assessed.tier,
            "points": assessed.points.map(|points| [points.least, points.most]),
            "from": assessed.from.iter().map(basis_word).collect::<Vec<_>>(),
            "confidence": assessed.line.confidence.unwrap_or(sheet.contract.confidence).to_string(),
        })
    };
    let shown = json!({
        "schema": 1,
        "site": site,
        "contract": sheet.contract.id,
        "authority": sheet.contract.authority,
        "bound": sheet.contract.bound,
        "period": sheet.period.to_string(),
        "now": now,
        "coverage_least": sheet.coverage_least,
        "account": account_json(&sheet.account),
        "lines": sheet.lines.iter().map(line).collect::<Vec<_>>(),
        "documents": sheet.owed.iter().map(documents::json).collect::<Vec<_>>(),
        "exclusions": sheet.exclusions.iter().map(|exclusion| exclusion_json(exclusion)).collect::<Vec<_>>(),
        "holidays_unknown": sheet.holidays_unknown,
    });
    format!("{shown:#}\n")
}

/// What points lead to.
pub fn settlement(points: f64, settled: Settlement, fail_means: &str) -> String {
    let grade = match settled.grade {
        Grade::Good => "优秀",
        Grade::Passed => "合格",
        Grade::Failed => fail_means,
    };
    let cut = match settled.price_cut {
        cut if cut > 0.0 => format!("，扣减合同价款 {}%", figures::points(cut)),
        _ => String::new(),
    };
    format!("{} 分：{grade}{cut}\n", figures::points(points))
}

/// What a measurement means, for people.
pub(super) fn verdict(assessed: &Assessed<'_>) -> String {
    let words = |verdict| match verdict {
        Verdict::Met => "达标",
        Verdict::NotMet => "不达标",
        Verdict::NotApplicable => "不适用",
        Verdict::NotStated(Why::Coverage) => "监测覆盖不足，不作结论",
        Verdict::NotStated(Why::NoRecord) => "没有相应记录，不作结论",
        Verdict::NotStated(Why::Pending) => "尚未到期",
        Verdict::NotStated(Why::ByHand) => "人工评定",
    };
    let tier = assessed.tier.map_or_else(String::new, |tier| format!("（{tier}）"));
    let otherwise =
        assessed.otherwise.map_or_else(String::new, |other| format!("；按另一界限：{}", words(other)));
    format!("{}{tier}{otherwise}", words(assessed.verdict))
}

/// A mark for verdicts that may still change.
pub(super) fn provisional(assessed: &Assessed<'_>) -> &'static str {
    if assessed.provisional && !matches!(assessed.verdict, Verdict::NotStated(_)) {
        "（暂定）"
    } else {
        ""
    }
}

/// What was promised, for people.
pub(super) fn limit(assessed: &Assessed<'_>) -> String {
    match assessed.line.limit {
        None if assessed.line.tier.is_empty() => "—".to_owned(),
        None => assessed.line.tier.iter().map(|tier| tier.name.as_str()).collect::<Vec<_>>().join(" / "),
        Some(Promise::Below(time)) => format!("少于 {}", length(time)),
        Some(Promise::Within(time)) => format!("不超过 {}", length(time)),
        Some(Promise::Fewer(count)) => format!("少于 {count} 次"),
        Some(Promise::AtLeast(count)) => format!("不少于 {count} 次"),
        Some(Promise::WorkingDays(days)) => format!("{days} 个工作日内"),
        Some(Promise::Days(days)) => format!("{days} 日内"),
    }
}

/// What was measured, for people.
pub(super) fn measured(value: &Value) -> String {
    match value {
        Value::Time(time) => bounds(*time),
        Value::Count(count) => format!("{count} 次"),
        Value::Downtime { time, faults } => format!("{}，{faults} 次", bounds(*time)),
        Value::Each { of: 0, .. } | Value::Nothing => "无".to_owned(),
        Value::Each { of, missed, pending, worst } => {
            let pending = if *pending > 0 { format!("，{pending} 件未结束") } else { String::new() };
            format!("{of} 件中 {missed} 件超限{pending}，最长 {}", bounds(*worst))
        }
    }
}

/// Points, for people.
pub(super) fn earned(points: Points) -> String {
    match points.least == points.most {
        true => format!("{} 分", figures::points(points.least)),
        false => format!("{} 至 {} 分", figures::points(points.least), figures::points(points.most)),
    }
}

/// What on record a line was computed from, for people.
pub(super) fn basis(basis: &Basis) -> String {
    match basis {
        Basis::Interval(number) => format!("区间 {number}"),
        Basis::Ticket(number) => format!("报障单 {number}"),
        Basis::Alarm(id) => format!("告警 {}", escape::terminal(id)),
        Basis::Scan(number) => format!("扫描 {number}"),
        Basis::Document(number) => format!("文件 {number}"),
    }
}

/// Exclusions, as `sitewarden exclude list` shows them.
pub fn exclusions(exclusions: &[Exclusion]) -> String {
    if exclusions.is_empty() {
        return "没有维护和免责时间\n".to_owned();
    }
    exclusions.iter().map(|exclusion| format!("{}\n", excluded(exclusion))).collect()
}

/// An exclusion with who wanted it and who agreed.
pub fn excluded(exclusion: &Exclusion) -> String {
    let origin = match exclusion.origin {
        Origin::Entered { number, at } => format!("{number}  登记于 {}", figures::minute(at)),
        Origin::Configured => "配置".to_owned(),
    };
    let approval = match &exclusion.approved_by {
        Some(name) => format!("{} 批准", escape::terminal(name)),
        None => "未经批准，不扣除".to_owned(),
    };
    let (from, until) = (figures::moment(exclusion.span.start()), figures::moment(exclusion.span.end()));
    let kind = exclusion_kind(exclusion.kind);
    let (author, reason) = (escape::terminal(&exclusion.author), escape::terminal(&exclusion.reason));
    let withdrawn = exclusion.withdrawn.as_ref().map_or_else(String::new, |withdrawal| {
        let (author, why) = (escape::terminal(&withdrawal.author), escape::terminal(&withdrawal.reason));
        format!("，已于 {} 由 {author} 撤回：{why}", figures::minute(withdrawal.at))
    });
    format!("{origin}  {from} — {until}  {kind}  {author}：{reason}（{approval}{withdrawn}）")
}

/// Why time does not count, for people.
pub(super) fn exclusion_kind(kind: ExclusionKind) -> &'static str {
    match kind {
        ExclusionKind::Maintenance => "维护",
        ExclusionKind::NotOurs => "免责",
    }
}

fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not-met",
        Verdict::NotApplicable => "not-applicable",
        Verdict::NotStated(Why::Coverage) => "not-stated-coverage",
        Verdict::NotStated(Why::NoRecord) => "not-stated-no-record",
        Verdict::NotStated(Why::Pending) => "not-stated-pending",
        Verdict::NotStated(Why::ByHand) => "not-stated-by-hand",
    }
}

fn value_json(value: &Value) -> Json {
    match value {
        Value::Time(time) => json!({ "seconds": bounds_json(*time) }),
        Value::Count(count) => json!({ "count": count }),
        Value::Downtime { time, faults } => json!({ "seconds": bounds_json(*time), "faults": faults }),
        Value::Each { of, missed, pending, worst } => {
            json!({ "of": of, "missed": missed, "pending": pending, "worst_s": bounds_json(*worst) })
        }
        Value::Nothing => Json::Null,
    }
}

fn basis_word(basis: &Basis) -> String {
    match basis {
        Basis::Interval(number) => format!("interval:{number}"),
        Basis::Ticket(number) => format!("ticket:{number}"),
        Basis::Alarm(id) => format!("alarm:{id}"),
        Basis::Scan(number) => format!("scan:{number}"),
        Basis::Document(number) => format!("document:{number}"),
    }
}

fn exclusion_json(exclusion: &Exclusion) -> Json {
    let (number, at) = match exclusion.origin {
        Origin::Entered { number, at } => (Some(number), Some(at)),
        Origin::Configured => (None, None),
    };
    json!({
        "number": number, "entered": at, "from": exclusion.span.start(), "until": exclusion.span.end(),
        "kind": exclusion.kind.word(), "reason": exclusion.reason, "by": exclusion.author,
        "approved_by": exclusion.approved_by,
        "withdrawn": exclusion.withdrawn.as_ref().map(|withdrawal| json!({
            "at": withdrawal.at, "by": withdrawal.author, "reason": withdrawal.reason,
        })),
    })
}
