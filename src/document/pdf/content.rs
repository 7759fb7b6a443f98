//! What a page shows: its operators, as far as they place text.

use std::collections::HashMap;
use std::rc::Rc;

use super::Page;
use super::file::File;
use super::font::Font;
use super::object::{Object, Parser};

/// Forms in forms.
const DEPTH: usize = 6;

/// Saved states and operands kept. Real files have a dozen.
const STACK: usize = 512;

/// How far apart, in points of the page, two lines are at least.
const LINE: f32 = 2.0;

/// A gap in a line, in thousandths of the size of the font, that stands for a space between Latin words.
const GAP: f32 = 180.0;

/// How far from the end of the words before, in sizes of the font, another cell of the line begins.
const CELL: f32 = 1.5;

/// How wide a letter is taken to be, in sizes of the font. Tables of widths are not read: wider than most letters are,
/// so that what looks like a gap is one.
const LETTER: f32 = 0.6;

/// Where text stands: `x' = ax + cy + e`, `y' = bx + dy + f`.
type Matrix = [f32; 6];

const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// Reads pages; knows the fonts that it has met.
pub(super) struct Interpreter<'a> {
    file: &'a File<'a>,
    fonts: HashMap<u32, Rc<Font>>,
    /// Whether text was met that nothing in the file explains.
    pub(super) has_unreadable: bool,
}

/// What operators change while a page is read.
struct State {
    text: String,
    /// The height of the line being written.
    height: Option<f32>,
    /// Where the words before ended.
    end: Option<f32>,
    /// Whether an operator has placed what comes next.
    is_placed: bool,
    font: Option<Rc<Font>>,
    size: f32,
    page: Matrix,
    line: Matrix,
    leading: f32,
    saved: Vec<(Matrix, Option<Rc<Font>>)>,
}

impl<'a> Interpreter<'a> {
    pub(super) fn new(file: &'a File<'a>) -> Self {
        Interpreter { file, fonts: HashMap::new(), has_unreadable: false }
    }

    /// The text of a page, a line a line.
    pub(super) fn page(&mut self, page: &Page) -> String {
        let mut state = State {
            text: String::new(),
            height: None,
            end: None,
            is_placed: false,
            font: None,
            size: 0.0,
            page: UNIT,
            line: UNIT,
            leading: 0.0,
            saved: Vec::new(),
        };
        let contents = match page.dictionary.get("Contents") {
            Object::Reference(number) => match self.file.resolve(&Object::Reference(*number)) {
                Object::Array(streams) => streams,
                _ => vec![Object::Reference(*number)],
            },
            Object::Array(streams) => streams.clone(),
            _ => Vec::new(),
        };
        let mut bytes = Vec::new();
        for stream in contents {
            if let Object::Reference(number) = stream {
                bytes.extend(self.file.stream(number).unwrap_or_default());
                bytes.push(b'\n'); // An operator never goes on in the next stream.
            }
        }
        self.run(&bytes, &page.resources, &mut state, 0);
        state.text
    }

    fn run(&mut self, bytes: &[u8], resources: &Object, state: &mut State, depth: usize) {
        let mut parser = Parser::new(bytes, 0, self.file.budget);
        let mut operands: Vec<Object> = Vec::new();
        while let Some(object) = parser.next() {
            let Object::Word(operator) = object else {
                if operands.len() < STACK {
                    operands.push(object);
                }
                continue;
            };
            match operator.as_str() {
                "Do" => self.form(operands.last(), resources, state, depth),
                "Tf" => {
                    state.font = operands.first().map(|name| self.font(name, resources));
                    state.size = operands.get(1).and_then(Object::number).unwrap_or_default();
                }
                "ID" => {
                    // A picture within the page: bytes that are no operators.
                    let rest = &bytes[parser.at.min(bytes.len())..];
                    parser.at += memchr::memmem::find(rest, b"EI").map_or(rest.len(), |end| end + 2);
                }
                "Tj" | "TJ" | "'" | "\"" => {
                    if matches!(operator.as_str(), "'" | "\"") {
                        state.move_by(0.0, -state.leading);
                    }
                    let shown = operands.last().is_none_or(|text| state.show(text));
                    self.has_unreadable |= !shown;
                }
                operator => state.apply(operator, &operands),
            }
            operands.clear();
        }
    }

    fn font(&mut self, name: &Object, resources: &Object) -> Rc<Font> {
        let Object::Name(name) = name else { return Rc::new(Font::Unreadable) };
        let fonts = self.file.resolve(resources.get("Font"));
        let font = fonts.get(name);
        let read = || Rc::new(Font::read(self.file, &self.file.resolve(font)));
        match font {
            Object::Reference(number) => self.fonts.entry(*number).or_insert_with(read).clone(),
            _ => read(),
        }
    }

    fn form(&mut self, name: Option<&Object>, resources: &Object, state: &mut State, depth: usize) {
        let Some(Object::Name(name)) = name else { return };
        let forms = self.file.resolve(resources.get("XObject"));
        let Object::Reference(number) = *forms.get(name) else { return };
        let form = self.file.resolve(&Object::Reference(number));
        if depth == DEPTH || !form.get("Subtype").is_name("Form") {
            return;
        }
        let Some(bytes) = self.file.stream(number) else { return };
        let own = self.file.resolve(form.get("Resources"));
        let before = (state.page, state.font.clone());
        self.run(&bytes, if own == Object::Null { resources } else { &own }, state, depth + 1);
        (state.page, state.font) = before;
    }
}

impl State {
    fn apply(&mut self, operator: &str, operands: &[Object]) {
        let number = |at: usize| operands.get(at).and_then(Object::number).unwrap_or_default();
        let matrix = || [number(0), number(1), number(2), number(3), number(4), number(5)];
        match operator {
            "q" if self.saved.len() < STACK => self.saved.push((self.page, self.font.clone())),
            "Q" => {
                if let Some((page, font)) = self.saved.pop() {
                    (self.page, self.font) = (page, font);
                }
            }
            "cm" => self.page = times(matrix(), self.page),
            "BT" => (self.line, self.is_placed) = (UNIT, true),
            "Tm" => (self.line, self.is_placed) = (matrix(), true),
            "Td" => self.move_by(number(0), number(1)),
            "TD" => {
                self.leading = -number(1);
                self.move_by(number(0), number(1));
            }
            "TL" => self.leading = number(0),
            "T*" => self.move_by(0.0, -self.leading),
            _ => {}
        }
    }

    fn move_by(&mut self, x: f32, y: f32) {
        self.line = times([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.is_placed = true;
    }

    /// Writes a string, or an array of strings and gaps; says whether the font is known.
    fn show(&mut self, shown: &Object) -> bool {
        let [a, b, _, _, x, height] = times(self.line, self.page);
        let em = self.size * a.hypot(b);
        if self.height.is_some_and(|before| (before - height).abs() > LINE) {
            self.text.push('\n');
        } else if self.is_placed && em > 0.0 && self.end.is_some_and(|end| x - end > CELL * em) {
            self.text.push('\t');
        }
        let start = if self.is_placed { x } else { self.end.unwrap_or(x) };
        let written = self.text.len();
        self.height = Some(height);
        let is_known = self.write(shown);
        let width = self.text[written..].chars().map(|c| if c.is_ascii() { LETTER } else { 1.0 });
        (self.end, self.is_placed) = (Some(start + em * width.sum::<f32>()), false);
        is_known
    }

    fn write(&mut self, shown: &Object) -> bool {
        let Some(font) = &self.font else { return false };
        match shown {
            Object::Text(codes) => font.append(codes, &mut self.text),
            Object::Array(pieces) => pieces.iter().all(|piece| match piece {
                Object::Text(codes) => font.append(codes, &mut self.text),
                Object::Number(gap) if -gap > GAP => {
                    if self.text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
                        self.text.push(' ');
                    }
                    true
                }
                _ => true,
            }),
            _ => true,
        }
    }
}

/// First one, then the other.
fn times(m: Matrix, n: Matrix) -> Matrix {
    [
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    ]
}
