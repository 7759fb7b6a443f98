//! One sheet, row by row, within what Excel bears.
//!
//! Cells are written as what they are, so that no program takes text of a monitored site for a formula.

use std::borrow::Cow;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Url, Worksheet, XlsxError};

use crate::report::escape;

/// Excel's limit of a cell, in UTF-16 units; with more it calls the file damaged.
const CELL_UNITS: usize = 32_767;

/// Excel's limit of the address of a link.
const LINK_CHARS: usize = 2_079;

/// Excel's limit of links on a sheet.
const LINKS: usize = 65_530;

/// A4, as Excel counts paper.
const A4: u8 = 9;

/// A column of a sheet: its heading, and its width in characters.
pub(in crate::report) type Column = (&'static str, u8);

/// What stands in a cell.
pub(in crate::report) enum Cell<'a> {
    /// Nothing; to be filled in by a person.
    Blank,
    /// Text of ours or of a site.
    Text(Cow<'a, str>),
    /// Texts below each other.
    Lines(Vec<&'a str>),
    /// An address that a reader may follow.
    Link(&'a str),
    /// A number that can be added up.
    Count(u64),
    /// Points.
    Points(f64),
}

impl<'a> Cell<'a> {
    /// Text.
    pub(in crate::report) fn text(text: impl Into<Cow<'a, str>>) -> Cell<'a> {
        Cell::Text(text.into())
    }
}

/// How cells look; the same in all sheets of a file.
pub(super) struct Looks {
    heading: Format,
    body: Format,
    link: Format,
    points: Format,
}

impl Looks {
    pub(super) fn new() -> Looks {
        let line = Format::new().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00BF_BFBF));
        let body = line.clone().set_text_wrap().set_align(FormatAlign::Top);
        let heading = line
            .set_bold()
            .set_text_wrap()
            .set_background_color(Color::RGB(0x00DD_E7F0))
            .set_align(FormatAlign::VerticalCenter);
        Looks {
            heading,
            link: body.clone().set_hyperlink(),
            points: body.clone().set_num_format("0.##"),
            body,
        }
    }
}

/// A sheet being written.
pub(super) struct Sheet<'a> {
    worksheet: Worksheet,
    looks: &'a Looks,
    columns: u16,
    row: u32,
    links: usize,
}

impl<'a> Sheet<'a> {
    /// A sheet with its headings in the first row, which stays in sight.
    pub(super) fn new(name: &str, columns: &[Column], looks: &'a Looks) -> Result<Sheet<'a>, XlsxError> {
        let mut worksheet = Worksheet::new();
        worksheet.set_name(name)?.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        worksheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        let mut count = 0;
        for (index, (heading, width)) in (0..).zip(columns) {
            worksheet.set_column_width(index, *width)?;
            worksheet.write_string_with_format(0, index, *heading, &looks.heading)?;
            count = index + 1;
        }
        Ok(Sheet { worksheet, looks, columns: count, row: 1, links: 0 })
    }

    /// Adds a row.
    pub(super) fn row<'c>(&mut self, cells: impl IntoIterator<Item = Cell<'c>>) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            self.cell(column, cell)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Adds a row that heads those below it.
    pub(super) fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        for column in 0..self.columns {
            let text = if column == 0 { text } else { "" };
            self.worksheet.write_string_with_format(self.row, column, text, &self.looks.heading)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Lets the reader filter the rows so far.
    pub(super) fn filter(&mut self) -> Result<(), XlsxError> {
        self.worksheet.autofilter(0, 0, self.row - 1, self.columns.saturating_sub(1))?;
        Ok(())
    }

    /// The sheet for the file.
    pub(super) fn finish(self) -> Worksheet {
        self.worksheet
    }

    fn cell(&mut self, column: u16, cell: Cell<'_>) -> Result<(), XlsxError> {
        let Looks { body, link, points, .. } = self.looks;
        let row = self.row;
        match cell {
            Cell::Blank => self.worksheet.write_blank(row, column, body)?,
            Cell::Text(text) => self.worksheet.write_string_with_format(row, column, shown(&text), body)?,
            Cell::Lines(lines) => {
                let lines: Vec<_> = lines.into_iter().map(escape::spreadsheet).collect();
                self.worksheet.write_string_with_format(row, column, cut(&lines.join("\n")), body)?
            }
            Cell::Link(address) if self.links < LINKS && may_be_link(address) => {
                self.links += 1;
                let url = Url::new(address).set_text(shown(address));
                self.worksheet.write_url_with_format(row, column, url, link)?
            }
            Cell::Link(address) => {
                self.worksheet.write_string_with_format(row, column, shown(address), body)?
            }
            // Exact up to 9e15, which nothing that is counted here comes near.
            Cell::Count(number) => {
                self.worksheet.write_number_with_format(row, column, number as f64, body)?
            }
            Cell::Points(number) => self.worksheet.write_number_with_format(row, column, number, points)?,
        };
        Ok(())
    }
}

/// Whether Excel takes an address as a link: one of the web, spelled as it is requested, and still short enough once
/// the writer has replaced what Excel does not take by `%` and two digits.
fn may_be_link(address: &str) -> bool {
    let replaced = address.bytes().filter(|byte| b"%\"<> []^`{}".contains(byte)).count();
    escape::href(address).is_some() && address.is_ascii() && address.len() + 2 * replaced <= LINK_CHARS
}

/// Text as a cell shows it.
fn shown(text: &str) -> String {
    cut(&escape::spreadsheet(text))
}

/// The text within the limit of a cell, with an ellipsis where something is missing.
fn cut(text: &str) -> String {
    if text.len() <= CELL_UNITS || text.encode_utf16().count() <= CELL_UNITS {
        return text.to_owned();
    }
    let mut units = 1;
    let fits = |char: &char| {
        units += char.len_utf16();
        units <= CELL_UNITS
    };
    let mut out: String = text.chars().take_while(fits).collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_within_the_limit() {
        fn check(text: &str, units: usize) {
            assert_eq!(cut(text).encode_utf16().count(), units);
        }
        check("", 0);
        check(&"长".repeat(CELL_UNITS), CELL_UNITS);
        check(&"长".repeat(CELL_UNITS + 1), CELL_UNITS);
        check(&"x".repeat(100_000), CELL_UNITS);
        // Two units each: the last one has no room beside the ellipsis.
        check(&"🐼".repeat(50_000), CELL_UNITS);
        check(&format!("x{}", "🐼".repeat(50_000)), CELL_UNITS - 1);
    }

    #[test]
    fn links_lead_to_the_web_and_are_short() {
        fn check(address: &str, expected: bool) {
            assert_eq!(may_be_link(address), expected, "{:.60}", address);
        }
        let long = |chars: usize| format!("http://a.test/{}", "x".repeat(chars - 14));
        check("https://www.example.gov.cn/a?b=1&c=%E4%B8%AD#d", true);
        check(&long(LINK_CHARS), true);
        check(&long(LINK_CHARS + 1), false);
        check(&format!("{}[", long(LINK_CHARS - 2)), false);
        check("javascript:alert(1)", false);
        check("file:///etc/passwd", false);
        check("internal:Sheet1!A1", false);
        check("http://a.test/\u{ffff}", false);
        check("", false);
    }

    #[test]
    fn more_links_than_excel_bears_are_text() {
        let looks = Looks::new();
        let mut sheet = Sheet::new("x", &[("地址", 10)], &looks).expect("a sheet");
        sheet.links = LINKS - 1;
        for _ in 0..3 {
            sheet.row([Cell::Link("http://a.test/")]).expect("a row");
        }
        assert_eq!(sheet.links, LINKS);
    }
}
