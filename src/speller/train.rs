//! Training a model from texts, and learning its score.

use super::boost::{self, Lessons};
use super::confusion::Confusions;
use super::counting;
use super::file::{Parts, Provenance};
use super::forest::Forest;
use super::mistakes::Mistakes;
use super::model::Model;
use super::teach::{self, Dice, Pair, Teacher};
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
    let mended = teach::by_text(material.pairs);
    let right_sides = mended.keys().flat_map(|text| [text.as_str(), "\n"]).collect();
    let clean = material.clean.lines().map(|line| vec![Pair::clean(line)]);
    let lessons: Vec<Vec<Pair>> = mended.into_values().chain(clean).collect();
    material.texts.extend([right_sides, material.clean]);
    let counts = counting::count(&material.texts, &material.words);
    tracing::info!(characters = counts.characters, "counted");
    let provenance = Provenance { characters: counts.characters, ..material.provenance };
    let mut model = Model::of(counts.with(provenance.clone()));
    let confusions = Confusions::new(CHARACTERS, LOOKALIKES, &model.alphabet, &model.twos);
    let lessons = learn(&mut model, &confusions, lessons.iter().map(Vec::as_slice));
    let Model { forest, mistakes, .. } = model;
    let file = Parts { forest, mistakes, ..counts.with(provenance) }.write();
    Trained { file, characters: counts.characters, lessons }
}

/// Learns from these texts, each with all that became of it, which edits are right; from how many edits.
pub(super) fn learn<'p>(
    model: &mut Model<'_>,
    confusions: &Confusions,
    texts: impl Iterator<Item = &'p [Pair]> + Clone,
) -> usize {
    model.mistakes = Mistakes::of(texts.clone());
    let mut lessons = Lessons::default();
    let mut teacher = Teacher { model, confusions, dice: Dice::default() };
    texts.for_each(|text| teacher.teach(text, &mut lessons));
    tracing::info!(edits = lessons.rows.len(), "learning which edits are right");
    model.forest = if lessons.rows.is_empty() { Forest::default() } else { boost::learn(&lessons) };
    lessons.rows.len()
}
