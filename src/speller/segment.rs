//! The words of the built-in model, for whoever needs to know where one ends.

use std::sync::LazyLock;

use super::{BUILT_IN, lattice, model::Model};
use crate::text::{Cut, Segmenter};

/// Cuts text by the words of the built-in model. It is read when the first row is cut.
#[derive(Debug)]
pub struct Words;

static MODEL: LazyLock<Model<'static>> =
    LazyLock::new(|| Model::read(BUILT_IN).expect("a test reads the built-in model"));

impl Segmenter for Words {
    fn cut(&self, row: &[char]) -> Cut {
        let symbols: Vec<_> = row.iter().map(|&c| MODEL.alphabet.symbol(c)).collect();
        let (words, log) = lattice::segmented(&MODEL, &symbols);
        Cut { words: words.into_iter().map(|(start, end)| start..end).collect(), log }
    }
}
