//! What may have been meant: edits at doubtful places.

use super::confusion::{Confusions, Why};
use super::features::{self, Features};
use super::model::{Likely, Model, Own};
use super::ngram::ORDER;
use super::sentence::Sentence;
use super::symbols::{FIRST, Symbol};
use crate::text::normalise::is_han;

/// Edits that are weighed at one place; the others are further behind than any mistake ever was.
const KEPT: usize = 5;

/// What a character costs on average (log10), for edits that take one away.
const TYPICAL: f32 = 1.5;

/// Mean log10 of a sentence that is no prose the model knows: a list of names, another language, a row of one
/// character. Nothing is said about it. Official prose has about -1.5, with slips in it seldom less than -2.5.
const FOREIGN: f32 = -3.0;

/// What must hold of a place before anything is tried there. Of the slips of the training sentences 98 % stand at
/// such places, and a third of the characters of clean text.
const UNLIKELY: f32 = -2.0;
const MATCHED: f32 = 3.0;

/// One edit: `old` characters from `at` on give way to `new`.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) at: usize,
    pub(super) old: usize,
    pub(super) new: Vec<Symbol>,
    pub(super) why: Why,
    /// By how much the sentence gets likelier, log10.
    pub(super) gain: f32,
}

impl Candidate {
    /// First place after what is edited.
    pub(super) fn end(&self) -> usize {
        self.at + self.old
    }

    /// Edits of two characters come behind equally good ones of one: there are more of them.
    fn rank(&self) -> f32 {
        self.gain - if self.old == 2 { 1.0 } else { 0.0 }
    }
}

/// How a sentence reads: each symbol's probability, and their mean.
pub(super) struct Reading<'a> {
    pub(super) model: &'a Model<'a>,
    pub(super) confusions: &'a Confusions,
    pub(super) sentence: &'a Sentence,
    pub(super) own: Option<&'a Own>,
    pub(super) likely: Vec<Likely>,
    pub(super) mean: f32,
}

impl<'a> Reading<'a> {
    /// Reads a sentence.
    pub(super) fn new(
        model: &'a Model<'a>,
        confusions: &'a Confusions,
        sentence: &'a Sentence,
        own: Option<&'a Own>,
    ) -> Reading<'a> {
        let symbols = &sentence.symbols;
        let first = std::iter::once(Likely::default());
        let likely: Vec<Likely> =
            first.chain((1..symbols.len()).map(|at| model.likely(symbols, at, own))).collect();
        let mean = likely.iter().map(|likely| likely.log).sum::<f32>() / (likely.len() - 1) as f32;
        Reading { model, confusions, sentence, own, likely, mean }
    }

    /// Every edit worth weighing, with what speaks for and against it.
    pub(super) fn candidates(&self, least: f32) -> Vec<(Candidate, Features)> {
        if self.mean < FOREIGN {
            return Vec::new();
        }
        let last = self.sentence.symbols.len() - 1;
        let mut all = Vec::new();
        for at in (1..last).filter(|&at| self.is_doubtful(at)) {
            let mut found = self.single(at, least);
            self.double(at, &mut found);
            found.sort_by(|a, b| b.rank().total_cmp(&a.rank()));
            features::weigh(self, found, KEPT, &mut all);
        }
        all
    }

    fn is_doubtful(&self, at: usize) -> bool {
        let window = self.window(at, 1);
        let worst = window.iter().map(|likely| likely.log).fold(0.0, f32::min);
        let matched = window.iter().map(|likely| f32::from(likely.matched)).sum::<f32>();
        worst < UNLIKELY && matched <= MATCHED * window.len() as f32 && is_han(self.sentence.chars[at])
    }

    /// Everything whose probability depends on the `length` symbols from `at` on.
    pub(super) fn window(&self, at: usize, length: usize) -> &[Likely] {
        &self.likely[at..(at + length + ORDER - 1).min(self.likely.len())]
    }

    /// Another character in the place of one.
    fn single(&self, at: usize, least: f32) -> Vec<Candidate> {
        let symbols = &self.sentence.symbols;
        let (before, after) = (symbols[at - 1], symbols[at + 1]);
        let mut tried = Tried::new(self, at, 1);
        let others = self.confusions.of(self.sentence.chars[at]).iter();
        let fitting = others
            .filter(|&&(meant, _)| self.model.follows(before, meant) || self.model.follows(meant, after));
        fitting.filter_map(|&(meant, why)| tried.with(&[meant], why, least)).collect()
    }

    /// A word that sounds like two characters, the two swapped, one of two equal ones.
    fn double(&self, at: usize, found: &mut Vec<Candidate>) {
        let symbols = &self.sentence.symbols;
        let (first, second, after) = (symbols[at], symbols[at + 1], symbols.get(at + 2).copied());
        let (Some(after), true) = (after, is_han(self.sentence.chars[at + 1])) else { return };
        let before = symbols[at - 1];
        let model = self.model;
        let mut tried = Tried::new(self, at, 2);
        let [one, other] = [self.sentence.chars[at], self.sentence.chars[at + 1]];
        for word in self.confusions.words(one, other) {
            let [meant, next] = word;
            let fits = model.follows(before, meant) || model.follows(next, after);
            if meant != first && next != second && fits {
                let why = self.confusions.why(one, meant).and(self.confusions.why(other, next));
                found.extend(tried.with(&word, why, 0.0));
            }
        }
        if first == second {
            found.extend(tried.with(&[first], Why::DOUBLED, 0.0));
        } else if first >= FIRST && second >= FIRST && model.follows(second, first) {
            found.extend(tried.with(&[second, first], Why::SWAPPED, 0.0));
        }
    }
}

/// The surroundings of a place, to try edits in.
struct Tried<'a> {
    reading: &'a Reading<'a>,
    at: usize,
    old: usize,
    before: f32,
    from: usize,
}

impl<'a> Tried<'a> {
    fn new(reading: &'a Reading<'a>, at: usize, old: usize) -> Tried<'a> {
        let before = reading.window(at, old).iter().map(|likely| likely.log).sum();
        Tried { reading, at, old, before, from: (at + 1).saturating_sub(ORDER) }
    }

    /// The edit, where it gains at least `least`.
    fn with(&mut self, new: &[Symbol], why: Why, least: f32) -> Option<Candidate> {
        let symbols = &self.reading.sentence.symbols;
        let rest = &symbols[self.at + self.old..symbols.len().min(self.at + self.old + ORDER - 1)];
        let mut work = [0; 3 * ORDER];
        let mut length = 0;
        for part in [&symbols[self.from..self.at], new, rest] {
            work[length..length + part.len()].copy_from_slice(part);
            length += part.len();
        }
        let taken = (self.old - new.len()) as f32;
        let mut gain = -self.before - TYPICAL * taken;
        for at in self.at - self.from..length {
            gain += self.reading.model.likely(&work[..length], at, self.reading.own).log;
            // Every further symbol only takes away.
            if gain < least {
                return None;
            }
        }
        Some(Candidate { at: self.at, old: self.old, new: new.to_vec(), why, gain })
    }
}
