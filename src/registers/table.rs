//! A table out of a file: CSV, or the first sheet of a workbook.
//!
//! Workbooks are read by [`document`](crate::document), within its budget: what a stranger's file unpacks to is bounded.

use std::fmt;

use crate::document::{self, Hint, Limits};
use crate::file::Kind;
use crate::page;

/// Rows of a table at most. The largest site that we met has some two thousand columns.
const ROWS: usize = 5_000;
/// Bytes of a file at most.
const BYTES: usize = 8 << 20;
/// Characters of a cell at most.
const CELL: usize = 2_000;
/// Cells of a row at most.
const CELLS: usize = 64;

/// Something wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    /// The row, counted from 1 and without empty ones; 0: the file as a whole.
    pub row: usize,
    /// What is wrong, in Chinese.
    pub message: String,
    /// What would be right, in Chinese.
    pub remedy: String,
}

impl RowError {
    pub(super) fn new(row: usize, message: impl Into<String>, remedy: impl Into<String>) -> RowError {
        RowError { row, message: message.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            0 => write!(f, "{}；{}", self.message, self.remedy),
            row => write!(f, "第 {row} 行：{}；{}", self.message, self.remedy),
        }
    }
}

/// Rows of cells. None of the rows is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table(pub Vec<Vec<String>>);

impl Table {
    /// Reads a file.
    pub fn read(bytes: &[u8]) -> Result<Table, RowError> {
        if bytes.len() > BYTES {
            return Err(RowError::new(0, "文件过大", "请控制在 8 MB 以内，或分多个文件导入"));
        }
        let is_workbook = bytes.starts_with(b"PK") || matches!(Kind::of(bytes), Kind::Excel);
        let table = if is_workbook { workbook(bytes)? } else { csv(&page::decode(bytes, None))? };
        match table.0.len() {
            0 => Err(RowError::new(0, "文件中没有内容", "请先下载模板，按模板填写")),
            rows if rows > ROWS => Err(RowError::new(0, format!("超过 {ROWS} 行"), "请分多个文件导入")),
            _ => Ok(table),
        }
    }

    /// The table as CSV that [`read`](Self::read) takes.
    pub fn csv(&self) -> String {
        let cell = |cell: &String| match cell.contains([',', '"', '\n', '\r', '\t']) {
            true => format!("\"{}\"", cell.replace('"', "\"\"")),
            false => cell.clone(),
        };
        let line = |row: &Vec<String>| row.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n";
        self.0.iter().map(line).collect()
    }

    fn add(&mut self, mut row: Vec<String>) {
        while row.last().is_some_and(String::is_empty) {
            row.pop();
        }
        if !row.is_empty() && self.0.len() <= ROWS {
            self.0.push(row);
        }
    }
}

/// The first sheet that is shown.
fn workbook(bytes: &[u8]) -> Result<Table, RowError> {
    let limits = Limits { unpacked_bytes: 32 << 20, text_bytes: 4 << 20, depth: 0, ..Limits::default() };
    let document = document::text(bytes, Hint::default(), limits);
    if let Some(limited) = document.limited {
        let remedy = "请另存为 .xlsx 或 .csv 后重试";
        return Err(RowError::new(0, format!("文件未能全部读取（{}）", limited.why), remedy));
    }
    let is_sheet = |place: &str| place.contains("张工作表") && !place.ends_with('）');
    let Some(sheet) = document.parts.iter().find(|part| is_sheet(&part.place)) else {
        return Err(RowError::new(0, "没有找到工作表", "请另存为 .xlsx 或 .csv 后重试"));
    };
    let mut table = Table(Vec::new());
    for line in sheet.text.lines() {
        table.add(line.split('\t').take(CELLS).map(tidy).collect());
    }
    Ok(table)
}

/// CSV as RFC 4180 has it, with commas or tabs.
fn csv(text: &str) -> Result<Table, RowError> {
    let text = text.trim_start_matches('\u{feff}');
    let comma = if text.lines().next().is_some_and(|line| line.contains('\t')) { '\t' } else { ',' };
    let mut table = Table(Vec::new());
    let (mut row, mut cell, mut is_quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            _ if is_quoted => cell.push(char),
            '"' if cell.trim().is_empty() => {
                cell.clear();
                is_quoted = true;
            }
            '\r' => {}
            '\n' => {
                row.push(tidy(&cell));
                cell.clear();
                table.add(std::mem::take(&mut row));
            }
            _ if char == comma => {
                if row.len() < CELLS {
                    row.push(tidy(&cell));
                }
                cell.clear();
            }
            _ => cell.push(char),
        }
    }
    if is_quoted {
        return Err(RowError::new(table.0.len() + 1, "引号没有配对", "在引号处补全，或删去多余的引号"));
    }
    row.push(tidy(&cell));
    table.add(row);
    Ok(table)
}

fn tidy(cell: &str) -> String {
    cell.trim().chars().filter(|char| !char.is_control()).take(CELL).collect()
}
