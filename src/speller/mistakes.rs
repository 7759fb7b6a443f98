//! What people took for what: the slips in sentences that somebody mended.
//!
//! Slips repeat. Of those in one half of such sentences nearly half are made in the other as well, by somebody else in
//! another text, so that how often one was made says much about whether it was made again.

use std::collections::{BTreeMap, HashSet};

use super::teach::Pair;

/// A character as it was written, and what was meant.
pub(super) type Mistake = (char, char);

/// How many texts have which mistake.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Mistakes(BTreeMap<Mistake, u32>);

impl Mistakes {
    /// The mistakes of these texts, each with all that became of it.
    pub(super) fn of<'p>(texts: impl Iterator<Item = &'p [Pair]>) -> Mistakes {
        let mut mistakes = Mistakes::default();
        for mistake in texts.flat_map(made) {
            *mistakes.0.entry(mistake).or_default() += 1;
        }
        mistakes
    }

    /// How many texts have a mistake.
    pub(super) fn count(&self, written: char, meant: char) -> f32 {
        self.0.get(&(written, meant)).map_or(0.0, |&count| count as f32)
    }

    /// As bytes: both characters and the count of each.
    pub(super) fn write(&self) -> Vec<u8> {
        let numbers = |(&(written, meant), &count): (&Mistake, &u32)| [written.into(), meant.into(), count];
        self.0.iter().flat_map(numbers).flat_map(u32::to_le_bytes).collect()
    }

    /// From those numbers; `None` where one is no character.
    pub(super) fn read(numbers: &[u32]) -> Option<Mistakes> {
        let mistake = |&[written, meant, count]: &[u32; 3]| {
            Some(((char::from_u32(written)?, char::from_u32(meant)?), count))
        };
        let (mistakes, rest) = numbers.as_chunks();
        rest.is_empty().then(|| mistakes.iter().map(mistake).collect::<Option<_>>().map(Mistakes))?
    }
}

/// Every mistake that was made of one text, once.
pub(super) fn made(text: &[Pair]) -> HashSet<Mistake> {
    let places = text.iter().flat_map(|pair| pair.written.iter().copied().zip(pair.right.iter().copied()));
    places.filter(|(written, right)| written != right).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_counts_once_a_text() {
        let texts =
            ["1\t责认\t责任\n1\t责认\t责任\n0\t责任\t责任\n", "2\t认务安排\t任务按排\n"].map(Pair::read);
        let mistakes = Mistakes::of(texts.iter().map(Vec::as_slice));
        assert_eq!(mistakes.count('认', '任'), 2.0);
        assert_eq!((mistakes.count('安', '按'), mistakes.count('按', '安')), (1.0, 0.0));
        let bytes = mistakes.write();
        let numbers: Vec<u32> = bytes.as_chunks().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
        assert_eq!(Mistakes::read(&numbers), Some(mistakes));
        assert_eq!(Mistakes::read(&numbers[1..]), None);
        assert_eq!(Mistakes::read(&[0xD800, 65, 1]), None);
    }
}
