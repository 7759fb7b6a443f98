//! Sheets of findings: one row for each, with what an inspector asks of a list of problems.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{Cell, Column, Looks, Sheet};
use crate::finding::Finding;
use crate::life::Reported;
use crate::report::hit::Hit;
use crate::report::{figures, proof, wording};

/// Rows of a sheet. A list that long is worked off by program, from the JSON formats; a file with every row of a
/// site that is wrong throughout would take hundreds of megabytes to write and minutes to open.
const ROWS: usize = 10_000;

/// Columns; the last three are filled in by people.
pub(in crate::report) const COLUMNS: [Column; 28] = [
    ("序号", 6),
    ("问题类别", 16),
    ("检查项", 18),
    ("页面类型", 10),
    ("页面地址", 40),
    ("页面标题", 24),
    ("栏目路径", 24),
    ("问题目标", 40),
    ("原文", 20),
    ("上下文", 40),
    ("问题描述（证据）", 50),
    ("整改建议", 36),
    ("严重程度", 9),
    ("可信度", 11),
    ("首次发现", 16),
    ("最近发现", 16),
    ("状态", 8),
    ("对应指标", 14),
    ("链接判定", 10),
    ("状态码", 8),
    ("影响范围", 10),
    ("处数", 7),
    ("示例页面", 40),
    ("尝试次数", 8),
    ("原件 SHA-256", 20),
    ("人工复核结论", 16),
    ("复核人、时间", 14),
    ("整改情况", 20),
];

/// Columns of [`COLUMNS`] that are left to people.
pub(in crate::report) const FOR_PEOPLE: usize = 3;

/// Writes a sheet of findings, in the order given.
pub(super) fn sheet<'r>(
    name: &str,
    findings: impl ExactSizeIterator<Item = &'r Reported>,
    looks: &Looks,
) -> Result<Worksheet, XlsxError> {
    limited(name, findings, ROWS, looks)
}

/// Writes a sheet of `most` findings, and says how many there are besides.
pub(super) fn limited<'r>(
    name: &str,
    findings: impl ExactSizeIterator<Item = &'r Reported>,
    most: usize,
    looks: &Looks,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new(name, &COLUMNS, looks)?;
    let rest = findings.len().saturating_sub(most);
    for (number, reported) in (1..).zip(findings.take(most)) {
        sheet.row(row(number, reported).into_iter().chain((0..FOR_PEOPLE).map(|_| Cell::Blank)))?;
    }
    sheet.filter()?;
    if rest > 0 {
        let told = format!("另有 {} 条未列出，完整清单见 findings.jsonl", figures::count(rest as u64));
        sheet.heading(&told)?;
    }
    Ok(sheet.finish())
}

/// The cells of a finding, without those for people.
pub(in crate::report) fn row(number: u64, reported: &Reported) -> [Cell<'_>; COLUMNS.len() - FOR_PEOPLE] {
    let finding = &reported.finding;
    let proof = &finding.proof;
    let place = finding.place.as_ref();
    let exact = place.and_then(|place| Hit::find(place, &finding.evidence)).map_or("", |hit| hit.hit);
    [
        Cell::Count(number),
        Cell::text(wording::check_name(&finding.check)),
        Cell::text(&finding.check),
        Cell::text(wording::page_kind(finding.kind)),
        Cell::Link(&finding.page),
        Cell::text(proof.title.as_deref().unwrap_or_default()),
        Cell::text(if proof.path.is_empty() { String::new() } else { proof::path(proof) }),
        target(finding),
        Cell::text(exact),
        Cell::text(place.and_then(|place| place.context.as_deref()).unwrap_or_default()),
        Cell::text(&finding.evidence),
        Cell::text(&finding.suggestion),
        Cell::text(wording::severity(finding.severity).label),
        Cell::text(wording::confidence(finding.confidence).label),
        Cell::text(figures::minute(reported.first_seen)),
        Cell::text(figures::minute(reported.last_seen)),
        Cell::text(wording::life(reported.state).label),
        Cell::text(finding.indicators.join("、")),
        Cell::text(finding.verdict.map_or("", |verdict| wording::verdict(verdict).label)),
        finding.status.map_or(Cell::Blank, |status| Cell::Count(status.into())),
        Cell::text(wording::scope(finding.scope)),
        Cell::Count(finding.occurrences),
        Cell::Lines(finding.samples.iter().map(String::as_str).collect()),
        proof.tries.map_or(Cell::Blank, |tries| Cell::Count(tries.into())),
        Cell::text(proof.original.as_deref().unwrap_or_default()),
    ]
}

/// A target without a verdict is wrong for what it is (a gambling site behind a hidden link), not for failing to
/// answer: nobody should be invited to open it.
fn target(finding: &Finding) -> Cell<'_> {
    match (&finding.target, finding.verdict) {
        (None, _) => Cell::text(""),
        (Some(target), Some(_)) => Cell::Link(target),
        (Some(target), None) => Cell::text(target),
    }
}
