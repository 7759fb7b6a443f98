//! Lines and columns, as an editor counts them.

/// Where something stands for a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// Characters from the beginning of the line, from 1.
    pub column: usize,
    /// Characters from the beginning of the text, from 0.
    pub chars: usize,
}

/// Goes through a text once; asked for ascending offsets.
pub(super) struct Walk<'a> {
    text: &'a str,
    offset: usize,
    now: Position,
}

impl<'a> Walk<'a> {
    pub(super) fn new(text: &'a str) -> Walk<'a> {
        Walk { text, offset: 0, now: Position { line: 1, column: 1, chars: 0 } }
    }

    /// The position of an offset that is not before the one asked for last.
    pub(super) fn at(&mut self, offset: usize) -> Position {
        for c in self.text[self.offset..offset.max(self.offset)].chars() {
            self.now.chars += 1;
            self.now.column += 1;
            if c == '\n' {
                self.now.line += 1;
                self.now.column = 1;
            }
        }
        self.offset = offset.max(self.offset);
        self.now
    }
}
