//! Every word of a list in one pass over a text.
//!
//! Nearly no place of a clean text starts a word, and two characters are enough to tell: each pair of neighbours costs
//! one look-up in a bitmap that stays in the cache. Where its bit is set, a second bitmap asks for the third character,
//! and only then a table names the few words to compare. An automaton walks through its states for every character,
//! whatever the text says.

use std::collections::HashMap;
use std::ops::{ControlFlow, Range};

use rustc_hash::FxHashMap;

/// Stands for what is not there: the second character of a word of one, the third of a word of two.
const NONE: char = '\0';

/// A list of words that finds itself in texts.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The first two characters of every word.
    pairs: Bitmap,
    /// The first three.
    triples: Bitmap,
    /// The words that start with three characters, as a range of `words`.
    starts: FxHashMap<u64, Range<usize>>,
    words: Vec<Word>,
    /// Words of one character, which no pair tells of. Built-in files have none.
    singles: HashMap<char, usize>,
}

/// A word of the list whose first three characters are known.
#[derive(Debug)]
struct Word {
    /// The character after these, so that most words that differ are told without looking them up.
    fourth: char,
    text: Box<str>,
    number: usize,
}

/// A word of the list in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// The number of the word in the list.
    pub(super) word: usize,
}

impl Index {
    /// An index of words, numbered in the order in which they come.
    pub(super) fn new(words: impl IntoIterator<Item = String>) -> Self {
        let mut index = Index::default();
        let mut keyed = Vec::new();
        for (number, word) in words.into_iter().enumerate() {
            match first_three(&word) {
                [NONE, ..] => {}
                [only, NONE, _] => drop(index.singles.insert(only, number)),
                [first, second, third] => {
                    let triple = key([first, second, third]);
                    index.pairs.insert(key([first, second, NONE]));
                    index.triples.insert(triple);
                    keyed.push((triple, word.into_boxed_str(), number));
                }
            }
        }
        keyed.sort();
        for (at, (triple, text, number)) in keyed.into_iter().enumerate() {
            index.starts.entry(triple).or_insert(at..at).end = at + 1;
            let fourth = text.chars().nth(3).unwrap_or(NONE);
            index.words.push(Word { fourth, text, number });
        }
        index
    }

    /// Calls `found` with every word in the text, also with those inside others, in the order of their starts, until
    /// it returns false.
    pub(super) fn find(&self, text: &str, mut found: impl FnMut(Found) -> bool) {
        let beyond = [(text.len(), NONE); 2];
        let mut chars = text.char_indices().chain(beyond);
        let (Some((mut start, mut first)), Some((mut next, mut second))) = (chars.next(), chars.next())
        else {
            return;
        };
        // An iterator that is driven from inside goes through the text without asking where it is.
        let _whether_to_the_end = chars.try_for_each(|(after, third)| {
            if self.may_start(first, second)
                && !self.words_at(text, start, [first, second, third], &mut found)
            {
                return ControlFlow::Break(());
            }
            (start, first, next, second) = (next, second, after, third);
            ControlFlow::Continue(())
        });
    }

    fn may_start(&self, first: char, second: char) -> bool {
        self.pairs.may_hold(key([first, second, NONE]))
            || (!self.singles.is_empty() && self.singles.contains_key(&first))
    }

    /// Tells of the words that start at a place, whose next three characters are known. Returns whether to go on.
    fn words_at(
        &self,
        text: &str,
        start: usize,
        [first, second, third]: [char; 3],
        found: &mut impl FnMut(Found) -> bool,
    ) -> bool {
        let mut tell = |len, word| found(Found { start, end: start + len, word });
        if let Some(&word) = self.singles.get(&first)
            && !tell(first.len_utf8(), word)
        {
            return false;
        }
        // A short text has the same key twice.
        let keys = [Some([first, second, NONE]), (third != NONE).then_some([first, second, third])];
        for triple in keys.into_iter().flatten().map(key).filter(|&triple| self.triples.may_hold(triple)) {
            let Some(listed) = self.starts.get(&triple) else { continue };
            let rest = &text[start..];
            let fourth = rest.chars().nth(3).unwrap_or(NONE);
            for word in &self.words[listed.clone()] {
                let may_be = word.fourth == NONE || word.fourth == fourth;
                if may_be && rest.starts_with(&*word.text) && !tell(word.text.len(), word.number) {
                    return false;
                }
            }
        }
        true
    }
}

/// The first three characters.
fn first_three(word: &str) -> [char; 3] {
    let mut chars = word.chars();
    std::array::from_fn(|_| chars.next().unwrap_or(NONE))
}

/// Three characters as one number: 21 bits each.
fn key(chars: [char; 3]) -> u64 {
    chars.into_iter().fold(0, |key, c| key << 21 | u64::from(c))
}

/// Which keys a list may hold: one bit per hash.
#[derive(Debug)]
struct Bitmap(Box<[u64; 1 << (Bitmap::BITS - 6)]>);

impl Bitmap {
    /// Bits of a bitmap: 32 KB. Some 10,000 words leave 96 in 100 of them clear.
    const BITS: u32 = 18;

    fn insert(&mut self, key: u64) {
        let bit = Self::bit(key);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn may_hold(&self, key: u64) -> bool {
        let bit = Self::bit(key);
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    fn bit(key: u64) -> usize {
        // Multiplication by an odd number without a pattern; the upper bits of the product depend on all of the key.
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (u64::BITS - Self::BITS)) as usize
    }
}

impl Default for Bitmap {
    fn default() -> Self {
        Bitmap(Box::new([0; 1 << (Self::BITS - 6)]))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The words in a text, looked for one by one.
    fn one_by_one(words: &[String], text: &str) -> Vec<(usize, usize, usize)> {
        let mut found = Vec::new();
        for (number, word) in words.iter().enumerate().filter(|(_, word)| !word.is_empty()) {
            let starts = text.char_indices().map(|(start, _)| start);
            let there = starts.filter(|&start| text[start..].starts_with(word.as_str()));
            found.extend(there.map(|start| (start, start + word.len(), number)));
        }
        found.sort_unstable();
        found
    }

    fn found(words: &[String], text: &str) -> Vec<(usize, usize, usize)> {
        let mut all = Vec::new();
        Index::new(words.to_vec()).find(text, |Found { start, end, word }| {
            all.push((start, end, word));
            true
        });
        assert!(all.is_sorted_by_key(|&(start, ..)| start));
        all.sort_unstable();
        all
    }

    #[track_caller]
    fn check(words: &[&str], text: &str, expected: &[&str]) {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let seen: Vec<&str> =
            found(&words, text).into_iter().map(|(start, end, _)| &text[start..end]).collect();
        assert_eq!(seen, expected);
    }

    #[test]
    fn finds_words_of_every_length() {
        check(&["甲", "甲乙", "甲乙丙", "甲乙丙丁"], "甲乙丙丁", &["甲", "甲乙", "甲乙丙", "甲乙丙丁"]);
        check(&["甲乙", "乙丙"], "甲乙丙", &["甲乙", "乙丙"]);
        check(&["丙"], "甲乙丙", &["丙"]);
        check(&["m88", "bet"], "m8 m88 be bet", &["m88", "bet"]);
        check(&["甲乙"], "", &[]);
        check(&[], "甲乙", &[]);
    }

    #[test]
    fn stops_when_told() {
        let mut times = 0;
        Index::new(["甲乙".to_owned()]).find(&"甲乙".repeat(10), |_| {
            times += 1;
            times < 3
        });
        assert_eq!(times, 3);
    }

    proptest! {
        #[test]
        fn finds_what_a_search_for_each_word_finds(
            words in prop::collection::btree_set("[甲乙丙a]{1,5}", 0..12),
            text in "[甲乙丙丁ab\u{0}]{0,60}",
        ) {
            let words: Vec<String> = words.into_iter().collect();
            prop_assert_eq!(found(&words, &text), one_by_one(&words, &text));
        }
    }
}
