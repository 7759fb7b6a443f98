//! How far the site is from failing, and what it is about to lose: the rows that every format for people shows.

use super::wording::VETO;
use super::{Report, figures, wording};
use crate::score::{Line, ScoreSheet, Standing};

/// Columns listed that are due before long; the JSON report has all of them.
const COLUMNS: usize = 20;

/// One veto, and how far it is.
pub(super) struct Veto<'a> {
    /// Its line.
    pub(super) line: &'a Line,
    /// One sentence for each of its thresholds; what was measured where it has none.
    pub(super) distances: Vec<String>,
}

/// A label, and what there is to say.
pub(super) type Row = (String, String);

/// Every veto, in the order of the table: what would fail the site, and how far it is from that.
pub(super) fn vetoes(score: &ScoreSheet) -> Vec<Veto<'_>> {
    let lines = score.lines.iter().filter(|line| line.group == VETO);
    lines.map(|line| Veto { line, distances: distances(score, line) }).collect()
}

fn distances(score: &ScoreSheet, line: &Line) -> Vec<String> {
    let mut told: Vec<String> = line.gauges.iter().map(wording::distance).collect();
    if told.is_empty() || line.said.is_some() {
        told.push(wording::measured(line));
    }
    if let Some(worse) = score.outlook.worse.iter().find(|worse| worse.id == line.id) {
        let then = match worse.standing {
            Standing::Failed => "将触发",
            _ => "将进入预警",
        };
        told.push(format!("{} 天内到期的栏目如都不更新，{then}", score.outlook.days));
    }
    told
}

/// Points lost, by what they rest on.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Lost {
    /// By figures that were read, for findings that are confirmed.
    pub(super) certain: f64,
    /// By figures that were read nowhere.
    pub(super) uncertain: f64,
    /// By figures that were read, for findings that a person has yet to confirm.
    pub(super) unconfirmed: f64,
}

impl Lost {
    /// Adds up what the lines lose.
    pub(super) fn of(lines: &[Line]) -> Lost {
        let mut lost = Lost::default();
        for line in lines {
            if line.is_requirement() {
                lost.certain += line.lost - line.unconfirmed;
                lost.unconfirmed += line.unconfirmed;
            } else {
                lost.uncertain += line.lost;
            }
        }
        lost
    }
}

/// What is lost for certain, what may not be, and what is about to be lost; nothing where no line was scored.
pub(super) fn risks(report: &Report) -> Vec<Row> {
    let score = &report.score;
    if score.lines.is_empty() {
        return Vec::new();
    }
    let mut rows = Vec::new();
    let mut row = |label: &str, text: String| rows.push((label.to_owned(), text));
    let lost = Lost::of(&score.lines);
    let points = |points: f64| format!("{} 分", figures::points(points));
    row("确定失分", format!("{}：分值有文本依据，问题已确认", points(lost.certain)));
    row("待确认失分", format!("{}：分值有文本依据，问题须人工确认", points(lost.unconfirmed)));
    row("分值存疑的失分", format!("{}：分值未与原文核对，以正式文件为准", points(lost.uncertain)));
    let outlook = &score.outlook;
    if outlook.due.is_empty() {
        return rows;
    }
    row(
        &format!("{} 天内到期的栏目", outlook.days),
        format!("{} 个，如都不更新再失 {}", outlook.due.len(), points(outlook.points())),
    );
    for worse in &outlook.worse {
        let then = match worse.points {
            more if more > 0.0 => {
                format!("将变为“{}”，再失 {}", wording::standing(worse.standing), points(more))
            }
            _ => format!("将变为“{}”", wording::standing(worse.standing)),
        };
        row(&format!("到期后：{} {}", worse.id, worse.name), then);
    }
    for column in outlook.due.iter().take(COLUMNS) {
        let dates = format!("最新 {}，{} 前（含当日）须更新", column.newest, column.due);
        row(
            &format!("栏目：{}（{}）", column.name, column.kind_name),
            format!("{dates}；{}", column.address),
        );
    }
    let rest = outlook.due.len().saturating_sub(COLUMNS);
    if rest > 0 {
        row("栏目", format!("另有 {rest} 个未列出，见 JSON 格式的完整报告"));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_veto_says_how_far_it_is() {
        let report = sample::report();
        let told: Vec<_> = vetoes(&report.score)
            .into_iter()
            .map(|veto| format!("{} {}", veto.line.id, veto.distances.join("|")))
            .collect();
        let expected = [
            "VETO-01 严重表述错误 1 个（预警 1，触发 1）：已达到",
            "VETO-02 单次扫描不能测量，需持续探测",
            "VETO-03 首页最新信息距今 1 天（预警 10，触发 15）：再有 14 天即触发",
            "VETO-04 空白栏目 3 个（预警 3，触发 5）：再有 2 个即触发，已过预警线|\
             人工认定（未达标），王工，2026-11-21 08:30，至 2026-12-31 有效：现场核实；机器检测：空白栏目 3 个|\
             14 天内到期的栏目如都不更新，将触发",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn lost_points_are_told_by_what_they_rest_on() {
        let lost = Lost::of(&sample::report().score.lines);
        let told = [lost.certain, lost.unconfirmed, lost.uncertain].map(figures::points);
        assert_eq!(told, ["0.3", "0.1", "5"]);
        assert!(risks(&sample::failed()).is_empty());
    }
}
