//! Masks that do not hide: too much is left to see, or two copies show different parts of the same number.

use super::groups::MASK;
use super::recognise::Window;
use super::{Figures, Kind, Sighting, divisions, mask, mobile};
use crate::finding::{Confidence, Severity};

/// Masked numbers of one row that are compared with each other; no row of a real list has so many.
const COPIES: usize = 16;

/// What a masked number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Of {
    Identity,
    Mobile,
}

/// A masked number.
#[derive(Debug, Clone)]
struct Copy {
    of: Of,
    symbols: Vec<u8>,
    start: usize,
    end: usize,
}

/// Gathers masked numbers, row by row.
#[derive(Default)]
pub(super) struct Masks {
    /// The row that the copies stand in: where it begins in the text.
    row: usize,
    copies: Vec<Copy>,
}

impl Masks {
    /// Takes in a window of the row that begins at `row`: whether it is a masked number, and what is wrong with it.
    pub(super) fn judge(
        &mut self,
        window: &Window<'_>,
        row: usize,
        figures: &Figures,
    ) -> Option<Option<Sighting>> {
        let copy = Copy::of(window)?;
        if self.row != row {
            (self.row, self.copies) = (row, Vec::new());
        }
        let most = match copy.of {
            Of::Identity => figures.identity_visible,
            Of::Mobile => figures.mobile_visible,
        };
        let together = self.copies.iter().filter_map(|other| copy.with(other)).max();
        let fails = copy.visible() >= most || together.is_some_and(|visible| visible >= most);
        let sighting = fails.then(|| copy.sighting());
        if self.copies.len() < COPIES {
            self.copies.push(copy);
        }
        Some(sighting)
    }
}

impl Copy {
    fn of(window: &Window<'_>) -> Option<Copy> {
        let symbols = window.symbols();
        if !symbols.contains(&MASK) {
            return None;
        }
        let lengths: Vec<usize> = window.lengths().collect();
        let (of, symbols) = match symbols.len() {
            18 if divisions::is_province(&symbols[..2]) => (Of::Identity, symbols),
            _ => (Of::Mobile, mobile::digits(symbols, &lengths)?),
        };
        Some(Copy { of, symbols: symbols.to_vec(), start: window.start(), end: window.end() })
    }

    /// How many symbols it shows.
    fn visible(&self) -> usize {
        self.symbols.iter().filter(|symbol| **symbol != MASK).count()
    }

    /// How many symbols two copies show together; `None` where they are of different numbers or hide the same.
    fn with(&self, other: &Copy) -> Option<usize> {
        let pairs = || self.symbols.iter().zip(&other.symbols);
        let agree = |(a, b): (&u8, &u8)| a == b || *a == MASK || *b == MASK;
        let is_same = self.of == other.of && self.symbols != other.symbols && pairs().all(agree);
        is_same.then(|| pairs().filter(|(a, b)| **a != MASK || **b != MASK).count())
    }

    fn sighting(&self) -> Sighting {
        let shown = if self.of == Of::Identity { mask::IDENTITY } else { mask::MOBILE };
        Sighting {
            kind: Kind::HalfMasked,
            start: self.start,
            end: self.end,
            confidence: Confidence::Confirmed,
            severity: Severity::Medium,
            masked: mask::masked(&self.symbols, shown),
            times: 1,
            persons: 1,
        }
    }
}
