//! Excel 97 to 2003: a row of records, strings shared among cells.

use super::Reading;
use crate::facts::Gap;
use crate::file::{le16, le32, ole};

/// Bytes of a stream that are read.
const STREAM: usize = 64 << 20;

const BEGIN: u32 = 0x0809;
const SHEET: u32 = 0x0085;
const STRINGS: u32 = 0x00fc;
const CONTINUED: u32 = 0x003c;
const SHARED_CELL: u32 = 0x00fd;
const OWN_CELL: u32 = 0x0204;
const PASSWORD: u32 = 0x002f;

pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    let Some(stream) = ole::stream(bytes, "Workbook", STREAM) else {
        return reading.budget.reach(Gap::Foreign, "Excel 文档版本过旧或结构无法读取");
    };
    let records: Vec<Record<'_>> = records(&stream).collect();
    if records.iter().any(|record| record.kind == PASSWORD) {
        return reading.budget.reach(Gap::Locked, "文档已加密，无法读取");
    }
    let strings = shared(&records);
    let sheets: Vec<Sheet> = records.iter().filter(|record| record.kind == SHEET).filter_map(sheet).collect();
    let names: String = sheets.iter().map(|sheet| format!("{}\n", sheet.name)).collect();
    reading.keep("工作表名称", &names);
    let room = reading.budget.limits.text_bytes;
    for (number, sheet) in (1..).zip(&sheets) {
        let first = records.partition_point(|record| record.at < sheet.at);
        let own = records.get(first..).unwrap_or_default();
        let text = cells(own, &strings, room);
        let hidden = if sheet.is_hidden { "（隐藏）" } else { "" };
        reading.keep(format!("第{number}张工作表“{}”{hidden}", sheet.name), &text);
    }
}

struct Record<'a> {
    at: usize,
    kind: u32,
    body: &'a [u8],
}

fn records(stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let mut next = 0;
    std::iter::from_fn(move || {
        let at = next;
        let (kind, length) = (le16(stream, at)?, le16(stream, at + 2)? as usize);
        next = at + 4 + length;
        Some(Record { at, kind, body: stream.get(at + 4..next)? })
    })
}

struct Sheet {
    /// Where its records begin.
    at: usize,
    name: String,
    is_hidden: bool,
}

fn sheet(record: &Record<'_>) -> Option<Sheet> {
    let body = record.body;
    let (count, is_wide) = (usize::from(*body.get(6)?), body.get(7)? & 1 == 1);
    let (name, _) = characters(body.get(8..)?, count, is_wide);
    Some(Sheet { at: le32(body, 0)? as usize, name, is_hidden: body.get(4)? & 3 != 0 })
}

/// The cells of the sheet whose records these begin with, rows on lines of their own.
fn cells(records: &[Record<'_>], strings: &[String], room: usize) -> String {
    let mut text = String::new();
    let mut row = None;
    for record in records.iter().skip(1).take_while(|record| record.kind != BEGIN) {
        let words = match record.kind {
            SHARED_CELL => le32(record.body, 6).and_then(|number| strings.get(number as usize).cloned()),
            OWN_CELL => le16(record.body, 6).and_then(|count| {
                let is_wide = record.body.get(8)? & 1 == 1;
                Some(characters(record.body.get(9..)?, count as usize, is_wide).0)
            }),
            _ => None,
        };
        let Some(words) = words else { continue };
        let its_row = le16(record.body, 0);
        if !text.is_empty() {
            text.push(if row == its_row { '\t' } else { '\n' });
        }
        row = its_row;
        text.push_str(&words);
        if text.len() > room {
            break; // The budget notices what is over.
        }
    }
    text
}

/// So many characters, as far as they are there; and the bytes they took.
fn characters(bytes: &[u8], count: usize, is_wide: bool) -> (String, usize) {
    let size = if is_wide { 2 } else { 1 };
    let there = count.min(bytes.len() / size);
    let unit = |at: usize| match is_wide {
        true => u16::from_le_bytes([bytes[2 * at], bytes[2 * at + 1]]),
        false => u16::from(bytes[at]),
    };
    let units: Vec<u16> = (0..there).map(unit).collect();
    (String::from_utf16_lossy(&units), there * size)
}

/// The strings that cells share. A string that goes on in the next record says anew how wide its characters are.
fn shared(records: &[Record<'_>]) -> Vec<String> {
    let Some(first) = records.iter().position(|record| record.kind == STRINGS) else { return Vec::new() };
    let more = records[first + 1..].iter().take_while(|record| record.kind == CONTINUED);
    let mut bodies = more.map(|record| record.body);
    let mut rest = records[first].body.get(8..).unwrap_or_default();
    let mut strings = Vec::new();
    loop {
        if rest.is_empty() {
            match bodies.next() {
                Some(body) => rest = body,
                None => return strings,
            }
        }
        let (Some(count), Some(flags)) = (le16(rest, 0), rest.get(2)) else { return strings };
        let mut left = count as usize;
        let mut is_wide = flags & 1 == 1;
        let runs = if flags & 8 == 0 { 0 } else { le16(rest, 3).unwrap_or(0) as usize * 4 };
        let aid_at = if flags & 8 == 0 { 3 } else { 5 };
        let aid = if flags & 4 == 0 { 0 } else { le32(rest, aid_at).unwrap_or(0) as usize };
        let header = aid_at + if flags & 4 == 0 { 0 } else { 4 };
        rest = rest.get(header..).unwrap_or_default();
        let mut string = String::new();
        loop {
            let (piece, bytes) = characters(rest, left, is_wide);
            left -= bytes / if is_wide { 2 } else { 1 };
            string.push_str(&piece);
            rest = &rest[bytes..];
            if left == 0 {
                break;
            }
            let Some((flags, body)) = bodies.next().and_then(<[u8]>::split_first) else {
                strings.push(string);
                return strings;
            };
            (is_wide, rest) = (flags & 1 == 1, body);
        }
        strings.push(string);
        // Formatting and reading aids may go on in further records, which then say nothing of their own.
        let mut skip = runs.saturating_add(aid);
        while skip > rest.len() {
            skip -= rest.len();
            match bodies.next() {
                Some(body) => rest = body,
                None => return strings,
            }
        }
        rest = &rest[skip..];
    }
}
