//! Word 97 to 2003: the text stands in pieces that a table puts in order, one story after the other.

use encoding_rs::WINDOWS_1252;

use super::Reading;
use crate::facts::Gap;
use crate::file::{le16, le32, ole};

/// Bytes of a stream that are read.
const STREAM: usize = 64 << 20;

/// Stories in their order, with where the header of the file says how long each is.
const STORIES: &[(usize, &str)] = &[
    (0x4c, "正文"),
    (0x50, "脚注"),
    (0x54, "页眉页脚"),
    (0x58, "宏"),
    (0x5c, "批注"),
    (0x60, "尾注"),
    (0x64, "文本框"),
    (0x68, "页眉文本框"),
];

pub(super) fn read(reading: &mut Reading<'_>, bytes: &[u8]) {
    match stories(bytes) {
        Ok(stories) => {
            for (place, text) in stories {
                reading.keep(place, &text);
            }
        }
        Err((gap, why)) => reading.budget.reach(gap, why),
    }
}

fn stories(bytes: &[u8]) -> Result<Vec<(&'static str, String)>, (Gap, &'static str)> {
    const DAMAGED: (Gap, &str) = (Gap::Damaged, "Word 文档结构无法读取");
    let main = ole::stream(bytes, "WordDocument", STREAM).ok_or(DAMAGED)?;
    let flags = le16(&main, 0x0a).ok_or(DAMAGED)?;
    if flags & 0x0100 != 0 {
        return Err((Gap::Locked, "文档已加密，无法读取"));
    }
    let table = if flags & 0x0200 == 0 { "0Table" } else { "1Table" };
    let table = ole::stream(bytes, table, STREAM).ok_or(DAMAGED)?;
    let number = |at| le32(&main, at).map(|number| number as usize);
    let (Some(start), Some(length)) = (number(0x01a2), number(0x01a6)) else { return Err(DAMAGED) };
    let pieces = start.checked_add(length).and_then(|end| table.get(start..end)).ok_or(DAMAGED)?;
    let units = units(&main, pieces).ok_or(DAMAGED)?;
    let mut rest = units.as_slice();
    let mut stories = Vec::new();
    for (at, place) in STORIES {
        let (story, others) = rest.split_at(number(*at).unwrap_or(0).min(rest.len()));
        stories.push((*place, plain(story)));
        rest = others;
    }
    Ok(stories)
}

/// All text, piece by piece, in units of UTF-16.
fn units(main: &[u8], mut pieces: &[u8]) -> Option<Vec<u16>> {
    while pieces.first() == Some(&1) {
        pieces = pieces.get(3 + le16(pieces, 1)? as usize..)?; // Formatting that pieces share.
    }
    let table = pieces.get(5..)?;
    let count = table.len().checked_sub(4)? / 12;
    let mut units = Vec::new();
    for piece in 0..count {
        let (from, to) = (le32(table, piece * 4)?, le32(table, piece * 4 + 4)?);
        let length = to.checked_sub(from)? as usize;
        let at = le32(table, (count + 1) * 4 + piece * 8 + 2)?;
        let is_narrow = at & 0x4000_0000 != 0;
        let start = (at & 0x3fff_ffff) as usize;
        // Pieces may overlap in a hostile file: together they hold no more than the file does.
        let (start, bytes) = if is_narrow { (start / 2, length) } else { (start, length.checked_mul(2)?) };
        let bytes = main.get(start..start.checked_add(bytes)?)?;
        if units.len() + length > main.len() {
            return Some(units);
        }
        if is_narrow {
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
            units.extend(text.encode_utf16());
        } else {
            units.extend(bytes.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])));
        }
    }
    Some(units)
}

/// The words of a story. Instructions of fields are left out, their results stay.
fn plain(story: &[u16]) -> String {
    let mut text = String::new();
    let mut is_instruction = false;
    for c in char::decode_utf16(story.iter().copied()).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)) {
        match c {
            '\u{13}' => is_instruction = true,
            '\u{14}' | '\u{15}' => is_instruction = false,
            _ if is_instruction => {}
            '\r' | '\u{b}' | '\u{c}' => text.push('\n'),
            '\u{7}' | '\t' => text.push('\t'),
            c if c < ' ' => {}
            c => text.push(c),
        }
    }
    text
}
