//! Where words end: the judgement of a hit that may have come about where two innocent words meet.
//!
//! `路口交通` holds `口交` and nobody wrote it. Lists of such neighbours are never whole, so a hit of a class that
//! [asks for it](super::Class::stands_alone) is looked at in the words around it. Who knows words stands above this
//! module (the model of the [`speller`](crate::speller) does), so that it is handed in as a [`Segmenter`]. Without one
//! the innocent words of the files (`unless=`, `allow.txt`) do what they can. Only hits are looked at: a clean text
//! costs nothing.

use std::ops::Range;

use super::normalise::is_han;

/// Knows the words of the language.
pub trait Segmenter: Send + Sync {
    /// The likeliest way to cut a row of Han characters into words.
    fn cut(&self, row: &[char]) -> Cut;
}

/// A row of characters, cut into words.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cut {
    /// The words, as ranges of characters that leave no gap.
    pub words: Vec<Range<usize>>,
    /// log10 of how likely the row is, cut like this.
    pub log: f32,
}

/// Han characters looked at on either side of a hit. Words further away have no say in where one ends here.
const WINDOW: usize = 10;

/// How many powers of ten likelier the right spelling must read before a slip is believed that could also be the
/// border of two words. Fitted to the sentences under `fixtures/text`: listed slips gain far more.
const GAIN: f32 = 2.5;

/// Whether the bytes `start..end` of a text are words of their own there, as opposed to parts of words that meet. With
/// `right`, what would be right instead, a piece of other words is believed nevertheless where the text reads much
/// better with it.
pub(super) fn stands_alone(
    segmenter: &dyn Segmenter,
    text: &str,
    (start, end): (usize, usize),
    right: Option<&str>,
) -> bool {
    let before: Vec<char> = text[..start].chars().rev().take(WINDOW).take_while(|&c| is_han(c)).collect();
    let before: Vec<char> = before.into_iter().rev().collect();
    let after: Vec<char> = text[end..].chars().take(WINDOW).take_while(|&c| is_han(c)).collect();
    let row = |middle: &str| [before.clone(), middle.chars().collect(), after.clone()].concat();
    let written = segmenter.cut(&row(&text[start..end]));
    let (first, last) = (before.len(), before.len() + text[start..end].chars().count());
    // Older texts taught the model words that hold a slip (银行帐号); which longer words excuse one is for its entry
    // to say.
    let is_larger = |word: &Range<usize>| word.start <= first && last <= word.end && right.is_some();
    let splits = |word: &Range<usize>| {
        [first, last].iter().any(|edge| word.start < *edge && *edge < word.end) && !is_larger(word)
    };
    if !written.words.iter().any(splits) {
        return true;
    }
    right.is_some_and(|right| segmenter.cut(&row(right)).log - written.log > GAIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Knows a few words, and cuts as few pieces as it can from the left; each costs two powers of ten.
    struct Few(&'static [&'static str]);

    impl Segmenter for Few {
        fn cut(&self, row: &[char]) -> Cut {
            let text: String = row.iter().collect();
            let (mut words, mut at, mut rest) = (Vec::new(), 0, text.as_str());
            while !rest.is_empty() {
                let known = self.0.iter().filter(|word| rest.starts_with(**word));
                let len = known.map(|word| word.chars().count()).max().unwrap_or(1);
                words.push(at..at + len);
                at += len;
                rest = rest.char_indices().nth(len).map_or("", |(byte, _)| &rest[byte..]);
            }
            let log = -2.0 * words.len() as f32;
            Cut { words, log }
        }
    }

    #[track_caller]
    fn check(text: &str, word: &str, right: Option<&str>, expected: bool) {
        let known =
            Few(&["路口", "交通", "搭建", "帐篷", "各部", "部门", "污染", "防治", "工作", "银行帐号"]);
        let start = text.find(word).expect("the word is there");
        assert_eq!(stands_alone(&known, text, (start, start + word.len()), right), expected, "{text}");
    }

    #[test]
    fn a_piece_of_other_words_does_not() {
        check("路口交通", "口交", None, false);
        check("提供口交，路口交通", "口交", None, true);
        check("搭建帐篷", "建帐", Some("建账"), false);
    }

    #[test]
    fn a_slip_that_reads_much_better_mended_does() {
        check("各部们", "部们", Some("部门"), false);
        check("各部们工污作染防治", "部们工污作染防治", Some("部门工作污染防治"), true);
        check("银行帐号", "帐号", Some("账号"), true);
    }

    #[test]
    fn nothing_but_han_belongs_to_the_words() {
        check("路，口交，通", "口交", None, true);
        check("口交", "口交", None, true);
    }
}
