//! The syntax of PDF: objects, one after the other.

use crate::document::budget::Budget;

/// Arrays in arrays. Real files have five.
const DEPTH: usize = 24;

/// An object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Object {
    Null,
    Number(f32),
    Name(String),
    Text(Vec<u8>),
    Array(Vec<Object>),
    Dictionary(Vec<(String, Object)>),
    Reference(u32),
    /// A word that is none of those: an operator, `obj`, `true`.
    Word(String),
}

impl Object {
    /// An entry of a dictionary; null where there is none.
    pub(super) fn get(&self, key: &str) -> &Object {
        let Object::Dictionary(entries) = self else { return &Object::Null };
        entries.iter().find(|(name, _)| name == key).map_or(&Object::Null, |(_, value)| value)
    }

    /// How many objects it is made of. Objects nest no deeper than the parser lets them.
    pub(super) fn weight(&self) -> u64 {
        match self {
            Object::Array(items) => 1 + items.iter().map(Object::weight).sum::<u64>(),
            Object::Dictionary(entries) => 1 + entries.iter().map(|(_, value)| value.weight()).sum::<u64>(),
            _ => 1,
        }
    }

    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(self, Object::Name(own) if own == name)
    }

    pub(super) fn number(&self) -> Option<f32> {
        if let Object::Number(number) = self { Some(*number) } else { None }
    }

    pub(super) fn index(&self) -> Option<usize> {
        self.number().filter(|number| *number >= 0.0).map(|number| number as usize)
    }
}

/// Reads objects.
pub(super) struct Parser<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
    budget: &'a Budget,
}

impl<'a> Parser<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize, budget: &'a Budget) -> Parser<'a> {
        Parser { bytes, at, budget }
    }

    /// The next object; `None` at the end, where it is damaged beyond reading, or where the budget is used up.
    pub(super) fn next(&mut self) -> Option<Object> {
        self.object(0)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let rest = &self.bytes[self.at..];
                self.at += memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<Object> {
        let before = self.at;
        self.skip_space();
        if !self.budget.step(1 + (self.at - before) as u64 / 16) || depth > DEPTH {
            return None;
        }
        let next = self.bytes.get(self.at + 1).copied();
        match self.peek()? {
            b'/' => Some(Object::Name(self.name())),
            b'(' => Some(Object::Text(self.string())),
            b'<' if next == Some(b'<') => self.dictionary(depth),
            b'<' => Some(Object::Text(self.hexadecimal())),
            b'[' => self.array(depth),
            b'0'..=b'9' | b'+' | b'-' | b'.' => Some(self.number()),
            b')' | b'>' | b']' | b'{' | b'}' => {
                self.at += 1;
                Some(Object::Word((self.bytes[self.at - 1] as char).to_string()))
            }
            _ => Some(self.word()),
        }
    }

    fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(|byte| !is_space(byte) && !is_delimiter(byte)) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    fn word(&mut self) -> Object {
        match self.regular() {
            b"null" => Object::Null,
            word => Object::Word(String::from_utf8_lossy(word).into_owned()),
        }
    }

    fn name(&mut self) -> String {
        self.at += 1;
        let raw = self.regular();
        let mut name = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((&byte, after)) = rest.split_first() {
            let escaped = (byte == b'#').then(|| Some(digit(*after.first()?)? << 4 | digit(*after.get(1)?)?));
            match escaped.flatten() {
                Some(byte) => {
                    name.push(byte);
                    rest = &after[2..];
                }
                None => {
                    name.push(byte);
                    rest = after;
                }
            }
        }
        String::from_utf8_lossy(&name).into_owned()
    }

    /// A number, or a reference where two follow that make one.
    fn number(&mut self) -> Object {
        let text = self.regular();
        let number = |text: &[u8]| std::str::from_utf8(text).ok().and_then(|text| text.parse::<f32>().ok());
        let whole = |text: &[u8]| std::str::from_utf8(text).ok().and_then(|text| text.parse::<u32>().ok());
        let after = self.at;
        if let Some(object) = whole(text) {
            self.skip_space();
            if whole(self.regular()).is_some() {
                self.skip_space();
                if self.regular() == b"R" {
                    return Object::Reference(object);
                }
            }
        }
        self.at = after;
        Object::Number(number(text).unwrap_or_default())
    }

    fn string(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut text = Vec::new();
        let mut depth = 0;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' if depth == 0 => break,
                b')' => depth -= 1,
                b'\\' => {
                    text.extend(self.escape());
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        self.budget.step(text.len() as u64 / 16);
        text
    }

    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\r' => {
                self.at += usize::from(self.peek() == Some(b'\n'));
                None
            }
            b'\n' => None,
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|digit| (b'0'..=b'7').contains(digit)) else {
                        break;
                    };
                    code = code * 8 + u32::from(digit - b'0');
                    self.at += 1;
                }
                Some(code as u8)
            }
            other => Some(other),
        }
    }

    fn hexadecimal(&mut self) -> Vec<u8> {
        self.at += 1;
        let rest = &self.bytes[self.at..];
        let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
        self.at += end + 1;
        self.budget.step(end as u64 / 16);
        let digits: Vec<u8> = rest[..end].iter().filter_map(|byte| digit(*byte)).collect();
        digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)).collect()
    }

    fn array(&mut self, depth: usize) -> Option<Object> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            match self.object(depth + 1)? {
                Object::Word(word) if word == "]" => return Some(Object::Array(items)),
                Object::Word(word) if word == "endobj" => return None,
                item => items.push(item),
            }
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Object> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            match self.object(depth + 1)? {
                Object::Name(key) => entries.push((key, self.object(depth + 1)?)),
                Object::Word(word) if word == ">" => {
                    self.at += usize::from(self.peek() == Some(b'>'));
                    return Some(Object::Dictionary(entries));
                }
                Object::Word(word) if word == "endobj" => return None,
                _ => {}
            }
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}
