//! Scores computed again: one scan with what has changed, or all scans of a site as a trend.

use jiff::Timestamp;
use serde::Serialize;

use super::columns::{pad, pad_left};
use super::wire::{ScoreObject, time};
use super::{escape, figures, wording};
use crate::score::{Difference, ScoreSheet, Stood, differences};

/// The score of a scan, computed again.
#[derive(Debug, Clone)]
pub struct Rescored {
    /// Id of the site.
    pub site: String,
    /// Number of the scan.
    pub scan: i64,
    /// When it ended.
    pub finished: Timestamp,
    /// The score at the time.
    pub stored: ScoreSheet,
    /// The score now; `None` where the record does not hold what it takes, as scans of earlier versions do not.
    pub score: Option<ScoreSheet>,
}

impl Rescored {
    fn differences(&self) -> Vec<Difference> {
        self.score.as_ref().map_or_else(Vec::new, |score| differences(&self.stored, score))
    }
}

/// One scan, to be read.
pub fn text(rescored: &Rescored) -> String {
    let Rescored { site, scan, finished, stored, score } = rescored;
    let mut out =
        format!("{}  第 {scan} 次扫描，{} 结束\n", escape::terminal(site), figures::minute(*finished));
    out.push_str(&format!("当时  {}\n", summary(stored)));
    let Some(score) = score else {
        out.push_str("现在  记录中没有重算所需的数据（由较早版本扫描），无法重算\n");
        return out;
    };
    out.push_str(&format!("现在  {}\n", summary(score)));
    out.push_str(&format!("结论  {}\n", escape::terminal(&score.verdict)));
    for line in score.lines.iter().filter(|line| line.said.is_some()) {
        let measured = escape::terminal(&wording::measured(line));
        out.push_str(&format!("  {} {}：{measured}\n", line.id, escape::terminal(&line.name)));
    }
    let differences = rescored.differences();
    if differences.is_empty() {
        out.push_str("各项指标与当时相同\n");
    }
    for difference in &differences {
        let name = format!("{} {}", difference.id, escape::terminal(&difference.name));
        let (before, after) = (stood(difference.before), stood(difference.after));
        out.push_str(&format!("  {}  {} → {after}\n", pad(&name, 36), pad(&before, 18)));
    }
    out
}

/// One scan, for programs.
pub fn json(rescored: &Rescored) -> String {
    #[derive(Serialize)]
    struct Object<'a> {
        schema: u32,
        #[serde(flatten)]
        row: RowObject<'a>,
        stored: ScoreObject<'a>,
        score: Option<ScoreObject<'a>>,
        differences: Vec<Difference>,
    }
    written(&Object {
        schema: super::wire::SCHEMA,
        row: RowObject::new(rescored),
        stored: ScoreObject::new(&rescored.stored),
        score: rescored.score.as_ref().map(ScoreObject::new),
        differences: rescored.differences(),
    })
}

/// All scans of a site, as a table or for programs. Each is taken in and forgotten, so that there may be many.
#[derive(Debug, Default)]
pub struct Trend {
    rows: Vec<Row>,
}

/// A scan in a trend.
#[derive(Debug)]
struct Row {
    scan: i64,
    finished: Timestamp,
    before: Points,
    now: Option<Points>,
    rules: String,
    changed: usize,
}

/// A score in a row.
#[derive(Debug, Clone, Serialize)]
struct Points {
    total: Option<f64>,
    bonus: f64,
    vetoes: Vec<String>,
    confirmed: Vec<String>,
}

impl Points {
    fn of(score: &ScoreSheet) -> Points {
        let ScoreSheet { total, bonus, vetoes, confirmed, .. } = score.clone();
        Points { total, bonus, vetoes, confirmed }
    }
}

impl Trend {
    /// Takes a scan in.
    pub fn add(&mut self, rescored: &Rescored) {
        self.rows.push(Row {
            scan: rescored.scan,
            finished: rescored.finished,
            before: Points::of(&rescored.stored),
            now: rescored.score.as_ref().map(Points::of),
            rules: rescored.stored.rules_version.clone(),
            changed: rescored.differences().len(),
        });
    }

    /// The table.
    pub fn text(&self) -> String {
        let mut out = String::from(
            "  扫描  结束时间（北京）    当时      现在      变化项  单项否决（现在）  当时规则版本\n",
        );
        for row in &self.rows {
            let now = row.now.as_ref().map_or_else(|| "无法重算".to_owned(), points);
            let vetoes = match &row.now {
                Some(now) if !now.vetoes.is_empty() => now.vetoes.join("、"),
                _ => "无".to_owned(),
            };
            out.push_str(&format!(
                "{}  {}  {}  {}  {}  {}  {}\n",
                pad_left(&row.scan.to_string(), 6),
                figures::minute(row.finished),
                pad_left(&points(&row.before), 8),
                pad_left(&now, 8),
                pad_left(&row.changed.to_string(), 6),
                pad(&vetoes, 16),
                escape::terminal(&row.rules),
            ));
        }
        out
    }

    /// The same as a JSON array.
    pub fn json(&self) -> String {
        #[derive(Serialize)]
        struct Object<'a> {
            scan: i64,
            finished: String,
            stored: &'a Points,
            score: Option<&'a Points>,
            stored_rules_version: &'a str,
            changed: usize,
        }
        let row = |row: &'_ Row| {
            serde_json::to_value(Object {
                scan: row.scan,
                finished: time(row.finished),
                stored: &row.before,
                score: row.now.as_ref(),
                stored_rules_version: &row.rules,
                changed: row.changed,
            })
        };
        let rows: Result<Vec<_>, _> = self.rows.iter().map(row).collect();
        written(&rows.expect("plain strings and numbers always serialise"))
    }
}

/// What a scan is known by.
#[derive(Serialize)]
struct RowObject<'a> {
    site: &'a str,
    scan: i64,
    finished: String,
}

impl<'a> RowObject<'a> {
    fn new(rescored: &'a Rescored) -> Self {
        RowObject { site: &rescored.site, scan: rescored.scan, finished: time(rescored.finished) }
    }
}

fn written(value: &impl Serialize) -> String {
    let json = serde_json::to_string_pretty(value).expect("plain strings and numbers always serialise");
    format!("{}\n", escape::json(&json))
}

fn summary(score: &ScoreSheet) -> String {
    let footing = match score.scale_confidence.as_str() {
        "" => String::new(),
        confidence => format!("〔{}〕", wording::footing(confidence).label),
    };
    format!(
        "{} / {}（口径 {}{footing}，规则版本 {}）",
        points(&Points::of(score)),
        figures::points(score.full),
        escape::terminal(&score.scale),
        escape::terminal(&score.rules_version)
    )
}

fn points(points: &Points) -> String {
    match points.total {
        None => "不计".to_owned(),
        Some(total) if points.bonus > 0.0 => {
            format!("{}+{}", figures::points(total), figures::points(points.bonus))
        }
        Some(total) => figures::points(total),
    }
}

fn stood(stood: Option<Stood>) -> String {
    let Some(Stood { standing, lost, gained }) = stood else { return "（无此项）".to_owned() };
    let points = match (lost, gained) {
        (lost, _) if lost > 0.0 => format!(" -{}", figures::points(lost)),
        (_, gained) if gained > 0.0 => format!(" +{}", figures::points(gained)),
        _ => String::new(),
    };
    format!("{}{points}", wording::standing(standing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn rescored(change: impl FnOnce(&mut ScoreSheet)) -> Rescored {
        let stored = sample::clean().score;
        let mut score = stored.clone();
        change(&mut score);
        let finished = "2026-11-21T01:00:00Z".parse().expect("a time");
        Rescored { site: "demo".to_owned(), scan: 7, finished, stored, score: Some(score) }
    }

    #[test]
    fn what_has_changed_is_said() {
        let changed = rescored(|score| {
            (score.lines[0].lost, score.total) = (2.5, Some(97.5));
            score.rules_version = "2026.12\u{1b}[31m".to_owned();
        });
        let told = text(&changed);
        assert!(told.contains("97.5 / 100") && told.contains("达标 -2.5"), "{told}");
        assert!(!told.contains('\u{1b}'));
        assert!(text(&rescored(|_| {})).contains("与当时相同"));
        let value: serde_json::Value = serde_json::from_str(&json(&changed)).expect("JSON");
        assert_eq!((&value["score"]["total"], &value["stored"]["total"]), (&97.5.into(), &100.0.into()));
        assert_eq!(value["differences"].as_array().map(Vec::len), Some(1));
    }

    #[test]
    fn a_scan_that_cannot_be_scored_again_says_so() {
        let old = Rescored { score: None, ..rescored(|_| {}) };
        assert!(text(&old).contains("无法重算"));
        let mut trend = Trend::default();
        trend.add(&old);
        trend.add(&rescored(|score| score.total = Some(90.0)));
        assert_eq!(trend.text().lines().count(), 3);
        assert!(trend.text().contains("无法重算"));
        let value: serde_json::Value = serde_json::from_str(&trend.json()).expect("JSON");
        assert_eq!(
            (&value[0]["score"], &value[1]["score"]["total"]),
            (&serde_json::Value::Null, &90.0.into())
        );
    }
}
