//! Dwellings: `5组12号`, `3号楼2单元501室`.

use super::context::Around;
use super::groups::Group;
use super::{Figures, Kind, Sighting};
use crate::finding::{Confidence, Severity};

/// Digits of the number of a house, a unit or a flat at most.
const DIGITS: usize = 4;
/// Numbers from which on a dwelling is one without the word: a house, and a flat in it.
const NUMBERS: usize = 2;

/// The word behind a group of digits by which it may be part of a dwelling: 号, 室.
pub(super) fn word<'a>(text: &str, group: &Group, figures: &'a Figures) -> Option<&'a str> {
    if group.symbols().len() > DIGITS || !group.symbols().iter().all(u8::is_ascii_digit) {
        return None;
    }
    let rest = &text[group.end..];
    figures.dwelling_words.iter().map(String::as_str).find(|word| rest.starts_with(word))
}

/// The numbers of the dwelling being read: those of one paragraph or cell.
#[derive(Debug, Default)]
pub(super) struct Dwelling {
    start: usize,
    end: usize,
    numbers: usize,
}

impl Dwelling {
    /// Takes in a group of digits with the `word` behind it, in the paragraph that begins at `line`; tells of the
    /// dwelling the first time that it is sure to be one.
    pub(super) fn judge(
        &mut self,
        word: &str,
        line: usize,
        group: &Group,
        around: &Around<'_>,
        figures: &Figures,
    ) -> Option<Sighting> {
        if self.start < line {
            *self = Dwelling { start: group.start, ..Dwelling::default() };
        }
        self.end = group.end + word.len();
        self.numbers += 1;
        let is_called = around.is_introduced_by(&figures.address_words);
        let is_sure = |numbers| if is_called { numbers >= 1 } else { around.is_named && numbers >= NUMBERS };
        (is_sure(self.numbers) && !is_sure(self.numbers - 1)).then(|| Sighting {
            kind: Kind::Address,
            start: self.start,
            end: self.end,
            confidence: Confidence::Probable,
            severity: Severity::Medium,
            masked: format!("…{word}"),
            times: 1,
            persons: 1,
        })
    }
}
