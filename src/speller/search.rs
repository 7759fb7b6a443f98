//! Mending a sentence: the best edit first, then reading it again, until nothing is left to mend.

use super::candidates::{Candidate, Reading};
use super::confusion::Confusions;
use super::features::Features;
use super::gate::Gate;
use super::model::{Model, Own};
use super::sentence::Sentence;

/// Times that a sentence is read again.
const ROUNDS: usize = 6;

/// Edits nearer than this to a better one wait for the next round: they may have been wanted only because of it.
const NEAR: usize = 4;

/// An edit that was made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edit {
    /// First character and end, in the text as written.
    pub(super) from: usize,
    pub(super) to: usize,
    /// What should stand there.
    pub(super) new: String,
    /// Log odds that this is right.
    pub(super) score: f32,
}

/// Everything that a sentence is read with.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) model: &'a Model<'a>,
    pub(super) confusions: &'a Confusions,
    /// Least score of an edit.
    pub(super) threshold: f32,
    /// Where edits are looked for.
    pub(super) gate: Gate,
    pub(super) own: Option<&'a Own>,
}

impl Reader<'_> {
    /// Edits worth making, best first.
    pub(super) fn scored(&self, sentence: &Sentence) -> Vec<(f32, Candidate)> {
        let reading = Reading::new(self.model, self.confusions, sentence, self.own);
        let (candidates, features): (Vec<Candidate>, Vec<Features>) =
            reading.candidates(&self.gate).into_iter().unzip();
        let scores = self.model.forest.ask(&features);
        let mut scored: Vec<(f32, Candidate)> =
            scores.into_iter().zip(candidates).filter(|(score, _)| *score > self.threshold).collect();
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        scored
    }

    /// The sentence as it should be, and the edits that lead there.
    pub(super) fn mend(&self, sentence: Sentence) -> (Sentence, Vec<Edit>) {
        let mut now = sentence;
        let mut edits: Vec<Edit> = Vec::new();
        for _ in 0..ROUNDS {
            let mut taken: Vec<(f32, Candidate)> = Vec::new();
            for (score, candidate) in self.scored(&now) {
                let places = &now.places[candidate.at..candidate.end()];
                let mended =
                    places.iter().any(|place| edits.iter().any(|edit| (edit.from..edit.to).contains(place)));
                let near = taken
                    .iter()
                    .any(|(_, other)| candidate.at < other.end() + NEAR && other.at < candidate.end() + NEAR);
                if !mended && !near {
                    taken.push((score, candidate));
                }
            }
            if taken.is_empty() {
                break;
            }
            // From the end, so that places before an edit stay what they are.
            taken.sort_by_key(|(_, candidate)| std::cmp::Reverse(candidate.at));
            for (score, candidate) in taken {
                let new =
                    candidate.new.iter().filter_map(|&symbol| self.model.alphabet.char(symbol)).collect();
                let (from, to) = (now.places[candidate.at], now.places[candidate.end() - 1] + 1);
                edits.push(Edit { from, to, new, score });
                now.replace(self.model, candidate.at, candidate.old, &candidate.new);
            }
        }
        edits.sort_by_key(|edit| edit.from);
        (now, edits)
    }
}
