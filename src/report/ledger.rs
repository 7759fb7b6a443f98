//! How long a site was up, as `sitewarden ledger` shows it.

use std::fmt::Write as _;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::figures::length;
use super::{escape, figures};
use crate::ledger::{Account, Bounds, ClockStep, Failing, Fault, Outlook, Period};

/// What the ledger says of a site and a period.
#[derive(Debug, Clone)]
pub struct Statement<'a> {
    /// Id of the site.
    pub site: &'a str,
    /// Its name, where configured.
    pub site_name: Option<&'a str>,
    /// The period.
    pub period: Period,
    /// When it was asked.
    pub now: Timestamp,
    /// Share of the time seen, 0 to 1, below which nothing is said to be met or not.
    pub coverage_least: f64,
    /// The period as a whole.
    pub whole: Account,
    /// Its parts that have begun.
    pub parts: Vec<(Period, Account)>,
    /// The failed share of the visits of each target in the last week.
    pub failing: Vec<(String, Failing)>,
    /// When the clock was set.
    pub steps: &'a [ClockStep],
}

/// To be read.
pub fn text(statement: &Statement<'_>) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(&text);
        out.push('\n');
    };
    let name = statement.site_name.unwrap_or(statement.site);
    let account = &statement.whole;
    line(format!("{} 可用性台账 {}", escape::terminal(name), statement.period));
    line(format!(
        "统计截至 {}{}",
        figures::moment(account.judged.end().min(statement.now)),
        if account.provisional { "（未结束，数值暂定）" } else { "" }
    ));
    line(format!("正常 {}，降级 {}", length(account.up), length(account.degraded)));
    line(format!(
        "故障 {}（已扣除维护和免责时间；扣除前 {}）",
        bounds(account.down),
        bounds(account.recorded)
    ));
    line(format!("维护和免责 {}，未监测 {}", length(account.maintenance), length(account.unknown)));
    line(coverage(account, statement.coverage_least));
    line(format!("故障 {} 次{}", account.counted().count(), excused(account)));
    for fault in &account.faults {
        line(format!("  {}", told(fault)));
    }
    if !statement.parts.is_empty() {
        line("分段（故障时间 / 次数 / 监测覆盖）：".to_owned());
    }
    for (period, part) in &statement.parts {
        let seen = part.coverage().map_or_else(|| "—".to_owned(), self::share);
        line(format!("  {period}  {} / {} 次 / {seen}", length(part.down.least), part.counted().count()));
    }
    for (target, failing) in &statement.failing {
        line(format!("近一周访问 {}：{}", escape::terminal(target), visits(failing)));
    }
    for step in statement.steps {
        line(format!("时钟调整 {}：{} 秒", figures::moment(step.at), step.by.as_secs()));
    }
    out
}

/// For programs; lengths in seconds.
pub fn json(statement: &Statement<'_>) -> String {
    let part = |(period, account): &(Period, Account)| {
        let mut shown = account_json(account);
        shown["period"] = json!(period.to_string());
        shown
    };
    let failing = |(target, failing): &(String, Failing)| {
        let mut shown = json!(failing);
        shown["target"] = json!(target);
        shown["ratio"] = json!(failing.ratio());
        shown
    };
    let shown = json!({
        "schema": 1,
        "site": statement.site,
        "period": statement.period.to_string(),
        "now": statement.now,
        "coverage_least": statement.coverage_least,
        "whole": account_json(&statement.whole),
        "parts": statement.parts.iter().map(part).collect::<Vec<_>>(),
        "visits": statement.failing.iter().map(failing).collect::<Vec<_>>(),
        "clock_steps": statement.steps,
    });
    format!("{shown:#}\n")
}

pub(super) fn account_json(account: &Account) -> Value {
    let fault = |fault: &Fault| {
        json!({
            "start": fault.start, "earliest": fault.earliest, "end": fault.end, "intervals": fault.intervals,
            "repair_s": bounds_json(fault.repair), "excused": fault.is_excused(),
        })
    };
    json!({
        "from": account.judged.start(),
        "until": account.judged.end(),
        "provisional": account.provisional,
        "up_s": account.up.as_secs_f64(),
        "degraded_s": account.degraded.as_secs_f64(),
        "down_s": bounds_json(account.down),
        "recorded_down_s": bounds_json(account.recorded),
        "maintenance_s": account.maintenance.as_secs_f64(),
        "unknown_s": account.unknown.as_secs_f64(),
        "coverage": account.coverage(),
        "faults": account.faults.iter().map(fault).collect::<Vec<_>>(),
    })
}

pub(super) fn bounds_json(bounds: Bounds) -> Value {
    json!({ "least": bounds.least.as_secs_f64(), "most": bounds.most.as_secs_f64() })
}

/// The share of the time that somebody saw, and what that allows to say.
pub(super) fn coverage(account: &Account, least: f64) -> String {
    match account.coverage() {
        None => "尚未开始".to_owned(),
        Some(seen) if seen < least => {
            format!("监测覆盖 {}，低于 {}，不作达标与否的结论", self::share(seen), self::share(least))
        }
        Some(seen) => format!("监测覆盖 {}", self::share(seen)),
    }
}

/// A figure within its bounds; one number where they agree.
pub(super) fn bounds(bounds: Bounds) -> String {
    match bounds.least == bounds.most {
        true => length(bounds.least),
        false => format!("{} 至 {}", length(bounds.least), length(bounds.most)),
    }
}

/// Rounded down: nothing short of all reads as 100 %.
pub(super) fn share(share: f64) -> String {
    const WHOLE: u64 = 1_000_000;
    figures::percent((share * WHOLE as f64).floor().max(0.0) as u64, WHOLE).unwrap_or_default()
}

pub(super) fn excused(account: &Account) -> String {
    match account.faults.len() - account.counted().count() {
        0 => String::new(),
        excused => format!("，另有 {excused} 次在维护或免责时间内"),
    }
}

fn told(fault: &Fault) -> String {
    let end = fault.end.map_or_else(|| "持续中".to_owned(), figures::moment);
    let mark = if fault.is_excused() { "（不计）" } else { "" };
    let numbers: Vec<String> = fault.intervals.iter().map(ToString::to_string).collect();
    let mut out = format!("{} — {end}  {}{mark}", figures::moment(fault.start), bounds(fault.repair));
    let _ = write!(out, "  区间 {}", numbers.join("、"));
    out
}

pub(super) fn visits(failing: &Failing) -> String {
    let standing = match failing.outlook {
        Outlook::NotVisited => return "没有访问记录".to_owned(),
        Outlook::Fine => "正常",
        Outlook::Warning => "接近单项否决（预警）",
        Outlook::Failed => "达到单项否决线",
    };
    let percent = figures::percent(failing.failures, failing.visits).unwrap_or_default();
    let thin = match failing.thin_days {
        0 => String::new(),
        days => format!("，{days} 天访问次数不足"),
    };
    format!(
        "{} 次，失败 {} 次（{percent}），{standing}{thin}",
        figures::count(failing.visits),
        figures::count(failing.failures)
    )
}
