//! The first sheet: what heads the list of problems, and room for signatures.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{Cell, Column, Looks, Sheet};
use crate::report::Report;
use crate::report::dossier::{SIGNATURES, Value, blocks};

const COLUMNS: [Column; 2] = [("项目", 30), ("内容", 100)];

/// Writes the sheet.
pub(super) fn sheet(report: &Report, looks: &Looks) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new("概况", &COLUMNS, looks)?;
    for block in blocks(report) {
        sheet.heading(block.heading)?;
        for (label, value) in &block.rows {
            let value = match value {
                Value::Text(text) => Cell::text(text),
                Value::Count(number) => Cell::Count(*number),
                Value::Address(address) => Cell::Link(address),
            };
            sheet.row([Cell::text(label), value])?;
        }
    }
    sheet.heading("签收")?;
    for label in SIGNATURES {
        sheet.row([Cell::text(label), Cell::Blank])?;
    }
    Ok(sheet.finish())
}
