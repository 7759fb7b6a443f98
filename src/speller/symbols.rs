//! The alphabet of a model: the characters of official prose, and classes for everything else.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::text::normalise::is_han;

/// A character's number in the alphabet, below [`LIMIT`].
pub(super) type Symbol = u16;

/// Beginning and end of a sentence.
pub(super) const EDGE: Symbol = 0;
/// A character that the alphabet lacks.
pub(super) const OTHER: Symbol = 1;
const DIGIT: Symbol = 2;
const LETTER: Symbol = 3;
/// The first symbol that stands for one character.
pub(super) const FIRST: Symbol = 4;
/// Symbols there may be.
pub(super) const LIMIT: usize = 4096;

/// Characters and their symbols, most frequent first.
#[derive(Clone)]
pub(super) struct Alphabet {
    chars: Vec<char>,
    symbols: HashMap<char, Symbol>,
}

impl Alphabet {
    /// An alphabet of these characters, as far as there is room.
    pub(super) fn new(chars: impl IntoIterator<Item = char>) -> Alphabet {
        let chars: Vec<char> = chars.into_iter().take(LIMIT - usize::from(FIRST)).collect();
        let symbols = chars.iter().zip(FIRST..).map(|(&char, symbol)| (char, symbol)).collect();
        Alphabet { chars, symbols }
    }

    /// The character of a symbol that stands for one.
    pub(super) fn char(&self, symbol: Symbol) -> Option<char> {
        self.chars.get(usize::from(symbol.checked_sub(FIRST)?)).copied()
    }

    /// Its characters, most frequent first.
    pub(super) fn chars(&self) -> impl Iterator<Item = char> {
        self.chars.iter().copied()
    }

    /// The symbol of a character as somebody wrote it.
    pub(super) fn symbol(&self, written: char) -> Symbol {
        match plain(written) {
            char if ends_sentence(char) => EDGE,
            char if char.is_ascii_digit() => DIGIT,
            char if char.is_ascii_alphabetic() => LETTER,
            char => self.symbols.get(&char).copied().unwrap_or(OTHER),
        }
    }

    /// Whether a symbol stands for a Chinese character.
    pub(super) fn is_han(&self, symbol: Symbol) -> bool {
        self.char(symbol).is_some_and(is_han)
    }
}

/// Full-width forms as the narrow ones, and the variants of a punctuation mark as one.
pub(super) fn plain(char: char) -> char {
    match char {
        char if is_han(char) => char,
        '、' | ',' => '，',
        '(' | '[' | '〔' | '【' | '［' => '（',
        ')' | ']' | '〕' | '】' | '］' => '）',
        '”' | '"' | '「' | '」' | '＂' | '\'' | '‘' | '’' => '“',
        ':' | '∶' => '：',
        '\u{3000}' | '\u{a0}' | '\t' => ' ',
        '，' | '（' | '）' | '“' | '：' => char,
        char if char.is_ascii() => char,
        char => {
            let mut forms = char.nfkc();
            match (forms.next(), forms.next()) {
                (Some(only), None) => only,
                _ => char,
            }
        }
    }
}

/// Whether a plain character ends a sentence.
pub(super) fn ends_sentence(plain: char) -> bool {
    matches!(plain, '。' | '！' | '!' | '？' | '?' | '；' | ';' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_of_a_mark_are_one_symbol() {
        let alphabet = Alphabet::new("，（的".chars());
        assert_eq!(alphabet.symbol('、'), alphabet.symbol(','));
        assert_eq!(alphabet.symbol('〔'), alphabet.symbol('（'));
        assert_eq!(alphabet.symbol('７'), alphabet.symbol('3'));
        assert_eq!(alphabet.symbol('Ａ'), alphabet.symbol('z'));
        assert_eq!(alphabet.symbol('；'), EDGE);
        assert_eq!(alphabet.symbol('龘'), OTHER);
        assert_eq!(alphabet.char(alphabet.symbol('的')), Some('的'));
    }
}
