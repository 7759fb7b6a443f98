//! The result of a score in one sentence.

use super::{Line, ScoreSheet, Standing, hundredths, is_requirement};
use crate::facts::Coverage;
use crate::indicators::Scale;

/// Points, what they mean, and what they rest on. `left` are the points left, told for information where a veto holds.
pub(super) fn verdict(scale: &Scale, sheet: &ScoreSheet, left: f64, coverage: &Coverage) -> String {
    let measured = |line: &&Line| line.standing != Standing::NotMeasured;
    let by_people = sheet.lines.iter().filter(|line| line.said.is_some()).count();
    let by_people = match by_people {
        0 => String::new(),
        number => format!("，其中人工认定 {number} 项"),
    };
    let unsure = sheet.lines.iter().any(|line| line.lost > 0.0 && !line.is_requirement());
    let unsure = if unsure { "，部分扣分分值未与原文核对" } else { "" };
    let border =
        if is_requirement(&sheet.scale_confidence) { "" } else { "，合格界限未与原文核对" };
    let partial = if coverage.finished { "" } else { "；扫描未完成，结果不完整" };
    let number = sheet.lines.iter().filter(measured).count();
    format!(
        "按“{}”（口径 {}，规则版本 {}）：{}；本次测得 {number} 项{by_people}，未测 {} 项{unsure}{border}{partial}。",
        scale.name,
        scale.id,
        sheet.rules_version,
        result(scale, sheet, left),
        sheet.lines.len() - number
    )
}

fn result(scale: &Scale, sheet: &ScoreSheet, left: f64) -> String {
    let is_confirmed = |id: &&String| sheet.confirmed.contains(id);
    let candidates: Vec<&str> =
        sheet.vetoes.iter().filter(|id| !is_confirmed(id)).map(String::as_str).collect();
    let candidates = match candidates.len() {
        0 => String::new(),
        number => format!("单项否决候选 {number} 项（{}），需人工确认", candidates.join("、")),
    };
    if !sheet.confirmed.is_empty() {
        let more = if candidates.is_empty() { candidates } else { format!("；另有{candidates}") };
        return format!(
            "单项否决 {} 项（{}）已经人工认定，不合格，扣分部分余 {left} 分仅供参考{more}",
            sheet.confirmed.len(),
            sheet.confirmed.join("、")
        );
    }
    if !candidates.is_empty() {
        return format!("{candidates}；如经确认即为不合格，扣分部分余 {left} 分仅供参考");
    }
    if left < scale.pass {
        format!("扣分部分余 {left} 分，低于 {} 分，按此口径不合格", scale.pass)
    } else if left > scale.good && sheet.bonus > 0.0 {
        let sum = hundredths(left + sheet.bonus);
        format!("扣分部分余 {left} 分，高于 {} 分，另计加分 {} 分，合计 {sum} 分", scale.good, sheet.bonus)
    } else if left > scale.good {
        format!("扣分部分余 {left} 分，高于 {} 分，可再计加分项", scale.good)
    } else {
        format!("扣分部分余 {left} 分，不低于 {} 分，按此口径合格", scale.pass)
    }
}
