//! How often dictionaries fire on text that is known to be clean.
//!
//! Every hit on a proofread text is a false alarm until somebody has shown the slip. The rate is what an operator feels;
//! the words are what the keeper of a dictionary mends, by `unless=` or by taking them out.

use std::{collections::BTreeMap, fmt};

use super::class::Class;
use super::lexicon::Lexicons;
use super::when::When;

/// False alarms in 10,000 clean characters that a class of words may cause. One in a hundred thousand is one in some
/// forty long articles.
const BUDGET: f64 = 0.1;

/// Characters to which rates refer.
const PER_CHARS: f64 = 10_000.0;

/// What fired on clean texts.
#[derive(Debug, Default)]
pub struct Reference {
    chars: usize,
    fired: BTreeMap<Class, BTreeMap<String, Fired>>,
}

/// A word that fired.
#[derive(Debug)]
struct Fired {
    times: usize,
    /// The line where it did so first.
    line: String,
}

impl Reference {
    /// Takes in one clean text, line by line.
    pub fn read(&mut self, lexicons: &Lexicons, text: &str) {
        self.chars += text.chars().filter(|c| !c.is_whitespace()).count();
        for line in text.lines() {
            for hit in lexicons.hits(line) {
                // A name that was right once is right in a text whose date nobody told.
                if *hit.when != When::Always {
                    continue;
                }
                let words = self.fired.entry(hit.class).or_default();
                let fired =
                    words.entry(hit.words).or_insert_with(|| Fired { times: 0, line: line.to_owned() });
                fired.times += 1;
            }
        }
    }

    /// The classes that fire more often than they may. Advice on wording fires on good texts by its nature.
    pub fn over_budget(&self) -> Vec<Class> {
        let is_over = |class: &Class| *class != Class::Wording && self.rate(*class) > BUDGET;
        self.fired.keys().copied().filter(is_over).collect()
    }

    /// Hits of a class in 10,000 characters.
    fn rate(&self, class: Class) -> f64 {
        let times: usize = self.fired.get(&class).into_iter().flatten().map(|(_, fired)| fired.times).sum();
        times as f64 * PER_CHARS / self.chars.max(1) as f64
    }
}

/// The rate of every class that fired, and its words with where they did so first.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} characters of clean text", self.chars)?;
        for (&class, words) in &self.fired {
            writeln!(f, "{}: {:.3} in 10,000 characters", class.chinese(), self.rate(class))?;
            for (word, Fired { times, line }) in words {
                writeln!(f, "  {word} ({times}): {}", around(line, word))?;
            }
        }
        Ok(())
    }
}

/// The part of a line with a word in it; the start of the line where the word was seen through a disguise.
fn around<'a>(line: &'a str, word: &str) -> &'a str {
    /// Bytes shown before the word, and from its start.
    const SHOWN: (usize, usize) = (45, 90);
    let at = line.find(word).unwrap_or_default();
    let from = line.floor_char_boundary(at.saturating_sub(SHOWN.0));
    let to = line.floor_char_boundary((at + SHOWN.1).min(line.len()));
    &line[from..to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fires_is_counted_by_class() {
        let lexicons = Lexicons::built_in();
        let mut reference = Reference::default();
        reference.read(&lexicons, "认真布署各项工作\n布署，按装");
        assert_eq!(
            reference.to_string(),
            "13 characters of clean text\n错别字: 2307.692 in 10,000 characters\n  \
             布署 (2): 认真布署各项工作\n  按装 (1): 布署，按装\n"
        );
        assert_eq!(reference.over_budget(), [Class::Misspelling]);
    }

    #[test]
    fn what_may_fire_is_within_the_budget() {
        let lexicons = Lexicons::built_in();
        let mut reference = Reference::default();
        reference.read(&lexicons, "隆重召开");
        reference.read(&lexicons, "四川省环境保护厅");
        assert!(reference.over_budget().is_empty(), "{reference}");
    }
}
