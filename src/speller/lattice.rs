//! Words: the likeliest way to cut a row of Chinese characters.

use super::model::Model;
use super::ngram::{self, ORDER};
use super::symbols::Symbol;

/// How much weight a word's own frequency keeps beside how often it followed the word before.
const WEIGHT: f32 = 50.0;

/// Price, as log10, of a character that was never seen as a word.
const UNKNOWN: f32 = -1.0;

/// One word of one way to cut the row.
struct Edge {
    start: usize,
    end: usize,
    key: u64,
    /// How often the word was seen; at least a half for a single character.
    count: f32,
    /// log10 of the best way that ends with it, and the edge before it there.
    best: f32,
    before: Option<usize>,
}

/// A row of characters, cut.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cut {
    /// log10 of its probability.
    pub(super) log: f32,
    /// How many words there are.
    pub(super) words: usize,
    /// First character and end of the word at the place that was asked for.
    pub(super) word: (usize, usize),
    /// How often that word was seen.
    pub(super) count: f32,
}

/// The keys of the words of a sentence, and of every two of them in a row.
pub(super) fn keys(model: &Model<'_>, symbols: &[Symbol], mut found: impl FnMut(u64, Option<u64>)) {
    let is_han = |symbol: Symbol| model.alphabet.is_han(symbol);
    for row in symbols.chunk_by(|&a, &b| is_han(a) && is_han(b)).filter(|row| is_han(row[0])) {
        let mut before = None;
        for (start, end) in words(model, row) {
            let key = ngram::word(&row[start..end]);
            found(key, before.map(|before| ngram::pair(before, key)));
            before = Some(key);
        }
    }
}

/// The words of a row, by their first character and end.
pub(super) fn words(model: &Model<'_>, row: &[Symbol]) -> Vec<(usize, usize)> {
    segmented(model, row).0
}

/// The words of a row, and log10 of the probability of this way to cut it.
pub(super) fn segmented(model: &Model<'_>, row: &[Symbol]) -> (Vec<(usize, usize)>, f32) {
    let edges = edges(row, model.words(), |key| model.word(key, None));
    let log = path(&edges, row.len()).next().map_or(0.0, |last| last.best);
    let mut words: Vec<(usize, usize)> = path(&edges, row.len()).map(|edge| (edge.start, edge.end)).collect();
    words.reverse();
    (words, log)
}

/// The best way to cut a row, and its word at `at`. `words` is how many words there are, `seen` how often one was seen, or
/// two in a row, by its key.
pub(super) fn cut(row: &[Symbol], at: usize, words: f32, seen: impl Fn(u64) -> f32) -> Cut {
    let edges = edges(row, words, seen);
    let mut cut = Cut::default();
    for edge in path(&edges, row.len()) {
        if cut.words == 0 {
            cut.log = edge.best;
        }
        cut.words += 1;
        if (edge.start..edge.end).contains(&at) {
            cut.word = (edge.start, edge.end);
            cut.count = edge.count;
        }
    }
    cut
}

/// The best way to `end`, last word first.
fn path(edges: &[Edge], end: usize) -> impl Iterator<Item = &Edge> {
    let ending = edges.iter().rev().take_while(move |edge| edge.end == end);
    let last = ending.max_by(|a, b| a.best.total_cmp(&b.best));
    std::iter::successors(last, |edge| edge.before.map(|before| &edges[before]))
}

/// Every word that may stand in a row, by where it ends, each with the best way to it.
fn edges(row: &[Symbol], words: f32, seen: impl Fn(u64) -> f32) -> Vec<Edge> {
    let mut edges: Vec<Edge> = Vec::with_capacity(row.len() * 2);
    // Where in `edges` those begin that end at each place.
    let mut ending: Vec<usize> = vec![0; row.len() + 2];
    for end in 1..=row.len() {
        ending[end] = edges.len();
        for length in 1..=ORDER.min(end) {
            let start = end - length;
            let key = ngram::word(&row[start..end]);
            let alone = seen(key);
            if alone == 0.0 && length > 1 {
                continue;
            }
            let count = alone.max(0.5);
            let share = count / words;
            let price = if alone == 0.0 { UNKNOWN } else { 0.0 };
            let before = (ending[start]..ending[start + 1])
                .map(|before| {
                    let previous = &edges[before];
                    let both = seen(ngram::pair(previous.key, key));
                    let share = (both + WEIGHT * share) / (previous.count.max(both) + WEIGHT);
                    (before, previous.best + share.log10())
                })
                .max_by(|a, b| a.1.total_cmp(&b.1));
            let (before, best) = match before {
                Some((before, best)) => (Some(before), best),
                None => (None, share.log10()),
            };
            edges.push(Edge { start, end, key, count, best: best + price, before });
        }
        ending[end + 1] = edges.len();
    }
    edges
}
