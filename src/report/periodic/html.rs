//! A document as a web page: the whole page, self-contained, to be handed in and printed; or its body alone, for the
//! dashboard. Both are dressed by the same style, [`STYLE`].

use askama::Template;

use super::chart::{Chart, HEIGHT, Plot, WIDTH};
use super::document::{Document, NOTHING, Part, Table};
use crate::report::html::finding::shown;

/// The style of a body: classes below `.handout`, for light, dark and paper.
pub const STYLE: &str = include_str!("../templates/periodic.css");

/// The whole page.
pub fn html(document: &Document) -> String {
    let page = Page {
        title: shown(&document.title),
        subject: shown(&document.subject),
        body: body(document),
        style: STYLE,
        program: concat!("sitewarden ", env!("CARGO_PKG_VERSION")),
    };
    page.render().expect("a template of plain text fields writes into a string")
}

/// What stands between title and footer.
pub fn body(document: &Document) -> String {
    let pairs = |pairs: &[(String, String)]| -> Vec<(String, String)> {
        pairs.iter().map(|(label, value)| (shown(label), shown(value))).collect()
    };
    let mut tables = 0;
    let sections = document.sections.iter().enumerate().map(|(number, section)| SectionView {
        heading: shown(&section.heading),
        anchor: number + 1,
        parts: section
            .parts
            .iter()
            .map(|part| {
                tables += 1;
                match part {
                    Part::Text(text) => PartView::Text(shown(text)),
                    Part::Note(text) => PartView::Note(shown(text)),
                    Part::Pairs(rows) => PartView::Pairs(pairs(rows)),
                    Part::Table(table) => PartView::Table(TableView::of(table)),
                    Part::Chart(chart) => PartView::Chart(Box::new(ChartView::of(chart, tables))),
                    Part::Blanks(labels) => PartView::Blanks(labels),
                }
            })
            .collect(),
    });
    let body = Body {
        facts: pairs(&document.facts),
        said: document.said.iter().map(|said| shown(said)).collect(),
        provisional: document.provisional.as_deref().map(shown),
        sections: sections.collect(),
    };
    body.render().expect("a template of plain text fields writes into a string")
}

#[derive(Template)]
#[template(path = "periodic.html")]
struct Page {
    title: String,
    subject: String,
    body: String,
    style: &'static str,
    program: &'static str,
}

#[derive(Template)]
#[template(path = "periodic_body.html")]
struct Body {
    facts: Vec<(String, String)>,
    said: Vec<String>,
    provisional: Option<String>,
    sections: Vec<SectionView>,
}

struct SectionView {
    heading: String,
    anchor: usize,
    parts: Vec<PartView>,
}

enum PartView {
    Text(String),
    Note(String),
    Pairs(Vec<(String, String)>),
    Table(TableView),
    Chart(Box<ChartView>),
    Blanks(&'static [&'static str]),
}

struct TableView {
    caption: String,
    /// Heading, and whether it is of numbers.
    columns: Vec<(String, bool)>,
    /// Cells with the heading of their column, and whether they are numbers.
    rows: Vec<Vec<(String, String, bool)>>,
    rest: u64,
    nothing: &'static str,
}

struct ChartView {
    id: usize,
    plot: Plot,
    series: Vec<&'static str>,
    table: TableView,
    has_figures: bool,
    width: f64,
    height: f64,
    baseline: String,
}

impl TableView {
    fn of(table: &Table) -> TableView {
        let columns: Vec<(String, bool)> =
            table.columns.iter().map(|column| (shown(&column.name), column.is_number)).collect();
        let cells = |row: &Vec<String>| {
            let cells = row.iter().zip(&columns);
            cells.map(|(cell, (name, is_number))| (name.clone(), shown(cell), *is_number)).collect()
        };
        let rows = table.rows.iter().map(cells).collect();
        TableView { caption: shown(&table.caption), rows, columns, rest: table.rest, nothing: NOTHING }
    }
}

impl ChartView {
    fn of(chart: &Chart, id: usize) -> ChartView {
        let plot = chart.plot();
        ChartView {
            id,
            baseline: plot.scale.first().map_or_else(String::new, |(height, _)| height.clone()),
            plot,
            series: chart.series.iter().map(|series| series.name).collect(),
            table: TableView::of(&chart.table()),
            has_figures: chart.has_figures(),
            width: WIDTH,
            height: HEIGHT,
        }
    }
}
