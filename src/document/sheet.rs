//! Spreadsheets: cells by sheet, and what is hidden of them.

use std::collections::HashMap;

use super::Reading;
use super::archive::Archive;
use super::office::paragraphs;
use super::xml::{Element, Token, walk};
use crate::facts::Gap;

/// The last column that a sheet may have. A file may claim more.
const COLUMNS: u32 = 16_384;

/// Empty cells in a row that are kept, so that what stands below each other is told to. Beyond, nobody makes tables.
const GAP: u32 = 40;

pub(super) fn read(reading: &mut Reading<'_>, archive: &Archive<'_>) {
    let strings = Strings::read(archive);
    let sheets = sheets(archive);
    let names: String = sheets.iter().map(|sheet| format!("{}\n", sheet.name)).collect();
    reading.keep("工作表名称", &names);
    for (number, sheet) in (1..).zip(&sheets) {
        let Some(source) = archive.read(&sheet.file) else { continue };
        let mut cells = Cells::new(&strings);
        let room = reading.budget.limits.text_bytes;
        if !walk(source, |token| cells.see(token, room)) {
            reading.budget.reach(Gap::Damaged, format!("第{number}张工作表损坏，只读取了前一部分"));
        }
        let place = format!("第{number}张工作表“{}”", sheet.name);
        let hidden = if sheet.is_hidden { "（隐藏）" } else { "" };
        reading.keep(format!("{place}{hidden}"), &cells.shown);
        reading.keep(format!("{place}（隐藏的行列）"), &cells.hidden);
        reading.keep(format!("{place}（页眉页脚）"), &cells.margins);
    }
    for (prefix, place) in [
        ("xl/comments", "批注"),
        ("xl/threadedComments/threadedComment", "批注"),
        ("xl/drawings/drawing", "文本框"),
    ] {
        for (_, name) in archive.numbered(prefix, ".xml") {
            reading.keep(place, &paragraphs(archive, name));
        }
    }
}

/// A sheet of the workbook.
struct Sheet {
    name: String,
    file: String,
    is_hidden: bool,
}

/// The sheets in the order of their tabs.
fn sheets(archive: &Archive<'_>) -> Vec<Sheet> {
    let mut files = HashMap::new();
    if let Some(source) = archive.read("xl/_rels/workbook.xml.rels") {
        walk(source, |token| {
            if let Token::Open("Relationship", element) = token
                && let (Some(id), Some(target)) = (element.attribute("Id"), element.attribute("Target"))
            {
                let absolute = target.strip_prefix('/').map(str::to_owned);
                files.insert(id, absolute.unwrap_or_else(|| format!("xl/{target}")));
            }
        });
    }
    let mut sheets = Vec::new();
    if let Some(source) = archive.read("xl/workbook.xml") {
        walk(source, |token| {
            if let Token::Open("sheet", element) = token
                && let Some(file) = element.attribute("id").and_then(|id| files.get(&id))
            {
                let name = element.attribute("name").unwrap_or_default();
                let is_hidden = element.attribute("state").is_some_and(|state| state != "visible");
                sheets.push(Sheet { name, file: file.clone(), is_hidden });
            }
        });
    }
    sheets
}

/// The strings that cells share, in one piece: a million empty ones must not take a million allocations.
#[derive(Default)]
struct Strings {
    text: String,
    ends: Vec<u32>,
}

impl Strings {
    fn read(archive: &Archive<'_>) -> Strings {
        let mut strings = Strings::default();
        let (mut is_text, mut is_reading_aid) = (false, false);
        let Some(source) = archive.read("xl/sharedStrings.xml") else { return strings };
        walk(source, |token| match token {
            Token::Open("t", _) => is_text = true,
            Token::Close("t") => is_text = false,
            Token::Open("rPh", _) => is_reading_aid = true,
            Token::Close("rPh") => is_reading_aid = false,
            Token::Text(words) if is_text && !is_reading_aid => strings.text.push_str(words),
            Token::Close("si") => strings.ends.push(u32::try_from(strings.text.len()).unwrap_or(u32::MAX)),
            _ => {}
        });
        strings
    }

    fn get(&self, number: usize) -> &str {
        let start =
            number.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or_default();
        let end = self.ends.get(number).copied().unwrap_or(start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }
}

/// The cells of one sheet. Those of a row are parted by tabs, and empty ones are kept.
struct Cells<'a> {
    strings: &'a Strings,
    shown: String,
    hidden: String,
    margins: String,
    /// From and to of hidden columns, from 1.
    hidden_columns: Vec<(u32, u32)>,
    row_is_hidden: bool,
    /// Cells of the row so far, of what is shown and of what is hidden.
    written: [u32; 2],
    cell: Cell,
    /// What the text that comes next is.
    reads: Reads,
}

#[derive(Default)]
struct Cell {
    is_shared: bool,
    is_hidden: bool,
    /// From 1; `None` where the file does not say.
    column: Option<u32>,
    text: String,
}

#[derive(PartialEq)]
enum Reads {
    Nothing,
    Value,
    Margin,
}

impl<'a> Cells<'a> {
    fn new(strings: &'a Strings) -> Self {
        Cells {
            strings,
            shown: String::new(),
            hidden: String::new(),
            margins: String::new(),
            hidden_columns: Vec::new(),
            row_is_hidden: false,
            written: [0; 2],
            cell: Cell::default(),
            reads: Reads::Nothing,
        }
    }

    /// Takes a token in; a cell that points to a long string may repeat it a million times, so nothing is written
    /// beyond `room`.
    fn see(&mut self, token: Token<'_>, room: usize) {
        match token {
            Token::Open("col", element) if element.is("hidden") => {
                let number = |name| element.attribute(name).and_then(|text| text.parse().ok());
                if let (Some(from), Some(to)) = (number("min"), number("max"))
                    && self.hidden_columns.len() < COLUMNS as usize
                {
                    self.hidden_columns.push((from, to));
                }
            }
            Token::Open("row", element) => self.row_is_hidden = element.is("hidden"),
            Token::Open("c", element) => self.cell = self.begin(&element),
            Token::Open("v" | "t", _) => self.reads = Reads::Value,
            Token::Open(
                "oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter",
                _,
            ) => {
                self.reads = Reads::Margin;
            }
            Token::Text(words) => match self.reads {
                Reads::Value => self.cell.text.push_str(words),
                Reads::Margin => self.margins.push_str(words),
                Reads::Nothing => {}
            },
            Token::Close("v" | "t") => self.reads = Reads::Nothing,
            Token::Close(_) if self.reads == Reads::Margin => {
                self.reads = Reads::Nothing;
                self.margins.push('\n');
            }
            Token::Close("c") => self.end(room),
            Token::Close("row") => {
                self.written = [0; 2];
                for text in [&mut self.shown, &mut self.hidden] {
                    if text.ends_with('\t') {
                        text.pop();
                        text.push('\n');
                    }
                }
            }
            _ => {}
        }
    }

    fn begin(&self, element: &Element<'_>) -> Cell {
        let column = element.attribute("r").and_then(|name| column(&name));
        let in_hidden = |column| self.hidden_columns.iter().any(|(from, to)| (from..=to).contains(&&column));
        let is_hidden = self.row_is_hidden || column.is_some_and(in_hidden);
        let is_shared = element.attribute("t").as_deref() == Some("s");
        Cell { is_shared, is_hidden, column, text: String::new() }
    }

    fn end(&mut self, room: usize) {
        let cell = std::mem::take(&mut self.cell);
        let text = match cell.is_shared {
            true => cell.text.trim().parse().map_or("", |number| self.strings.get(number)),
            false => &cell.text,
        };
        let into = if cell.is_hidden { &mut self.hidden } else { &mut self.shown };
        let written = &mut self.written[usize::from(cell.is_hidden)];
        // One string over the room is let in, so that the budget notices.
        if !text.is_empty() && into.len() <= room {
            let before = cell.column.map_or(0, |column| column.saturating_sub(*written + 1));
            if before <= GAP {
                into.extend(std::iter::repeat_n('\t', before as usize));
                *written += before;
            }
            into.push_str(text);
            into.push('\t');
            *written += 1;
        }
    }
}

/// The column of a cell by its name: 28 for `AB7`.
fn column(name: &str) -> Option<u32> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters
        .take(3)
        .fold(0, |number, letter| number * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    (1..=COLUMNS).contains(&number).then_some(number)
}
