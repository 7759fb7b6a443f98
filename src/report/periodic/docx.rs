//! A document as a `.docx` file to sign and hand in. Charts become tables of their figures.
//!
//! A pure function: the same document gives the same bytes.

use std::io::{self, Cursor};

use super::document::{Document, NOTHING, Part, Table};
use crate::report::docx::paper::{Paper, Tone};
use crate::report::figures;

/// Renders it as made at a moment.
pub fn docx(document: &Document, made: jiff::Timestamp) -> io::Result<Vec<u8>> {
    let mut paper = Paper::new(&figures::moment(made));
    paper.title(&document.title);
    paper.title(&document.subject);
    paper.pairs(document.facts.iter().map(|(label, value)| (label, value.clone())));
    if let Some(why) = &document.provisional {
        paper.text(why, Tone::Strong);
    }
    for sentence in &document.said {
        paper.text(sentence, Tone::Plain);
    }
    for section in &document.sections {
        paper.section(&section.heading);
        section.parts.iter().for_each(|part| self::part(&mut paper, part));
    }
    let mut file = Cursor::new(Vec::new());
    paper.finish().pack(&mut file).map_err(io::Error::other)?;
    Ok(file.into_inner())
}

fn part(paper: &mut Paper, part: &Part) {
    match part {
        Part::Text(text) => paper.text(text, Tone::Plain),
        Part::Note(text) => paper.text(text, Tone::Quiet),
        Part::Pairs(pairs) => paper.pairs(pairs.iter().map(|(label, value)| (label, value.clone()))),
        Part::Table(table) => self::table(paper, table),
        Part::Chart(chart) if chart.has_figures() => self::table(paper, &chart.table()),
        Part::Chart(chart) => paper.text(&format!("{}：{NOTHING}", chart.caption), Tone::Quiet),
        Part::Blanks(labels) => paper.pairs(labels.iter().map(|label| (label, String::new()))),
    }
}

fn table(paper: &mut Paper, table: &Table) {
    paper.topic(&table.caption);
    if table.rows.is_empty() {
        return paper.text(NOTHING, Tone::Quiet);
    }
    let columns: Vec<(&str, usize)> =
        table.columns.iter().map(|column| (column.name.as_str(), column.part)).collect();
    paper.grid(&columns, table.rows.iter());
    if table.rest > 0 {
        let rest = format!("另有 {} 行未列出。", figures::count(table.rest));
        paper.text(&rest, Tone::Quiet);
    }
}
