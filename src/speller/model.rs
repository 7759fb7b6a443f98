//! A trained model: an alphabet, how often runs of symbols and words were seen, and what follows from it.

use std::collections::HashMap;

use super::file::{ModelError, Parts, Provenance};
use super::forest::Forest;
use super::idiolect::Idiolect;
use super::ngram::{self, ORDER};
use super::symbols::{Alphabet, EDGE, LIMIT, Symbol};
use super::table::{self, Table};

/// How much weight what is known of shorter runs keeps after a context seen `n` times: `WEIGHT · n^POWER`. Fitted to
/// the perplexity of held-out work reports; the number of different symbols after a context grows about like that.
const POWER: f32 = 0.8;
const WEIGHT: [f32; ORDER] = [0.0, 1.0, 2.0, 2.0, 2.0];

/// Runs of more than this many symbols are kept only when they were seen twice.
const RARE: usize = 3;

/// A model, read where its bytes lie.
#[derive(Clone)]
pub(super) struct Model<'a> {
    pub(super) alphabet: Alphabet,
    pub(super) provenance: Provenance,
    /// Words of two symbols, to look for what sounds like them.
    pub(super) twos: Vec<(Symbol, Symbol)>,
    pub(super) forest: Forest,
    table: Table<'a>,
    /// What the site that is read writes itself.
    idiolect: Option<Idiolect>,
    follows: &'a [u8],
    unigrams: Vec<f32>,
    total: f32,
    words: f32,
    counts: [f32; 256],
}

/// Counts of one text that is part of what a model was trained on, to be left out while it is judged.
#[derive(Debug, Default)]
pub(super) struct Own(HashMap<u64, f32>);

impl Own {
    /// Counts a run, a word or a pair of words, by its key.
    pub(super) fn add(&mut self, key: u64) {
        *self.0.entry(key).or_default() += 1.0;
    }

    /// What is left of a count without these. A table made without them would not have kept what is below `least`;
    /// counts are rounded.
    fn without(&self, key: u64, seen: f32, least: f32) -> f32 {
        match self.0.get(&key) {
            Some(mine) if seen - mine < least - 0.3 => 0.0,
            Some(mine) => seen - mine,
            None => seen,
        }
    }
}

/// How likely a symbol is where it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Likely {
    /// log10 of its probability after those before it.
    pub(super) log: f32,
    /// Length of the longest run that ends with it and was seen.
    pub(super) matched: u8,
}

impl<'a> Model<'a> {
    /// The model in these bytes.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Model<'a>, ModelError> {
        Ok(Model::of(Parts::read(bytes)?))
    }

    /// The model of these parts.
    pub(super) fn of(parts: Parts<'a>) -> Model<'a> {
        let unigrams: Vec<f32> = parts.unigrams.iter().map(|&count| count as f32).collect();
        Model {
            alphabet: Alphabet::new(parts.chars.chars()),
            provenance: parts.provenance,
            twos: parts.twos,
            forest: parts.forest,
            table: Table::new(parts.table),
            idiolect: None,
            follows: parts.follows,
            total: unigrams.iter().sum(),
            unigrams,
            words: parts.words as f32,
            counts: table::counts(),
        }
    }

    /// The model with what a site writes itself, if that speaks of the same symbols.
    pub(super) fn with(&self, idiolect: Idiolect) -> Model<'a> {
        let idiolect = Some(idiolect).filter(|idiolect| !idiolect.is_empty() && idiolect.is_of(self));
        Model { idiolect, ..self.clone() }
    }

    /// How often a run was seen, but for `own`.
    pub(super) fn count(&self, run: &[Symbol], own: Option<&Own>) -> f32 {
        match *run {
            [only] => self.unigrams[usize::from(only)],
            [first, second] if !self.follows(first, second) && self.idiolect.is_none() => 0.0,
            _ => {
                let key = ngram::run(run);
                let least = if run.len() > RARE { 2.0 } else { 1.0 };
                self.seen(key, own, least)
            }
        }
    }

    /// Whether the second symbol was ever seen after the first.
    pub(super) fn follows(&self, first: Symbol, second: Symbol) -> bool {
        let bit = usize::from(first) * LIMIT + usize::from(second);
        self.follows[bit / 8] >> (bit % 8) & 1 == 1
    }

    /// log10 of how frequent a symbol is.
    pub(super) fn frequency(&self, symbol: Symbol) -> f32 {
        self.share(symbol).log10()
    }

    fn share(&self, symbol: Symbol) -> f32 {
        (self.unigrams[usize::from(symbol)] + 0.5) / (self.total + LIMIT as f32 / 2.0)
    }

    /// How likely the symbol at `at` is after those before it. Longer contexts correct shorter ones, as far as they
    /// were seen.
    pub(super) fn likely(&self, symbols: &[Symbol], at: usize, own: Option<&Own>) -> Likely {
        let mut share = self.share(symbols[at]);
        let mut matched = 1;
        for length in 1..ORDER.min(at + 1) {
            let before = self.count(&symbols[at - length..at], own);
            if before == 0.0 {
                break;
            }
            let both = self.count(&symbols[at - length..=at], own);
            let weight = WEIGHT[length] * before.powf(POWER);
            // Rounded counts may say that a run was seen more often than its beginning.
            share = (both + weight * share) / (before.max(both) + weight);
            if both == 0.0 {
                break;
            }
            matched = length as u8 + 1;
            if symbols[at - length] == EDGE {
                break;
            }
        }
        Likely { log: share.log10(), matched }
    }

    /// How often a word, or a pair of words, was seen but for `own`, by its key.
    pub(super) fn word(&self, key: u64, own: Option<&Own>) -> f32 {
        self.seen(key, own, 1.0)
    }

    fn seen(&self, key: u64, own: Option<&Own>, least: f32) -> f32 {
        let count = |table: Table<'_>| self.counts[usize::from(table.get(key))];
        let seen = count(self.table) + self.idiolect.as_ref().map_or(0.0, |idiolect| count(idiolect.table()));
        own.map_or(seen, |own| own.without(key, seen, least))
    }

    /// Words that were counted.
    pub(super) fn words(&self) -> f32 {
        self.words
    }
}
