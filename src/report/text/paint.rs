//! Colours of a terminal, or none.

use crate::finding::Severity;

/// A colour, by the number of its ANSI code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    Red = 31,
    Green = 32,
    Yellow = 33,
    Blue = 34,
    Magenta = 35,
    Grey = 90,
}

impl Colour {
    /// The colour of a severity.
    pub(super) fn of(severity: Severity) -> Colour {
        match severity {
            Severity::Critical => Colour::Red,
            Severity::High => Colour::Magenta,
            Severity::Medium => Colour::Yellow,
            Severity::Low => Colour::Blue,
        }
    }
}

/// Paints, or leaves text as it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paint {
    on: bool,
}

impl Paint {
    pub(super) fn new(on: bool) -> Paint {
        Paint { on }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.code(1, text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.code(2, text)
    }

    pub(super) fn colour(self, colour: Colour, text: &str) -> String {
        self.code(colour as u8, text)
    }

    fn code(self, code: u8, text: &str) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
