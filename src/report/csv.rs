//! A list of findings with the work on them as comma-separated values, with the columns of the spreadsheet.

use super::worklist::{Item, columns, row};
use super::xlsx::sheet::Cell;
use super::{escape, figures};

/// What makes spreadsheet programs read the rest as UTF-8.
const MARK: &str = "\u{feff}";

/// Renders a list, in the order given. Every field is quoted, and none can be taken for a formula.
pub fn list(items: &[Item]) -> Vec<u8> {
    let mut out = String::from(MARK);
    line(&mut out, columns().iter().map(|(heading, _)| (*heading).to_owned()));
    for (number, item) in (1..).zip(items) {
        line(&mut out, row(number, item).map(|cell| text(&cell)));
    }
    out.into_bytes()
}

fn line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push('"');
        out.push_str(&escape::spreadsheet(&field).replace('"', "\"\""));
        out.push('"');
    }
    out.push_str("\r\n");
}

fn text(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) => text.to_string(),
        Cell::Lines(lines) => lines.join(" "),
        Cell::Link(address) => (*address).to_owned(),
        Cell::Count(number) => number.to_string(),
        Cell::Points(points) => figures::points(*points),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::worklist;

    #[test]
    fn one_line_each_and_no_formula() {
        let mut items = worklist::tests::list();
        items[0].case.reported.finding.evidence = "=HYPERLINK(\"http://a.test\")\r\n,x".to_owned();
        let text = String::from_utf8(list(&items)).unwrap();
        assert_eq!(text.lines().count(), items.len() + 1);
        assert!(text.contains("\"办公室\",\"2026-12-01\",\"\",\"'=cmd|'/c calc'!A1\",\"zhang "), "{text}");
        assert!(text.contains("\"'=HYPERLINK(\"\"http://a.test\"\")  ,x\""), "{text}");
    }
}
