//! A trained model: an alphabet, how often runs of symbols and words were seen, and what follows from it.

use std::collections::HashMap;

use super::file::{ModelError, Parts, Provenance};
use super::follows::Follows;
use super::forest::Forest;
use super::idiolect::Idiolect;
use super::ngram::{self, ORDER};
use super::once::Once;
use super::symbols::{Alphabet, LIMIT, Symbol};
use super::table::{self, Table};

/// How much weight what is known of shorter runs keeps after a context seen `n` times: `WEIGHT · n^POWER`. Fitted to
/// the perplexity of held-out work reports; the number of different symbols after a context grows about like that.
const POWER: f32 = 0.9;
const WEIGHT: [f32; ORDER] = [0.0, 1.0, 2.0, 2.0, 2.0];

/// A model, read where its bytes lie.
#[derive(Clone)]
pub(super) struct Model<'a> {
    pub(super) alphabet: Alphabet,
    pub(super) provenance: Provenance,
    /// Words of two symbols, to look for what sounds like them.
    pub(super) twos: Vec<(Symbol, Symbol)>,
    pub(super) forest: Forest,
    table: Table<'a>,
    once: Once<'a>,
    /// What the site that is read writes itself.
    idiolect: Option<Idiolect>,
    pub(super) follows: Follows<'a>,
    /// Symbols by themselves.
    alone: Vec<Run>,
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

    /// What is left of a count without these; counts are rounded.
    fn without(&self, key: u64, seen: f32) -> f32 {
        match self.0.get(&key) {
            Some(mine) if seen - mine < 0.7 => 0.0,
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

impl Likely {
    /// What is certain.
    pub(super) const CERTAIN: Likely = Likely { log: 0.0, matched: ORDER as u8 };
}

/// A run of symbols, as a context of what follows it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Run {
    /// How often it was seen.
    seen: f32,
    /// How much weight what is known of shorter runs keeps after it.
    weight: f32,
}

impl Run {
    fn new(length: usize, seen: f32) -> Run {
        Run { seen, weight: WEIGHT[length] * seen.powf(POWER) }
    }
}

/// The runs that end with a symbol, as far as they were seen, the symbol alone first: what the next one depends on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trail([Run; ORDER - 1]);

impl Trail {
    /// Those of at most `longest` symbols.
    pub(super) fn runs(&self, longest: usize) -> &[Run] {
        &self.0[..longest]
    }
}

impl<'a> Model<'a> {
    /// The model in these bytes.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Model<'a>, ModelError> {
        Ok(Model::of(Parts::read(bytes)?))
    }

    /// The model of these parts.
    pub(super) fn of(parts: Parts<'a>) -> Model<'a> {
        let alone: Vec<Run> = parts.unigrams.iter().map(|&count| Run::new(1, count as f32)).collect();
        Model {
            alphabet: Alphabet::new(parts.chars.chars()),
            provenance: parts.provenance,
            twos: parts.twos,
            forest: parts.forest,
            table: Table::new(parts.table),
            once: parts.once,
            idiolect: None,
            follows: Follows::new(parts.follows),
            total: alone.iter().map(|run| run.seen).sum(),
            alone,
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
        if let [only] = *run {
            return self.alone[usize::from(only)].seen;
        }
        self.count_linked(run, run.windows(2).all(|two| self.follows.has(two[0], two[1])), own)
    }

    /// The same of a run of two or more, where it is known whether every two of its symbols were seen: of most runs that
    /// were not, not even these were.
    fn count_linked(&self, run: &[Symbol], is_linked: bool, own: Option<&Own>) -> f32 {
        let key = ngram::run(run);
        let read = if is_linked { self.read_run(key) } else { 0.0 };
        self.seen(key, read, own)
    }

    /// How often a run of two or more stood in what the model was trained on.
    fn read_run(&self, key: u64) -> f32 {
        match self.read_of(key) {
            0.0 if self.once.has(key) => 1.0,
            read => read,
        }
    }

    /// log10 of how frequent a symbol is.
    pub(super) fn frequency(&self, symbol: Symbol) -> f32 {
        self.share(symbol).log10()
    }

    fn share(&self, symbol: Symbol) -> f32 {
        (self.alone[usize::from(symbol)].seen + 0.5) / (self.total + LIMIT as f32 / 2.0)
    }

    /// How likely the symbol at `at` is after those before it, whose trail is `before`, and the trail that it leaves.
    /// Longer contexts correct shorter ones, as far as they were seen. Of the runs that end there, `known` are known
    /// already, the shortest first.
    pub(super) fn likely(
        &self,
        symbols: &[Symbol],
        at: usize,
        before: &Trail,
        known: &[Run],
        own: Option<&Own>,
    ) -> (Likely, Trail) {
        let mut share = self.share(symbols[at]);
        let mut matched = 1;
        let mut trail = self.trail(symbols[at]);
        // A context that was seen is linked.
        let is_linked = at > 0 && self.follows.has(symbols[at - 1], symbols[at]);
        for length in 1..ORDER.min(at + 1) {
            let context = before.0[length - 1];
            if context.seen == 0.0 {
                break;
            }
            let known = known.get(length);
            let both = match known {
                Some(run) => run.seen,
                None => self.count_linked(&symbols[at - length..=at], is_linked, own),
            };
            // Rounded counts may say that a run was seen more often than its beginning.
            share = (both + context.weight * share) / (context.seen.max(both) + context.weight);
            if both == 0.0 {
                break;
            }
            matched = length as u8 + 1;
            if let Some(longer) = trail.0.get_mut(length) {
                *longer = known.copied().unwrap_or_else(|| Run::new(length + 1, both));
            }
        }
        (Likely { log: share.log10(), matched }, trail)
    }

    /// The trail of a symbol with nothing before it.
    pub(super) fn trail(&self, symbol: Symbol) -> Trail {
        let mut trail = Trail::default();
        trail.0[0] = self.alone[usize::from(symbol)];
        trail
    }

    /// How often a word, or a pair of words, was seen but for `own`, by its key.
    pub(super) fn word(&self, key: u64, own: Option<&Own>) -> f32 {
        self.seen(key, self.read_of(key), own)
    }

    /// How often a thing stood in what the model was trained on, unless it is kept apart because it did once.
    fn read_of(&self, key: u64) -> f32 {
        self.counts[usize::from(self.table.get(key))]
    }

    /// What was `read` of a thing, with what the site writes itself, but for `own`.
    fn seen(&self, key: u64, read: f32, own: Option<&Own>) -> f32 {
        let written = |idiolect: &Idiolect| self.counts[usize::from(idiolect.table().get(key))];
        let seen = read + self.idiolect.as_ref().map_or(0.0, written);
        own.map_or(seen, |own| own.without(key, seen))
    }

    /// Words that were counted.
    pub(super) fn words(&self) -> f32 {
        self.words
    }
}
