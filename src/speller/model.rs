//! A trained model: an alphabet, how often runs of symbols and words were seen, and what follows from it.

use std::collections::HashMap;

use super::file::{ModelError, Parts, Provenance};
use super::forest::Forest;
use super::idiolect::Idiolect;
use super::neighbours::Neighbours;
use super::ngram::{self, ORDER};
use super::once::Once;
use super::symbols::{Alphabet, LIMIT, Symbol};
use super::table::{self, Level, Table};
use super::threes::Threes;

/// How much weight what is known of shorter runs keeps after a context seen `n` times: `WEIGHT · n^POWER`. Fitted to
/// the perplexity of held-out work reports; the number of different symbols after a context grows about like that. The
/// longest run is no context.
const POWER: f32 = 0.9;
const WEIGHT: [f32; ORDER + 1] = [0.0, 1.0, 2.0, 2.0, 2.0, 0.0];

/// A model, read where its bytes lie.
#[derive(Clone)]
pub(super) struct Model<'a> {
    pub(super) alphabet: Alphabet,
    pub(super) provenance: Provenance,
    /// Words of two symbols, to look for what sounds like them.
    pub(super) twos: Vec<(Symbol, Symbol)>,
    pub(super) forest: Forest,
    threes: Threes<'a>,
    /// Words, and two of them in a row.
    in_words: Table<'a>,
    /// Three symbols in a row and more.
    runs: Table<'a>,
    once: Once<'a>,
    /// What the site that is read writes itself.
    idiolect: Option<Idiolect>,
    pub(super) neighbours: Neighbours<'a>,
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
    /// A run of `length` symbols that was seen so often.
    pub(super) fn new(length: usize, seen: f32) -> Run {
        Run { seen, weight: WEIGHT[length] * seen.powf(POWER) }
    }
}

/// The runs that end with a symbol, as far as they were seen, the symbol alone first: what the next one depends on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trail([Run; ORDER]);

impl Trail {
    /// Those of at most `longest` symbols.
    pub(super) fn runs(&self, longest: usize) -> &[Run] {
        &self.0[..longest]
    }

    /// Whether the run of `length` symbols may have been seen, after the trail of the symbol `before`: both shorter ones
    /// in it were.
    fn goes_on(&self, before: &Trail, length: usize) -> bool {
        let shorter = length - 2;
        self.0[shorter].seen > 0.0 && before.0[shorter].seen > 0.0
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
            threes: Threes::new(parts.threes),
            in_words: Table::new(parts.in_words),
            runs: Table::new(parts.runs),
            once: parts.once,
            idiolect: None,
            neighbours: Neighbours::new(parts.neighbours),
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
        match *run {
            [only] => self.alone[usize::from(only)].seen,
            [first, second] => {
                self.count_two([first, second], self.neighbours.after(first).level(second), own)
            }
            // Of most runs that were never seen, not even these were.
            _ if run.windows(2).any(|two| !self.neighbours.has(two[0], two[1])) => {
                self.seen(ngram::run(run), 0.0, own)
            }
            _ => self.count_long(run, own),
        }
    }

    /// How often two symbols were seen side by side, but for `own`; their level is known.
    pub(super) fn count_two(&self, two: [Symbol; 2], level: Level, own: Option<&Own>) -> f32 {
        self.seen(ngram::run(&two), self.counts[usize::from(level)], own)
    }

    /// How often a run of three or more was seen, but for `own`.
    pub(super) fn count_long(&self, run: &[Symbol], own: Option<&Own>) -> f32 {
        let key = ngram::run(run);
        let never = run.len() == 3 && !self.threes.may_have(key);
        self.seen(key, if never { 0.0 } else { self.read_run(key) }, own)
    }

    /// How often a run stood in what the model was trained on.
    fn read_run(&self, key: u64) -> f32 {
        match self.count_in(&self.runs, key) {
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

    /// How likely a symbol is after those that left the trail `before`; it leaves `trail` itself. Longer contexts correct
    /// shorter ones, as far as they were seen.
    pub(super) fn likely(&self, symbol: Symbol, before: &Trail, trail: &Trail) -> Likely {
        let mut share = self.share(symbol);
        let mut matched = 1;
        for (context, both) in before.0.iter().zip(&trail.0[1..]) {
            if context.seen == 0.0 {
                break;
            }
            let both = both.seen;
            // Rounded counts may say that a run was seen more often than its beginning.
            share = (both + context.weight * share) / (context.seen.max(both) + context.weight);
            if both == 0.0 {
                break;
            }
            matched += 1;
        }
        Likely { log: share.log10(), matched }
    }

    /// The trails of all these symbols.
    pub(super) fn trails(&self, symbols: &[Symbol], own: Option<&Own>) -> Vec<Trail> {
        let trails = (0..symbols.len()).scan(Trail::default(), |before, at| {
            *before = self.trail(symbols, at, before, &[], own);
            Some(*before)
        });
        trails.collect()
    }

    /// The trail of the symbol at `at`, where the one before it leaves `before`. Of the runs that end there, `known` are
    /// known already, the shortest first.
    pub(super) fn trail(
        &self,
        symbols: &[Symbol],
        at: usize,
        before: &Trail,
        known: &[Run],
        own: Option<&Own>,
    ) -> Trail {
        let mut trail = self.alone(symbols[at]);
        for length in 2..=ORDER {
            if !trail.goes_on(before, length) {
                break;
            }
            let known = known.get(length - 1).copied();
            trail.0[length - 1] = known.unwrap_or_else(|| self.run(&symbols[at + 1 - length..=at], own));
        }
        trail
    }

    /// The trail of a symbol with nothing before it.
    fn alone(&self, symbol: Symbol) -> Trail {
        let mut trail = Trail::default();
        trail.0[0] = self.alone[usize::from(symbol)];
        trail
    }

    /// A run of two or more, all parts of which were seen.
    fn run(&self, run: &[Symbol], own: Option<&Own>) -> Run {
        let seen = if run.len() == 2 { self.count(run, own) } else { self.count_long(run, own) };
        Run::new(run.len(), seen)
    }

    /// How often a word, or a pair of words, was seen but for `own`, by its key.
    pub(super) fn word(&self, key: u64, own: Option<&Own>) -> f32 {
        self.seen(key, self.count_in(&self.in_words, key), own)
    }

    /// What a table says of a key.
    fn count_in(&self, table: &Table<'_>, key: u64) -> f32 {
        self.counts[usize::from(table.get(key))]
    }

    /// What was `read` of a thing, with what the site writes itself, but for `own`.
    fn seen(&self, key: u64, read: f32, own: Option<&Own>) -> f32 {
        let written = |idiolect: &Idiolect| self.count_in(&idiolect.table(), key);
        let seen = read + self.idiolect.as_ref().map_or(0.0, written);
        own.map_or(seen, |own| own.without(key, seen))
    }

    /// Words that were counted.
    pub(super) fn words(&self) -> f32 {
        self.words
    }
}
