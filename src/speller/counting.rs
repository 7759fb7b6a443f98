//! Training: from texts to counts.
//!
//! Runs of symbols are counted by sorting: once the longest runs are in order, those that begin alike stand together
//! at every length. Words are counted where the likeliest cut finds them, with the list's frequencies to begin with.

use std::collections::{BTreeMap, HashMap};

use super::file::{Parts, Provenance};
use super::forest::Forest;
use super::lattice;
use super::listed::Listed;
use super::model::{Model, Own};
use super::neighbours;
use super::ngram::{self, ORDER};
use super::once::{self, Once};
use super::sentence;
use super::symbols::{self, Alphabet, EDGE, FIRST, LIMIT, Symbol};
use super::table::{self, Level};
use super::threes;

/// How often two words in a row must have been seen to be kept, and a word of two symbols to be what others are
/// mistaken for.
const LEAST_PAIR: u64 = 2;
const LEAST_TWO: u64 = 3;

/// How much a word of the list counts beside our text, where our text has not got it: the list knows the language at
/// large, our text knows its own.
const LISTED: f64 = 0.25;
const LISTED_MOST: f64 = 2_000.0;

/// Words of a vocabulary that are counted, run by run, for each character of our text, and the most for one word: what no
/// law has got yet (孵化器) is no slip.
const SPELT: f64 = 0.09;
const SPELT_MOST: f64 = 300.0;

/// The counts of a text, without a score.
pub(super) struct Counts {
    chars: String,
    unigrams: Vec<u32>,
    words: u32,
    twos: Vec<(Symbol, Symbol)>,
    neighbours: Vec<u8>,
    threes: Vec<u8>,
    in_words: Vec<u8>,
    runs: Vec<u8>,
    once: Vec<u8>,
    pub(super) characters: u64,
}

impl Counts {
    /// A model of these counts.
    pub(super) fn with(&self, provenance: Provenance) -> Parts<'_> {
        Parts {
            provenance,
            chars: self.chars.clone(),
            unigrams: self.unigrams.clone(),
            words: self.words,
            twos: self.twos.clone(),
            forest: Forest::default(),
            neighbours: &self.neighbours,
            threes: &self.threes,
            in_words: &self.in_words,
            runs: &self.runs,
            once: Once::read(&self.once).expect("it was just built"),
        }
    }
}

/// Counts texts. `words` says where a word ends, `vocabulary` what else is written; both have a word and its frequency on
/// each line.
pub(super) fn count(texts: &[String], words: &str, vocabulary: &str) -> Counts {
    let chars = alphabet(texts);
    let alphabet = Alphabet::new(chars.chars());
    let mut counts = Counts {
        characters: texts.iter().map(|text| text.chars().count() as u64).sum(),
        chars,
        unigrams: vec![0; LIMIT],
        words: 0,
        twos: Vec::new(),
        neighbours: neighbours::build(&BTreeMap::new()),
        threes: Vec::new(),
        in_words: Vec::new(),
        runs: Vec::new(),
        once: Vec::new(),
    };
    let spelt = counts.spelt(&Listed::read(vocabulary, &alphabet));
    counts.runs = table_of(counts.runs(texts, &alphabet, spelt));
    counts.in_words = table_of(counts.words(texts, &Listed::read(words, &alphabet)));
    counts
}

/// The table of these entries, the same for the same ones.
fn table_of(mut entries: Vec<(u64, Level)>) -> Vec<u8> {
    entries.sort_unstable();
    entries.dedup_by_key(|entry| entry.0);
    table::build(&entries)
}

impl Counts {
    /// How often each run is added for the words of a vocabulary, by its key.
    fn spelt(&mut self, vocabulary: &Listed) -> BTreeMap<u64, u64> {
        let scale = SPELT * self.characters as f64 / vocabulary.total.max(1) as f64;
        let mut spelt = BTreeMap::new();
        for (word, count) in &vocabulary.words {
            let added = (*count as f64 * scale).min(SPELT_MOST).round() as u64;
            if added == 0 {
                continue;
            }
            for run in (1..=word.len()).flat_map(|length| word.windows(length)) {
                match *run {
                    [only] => self.unigrams[usize::from(only)] += added as u32,
                    _ => *spelt.entry(ngram::run(run)).or_default() += added,
                }
            }
        }
        spelt
    }

    /// Every run of three or more, with its level; those seen once are kept apart, and those of two. `spelt` comes on top
    /// of what the texts have.
    fn runs(
        &mut self,
        texts: &[String],
        alphabet: &Alphabet,
        mut spelt: BTreeMap<u64, u64>,
    ) -> Vec<(u64, Level)> {
        let mut keys: Vec<u64> = Vec::new();
        for text in texts {
            sentence::symbols(text, alphabet, |symbols| {
                for at in 0..symbols.len() - 1 {
                    let mut run = [EDGE; ORDER];
                    let rest = &symbols[at..symbols.len().min(at + ORDER)];
                    run[..rest.len()].copy_from_slice(rest);
                    keys.push(ngram::packed(&run));
                }
            });
        }
        keys.sort_unstable();
        let (mut entries, mut once) = (Vec::new(), Vec::new());
        let (mut twos, mut threes) = (BTreeMap::new(), Vec::new());
        let mut keep = |run: &[Symbol], count: u64| {
            let (key, level) = (ngram::run(run), table::level(count));
            if let [first, second] = *run {
                twos.insert((first, second), level);
                return;
            }
            if run.len() == 3 {
                threes.push(key);
            }
            if count == 1 {
                once.push(key);
            } else {
                entries.push((key, level));
            }
        };
        for length in 1..=ORDER {
            let longer = 12 * (ORDER - length) as u32;
            for alike in keys.chunk_by(|a, b| a >> longer == b >> longer) {
                let run = ngram::unpacked(alike[0] >> longer, length);
                // What comes after the end of a sentence only fills the key.
                let ended = run.iter().skip(1).position(|&symbol| symbol == EDGE);
                if ended.is_some_and(|ended| ended + 2 < length) {
                    continue;
                }
                let count = alike.len() as u64;
                match run[..] {
                    [only] => self.unigrams[usize::from(only)] += count as u32,
                    _ => keep(&run, count + spelt.remove(&ngram::run(&run)).unwrap_or(0)),
                }
            }
        }
        spelt.into_iter().for_each(|(key, count)| keep(&ngram::symbols(key), count));
        self.neighbours = neighbours::build(&twos);
        self.threes = threes::build(&threes);
        self.once = once::build(&once);
        entries
    }

    /// Every word and pair of words, with its level.
    fn words(&mut self, texts: &[String], list: &Listed) -> Vec<(u64, Level)> {
        let rough: Vec<(u64, Level)> =
            list.words.iter().map(|(word, count)| (ngram::word(word), table::level(count + 1))).collect();
        let rough = table::build(&rough);
        let by_list = Model::of(Parts {
            // Single characters, which the list has not, are about as many again.
            words: (list.total * 2) as u32,
            in_words: &rough,
            ..self.with(Provenance::default())
        });
        let (mut words, mut pairs, mut seen) = (HashMap::<u64, u64>::new(), HashMap::<u64, u64>::new(), 0u64);
        for text in texts {
            sentence::symbols(text, &by_list.alphabet, |symbols| {
                lattice::keys(&by_list, symbols, |word, pair| {
                    *words.entry(word).or_default() += 1;
                    seen += 1;
                    if let Some(pair) = pair {
                        *pairs.entry(pair).or_default() += 1;
                    }
                });
            });
        }
        let mut entries = Vec::new();
        let scale = LISTED * seen as f64 / list.total.max(1) as f64;
        for (word, count) in &list.words {
            let key = ngram::word(word);
            let ours = words.remove(&key).unwrap_or(0);
            let added = (*count as f64 * scale).round().min(LISTED_MOST) as u64;
            seen += added;
            if ours + added > 0 {
                entries.push((key, table::level(ours + added)));
            }
            if let ([first, second], LEAST_TWO..) = (&word[..], ours) {
                self.twos.push((*first, *second));
            }
        }
        self.words = seen as u32;
        entries.extend(words.into_iter().map(|(key, count)| (key, table::level(count))));
        let frequent = pairs.into_iter().filter(|&(_, count)| count >= LEAST_PAIR);
        entries.extend(frequent.map(|(key, count)| (key, table::level(count))));
        entries
    }
}

/// What a text has added to the counts of a model.
pub(super) fn own(model: &Model<'_>, text: &str) -> Own {
    let mut own = Own::default();
    sentence::symbols(text, &model.alphabet, |symbols| {
        keys(model, symbols).into_iter().for_each(|key| own.add(key));
    });
    own
}

/// Everything that is counted of a sentence: its runs, its words, every two of them in a row.
pub(super) fn keys(model: &Model<'_>, symbols: &[Symbol]) -> Vec<u64> {
    let runs = (2..=ORDER).flat_map(|length| symbols.windows(length));
    let mut keys: Vec<u64> = runs.map(ngram::run).collect();
    lattice::keys(model, symbols, |word, pair| keys.extend([word].into_iter().chain(pair)));
    keys
}

/// The most frequent characters.
fn alphabet(texts: &[String]) -> String {
    let mut counts: HashMap<char, u64> = HashMap::new();
    for char in texts.iter().flat_map(|text| text.chars()) {
        *counts.entry(symbols::plain(char)).or_default() += 1;
    }
    let stands_for_itself =
        |char: char| !char.is_ascii_alphanumeric() && char != ' ' && !symbols::ends_sentence(char);
    let mut chars: Vec<(char, u64)> =
        counts.into_iter().filter(|&(char, _)| stands_for_itself(char)).collect();
    chars.sort_unstable_by_key(|&(char, count)| (std::cmp::Reverse(count), char));
    chars.into_iter().map(|(char, _)| char).take(LIMIT - usize::from(FIRST)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> Counts {
        count(&[text.to_owned()], "生态 100\n环境 100\n保护 100\n", "")
    }

    #[test]
    fn runs_are_counted_with_their_edges() {
        let counts = counted("生态环境保护。\n生态环境厅、生态环境局");
        let model = Model::of(counts.with(Provenance::default()));
        let run =
            |text: &str| -> Vec<Symbol> { text.chars().map(|char| model.alphabet.symbol(char)).collect() };
        let seen = |text: &str| model.count(&run(text), None).round();
        assert_eq!((seen("生"), seen("生态"), seen("生态环"), seen("生态环境")), (3.0, 3.0, 3.0, 3.0));
        assert_eq!((seen("\n生态"), seen("局\n"), seen("护生")), (2.0, 1.0, 0.0));
        assert_eq!((seen("境保护"), seen("环境保护"), seen("境环保护")), (1.0, 1.0, 0.0));
    }

    #[test]
    fn a_vocabulary_counts_as_runs() {
        let counts = count(&["生态环境孵化器。".repeat(100)], "", "生态环境 100\n孵化 100\n化态 2\n");
        let model = Model::of(counts.with(Provenance::default()));
        let seen = |text: &str| {
            let run: Vec<Symbol> = text.chars().map(|char| model.alphabet.symbol(char)).collect();
            model.count(&run, None).round()
        };
        assert_eq!((seen("生"), seen("化态")), (136.0, 1.0));
        assert!(seen("生态环境") > 120.0 && seen("孵化") > 120.0 && seen("孵化器") < 110.0);
    }

    #[test]
    fn words_are_cut_where_they_are_likeliest() {
        let counts = counted("保护生态环境。保护环境。");
        let model = Model::of(counts.with(Provenance::default()));
        let row: Vec<Symbol> = "保护生态环境".chars().map(|char| model.alphabet.symbol(char)).collect();
        assert_eq!(lattice::words(&model, &row), [(0, 2), (2, 4), (4, 6)]);
    }

    #[test]
    fn own_text_is_left_out() {
        let counts = counted("生态环境。生态环保。");
        let model = Model::of(counts.with(Provenance::default()));
        let run: Vec<Symbol> = "生态环".chars().map(|char| model.alphabet.symbol(char)).collect();
        let own = own(&model, "生态环境");
        assert_eq!((model.count(&run, None).round(), model.count(&run, Some(&own)).round()), (2.0, 1.0));
    }
}
