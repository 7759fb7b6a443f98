//! Training a model from texts, and learning its score.

use super::boost::{self, Lessons};
use super::confusion::Confusions;
use super::counting;
use super::file::{Parts, Provenance};
use super::forest::Forest;
use super::model::Model;
use super::teach::{Dice, Pair, Teacher, right_sides};
use super::{CHARACTERS, LOOKALIKES};

/// What a model is made from.
#[derive(Debug, Default)]
pub struct Material {
    /// Text to count; a paragraph a line.
    pub texts: Vec<String>,
    /// Words with their frequencies, one a line: where a word ends.
    pub words: String,
    /// Words with their frequencies, one a line, of texts that nobody has: counted beside the texts.
    pub vocabulary: String,
    /// Sentences that people mended: to learn the score from. Their right sides are counted too.
    pub pairs: Vec<Pair>,
    /// Clean text to learn the score from: what it must leave alone, and how it reads once spoilt. Counted too.
    pub clean: String,
    /// What the header says; count and date are filled in.
    pub provenance: Provenance,
}

/// A model file, and what it took.
pub struct Trained {
    /// The file.
    pub file: Vec<u8>,
    /// Characters that were counted.
    pub characters: u64,
    /// Edits that the score was learned from.
    pub lessons: usize,
}

/// Trains a model.
pub fn train(mut material: Material) -> Trained {
    material.texts.push(right_sides(&material.pairs));
    material.texts.push(std::mem::take(&mut material.clean));
    let counts = counting::count(&material.texts, &material.words, &material.vocabulary);
    tracing::info!(characters = counts.characters, "counted");
    let provenance = Provenance { characters: counts.characters, ..material.provenance };
    let mut model = Model::of(counts.with(provenance.clone()));
    let confusions = Confusions::new(CHARACTERS, LOOKALIKES, &model.alphabet, &model.twos);
    let clean: Vec<Pair> =
        material.texts.last().into_iter().flat_map(|clean| clean.lines()).map(Pair::clean).collect();
    let lessons = learn(&mut model, &confusions, material.pairs.iter().chain(&clean));
    let forest = model.forest;
    let file = Parts { forest, ..counts.with(provenance) }.write();
    Trained { file, characters: counts.characters, lessons }
}

/// Learns the score from these pairs, which are part of what the model has counted; from how many edits.
pub(super) fn learn<'p>(
    model: &mut Model<'_>,
    confusions: &Confusions,
    pairs: impl Iterator<Item = &'p Pair>,
) -> usize {
    let mut lessons = Lessons::default();
    let mut teacher = Teacher { model, confusions, dice: Dice::default() };
    pairs.for_each(|pair| teacher.teach(pair, &mut lessons));
    tracing::info!(edits = lessons.rows.len(), "learning which edits are right");
    model.forest = if lessons.rows.is_empty() { Forest::default() } else { boost::learn(&lessons) };
    lessons.rows.len()
}
