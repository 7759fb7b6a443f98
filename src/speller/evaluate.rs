//! Measuring: what a speller finds of known errors, and what it raises in clean text.

use std::fmt;

use super::counting;
use super::search::Reader;
use super::sentence::{self, Sentence};
use super::teach::{Pair, fold};
use super::train;
use super::{Mode, Speller};

/// Counts of one set of sentences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marks {
    sentences: u64,
    /// Sentences with errors, sentences that were changed, those that came out right, clean ones that were changed.
    wrong: u64,
    changed: u64,
    mended: u64,
    spoilt: u64,
    /// Wrong characters, changed ones, changed ones that were wrong, wrong ones that came out right.
    errors: u64,
    flagged: u64,
    hit: u64,
    righted: u64,
    /// Characters, edits.
    characters: u64,
    edits: u64,
}

impl Marks {
    /// Precision, recall and F1 of whole sentences: one counts where everything in it is right afterwards.
    pub fn sentence(&self) -> [f64; 3] {
        scores(self.mended, self.changed, self.wrong)
    }

    /// Precision, recall and F1 of finding wrong characters.
    pub fn character(&self) -> [f64; 3] {
        scores(self.hit, self.flagged, self.errors)
    }

    /// Share of wrong characters that came out right.
    pub fn righted(&self) -> f64 {
        share(self.righted, self.errors)
    }

    /// Edits per 10,000 characters.
    pub fn edits(&self) -> f64 {
        share(self.edits * 10_000, self.characters)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn scores(right: u64, claimed: u64, wanted: u64) -> [f64; 3] {
    let (precision, recall) = (share(right, claimed), share(right, wanted));
    [precision, recall, 2.0 * precision * recall / (precision + recall).max(f64::MIN_POSITIVE)]
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [precision, recall, f1] = self.sentence();
        let [p, r, f1c] = self.character();
        write!(
            f,
            "{} sentences, {} wrong | sentence P {precision:.3} R {recall:.3} F1 {f1:.3} | character P {p:.3} R {r:.3} \
             F1 {f1c:.3}, right {:.3} | clean sentences changed {:.3} | {:.2} edits per 10,000 characters",
            self.sentences,
            self.wrong,
            self.righted(),
            share(self.spoilt, self.sentences - self.wrong),
            self.edits(),
        )
    }
}

/// Marks of sentences the model has not seen.
pub fn evaluate(speller: &Speller, pairs: &[Pair], mode: Mode) -> Marks {
    let mut marks = Marks::default();
    pairs.iter().for_each(|pair| marks.take(pair, speller.reader(mode, None)));
    marks
}

/// Marks of sentences that are part of what the model has counted and learned: their own counts are left out, and
/// the score is learned again without the fold that is judged. One row of marks for each of `ways`: how it was read, and
/// the least score of an edit.
pub fn cross_validate(
    speller: &mut Speller,
    sets: &[&[Pair]],
    folds: u64,
    ways: &[(Mode, f32)],
) -> Vec<Vec<Marks>> {
    let mut marks = vec![vec![Marks::default(); sets.len()]; ways.len()];
    for part in 0..folds {
        let others = sets.iter().flat_map(|set| set.iter()).filter(|pair| fold(pair, folds) != part);
        train::learn(&mut speller.model, &speller.confusions, others);
        for (set, pairs) in sets.iter().enumerate() {
            for pair in pairs.iter().filter(|pair| fold(pair, folds) == part) {
                let own = counting::own(&speller.model, &pair.text());
                for (&(mode, threshold), marks) in ways.iter().zip(&mut marks) {
                    let reader = Reader { threshold, ..speller.reader(mode, Some(&own)) };
                    marks[set].take(pair, reader);
                }
            }
        }
    }
    marks
}

impl Marks {
    fn take(&mut self, pair: &Pair, reader: Reader<'_>) {
        let (mut flagged, mut hit, mut righted, mut edits) = (0, 0, 0, 0);
        let errors = pair.written.iter().zip(&pair.right).filter(|(written, right)| written != right).count();
        let mut out: Vec<char> = Vec::new();
        let mut end = 0;
        for (place, chars) in sentence::sentences(&pair.written) {
            let (_, made) = reader.mend(Sentence::new(reader.model, chars, place));
            edits += made.len();
            for edit in made {
                out.extend(&pair.written[end..edit.from]);
                end = edit.to;
                let new: Vec<char> = edit.new.chars().collect();
                for (offset, at) in (edit.from..edit.to).enumerate() {
                    let is_wrong = pair.written[at] != pair.right[at];
                    let changed = new.get(offset) != Some(&pair.written[at]);
                    flagged += u64::from(changed);
                    hit += u64::from(changed && is_wrong);
                    righted += u64::from(is_wrong && new.get(offset) == Some(&pair.right[at]));
                }
                out.extend(new);
            }
        }
        out.extend(&pair.written[end..]);
        let changed = out != pair.written;
        self.sentences += 1;
        self.wrong += u64::from(errors > 0);
        self.changed += u64::from(changed);
        self.mended += u64::from(changed && out == pair.right);
        self.spoilt += u64::from(changed && errors == 0);
        self.errors += errors as u64;
        self.flagged += flagged;
        self.hit += hit;
        self.righted += righted;
        self.characters += pair.written.len() as u64;
        self.edits += edits as u64;
    }
}
