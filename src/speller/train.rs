//! Training a model from texts, and learning its score.

use super::boost::{self, Lessons};
use super::confusion::Confusions;
use super::counting;
use super::file::Provenance;
use super::forest::Forest;
use super::model::Model;
use super::teach::{Dice, Pair, Teacher, right_sides};
use super::{CHARACTERS, LOOKALIKES};

/// What a model is made from.
#[derive(Debug, Default)]
pub struct Material {
    /// Text to count; a paragraph a line.
    pub texts: Vec<String>,
    /// Words with their frequencies, one a line.
    pub words: String,
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
    let counts = counting::count(&material.texts, &material.words);
    tracing::info!(characters = counts.characters, "counted");
    let provenance = Provenance { characters: counts.characters, ..material.provenance };
    let model = Model::of(counts.with(provenance.clone(), Forest::default()));
    let confusions = Confusions::new(CHARACTERS, LOOKALIKES, &model.alphabet, &model.twos);
    let mut lessons = Lessons::default();
    let mut teacher = Teacher { model: &model, confusions: &confusions, dice: Dice::default() };
    let clean = material.texts.last().into_iter().flat_map(|clean| clean.lines()).map(Pair::clean);
    for pair in material.pairs.iter().cloned().chain(clean) {
        teacher.teach(&pair, &mut lessons);
    }
    let forest = if lessons.rows.is_empty() { Forest::default() } else { boost::learn(&lessons) };
    let file = counts.with(provenance, forest).write();
    Trained { file, characters: counts.characters, lessons: lessons.rows.len() }
}
