//! Lists of words and how frequent they are.

use super::ngram::ORDER;
use super::symbols::{Alphabet, FIRST, Symbol};
use crate::text::normalise::is_han;

/// Words, and how often each was seen.
pub(super) struct Listed {
    pub(super) words: Vec<(Vec<Symbol>, u64)>,
    /// How often all together were seen.
    pub(super) total: u64,
}

impl Listed {
    /// The words of a list that the alphabet can spell, a word and its frequency on each line.
    pub(super) fn read(list: &str, alphabet: &Alphabet) -> Listed {
        let word = |line: &str| {
            let mut fields = line.split_whitespace();
            let (word, count) = (fields.next()?, fields.next()?.parse().ok()?);
            let symbols: Vec<Symbol> = word.chars().map(|char| alphabet.symbol(char)).collect();
            let fits = (2..=ORDER).contains(&symbols.len()) && word.chars().all(is_han);
            (fits && symbols.iter().all(|&symbol| symbol >= FIRST)).then_some((symbols, count))
        };
        let words: Vec<(Vec<Symbol>, u64)> = list.lines().filter_map(word).collect();
        Listed { total: words.iter().map(|(_, count)| count).sum(), words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_the_alphabet_can_spell_are_read() {
        let alphabet = Alphabet::new("生态环境".chars());
        let listed = Listed::read("Word\tCount\n生态\t100\t0.5\n环 7\n生物 9\n环境 n\n环境 300\n", &alphabet);
        let word = |word: &str| word.chars().map(|char| alphabet.symbol(char)).collect::<Vec<_>>();
        assert_eq!(listed.words, [(word("生态"), 100), (word("环境"), 300)]);
        assert_eq!(listed.total, 400);
    }
}
