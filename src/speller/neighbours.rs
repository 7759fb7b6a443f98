//! How often two symbols were seen side by side.
//!
//! A row for each symbol says what was seen after it: a bit for every symbol there is, and the levels of those whose bit
//! is set. Who asks about many symbols next to a given one stays in a few lines of memory.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::symbols::{LIMIT, Symbol};
use super::table::Level;

/// Bytes of a row's bits.
const ROW: usize = LIMIT / 8;
/// Bytes of all bits: no fewer hold a model's pairs.
pub(super) const LEAST: usize = LIMIT * ROW;
/// Bytes of the bits whose number is known together.
const WORD: usize = 8;
const WORDS: usize = ROW / WORD;

/// The levels of all pairs of symbols that were seen.
#[derive(Clone)]
pub(super) struct Neighbours<'a> {
    by_first: Pairs<&'a [u8]>,
    /// Made when it is first needed, as the ranks are: whoever only cuts words never asks.
    by_second: Arc<OnceLock<Pairs<Vec<u8>>>>,
}

impl<'a> Neighbours<'a> {
    /// The pairs in these bytes, of which there are [`LEAST`] or more.
    pub(super) fn new(bytes: &'a [u8]) -> Neighbours<'a> {
        let (bits, levels) = bytes.split_at(LEAST);
        Neighbours { by_first: Pairs::new(bits, levels), by_second: Arc::default() }
    }

    /// Whether the second symbol was ever seen after the first.
    pub(super) fn has(&self, first: Symbol, second: Symbol) -> bool {
        self.after(first).has(second)
    }

    /// What was seen after a symbol.
    pub(super) fn after(&self, symbol: Symbol) -> Row<'_> {
        self.by_first.row(symbol)
    }

    /// What was seen before a symbol.
    pub(super) fn before(&self, symbol: Symbol) -> Row<'_> {
        self.by_second.get_or_init(|| self.by_first.turned()).row(symbol)
    }
}

/// The bytes that hold these pairs, by the first symbol, then the second.
pub(super) fn build(pairs: &BTreeMap<(Symbol, Symbol), Level>) -> Vec<u8> {
    let mut bytes = vec![0; LEAST];
    pairs.keys().for_each(|&(first, second)| set(&mut bytes[usize::from(first) * ROW..], second));
    bytes.extend(pairs.values());
    bytes
}

/// Pairs of symbols, those with the same first one in a row.
#[derive(Clone)]
struct Pairs<B> {
    bits: B,
    levels: B,
    ranks: Arc<OnceLock<Ranks>>,
}

/// Where the level of a bit is found.
struct Ranks {
    /// Where among the levels each row begins.
    rows: Vec<u32>,
    /// For each word of each row, how many bits are set in the row before it.
    words: Vec<u16>,
}

impl<B: AsRef<[u8]>> Pairs<B> {
    fn new(bits: B, levels: B) -> Pairs<B> {
        Pairs { bits, levels, ranks: Arc::default() }
    }

    fn row(&self, symbol: Symbol) -> Row<'_> {
        let ranks = self.ranks.get_or_init(|| Ranks::of(self.bits.as_ref()));
        let symbol = usize::from(symbol);
        Row {
            bits: &self.bits.as_ref()[symbol * ROW..][..ROW],
            ranks: &ranks.words[symbol * WORDS..][..WORDS],
            // A damaged file may lack levels.
            levels: self.levels.as_ref().get(ranks.rows[symbol] as usize..).unwrap_or_default(),
        }
    }

    /// The same pairs, by the other symbol.
    fn turned(&self) -> Pairs<Vec<u8>> {
        let mut bits = vec![0; LEAST];
        let mut levels = vec![Vec::new(); LIMIT];
        for first in 0..LIMIT as Symbol {
            let row = self.row(first);
            for (second, level) in symbols(row.bits.iter().copied()).zip(row.levels) {
                set(&mut bits[usize::from(second) * ROW..], first);
                levels[usize::from(second)].push(*level);
            }
        }
        Pairs::new(bits, levels.concat())
    }
}

impl Ranks {
    fn of(bits: &[u8]) -> Ranks {
        let (mut rows, mut words) = (Vec::with_capacity(LIMIT), Vec::with_capacity(LIMIT * WORDS));
        let mut seen = 0;
        for row in bits.chunks_exact(ROW) {
            rows.push(seen);
            let mut rank = 0;
            for word in row.as_chunks::<WORD>().0 {
                words.push(rank);
                rank += u64::from_le_bytes(*word).count_ones() as u16;
            }
            seen += u32::from(rank);
        }
        Ranks { rows, words }
    }
}

/// What was seen next to one symbol, on one side.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    bits: &'a [u8],
    ranks: &'a [u16],
    /// Those of this row, and of the ones that follow it.
    levels: &'a [Level],
}

impl<'a> Row<'a> {
    /// Whether a symbol was seen there.
    pub(super) fn has(self, symbol: Symbol) -> bool {
        has(self.bits, symbol)
    }

    /// The level of a symbol there.
    pub(super) fn level(self, symbol: Symbol) -> Level {
        let (word, bit) = (usize::from(symbol) / 64, symbol % 64);
        let (words, _) = self.bits.as_chunks::<WORD>();
        let bits = u64::from_le_bytes(words[word]);
        if bits >> bit & 1 == 0 {
            return 0;
        }
        let before = (bits & ((1 << bit) - 1)).count_ones();
        self.levels.get(usize::from(self.ranks[word]) + before as usize).copied().unwrap_or_default()
    }

    /// Every symbol of `among` that was seen here and in another row.
    pub(super) fn both(self, other: Row<'a>, among: &'a Set) -> impl Iterator<Item = Symbol> + use<'a> {
        let both = self.bits.iter().zip(other.bits).map(|(one, other)| one & other);
        symbols(both.zip(among.0.iter()).map(|(both, among)| both & among))
    }
}

/// Some symbols: one bit each.
pub(super) struct Set(Box<[u8; ROW]>);

impl Set {
    /// Whether a symbol is one of them.
    #[cfg(test)]
    pub(super) fn has(&self, symbol: Symbol) -> bool {
        has(&self.0[..], symbol)
    }
}

impl FromIterator<Symbol> for Set {
    fn from_iter<I: IntoIterator<Item = Symbol>>(symbols: I) -> Set {
        let mut bits = Box::new([0; ROW]);
        symbols.into_iter().for_each(|symbol| set(&mut bits[..], symbol));
        Set(bits)
    }
}

fn has(bits: &[u8], symbol: Symbol) -> bool {
    bits[usize::from(symbol) / 8] >> (symbol % 8) & 1 == 1
}

fn set(bits: &mut [u8], symbol: Symbol) {
    bits[usize::from(symbol) / 8] |= 1 << (symbol % 8);
}

/// The symbols whose bits are set.
fn symbols(bits: impl Iterator<Item = u8>) -> impl Iterator<Item = Symbol> {
    let bytes = bits.zip((0..).step_by(8)).filter(|&(byte, _)| byte != 0);
    bytes.flat_map(|(byte, from)| (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| from + bit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_found_from_either_side() {
        let pairs = [((4, 5), 7), ((4, 4095), 1), ((5, 6), 255), ((4095, 6), 9), ((7, 6), 3)];
        let bytes = build(&BTreeMap::from(pairs));
        let neighbours = Neighbours::new(&bytes);
        for ((first, second), level) in pairs {
            assert_eq!(neighbours.after(first).level(second), level);
            assert_eq!(neighbours.before(second).level(first), level);
        }
        assert!(neighbours.has(4, 5) && !neighbours.has(5, 4));
        assert_eq!(neighbours.after(4).level(6), 0);
        let among: Set = [4, 5, 7, 4095].into_iter().collect();
        let both = neighbours.after(4).both(neighbours.before(6), &among);
        assert_eq!(both.collect::<Vec<_>>(), [5, 4095]);
    }

    #[test]
    fn levels_that_are_missing_are_none() {
        let bytes = build(&BTreeMap::from([((4, 5), 7), ((9, 9), 8)]));
        for missing in 1..3 {
            let neighbours = Neighbours::new(&bytes[..bytes.len() - missing]);
            assert_eq!([neighbours.after(9).level(9), neighbours.before(9).level(9)], [0, 0]);
        }
    }
}
