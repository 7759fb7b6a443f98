//! From the codes of a font to characters.

use std::collections::HashMap;

use encoding_rs::{Encoding, GB18030, UTF_16BE, WINDOWS_1252};

use super::file::File;
use super::object::{Object, Parser};

/// How the codes of a font are read.
#[derive(Debug)]
pub(super) enum Font {
    /// By its own table.
    Table(Table),
    /// The codes are text in this encoding.
    Encoded(&'static Encoding),
    /// By nothing that is in the file.
    Unreadable,
}

impl Font {
    pub(super) fn read(file: &File<'_>, font: &Object) -> Font {
        if let Object::Reference(number) = font.get("ToUnicode")
            && let Some(bytes) = file.stream(*number)
        {
            let is_composite = font.get("Subtype").is_name("Type0");
            return Font::Table(Table::read(&bytes, if is_composite { 2 } else { 1 }, file));
        }
        match file.resolve(font.get("Encoding")) {
            Object::Name(name) if name.starts_with("UniGB-U") || name.starts_with("UniCNS-U") => {
                Font::Encoded(UTF_16BE)
            }
            Object::Name(name) if name.starts_with("GB") => Font::Encoded(GB18030),
            _ if !font.get("Subtype").is_name("Type0") => Font::Encoded(WINDOWS_1252),
            _ => Font::Unreadable,
        }
    }

    /// Appends the characters of a string; says whether they are known.
    pub(super) fn append(&self, codes: &[u8], text: &mut String) -> bool {
        match self {
            Font::Table(table) => table.append(codes, text),
            Font::Encoded(encoding) => text.push_str(&encoding.decode_without_bom_handling(codes).0),
            Font::Unreadable => return false,
        }
        true
    }
}

/// A `ToUnicode` table.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Bytes of a code.
    width: usize,
    single: HashMap<u32, String>,
    /// First and last code, and the character of the first. Sorted.
    ranges: Vec<(u32, u32, u32)>,
}

impl Table {
    fn read(bytes: &[u8], width: usize, file: &File<'_>) -> Table {
        let mut table = Table { width, ..Table::default() };
        let mut parser = Parser::new(bytes, 0, file.budget);
        let mut operands = Vec::new();
        while let Some(object) = parser.next() {
            let Object::Word(word) = object else {
                operands.push(object);
                continue;
            };
            match word.as_str() {
                "endcodespacerange" => {
                    if let Some(Object::Text(code)) = operands.last() {
                        table.width = code.len().clamp(1, 2);
                    }
                }
                "endbfchar" => table.singles(&operands),
                "endbfrange" => table.spans(&operands),
                _ => {}
            }
            operands.clear();
        }
        table.ranges.sort_unstable();
        table
    }

    fn singles(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let [Object::Text(from), Object::Text(to)] = pair {
                self.single.insert(code(from), unicode(to));
            }
        }
    }

    fn spans(&mut self, operands: &[Object]) {
        for three in operands.chunks_exact(3) {
            match three {
                [Object::Text(from), Object::Text(to), Object::Text(first)] => {
                    let mut chars = unicode(first).chars().collect::<Vec<_>>();
                    if let (Some(c), true) = (chars.pop(), chars.is_empty()) {
                        self.ranges.push((code(from), code(to), u32::from(c)));
                    } else {
                        self.single.insert(code(from), unicode(first));
                    }
                }
                [Object::Text(from), Object::Text(_), Object::Array(each)] => {
                    for (code, text) in (code(from)..).zip(each) {
                        if let Object::Text(text) = text {
                            self.single.insert(code, unicode(text));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn append(&self, codes: &[u8], text: &mut String) {
        for bytes in codes.chunks(self.width.max(1)) {
            let code = code(bytes);
            if let Some(known) = self.single.get(&code) {
                text.push_str(known);
                continue;
            }
            let next = self.ranges.partition_point(|(first, ..)| *first <= code);
            if let Some((first, last, start)) = next.checked_sub(1).map(|index| self.ranges[index])
                && code <= last
            {
                text.extend(char::from_u32(start.saturating_add(code - first)));
            }
        }
    }
}

fn code(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |code, byte| code << 8 | u32::from(*byte))
}

fn unicode(bytes: &[u8]) -> String {
    UTF_16BE.decode_without_bom_handling(bytes).0.into_owned()
}
