//! The findings in the parts that inspectors know, each with what proves it and room for review and repair.

use std::collections::HashMap;

use super::paper::{Paper, Tone};
use crate::life::Reported;
use crate::report::groups::grouped;
use crate::report::hit::Hit;
use crate::report::outline::outline;
use crate::report::wording::VETO;
use crate::report::{Photo, Report, figures, photo, proof, wording};
use crate::score::Standing;

/// Findings of one check in one part. A document of more is worked off by nobody; programs have the JSON formats.
pub(super) const ROWS: usize = 200;

/// Sample pages of one finding.
const SAMPLES: usize = 10;

/// The part of findings that count against no line.
const OTHERS: &str = "其他问题";

/// Writes them.
pub(super) fn list(paper: &mut Paper, report: &Report) {
    if report.findings.is_empty() {
        return paper.text("本次扫描未发现问题；未检查的部分不代表没有问题。", Tone::Quiet);
    }
    let mut number = 0;
    for (name, findings) in parts(report) {
        paper.section(&format!("{name}（{} 个）", figures::count(findings.len() as u64)));
        for group in outline(&findings).into_iter().flat_map(|section| section.groups) {
            paper.topic(&format!("{}（{} 个）", group.name, figures::count(group.findings.len() as u64)));
            for reported in group.findings.iter().take(ROWS) {
                number += 1;
                finding(paper, number, reported, report.pictures.get(&reported.id));
            }
            let rest = group.findings.len().saturating_sub(ROWS) as u64;
            if rest > 0 {
                let told = format!("另有 {} 条未列出，完整清单见 findings.jsonl", figures::count(rest));
                paper.text(&told, Tone::Strong);
            }
        }
    }
}

/// Each finding once, in the first part of the table that it counts against. One that is only a step towards a veto
/// which is still far off is no matter of vetoes.
fn parts(report: &Report) -> Vec<(&str, Vec<Reported>)> {
    let groups = grouped(&report.score.lines);
    let place: HashMap<&str, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(place, group)| group.lines.iter().map(move |line| (place, line)))
        .filter(|(_, line)| line.group != VETO || line.standing != Standing::Met)
        .map(|(place, line)| (line.id.as_str(), place))
        .collect();
    let names = groups.iter().map(|group| group.name).chain([OTHERS]);
    let mut parts: Vec<(&str, Vec<Reported>)> = names.map(|name| (name, Vec::new())).collect();
    for reported in &report.findings {
        let indicators = reported.finding.indicators.iter();
        let first = indicators.filter_map(|id| place.get(id.as_str()).copied()).min();
        parts[first.unwrap_or(groups.len())].1.push(reported.clone());
    }
    parts.retain(|(_, findings)| !findings.is_empty());
    parts
}

fn finding(paper: &mut Paper, number: u64, reported: &Reported, photo: Option<&Photo>) {
    let finding = &reported.finding;
    let mut rows = vec![
        (format!("{number}. 问题"), finding.evidence.clone()),
        ("页面".to_owned(), format!("{}（{}）", finding.page, wording::page_kind(finding.kind))),
    ];
    let mut row = |label: &str, text: String| {
        if !text.is_empty() {
            rows.push((label.to_owned(), text));
        }
    };
    if let Some(target) = &finding.target {
        let verdict = finding.verdict.map_or("", |verdict| wording::verdict(verdict).label);
        let status = finding.status.map_or_else(String::new, |status| status.to_string());
        row("目标", [target, verdict, &status].join(" ").trim_end().to_owned());
    }
    if let Some(place) = &finding.place {
        row("原文", Hit::find(place, &finding.evidence).map_or("", |hit| hit.hit).to_owned());
        row("前后文字", place.context.clone().unwrap_or_default());
        row("位置", place.selector.clone().unwrap_or_default());
        row("字节偏移", place.offset.map_or_else(String::new, |offset| offset.to_string()));
    }
    for (label, text) in proof::rows(&finding.proof) {
        row(label, text);
    }
    // The picture itself stands in the page: the crate that writes documents passes every picture off as PNG.
    row("问题截图", photo.map_or_else(String::new, |photo| photo::caption(&photo.kept)));
    row("整改建议", finding.suggestion.clone());
    let [severity, confidence, state] = [
        wording::severity(finding.severity).label,
        wording::confidence(finding.confidence).label,
        wording::life(reported.state).label,
    ];
    row("程度 / 可信度 / 状态", format!("{severity} / {confidence} / {state}"));
    row("对应指标", finding.indicators.join("、"));
    let samples = finding.samples.iter().take(SAMPLES).cloned().collect::<Vec<_>>().join(" ");
    let scope = wording::scope(finding.scope);
    row(
        "影响范围",
        format!("{scope}，{} 处 {samples}", figures::count(finding.occurrences)).trim_end().to_owned(),
    );
    let (first, last) = (figures::moment(reported.first_seen), figures::moment(reported.last_seen));
    row("首次 / 最近发现", format!("{first} / {last}（北京时间）"));
    row("问题编号", format!("{} {}", finding.check, reported.id.0));
    // Left to people: blank cells, unlike values that do not exist.
    rows.push(("人工复核结论、姓名、时间".to_owned(), String::new()));
    rows.push(("整改情况与复查".to_owned(), String::new()));
    paper.pairs(rows.into_iter());
}
