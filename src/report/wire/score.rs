//! The score in schema 1.

use serde::Serialize;

use super::time;
use crate::report::prospects::Lost;
use crate::report::words;
use crate::score::{ColumnDue, Gauge, Judged, Line, Outlook, Said, ScoreSheet};

/// A score, as in the JSON report and as `sitewarden score` writes it.
#[derive(Debug, Serialize)]
pub struct ScoreObject<'a> {
    scale: &'a str,
    scale_name: &'a str,
    scale_confidence: &'a str,
    rules_version: &'a str,
    total: Option<f64>,
    full: f64,
    bonus: f64,
    bonus_cap: f64,
    vetoes: &'a [String],
    confirmed: &'a [String],
    entries: usize,
    verdict: &'a str,
    lost: LostObject,
    lines: Vec<LineObject<'a>>,
    outlook: OutlookObject<'a>,
}

impl<'a> ScoreObject<'a> {
    /// The object of a score.
    pub fn new(score: &'a ScoreSheet) -> Self {
        ScoreObject {
            scale: &score.scale,
            scale_name: &score.scale_name,
            scale_confidence: &score.scale_confidence,
            rules_version: &score.rules_version,
            total: score.total,
            full: score.full,
            bonus: score.bonus,
            bonus_cap: score.bonus_cap,
            vetoes: &score.vetoes,
            confirmed: &score.confirmed,
            entries: score.lines.iter().filter(|line| line.said.is_some()).count(),
            verdict: &score.verdict,
            lost: LostObject::new(Lost::of(&score.lines)),
            lines: score.lines.iter().map(LineObject::new).collect(),
            outlook: OutlookObject::new(&score.outlook),
        }
    }
}

/// Points lost, by what they rest on.
#[derive(Debug, Serialize)]
struct LostObject {
    certain: f64,
    unconfirmed: f64,
    uncertain: f64,
}

impl LostObject {
    fn new(lost: Lost) -> Self {
        let Lost { certain, unconfirmed, uncertain } = lost;
        LostObject { certain, unconfirmed, uncertain }
    }
}

#[derive(Debug, Serialize)]
struct LineObject<'a> {
    id: &'a str,
    name: &'a str,
    group: &'a str,
    expectation: &'a str,
    measured: &'a str,
    standing: &'static str,
    lost: f64,
    unconfirmed: f64,
    gained: f64,
    cap: f64,
    findings: u64,
    gauges: Vec<GaugeObject<'a>>,
    entry: Option<EntryObject<'a>>,
    authority: &'a str,
    confidence: &'a str,
    /// Whether the figures may be called a requirement; otherwise `authority` is a mere reference.
    requirement: bool,
}

impl<'a> LineObject<'a> {
    fn new(line: &'a Line) -> Self {
        LineObject {
            id: &line.id,
            name: &line.name,
            group: &line.group,
            expectation: &line.expectation,
            measured: &line.measured,
            standing: words::standing(line.standing),
            lost: line.lost,
            unconfirmed: line.unconfirmed,
            gained: line.gained,
            cap: line.cap,
            findings: line.findings,
            gauges: line.gauges.iter().map(GaugeObject::new).collect(),
            entry: line.said.as_ref().map(EntryObject::new),
            authority: &line.authority,
            confidence: &line.confidence,
            requirement: line.is_requirement(),
        }
    }
}

#[derive(Debug, Serialize)]
struct GaugeObject<'a> {
    name: &'a str,
    unit: &'a str,
    measured: u64,
    warn: u64,
    fail: u64,
    left: u64,
}

impl<'a> GaugeObject<'a> {
    fn new(gauge: &'a Gauge) -> Self {
        let Gauge { name, unit, measured, warn, fail } = gauge;
        GaugeObject { name, unit, measured: *measured, warn: *warn, fail: *fail, left: gauge.left() }
    }
}

#[derive(Debug, Serialize)]
struct EntryObject<'a> {
    number: i64,
    at: String,
    author: &'a str,
    note: &'a str,
    standing: &'static str,
    points: f64,
    until: Option<String>,
}

impl<'a> EntryObject<'a> {
    fn new(said: &'a Said) -> Self {
        EntryObject {
            number: said.number,
            at: time(said.at),
            author: &said.author,
            note: &said.note,
            standing: match said.judgement.standing {
                Judged::Met => "met",
                Judged::Failed => "failed",
            },
            points: said.judgement.points,
            until: said.judgement.until.map(|until| until.to_string()),
        }
    }
}

#[derive(Debug, Serialize)]
struct OutlookObject<'a> {
    days: u32,
    points: f64,
    due: Vec<DueObject<'a>>,
    worse: Vec<WorseObject<'a>>,
}

#[derive(Debug, Serialize)]
struct DueObject<'a> {
    name: &'a str,
    address: &'a str,
    kind: &'a str,
    newest: String,
    due: String,
}

#[derive(Debug, Serialize)]
struct WorseObject<'a> {
    id: &'a str,
    standing: &'static str,
    points: f64,
}

impl<'a> OutlookObject<'a> {
    fn new(outlook: &'a Outlook) -> Self {
        let due = |column: &'a ColumnDue| DueObject {
            name: &column.name,
            address: &column.address,
            kind: &column.kind_name,
            newest: column.newest.to_string(),
            due: column.due.to_string(),
        };
        let worse = outlook.worse.iter().map(|worse| WorseObject {
            id: &worse.id,
            standing: words::standing(worse.standing),
            points: worse.points,
        });
        OutlookObject {
            days: outlook.days,
            points: outlook.points(),
            due: outlook.due.iter().map(due).collect(),
            worse: worse.collect(),
        }
    }
}
