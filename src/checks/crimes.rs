//! Words of crimes: gambling, pornography, fraud, forgery, contraband.

use crate::text::{Class, Lexicons};

/// A word of a crime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::checks) struct Word {
    pub(in crate::checks) text: String,
    pub(in crate::checks) class: Class,
}

/// The words of crimes in a text, each once.
pub(in crate::checks) fn crimes(text: &str, lexicons: &Lexicons) -> Vec<Word> {
    distinct(crimes_at(text, lexicons).into_iter().map(|(_, word)| word).collect())
}

/// The words of crimes in a text, and the byte at which each begins.
pub(in crate::checks) fn crimes_at(text: &str, lexicons: &Lexicons) -> Vec<(usize, Word)> {
    let is_crime = |class: &Class| {
        use Class::{Contraband, Forgery, Fraud, Gambling, Pornography};
        matches!(class, Gambling | Pornography | Fraud | Forgery | Contraband)
    };
    let hits = lexicons.hits(text).into_iter().filter(|hit| is_crime(&hit.class));
    hits.map(|hit| (hit.start, Word { text: hit.words, class: hit.class })).collect()
}

/// Words, each once.
pub(in crate::checks) fn distinct(words: Vec<Word>) -> Vec<Word> {
    let mut kept: Vec<Word> = Vec::new();
    for word in words {
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    kept
}

/// Words that are named in evidence.
const NAMED: usize = 5;

/// `含涉赌词语“六合彩”`.
pub(in crate::checks) fn named(words: &[Word]) -> String {
    let words = words.iter().take(NAMED);
    let words: Vec<String> = words.map(|word| format!("{}“{}”", word.class.chinese(), word.text)).collect();
    format!("含{}", words.join("、"))
}
