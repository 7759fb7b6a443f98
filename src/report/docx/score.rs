//! The score sheet, a table for each part of it.

use super::paper::{Paper, Tone};
use crate::report::groups::{Group, grouped};
use crate::report::{Report, figures, wording};
use crate::score::Line;

/// Writes it.
pub(super) fn sheet(paper: &mut Paper, report: &Report) {
    let groups = grouped(&report.score.lines);
    if groups.is_empty() {
        return paper.text("本次没有可用的指标结果。", Tone::Quiet);
    }
    for group in &groups {
        paper.section(&format!("{}（{}）", group.name, group.tally()));
        table(paper, group);
    }
}

fn table(paper: &mut Paper, group: &Group<'_>) {
    let columns = [("指标", 16), ("要求", 28), ("实测", 28), ("状态", 11), ("分值", 8), ("依据与可信度", 20)];
    let row = |line: &&Line| {
        let basis = wording::basis(&line.authority, &line.confidence);
        [
            format!("{} {}", line.id, line.name),
            line.expectation.clone(),
            wording::measured(line),
            wording::state(line).to_owned(),
            points(line),
            format!("{basis}〔{}〕", wording::footing(&line.confidence).label),
        ]
    };
    paper.grid(&columns, group.lines.iter().map(row));
}

fn points(line: &Line) -> String {
    match (line.lost, line.gained) {
        (lost, _) if lost > 0.0 => format!("-{}", figures::points(lost)),
        (_, gained) if gained > 0.0 => format!("+{}", figures::points(gained)),
        _ => "—".to_owned(),
    }
}
