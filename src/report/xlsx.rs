//! The report as a spreadsheet (问题清单): an overview, the score, and a sheet of findings for each part of the
//! inspection, to be filtered, printed, signed and handed on.
//!
//! A pure function: the same report gives the same bytes.

pub(super) mod findings;
mod overview;
pub(super) mod sheet;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::outline::outline;
use jiff::Timestamp;

use super::worklist::{self, Item};
use super::{Report, escape, wording};
use crate::score::Line;
use sheet::{Cell, Column, Looks, Sheet};

const SCORE_COLUMNS: [Column; 14] = [
    ("部分", 10),
    ("指标", 12),
    ("名称", 26),
    ("要求", 44),
    ("实测", 44),
    ("结果", 8),
    ("扣分", 8),
    ("待确认扣分", 8),
    ("加分", 8),
    ("扣分上限", 8),
    ("问题数", 8),
    ("依据", 26),
    ("数值可信度", 16),
    ("可信度说明", 44),
];

/// Renders everything as an `.xlsx` file.
pub fn render(report: &Report) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_timestamp(report.finished.as_second())?;
    let title = escape::visible(&report.site_name);
    let title: String = title.chars().take(100).collect();
    workbook.set_properties(&DocProperties::new().set_title(title).set_creation_datetime(&made));
    workbook.push_worksheet(overview::sheet(report, &looks)?);
    workbook.push_worksheet(score(report, &looks)?);
    for section in outline(&report.findings) {
        let findings: Vec<_> =
            section.groups.iter().flat_map(|group| group.findings.iter().copied()).collect();
        let name = wording::category(section.category);
        workbook.push_worksheet(findings::sheet(name, findings.into_iter(), &looks)?);
    }
    if !report.fixed.is_empty() {
        workbook.push_worksheet(findings::sheet("已修复", report.fixed.iter(), &looks)?);
    }
    workbook.save_to_buffer()
}

/// Renders a list of findings with the work on them, in the order given, made at a time.
pub fn list(items: &[Item], made: Timestamp) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_timestamp(made.as_second())?;
    workbook.set_properties(&DocProperties::new().set_title("问题清单").set_creation_datetime(&made));
    let mut sheet = Sheet::new("问题清单", &worklist::columns(), &looks)?;
    for (number, item) in (1..).zip(items) {
        let for_people = (0..findings::FOR_PEOPLE).map(|_| Cell::Blank);
        sheet.row(worklist::row(number, item).chain(for_people))?;
    }
    sheet.filter()?;
    workbook.push_worksheet(sheet.finish());
    workbook.save_to_buffer()
}

/// Every line of the score, and what it rests on.
fn score(report: &Report, looks: &Looks) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new("评分", &SCORE_COLUMNS, looks)?;
    for line in &report.score.lines {
        sheet.row(score_row(line))?;
    }
    sheet.filter()?;
    Ok(sheet.finish())
}

fn score_row(line: &Line) -> [Cell<'_>; SCORE_COLUMNS.len()] {
    let footing = wording::footing(&line.confidence);
    [
        Cell::text(&line.group),
        Cell::text(&line.id),
        Cell::text(&line.name),
        Cell::text(&line.expectation),
        Cell::text(wording::measured(line)),
        Cell::text(wording::state(line)),
        Cell::Points(line.lost),
        Cell::Points(line.unconfirmed),
        Cell::Points(line.gained),
        if line.cap > 0.0 { Cell::Points(line.cap) } else { Cell::Blank },
        Cell::Count(line.findings),
        Cell::text(wording::basis(&line.authority, &line.confidence)),
        Cell::text(footing.label),
        Cell::text(footing.meaning),
    ]
}

#[cfg(test)]
mod tests;
