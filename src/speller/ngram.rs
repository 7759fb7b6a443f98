//! Keys of what is counted: runs of symbols, words, and two words in a row.

use super::symbols::Symbol;

/// The longest run, and the longest word, that is counted.
pub(super) const ORDER: usize = 5;

/// A symbol's bits; five of them leave four for the kind.
const BITS: u32 = 12;
const KIND: u32 = 60;
const PAIR: u64 = 15;

/// The key of a run of at most [`ORDER`] symbols.
pub(super) fn run(symbols: &[Symbol]) -> u64 {
    packed(symbols) | (symbols.len() as u64) << KIND
}

/// The symbols of the run that has this key.
pub(super) fn symbols(run: u64) -> Vec<Symbol> {
    unpacked(run, (run >> KIND) as usize)
}

/// The key of a word of at most [`ORDER`] symbols.
pub(super) fn word(symbols: &[Symbol]) -> u64 {
    packed(symbols) | ((ORDER + symbols.len()) as u64) << KIND
}

/// The key of two words in a row, by their own keys. Two pairs may share one, about once in 10^12.
pub(super) fn pair(first: u64, second: u64) -> u64 {
    let mixed = first.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
        ^ second.wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    mixed >> (64 - KIND) | PAIR << KIND
}

/// Symbols side by side, the first one in the highest bits.
pub(super) fn packed(symbols: &[Symbol]) -> u64 {
    symbols.iter().fold(0, |key, &symbol| key << BITS | u64::from(symbol))
}

/// The last `length` symbols that were packed.
pub(super) fn unpacked(packed: u64, length: usize) -> Vec<Symbol> {
    let mask = (1 << BITS) - 1;
    (0..length).rev().map(|after| (packed >> (BITS * after as u32) & mask) as Symbol).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_and_words_of_the_same_symbols_differ() {
        assert_ne!(run(&[7, 8]), word(&[7, 8]));
        assert_ne!(run(&[7]), run(&[0, 7]));
        assert_eq!([run(&[7]), run(&[0, 7, 0])].map(symbols), [vec![7], vec![0, 7, 0]]);
        assert_ne!(pair(word(&[7]), word(&[8])), pair(word(&[8]), word(&[7])));
    }

    #[test]
    fn packing_is_undone() {
        assert_eq!(unpacked(packed(&[1, 2, 3, 4, 4095]), 5), [1, 2, 3, 4, 4095]);
        assert_eq!(unpacked(packed(&[1, 2, 3, 4, 5]), 2), [4, 5]);
    }
}
