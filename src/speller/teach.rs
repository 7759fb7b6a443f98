//! Learning which edits are right: from sentences that people mended, and from clean ones that we spoil.

use std::collections::HashMap;

use super::boost::Lessons;
use super::candidates::{Candidate, Reading};
use super::confusion::{Confusions, Why};
use super::counting;
use super::gate::Gate;
use super::model::{Model, Own};
use super::ngram;
use super::sentence::{self, Sentence};
use super::symbols::{FIRST, Symbol};
use crate::text::normalise::is_han;

/// A sentence as it was written and as it should be, of equal length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    pub(super) written: Vec<char>,
    pub(super) right: Vec<char>,
}

/// How much a sentence that somebody got wrong counts beside a clean one, as there are few, and the same with all its
/// other slips mended beside it as written.
const MENDED: f32 = 4.0;
const PARTLY: f32 = 0.5;

/// How often a clean sentence is spoilt in each way, and how much all that together counts beside it. What is learned
/// depends less on chance if it is more often.
const THROWS: usize = 3;
const SPOILT: f32 = 0.5;

/// How much more often a frequent character is written by mistake than a rare one: its frequency to this power. So the
/// characters of spoilt sentences are as rare as those that people wrote.
const FREQUENCY: f32 = 0.4;

/// Tries to find a place that can be spoilt.
const TRIES: usize = 12;

/// Of so many mistakes of one character one is none that sound or look explain.
const DISTANT: usize = 8;
/// What is written then is one of so many characters, the most frequent.
const FREQUENT: usize = 3_500;

impl Pair {
    /// The pairs of a file: number of errors, sentence as written, sentence as it should be, by tabs. Lines of unequal
    /// length are no pairs of single characters and are left out.
    pub fn read(text: &str) -> Vec<Pair> {
        let pair = |line: &str| {
            let mut fields = line.split('\t').skip(1).map(|field| field.chars().collect::<Vec<char>>());
            let pair = Pair { written: fields.next()?, right: fields.next()? };
            (pair.written.len() == pair.right.len()).then_some(pair)
        };
        text.lines().filter_map(pair).collect()
    }

    /// A line of clean text.
    pub fn clean(line: &str) -> Pair {
        let right: Vec<char> = line.chars().collect();
        Pair { written: right.clone(), right }
    }

    /// The right side as text.
    pub(super) fn text(&self) -> String {
        self.right.iter().collect()
    }

    fn is_clean(&self) -> bool {
        self.written == self.right
    }
}

/// Teaches with sentences that are part of what the model counted.
pub(super) struct Teacher<'a> {
    pub(super) model: &'a Model<'a>,
    pub(super) confusions: &'a Confusions,
    pub(super) dice: Dice,
}

impl Teacher<'_> {
    /// What there is to learn from a pair. Its own counts are left out, as they would be in a text nobody has seen.
    pub(super) fn teach(&mut self, pair: &Pair, lessons: &mut Lessons) {
        let own = counting::own(self.model, &pair.text());
        let weight = if pair.is_clean() { 1.0 } else { MENDED };
        self.take(&pair.written, &pair.right, weight, &own, lessons);
        let slips: Vec<usize> =
            (0..pair.right.len()).filter(|&at| pair.written[at] != pair.right[at]).collect();
        if slips.len() > 1 {
            for at in slips {
                let mut partly = pair.right.clone();
                partly[at] = pair.written[at];
                self.take(&partly, &pair.right, PARTLY * weight, &own, lessons);
            }
        }
        if pair.is_clean() && !pair.right.is_empty() {
            let ways = [Teacher::mistake_one, Teacher::mistake_two, Teacher::swap];
            for spoil in std::iter::repeat_n(ways, THROWS).flatten() {
                let mut spoilt = pair.right.clone();
                spoil(self, &mut spoilt);
                if spoilt != pair.right {
                    self.take(&spoilt, &pair.right, SPOILT / THROWS as f32, &own, lessons);
                }
            }
            self.take_doubled(&pair.right, &own, lessons);
        }
    }

    /// Learns from `written`, which is as long as `right`.
    fn take(&self, written: &[char], right: &[char], weight: f32, own: &Own, lessons: &mut Lessons) {
        let is_right = |candidate: &Candidate, places: &[usize]| {
            let new = candidate.new.iter().map(|&symbol| self.model.alphabet.char(symbol));
            places.len() == candidate.new.len()
                && places.iter().zip(new).all(|(&at, new)| new == Some(right[at]) && written[at] != right[at])
        };
        self.read(written, weight, own, lessons, is_right);
    }

    /// Learns from `right` with one of its characters written twice.
    fn take_doubled(&mut self, right: &[char], own: &Own, lessons: &mut Lessons) {
        let at = self.dice.below(right.len());
        if !is_han(right[at]) {
            return;
        }
        let written = [&right[..=at], &right[at..]].concat();
        let is_right = |candidate: &Candidate, places: &[usize]| {
            candidate.why.has(Why::DOUBLED)
                && written[places[0]] == written[at]
                && places[0].abs_diff(at) <= 1
        };
        self.read(&written, SPOILT, own, lessons, is_right);
    }

    /// Every edit of a text, and whether it is right.
    fn read(
        &self,
        written: &[char],
        weight: f32,
        own: &Own,
        lessons: &mut Lessons,
        is_right: impl Fn(&Candidate, &[usize]) -> bool,
    ) {
        for (place, chars) in sentence::sentences(written) {
            let sentence = Sentence::new(self.model, chars, place);
            let reading = Reading::new(self.model, self.confusions, &sentence, Some(own));
            for (candidate, features) in reading.candidates(&Gate::WIDE) {
                lessons.rows.push(features);
                lessons.right.push(is_right(&candidate, &sentence.places[candidate.at..candidate.end()]));
                lessons.weights.push(weight);
            }
        }
    }

    /// A character gives way to one it is taken for; more often by sound, and more often to a frequent one.
    fn mistake_one(&mut self, chars: &mut [char]) {
        if self.dice.below(DISTANT) == 0 {
            self.mistype(chars);
            return;
        }
        for _ in 0..TRIES {
            let at = self.dice.below(chars.len());
            let why = match self.dice.below(20) {
                0..15 => Why::SAME_SOUND,
                15..17 => Why::NEAR_SOUND,
                17..19 => Why::SAME_COMPONENT,
                _ => Why::LOOKS_ALIKE,
            };
            let others: Vec<_> = self
                .confusions
                .of(chars[at])
                .iter()
                .filter(|(_, whys)| whys.has(why))
                .map(|(other, _)| (10f32.powf(FREQUENCY * self.model.frequency(other)), other))
                .collect();
            if let Some(other) = self.dice.weighed(&others).and_then(|other| self.model.alphabet.char(other))
            {
                chars[at] = other;
                return;
            }
        }
    }

    /// A character gives way to one that has a letter or a component in common with it.
    fn mistype(&mut self, chars: &mut [char]) {
        for _ in 0..TRIES * TRIES {
            let at = self.dice.below(chars.len());
            let other = FIRST + self.dice.below(FREQUENT) as Symbol;
            let Some(other) = self.model.alphabet.char(other) else { continue };
            let why = self.confusions.why_distant(chars[at], other);
            if other != chars[at] && is_han(chars[at]) && why != Why::default() {
                chars[at] = other;
                return;
            }
        }
    }

    /// A word of two characters gives way to one that sounds like it.
    fn mistake_two(&mut self, chars: &mut [char]) {
        for _ in 0..TRIES {
            let Some(at) = self.word(chars) else { continue };
            let words = self.confusions.words(chars[at], chars[at + 1]);
            let spelt = words.iter().map(|word| (self.model.word(ngram::word(word), None), *word));
            let others: Vec<_> = spelt
                .filter(|(_, word)| {
                    word.map(|symbol| self.model.alphabet.char(symbol))
                        != [Some(chars[at]), Some(chars[at + 1])]
                })
                .collect();
            let picked = (0..2).filter_map(|_| self.dice.pick(&others)).max_by(|a, b| a.0.total_cmp(&b.0));
            if let Some([Some(first), Some(second)]) =
                picked.map(|picked| picked.1.map(|symbol| self.model.alphabet.char(symbol)))
            {
                (chars[at], chars[at + 1]) = (first, second);
                return;
            }
        }
    }

    /// Two characters of a word change places.
    fn swap(&mut self, chars: &mut [char]) {
        if let Some(at) = (0..TRIES).find_map(|_| self.word(chars)) {
            chars.swap(at, at + 1);
        }
    }

    /// A place, chosen by dice, where a word of two characters stands.
    fn word(&mut self, chars: &[char]) -> Option<usize> {
        let at = self.dice.below(chars.len().checked_sub(1)?);
        let word = [chars[at], chars[at + 1]];
        let symbols = word.map(|char| self.model.alphabet.symbol(char));
        let seen = self.model.word(ngram::word(&symbols), None) > 0.0;
        (seen && word.iter().all(|&char| is_han(char))).then_some(at)
    }
}

/// Numbers without order that are the same every time.
pub(super) struct Dice(u64);

impl Default for Dice {
    fn default() -> Dice {
        Dice(0x9E37_79B9_7F4A_7C15)
    }
}

impl Dice {
    /// A number below `limit`; 0 where there is none.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }

    /// One of these, each as often as its weight says.
    fn weighed(&mut self, from: &[(f32, Symbol)]) -> Option<Symbol> {
        const STEPS: usize = 1 << 20;
        let all: f32 = from.iter().map(|(weight, _)| weight).sum();
        let mut left = self.below(STEPS) as f32 / STEPS as f32 * all;
        let picked = from.iter().find(|(weight, _)| {
            left -= weight;
            left < 0.0
        });
        picked.or(from.last()).map(|&(_, symbol)| symbol)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Which of `folds` parts a pair belongs to. Pairs with the same right side belong together.
pub(super) fn fold(pair: &Pair, folds: u64) -> u64 {
    xxhash_rust::xxh3::xxh3_64(pair.text().as_bytes()) % folds
}

/// Every right side once: a model counts a sentence that was spoilt in several ways only once.
pub(super) fn right_sides(pairs: &[Pair]) -> String {
    let mut seen = HashMap::new();
    let new = pairs.iter().map(Pair::text).filter(|text| seen.insert(text.clone(), ()).is_none());
    new.flat_map(|text| [text, "\n".to_owned()]).collect()
}
