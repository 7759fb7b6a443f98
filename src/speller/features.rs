//! What speaks for and against an edit, as numbers for the forest.

use super::candidates::{Candidate, Reading};
use super::confusion::Why;
use super::lattice::{self, Cut};
use super::ngram::ORDER;
use super::symbols::{EDGE, FIRST, OTHER, Symbol};

/// How many numbers there are.
pub(super) const FEATURES: usize = 55;

/// The numbers of one edit.
pub(super) type Features = [f32; FEATURES];

/// Characters on either side of an edit that take part in cutting words.
const AROUND: usize = 8;

/// Beyond this gain, in powers of ten, nothing changes.
const GAIN: f32 = 12.0;
/// Gain of an edit that there is none of.
const NONE: f32 = -2.0;

/// Weighs the best `kept` of the edits of one place, best first, against each other. `rival` is the gain of the best
/// edit of that place that is not among them.
pub(super) fn weigh(
    reading: &Reading<'_>,
    mut found: Vec<Candidate>,
    kept: usize,
    rival: Option<f32>,
    out: &mut Vec<(Candidate, Features)>,
) {
    let Some(best) = found.first() else { return };
    let (at, best, total) = (best.at, best.gain, found.len());
    let second = found.get(1).map_or(NONE, |candidate| candidate.gain);
    let odds = |gain: f32| 10f32.powf(gain.min(GAIN));
    let all = 1.0 + found.iter().map(|candidate| odds(candidate.gain)).sum::<f32>();
    found.truncate(kept);
    let symbols = &reading.sentence.symbols;
    let quotes =
        symbols[..at].iter().filter(|&&symbol| reading.model.alphabet.char(symbol) == Some('“')).count();
    let mut as_written: [Option<Seen>; 2] = [None, None];
    for (rank, candidate) in found.into_iter().enumerate() {
        let old = as_written[candidate.old - 1]
            .get_or_insert_with(|| Seen::of(reading, symbols, at, candidate.old))
            .clone();
        let (from, work) = edited(symbols, &candidate);
        let new = Seen::of(reading, &work, at - from, candidate.new.len());
        let window = reading.window(at, candidate.old);
        let why = |why: Why| f32::from(u8::from(candidate.why.has(why)));
        let is_mark =
            |symbol: Option<&Symbol>| f32::from(u8::from(symbol.is_none_or(|&symbol| symbol < FIRST)));
        let ln = |count: f32| (1.0 + count).ln();
        let words = |seen: &Seen| (seen.cut.word.1 - seen.cut.word.0) as f32;
        let features: Features = [
            // How likely the surroundings are before and after.
            candidate.gain,
            window.mean(),
            candidate.window.mean(),
            window.worst,
            candidate.window.worst,
            window.matched(),
            candidate.window.matched(),
            // How often runs of two to five symbols that hold the edit were seen.
            ln(old.runs[0]),
            ln(old.runs[1]),
            ln(old.runs[2]),
            ln(old.runs[3]),
            ln(new.runs[0]),
            ln(new.runs[1]),
            ln(new.runs[2]),
            ln(new.runs[3]),
            ln(old.left),
            ln(old.right),
            ln(new.left),
            ln(new.right),
            ln(old.middle),
            ln(new.middle),
            // Why one is taken for the other.
            why(Why::SAME_TONE),
            why(Why::SAME_SOUND),
            why(Why::NEAR_SOUND),
            why(Why::SAME_COMPONENT),
            why(Why::LOOKS_ALIKE),
            why(Why::SWAPPED),
            why(Why::DOUBLED),
            why(Why::MISTYPED),
            why(Why::SAME_RADICAL),
            why(Why::PART),
            f32::from(u8::from(candidate.why == Why::default())),
            old.frequency,
            new.frequency,
            // Words.
            new.cut.log - old.cut.log,
            words(&old),
            words(&new),
            old.cut.words as f32 - new.cut.words as f32,
            ln(old.cut.count),
            ln(new.cut.count),
            old.cut.log / old.row,
            new.cut.log / new.row,
            // How it stands among the edits of its place.
            candidate.gain - best,
            rival.unwrap_or(NONE),
            best - second,
            rank as f32,
            total as f32,
            odds(candidate.gain) / all,
            1.0 / all,
            candidate.old as f32,
            // Where it stands.
            (quotes % 2) as f32,
            reading.mean,
            is_mark(symbols.get(at - 1)),
            is_mark(symbols.get(candidate.end())),
            f32::from(u8::from(symbols[at] == OTHER)),
        ];
        out.push((candidate, features));
    }
}

/// The surroundings of an edit, edited, and where they begin.
fn edited(symbols: &[Symbol], candidate: &Candidate) -> (usize, Vec<Symbol>) {
    let margin = AROUND + ORDER;
    let from = candidate.at.saturating_sub(margin);
    let to = (candidate.end() + margin).min(symbols.len());
    let work = [&symbols[from..candidate.at], &candidate.new, &symbols[candidate.end()..to]].concat();
    (from, work)
}

/// What the model has seen of some symbols and their surroundings.
#[derive(Debug, Clone)]
struct Seen {
    /// The most frequent run of two, three, four, five symbols that holds the place.
    runs: [f32; ORDER - 1],
    left: f32,
    right: f32,
    middle: f32,
    frequency: f32,
    cut: Cut,
    /// Length of the row of characters that was cut.
    row: f32,
}

impl Seen {
    fn of(reading: &Reading<'_>, symbols: &[Symbol], at: usize, length: usize) -> Seen {
        let (model, own) = (reading.model, reading.own);
        let end = at + length;
        let count = |from: usize, to: usize| match symbols.get(from..to) {
            Some(run) => model.count(run, own),
            None => 0.0,
        };
        let row = row(reading, symbols, at, end);
        Seen {
            runs: best_runs(reading, symbols, at, end),
            left: count(at - 1, at + 1),
            right: count(end - 1, end + 1),
            middle: if length == 1 { count(at - 1, end + 1) } else { 0.0 },
            frequency: symbols[at..end].iter().map(|&symbol| model.frequency(symbol)).sum::<f32>()
                / length as f32,
            cut: lattice::cut(&symbols[row.clone()], at - row.start, model.words(), |key| {
                reading.words.get(key, || model.word(key, own))
            }),
            row: row.len() as f32,
        }
    }
}

/// How often the most frequent run of two, three, four, five symbols was seen that holds the place.
fn best_runs(reading: &Reading<'_>, symbols: &[Symbol], at: usize, end: usize) -> [f32; ORDER - 1] {
    let mut runs = [0.0; ORDER - 1];
    for (run, length) in runs.iter_mut().zip(2..) {
        *run = best_run(reading, symbols, at, end, length);
        if *run == 0.0 {
            break;
        }
    }
    runs
}

/// How often the most frequent run of `length` symbols was seen that holds all of `at..end`, or is held by it.
fn best_run(reading: &Reading<'_>, symbols: &[Symbol], at: usize, end: usize, length: usize) -> f32 {
    let starts = if length >= end - at { end.saturating_sub(length)..=at } else { at..=end - length };
    let runs = starts.filter_map(|start| symbols.get(start..start + length));
    let within = runs.filter(|run| !run[1..length - 1].contains(&EDGE));
    within.map(|run| reading.model.count(run, reading.own)).fold(0.0, f32::max)
}

/// The row of Chinese characters around a place.
fn row(reading: &Reading<'_>, symbols: &[Symbol], at: usize, end: usize) -> std::ops::Range<usize> {
    let is_text = |symbol: Symbol| symbol == OTHER || reading.model.alphabet.is_han(symbol);
    let before = symbols[..at].iter().rev().take(AROUND).take_while(|&&symbol| is_text(symbol)).count();
    let after = symbols[end..].iter().take(AROUND).take_while(|&&symbol| is_text(symbol)).count();
    at - before..end + after
}
