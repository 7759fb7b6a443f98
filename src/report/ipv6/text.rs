//! For a terminal.

use super::{Table, evidence, footing, points, vantage, verdict};
use crate::ipv6::Assessment;
use crate::report::columns::pad;
use crate::report::{escape, figures, wording};

/// Rows of one table; the JSON has all of them.
const ROWS: usize = 30;
/// Columns of one cell.
const CELL: usize = 60;

/// Renders the assessment.
pub fn text(assessment: &Assessment) -> String {
    let measured = &assessment.measured;
    let mut out = String::new();
    let mut line = |text: &str| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    line("IPv6 支持度评测");
    line(&format!("网站    {}", escape::terminal(&measured.home)));
    let (from, to) = (figures::moment(measured.started), figures::moment(measured.ended));
    line(&format!("时间    {from} 至 {to}（北京时间）"));
    line(&format!("监测端  {}", vantage(measured)));
    line(&format!("规则    {}", assessment.rules_version));
    line("");
    line(&format!("结论    {}", verdict(assessment)));
    if let Some(gate) = &assessment.gate {
        line(&format!("门槛    {gate}"));
    }
    line(&format!("说明    {}", footing(assessment)));
    line("");
    line("逐项");
    for one in &assessment.lines {
        let name = pad(&one.name, 26);
        line(&format!("{}  {name}  {}  {}", one.id, pad(one.standing.chinese(), 8), points(one)));
        line(&format!("       实测  {}", escape::terminal(&one.measured)));
        if let Some(advice) = &one.advice {
            line(&format!("       期望  {}", one.expectation));
            line(&format!("       建议  {advice}"));
        }
        line(&format!("       依据  {}〔{}〕", one.authority, wording::footing(&one.confidence).label));
    }
    for view in &assessment.views {
        line("");
        line(&format!("{}〔{}〕", view.name, wording::footing(&view.confidence).label));
        for (number, row) in (1..).zip(&view.rows) {
            let said = escape::terminal(&row.measured);
            line(&format!("{number:>3}  {}  {}  {said}", pad(&row.name, 30), pad(row.standing.chinese(), 8)));
        }
    }
    for table in evidence(measured) {
        out.push_str(&of_table(&table));
    }
    out
}

fn of_table(table: &Table) -> String {
    let note = if table.note.is_empty() { String::new() } else { format!("（{}）", table.note) };
    let mut out = format!("\n{}{}\n", table.name, escape::terminal(&note));
    out.push_str(&format!("  {}\n", table.head.join(" | ")));
    for row in table.rows.iter().take(ROWS) {
        let cells = row.iter().map(|cell| {
            let cell = escape::terminal(cell);
            match cell.char_indices().nth(CELL) {
                Some((end, _)) => format!("{}…", &cell[..end]),
                None => cell,
            }
        });
        out.push_str(&format!("  {}\n", cells.collect::<Vec<_>>().join(" | ")));
    }
    if table.rows.len() > ROWS {
        out.push_str(&format!("  另有 {} 行，见 JSON\n", table.rows.len() - ROWS));
    }
    out
}
