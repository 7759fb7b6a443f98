//! What a document is made of, whatever its format: headings, paragraphs, figures, tables, charts, room to sign.
//!
//! Texts are kept as they are; each format makes them harmless in its own way.

use super::chart::Chart;
use crate::paper::Kind;
use crate::report::figures;

/// Rows of one table; a document of more is read by nobody, and `findings.jsonl` of a scan has them all.
const ROWS: usize = 300;

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it is.
    pub kind: Kind,
    /// What its files are called, without the ending.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Name of the site.
    pub subject: String,
    /// What heads it: label and value.
    pub facts: Vec<(String, String)>,
    /// What it says, in a few sentences.
    pub said: Vec<String>,
    /// Why its figures may still change; `None`: they are final.
    pub provisional: Option<String>,
    /// The rest.
    pub sections: Vec<Section>,
}

/// A part of a document under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The heading.
    pub heading: String,
    /// What stands below it.
    pub parts: Vec<Part>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A paragraph.
    Text(String),
    /// An aside: what a figure means, what is not on record.
    Note(String),
    /// Figures: label and value.
    Pairs(Vec<(String, String)>),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
    /// Lines to be filled in by hand.
    Blanks(&'static [&'static str]),
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Rows that were left out.
    pub rest: u64,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// Its width, as a part of the sum of all.
    pub part: usize,
    /// Whether its cells are numbers.
    pub is_number: bool,
}

/// What a list says in which there is nothing.
pub const NOTHING: &str = "没有记录";

impl Document {
    /// Adds a section, numbered as Chinese documents are.
    pub(super) fn add(&mut self, heading: &str, parts: Vec<Part>) {
        let number = numeral(self.sections.len() + 1);
        self.sections.push(Section { heading: format!("{number}、{heading}"), parts });
    }
}

impl Table {
    /// A table of what `rows` gives, as far as it is shown.
    pub(super) fn of(
        caption: impl Into<String>,
        columns: Vec<Column>,
        rows: impl IntoIterator<Item = Vec<String>>,
    ) -> Table {
        let mut rows = rows.into_iter();
        let shown = rows.by_ref().take(ROWS).collect();
        Table { caption: caption.into(), columns, rows: shown, rest: rows.count() as u64 }
    }
}

/// A number up to 99 in Chinese.
fn numeral(number: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let ones = DIGITS[number % 10];
    match number / 10 % 10 {
        0 => ones.to_owned(),
        1 => format!("十{ones}"),
        tens => format!("{}十{ones}", DIGITS[tens]),
    }
}

/// A column of text.
pub(super) fn text(name: &str, part: usize) -> Column {
    Column { name: name.to_owned(), part, is_number: false }
}

/// A column of numbers.
pub(super) fn number(name: &str) -> Column {
    Column { name: name.to_owned(), part: 2, is_number: true }
}

/// Label and value.
pub(super) fn pair(label: &str, value: impl Into<String>) -> (String, String) {
    (label.to_owned(), value.into())
}

/// A count for a cell.
pub(super) fn count(number: usize) -> String {
    figures::count(number as u64)
}
