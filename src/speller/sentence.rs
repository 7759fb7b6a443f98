//! Text as the model reads it: sentence by sentence, as characters and as symbols.

use super::model::Model;
use super::symbols::{self, Alphabet, EDGE, Symbol};

/// A sentence between two edges. Edits change it; every character remembers where it came from.
#[derive(Debug, Clone)]
pub(super) struct Sentence {
    pub(super) chars: Vec<char>,
    pub(super) symbols: Vec<Symbol>,
    /// Place of each character in the text, in characters.
    pub(super) places: Vec<usize>,
}

impl Sentence {
    /// The sentence of these characters, the first of which stands at `place`. Blanks are left out.
    pub(super) fn new(model: &Model<'_>, text: &[char], place: usize) -> Sentence {
        let edge = '\n';
        let written = (place..).zip(text.iter().copied()).filter(|&(_, char)| symbols::plain(char) != ' ');
        let (places, chars): (Vec<usize>, Vec<char>) =
            std::iter::once((place, edge)).chain(written).chain([(place + text.len(), edge)]).unzip();
        let symbols = chars.iter().map(|&char| model.alphabet.symbol(char)).collect();
        Sentence { chars, symbols, places }
    }

    /// Puts `new` in the place of `old` characters from `at` on.
    pub(super) fn replace(&mut self, model: &Model<'_>, at: usize, old: usize, new: &[Symbol]) {
        let chars = new.iter().map(|&symbol| model.alphabet.char(symbol).unwrap_or('�'));
        self.chars.splice(at..at + old, chars);
        self.symbols.splice(at..at + old, new.iter().copied());
        let place = self.places[at];
        self.places.splice(at..at + old, (0..new.len()).map(|offset| place + offset.min(old - 1)));
    }
}

/// Characters of the longest sentence that is read as one. Official prose seldom has more than 200; what has no end is
/// a list, or meant to keep us busy.
const LONGEST: usize = 400;

/// The sentences of a text, each with its place. What ends them belongs to none.
pub(super) fn sentences(text: &[char]) -> impl Iterator<Item = (usize, &[char])> {
    let mut start = 0;
    text.split(|&char| symbols::ends_sentence(symbols::plain(char))).flat_map(move |sentence| {
        let place = start;
        start += sentence.len() + 1;
        sentence.chunks(LONGEST).enumerate().map(move |(nth, chars)| (place + nth * LONGEST, chars))
    })
}

/// Hands out the symbols of every sentence of a text, between edges and without blanks.
pub(super) fn symbols(text: &str, alphabet: &Alphabet, mut each: impl FnMut(&[Symbol])) {
    let mut sentence = vec![EDGE];
    for char in text.chars().chain(['\n']) {
        match alphabet.symbol(char) {
            EDGE => {
                if sentence.len() > 1 {
                    sentence.push(EDGE);
                    each(&sentence);
                }
                sentence.truncate(1);
            }
            _ if symbols::plain(char) == ' ' => {}
            symbol => sentence.push(symbol),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_know_their_places() {
        let text: Vec<char> = "甲乙。丙！\n丁".chars().collect();
        let found: Vec<(usize, String)> =
            sentences(&text).map(|(place, chars)| (place, chars.iter().collect())).collect();
        assert_eq!(found, [(0, "甲乙".to_owned()), (3, "丙".to_owned()), (6, "丁".to_owned())]);
    }

    #[test]
    fn symbols_stand_between_edges() {
        let alphabet = Alphabet::new("甲乙丙".chars());
        let mut found = Vec::new();
        symbols("甲 乙。。丙", &alphabet, |symbols| found.push(symbols.to_vec()));
        assert_eq!(found, [vec![0, 4, 5, 0], vec![0, 6, 0]]);
    }
}
