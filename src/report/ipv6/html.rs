//! As one self-contained page, in the dress of the scan's report.

use askama::Template;

use super::{evidence, footing, points, vantage, verdict};
use crate::ipv6::{Assessment, Grade, Standing};
use crate::report::html::finding::{Link, shown};
use crate::report::html::score::footing_class;
use crate::report::{figures, wording};

/// Rows of one table; the JSON has all of them.
const ROWS: usize = 200;

/// Renders the page.
pub fn html(assessment: &Assessment) -> String {
    Page::new(assessment).render().expect("a template of plain text fields writes into a string")
}

/// Everything the template shows.
#[derive(Template)]
#[template(path = "ipv6.html")]
struct Page {
    home: Link,
    started: String,
    ended: String,
    vantage: String,
    rules_version: String,
    /// Look of the result: `good`, `doubt` or `bad`.
    tone: &'static str,
    verdict: String,
    gate: Option<String>,
    footing: String,
    lines: Vec<LineView>,
    views: Vec<ViewView>,
    tables: Vec<TableView>,
    program: &'static str,
}

struct LineView {
    id: String,
    name: String,
    expectation: String,
    measured: String,
    advice: Option<String>,
    standing: &'static str,
    class: &'static str,
    points: String,
    authority: String,
    footing: wording::Word,
    footing_class: &'static str,
}

struct ViewView {
    name: String,
    footing: wording::Word,
    rows: Vec<RowView>,
}

struct RowView {
    name: String,
    standing: &'static str,
    class: &'static str,
    measured: String,
}

struct TableView {
    name: String,
    note: String,
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
    rest: Option<usize>,
}

impl Page {
    fn new(assessment: &Assessment) -> Page {
        let measured = &assessment.measured;
        let lines = assessment.lines.iter().map(|line| LineView {
            id: shown(&line.id),
            name: shown(&line.name),
            expectation: shown(&line.expectation),
            measured: shown(&line.measured),
            advice: line.advice.as_deref().map(shown),
            standing: line.standing.chinese(),
            class: class(line.standing),
            points: points(line),
            authority: shown(&line.authority),
            footing: wording::footing(&line.confidence),
            footing_class: footing_class(&line.confidence),
        });
        let views = assessment.views.iter().map(|view| ViewView {
            name: shown(&view.name),
            footing: wording::footing(&view.confidence),
            rows: view
                .rows
                .iter()
                .map(|row| RowView {
                    name: shown(&row.name),
                    standing: row.standing.chinese(),
                    class: class(row.standing),
                    measured: shown(&row.measured),
                })
                .collect(),
        });
        let tables = evidence(measured).into_iter().map(|table| TableView {
            name: table.name,
            note: shown(&table.note),
            head: table.head,
            rest: table.rows.len().checked_sub(ROWS).filter(|rest| *rest > 0),
            rows: table
                .rows
                .iter()
                .take(ROWS)
                .map(|row| row.iter().map(|cell| shown(cell)).collect())
                .collect(),
        });
        Page {
            home: Link::new(&measured.home),
            started: figures::moment(measured.started),
            ended: figures::moment(measured.ended),
            vantage: vantage(measured),
            rules_version: shown(&assessment.rules_version),
            tone: match assessment.total.grade {
                Some(Grade::Good) => "good",
                Some(Grade::Poor) => "bad",
                Some(Grade::Fair) | None => "doubt",
            },
            verdict: shown(&verdict(assessment)),
            gate: assessment.gate.as_deref().map(shown),
            footing: shown(&footing(assessment)),
            lines: lines.collect(),
            views: views.collect(),
            tables: tables.collect(),
            program: concat!("sitewarden ", env!("CARGO_PKG_VERSION")),
        }
    }
}

fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "good",
        Standing::Partial => "doubt",
        Standing::Failed => "bad",
        Standing::Unknown => "quiet",
    }
}
