//! What may have been meant: edits at doubtful places.

use super::confusion::{Confusions, Why};
use super::features::{self, Features};
use super::gate::Gate;
use super::memo::Memo;
use super::model::{Likely, Model, Own, Run, Trail};
use super::neighbours::Row;
use super::ngram::ORDER;
use super::sentence::Sentence;
use super::symbols::{FIRST, Symbol};
use crate::text::normalise::is_han;

/// Edits that are weighed at one place; the others are further behind than any mistake ever was.
const KEPT: usize = 5;
/// The same for characters that are not taken for what was written.
const KEPT_DISTANT: usize = 2;

/// What a character costs on average (log10), for edits that take one away.
const TYPICAL: f32 = 1.5;

/// Mean log10 of a sentence that is no prose the model knows: a list of names, another language, a row of one
/// character. Nothing is said about it. Official prose has about -1.5, with slips in it seldom less than -2.5.
const FOREIGN: f32 = -3.0;

/// What else must hold where a character is tried that nobody takes for what was written, as there are many, each costs
/// time, and only the surroundings speak for it: it has a letter or a radical in common with what was written.
mod distant {
    /// What was written and the next character end no longer run that was seen.
    pub(super) const MATCHED: u8 = 2;
    /// log10 of how likely the two are together, at most.
    pub(super) const UNLIKELY: f32 = -6.0;
    /// Gain of the best edit that needs no such character, at most.
    pub(super) const RIVAL: f32 = 4.5;
    /// Least gain.
    pub(super) const GAIN: f32 = 3.0;
}

/// One edit: `old` characters from `at` on give way to `new`.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) at: usize,
    pub(super) old: usize,
    pub(super) new: Vec<Symbol>,
    pub(super) why: Why,
    /// By how much the sentence gets likelier, log10.
    pub(super) gain: f32,
    /// How it reads with the edit.
    pub(super) window: Window,
}

impl Candidate {
    /// First place after what is edited.
    pub(super) fn end(&self) -> usize {
        self.at + self.old
    }

    /// Edits of two characters come behind equally good ones of one: there are more of them.
    fn rank(&self) -> f32 {
        self.gain - if self.old == 2 { 1.0 } else { 0.0 }
    }
}

/// How likely some symbols are where they stand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Window {
    size: f32,
    /// log10 of all of them, and of the least likely.
    sum: f32,
    pub(super) worst: f32,
    matched: f32,
}

impl Window {
    fn add(&mut self, likely: Likely) {
        self.size += 1.0;
        self.sum += likely.log;
        self.worst = self.worst.min(likely.log);
        self.matched += f32::from(likely.matched);
    }

    /// Mean log10.
    pub(super) fn mean(&self) -> f32 {
        self.sum / self.size
    }

    /// Mean length of the runs that end there and were seen.
    pub(super) fn matched(&self) -> f32 {
        self.matched / self.size
    }
}

/// How a sentence reads: each symbol's probability, and their mean.
pub(super) struct Reading<'a> {
    pub(super) model: &'a Model<'a>,
    pub(super) confusions: &'a Confusions,
    pub(super) sentence: &'a Sentence,
    pub(super) own: Option<&'a Own>,
    likely: Vec<Likely>,
    trails: Vec<Trail>,
    /// How often words around its edits were seen.
    pub(super) words: Memo,
    pub(super) mean: f32,
}

impl<'a> Reading<'a> {
    /// Reads a sentence.
    pub(super) fn new(
        model: &'a Model<'a>,
        confusions: &'a Confusions,
        sentence: &'a Sentence,
        own: Option<&'a Own>,
    ) -> Reading<'a> {
        let symbols = &sentence.symbols;
        let trails = model.trails(symbols, own);
        let mut likely = vec![Likely::default()];
        let pairs = trails.windows(2).zip(&symbols[1..]);
        likely.extend(pairs.map(|(trails, &symbol)| model.likely(symbol, &trails[0], &trails[1])));
        let mean = likely.iter().map(|likely| likely.log).sum::<f32>() / (likely.len() - 1) as f32;
        Reading { model, confusions, sentence, own, likely, trails, words: Memo::default(), mean }
    }

    /// Every edit worth weighing, with what speaks for and against it.
    pub(super) fn candidates(&self, gate: &Gate) -> Vec<(Candidate, Features)> {
        if self.mean < FOREIGN {
            return Vec::new();
        }
        let last = self.sentence.symbols.len() - 1;
        let mut all = Vec::new();
        for at in (1..last).filter(|&at| is_han(self.sentence.chars[at]) && gate.is_open(&self.likely[at..]))
        {
            let mut found = self.single(at, gate);
            self.double(at, gate, &mut found);
            found.sort_by(|a, b| b.rank().total_cmp(&a.rank()));
            let best = found.first().map(|candidate| candidate.gain);
            features::weigh(self, found, KEPT, None, &mut all);
            if !gate.plain {
                features::weigh(self, self.distant(at, best), KEPT_DISTANT, best, &mut all);
            }
        }
        all
    }

    /// How everything reads whose probability depends on the `length` symbols from `at` on.
    pub(super) fn window(&self, at: usize, length: usize) -> Window {
        let mut window = Window::default();
        let end = (at + length + ORDER - 1).min(self.likely.len());
        self.likely[at..end].iter().for_each(|&likely| window.add(likely));
        window
    }

    /// Another character in the place of one. It was seen in a row with two of those around it (of the characters that
    /// people meant, 97 % were); through a plain gate also next to whichever what was written was seen next to.
    fn single(&self, at: usize, gate: &Gate) -> Vec<Candidate> {
        let tried = Tried::new(self, at, 1);
        let links = |symbol: Symbol| tried.links(symbol, symbol);
        let written = if gate.plain { links(self.sentence.symbols[at]).map(is_seen) } else { [false; 2] };
        let fits = |meant: [bool; 2]| {
            meant.contains(&true) && meant.iter().zip(&written).all(|(meant, written)| meant >= written)
        };
        // Most do not fit, which their bits say without their counts.
        let others = self.confusions.of(self.sentence.chars[at]).iter();
        let linked = others.filter(|&(meant, _)| fits([tried.follow.has(meant), tried.precede.has(meant)]));
        let counted = linked.map(|(meant, why)| (meant, why, links(meant)));
        let fitting =
            counted.filter(|&(meant, _, links)| fits(links.map(is_seen)) && tried.is_part(meant, links));
        fitting.filter_map(|(meant, why, links)| tried.with(&[meant], links, why, gate.least[0])).collect()
    }

    /// Another character in the place of one it is not taken for, where everything speaks for it; best first. `rival`
    /// is the gain of the best edit that needs no such character.
    fn distant(&self, at: usize, rival: Option<f32>) -> Vec<Candidate> {
        let two = &self.likely[at..at + 2];
        let is_strange = two.iter().all(|likely| likely.matched <= distant::MATCHED)
            && two.iter().map(|likely| likely.log).sum::<f32>() < distant::UNLIKELY;
        if !is_strange || rival.is_some_and(|rival| rival > distant::RIVAL) {
            return Vec::new();
        }
        let symbols = &self.sentence.symbols;
        let (before, after, char) = (symbols[at - 1], symbols[at + 1], self.sentence.chars[at]);
        let (model, others) = (self.model, self.confusions.of(char));
        let Some(among) = self.confusions.distant(char) else { return Vec::new() };
        let tried = Tried::new(self, at, 1);
        let linked = tried.follow.both(tried.precede, among);
        let mut found: Vec<Candidate> = linked
            .filter(|&meant| meant != symbols[at] && others.why(meant) == Why::default())
            .filter(|&meant| model.count_long(&[before, meant, after], self.own) > 0.0)
            .filter_map(|meant| {
                let meant_char = model.alphabet.char(meant).filter(|&meant| is_han(meant))?;
                let candidate =
                    tried.with(&[meant], tried.links(meant, meant), Why::default(), distant::GAIN)?;
                Some(Candidate { why: self.confusions.why_distant(char, meant_char), ..candidate })
            })
            .collect();
        found.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        found
    }

    /// A word that sounds like two characters, the two swapped, one of two equal ones.
    fn double(&self, at: usize, gate: &Gate, found: &mut Vec<Candidate>) {
        let least = gate.least[1];
        let symbols = &self.sentence.symbols;
        let (first, second) = (symbols[at], symbols[at + 1]);
        if !is_han(self.sentence.chars[at + 1]) {
            return;
        }
        let tried = Tried::new(self, at, 2);
        let [one, other] = [self.sentence.chars[at], self.sentence.chars[at + 1]];
        let [ones, others] = [one, other].map(|char| self.confusions.of(char));
        for word in self.confusions.words(one, other) {
            let [meant, next] = word;
            let links = tried.links(meant, next);
            if meant != first && next != second && links.into_iter().any(is_seen) {
                let why = ones.why(meant).and(others.why(next));
                found.extend(tried.with(&word, links, why, least));
            }
        }
        if first == second {
            found.extend(tried.with(&[first], tried.links(first, first), Why::DOUBLED, least));
        } else if first >= FIRST && second >= FIRST && self.model.neighbours.has(second, first) {
            found.extend(tried.with(&[second, first], tried.links(second, first), Why::SWAPPED, least));
        }
    }
}

/// The surroundings of a place, to try edits in.
struct Tried<'a> {
    reading: &'a Reading<'a>,
    at: usize,
    old: usize,
    /// How likely everything is that would change.
    before: f32,
    /// First symbol that the new ones depend on.
    from: usize,
    /// What was seen after the symbol before the place, and before the one after it.
    follow: Row<'a>,
    precede: Row<'a>,
}

fn is_seen(count: f32) -> bool {
    count > 0.0
}

impl<'a> Tried<'a> {
    fn new(reading: &'a Reading<'a>, at: usize, old: usize) -> Tried<'a> {
        let (neighbours, symbols) = (&reading.model.neighbours, &reading.sentence.symbols);
        Tried {
            reading,
            at,
            old,
            before: reading.window(at, old).sum,
            from: (at + 1).saturating_sub(ORDER),
            follow: neighbours.after(symbols[at - 1]),
            precede: neighbours.before(symbols[at + old]),
        }
    }

    /// How often the symbol before the place and `first`, and `last` and the one after it, were seen side by side.
    fn links(&self, first: Symbol, last: Symbol) -> [f32; 2] {
        let Reading { model, own, sentence, .. } = self.reading;
        let (before, after) = (sentence.symbols[self.at - 1], sentence.symbols[self.at + self.old]);
        [
            model.count_two([before, first], self.follow.level(first), *own),
            model.count_two([last, after], self.precede.level(last), *own),
        ]
    }

    /// Whether one symbol in the place, which has these links, was seen in a row with two of those around it.
    fn is_part(&self, symbol: Symbol, links: [f32; 2]) -> bool {
        let Reading { model, own, sentence, .. } = self.reading;
        let [left, right] = links.map(is_seen);
        let linked = [(2, left), (1, left && right), (0, right)];
        linked.into_iter().filter(|&(_, linked)| linked).any(|(before, _)| {
            let from = self.at.checked_sub(before);
            let Some(&[a, b, c]) = from.and_then(|from| sentence.symbols.get(from..from + 3)) else {
                return false;
            };
            let mut run = [a, b, c];
            run[before] = symbol;
            model.count_long(&run, *own) > 0.0
        })
    }

    /// The edit, where it gains at least `least`; the `links` are known already.
    fn with(&self, new: &[Symbol], links: [f32; 2], why: Why, least: f32) -> Option<Candidate> {
        let Reading { model, own, .. } = *self.reading;
        let symbols = &self.reading.sentence.symbols;
        let rest = &symbols[self.at + self.old..symbols.len().min(self.at + self.old + ORDER - 1)];
        let mut work = [0; 3 * ORDER];
        let mut length = 0;
        for part in [&symbols[self.from..self.at], new, rest] {
            work[length..length + part.len()].copy_from_slice(part);
            length += part.len();
        }
        let cost = self.before + TYPICAL * (self.old - new.len()) as f32;
        let mut window = Window::default();
        let mut trail = self.reading.trails[self.at - 1];
        let (first, untouched) = (self.at - self.from, self.at - self.from + new.len());
        // Of a run of one, no count is asked for.
        let [left, right] = links.map(|seen| [Run::default(), Run::new(2, seen)]);
        for at in first..length {
            let known = match at.checked_sub(untouched) {
                Some(0) => &right,
                // Runs that begin after the edit are what they were.
                Some(after) => self.reading.trails[self.at + self.old + after].runs(after + 1),
                None if at == first => &left[..],
                None => &[],
            };
            let next = model.trail(&work[..length], at, &trail, known, own);
            window.add(model.likely(work[at], &trail, &next));
            trail = next;
            // Every further symbol only takes away.
            if window.sum - cost < least {
                return None;
            }
        }
        let gain = window.sum - cost;
        Some(Candidate { at: self.at, old: self.old, new: new.to_vec(), why, gain, window })
    }
}
