//! Which two symbols were ever seen side by side: one bit each.

use std::sync::{Arc, OnceLock};

use super::symbols::{LIMIT, Symbol};

/// Bytes of a row, which has a bit for every symbol.
const ROW: usize = LIMIT / 8;
/// Bytes of all rows.
pub(super) const SIZE: usize = LIMIT * ROW;

/// The bits, by the first symbol and by the second: who asks for many symbols next to a given one stays in its row.
#[derive(Clone)]
pub(super) struct Follows<'a> {
    by_first: &'a [u8],
    /// Made when it is first needed: whoever only cuts words never asks.
    by_second: Arc<OnceLock<Vec<u8>>>,
}

impl<'a> Follows<'a> {
    /// The bits in these bytes, a row for each first symbol, [`SIZE`] in all.
    pub(super) fn new(by_first: &'a [u8]) -> Follows<'a> {
        Follows { by_first, by_second: Arc::default() }
    }

    /// Whether the second symbol was ever seen after the first.
    pub(super) fn has(&self, first: Symbol, second: Symbol) -> bool {
        holds(row(self.by_first, first), second)
    }

    /// What was ever seen after one symbol, and before another.
    pub(super) fn around(&self, before: Symbol, after: Symbol) -> Around<'_> {
        let by_second = self.by_second.get_or_init(|| turned(self.by_first));
        Around { follow: row(self.by_first, before), precede: row(by_second, after) }
    }
}

/// Some symbols: one bit each.
pub(super) struct Row(Box<[u8; ROW]>);

impl Row {
    /// Whether it holds a symbol.
    #[cfg(test)]
    pub(super) fn has(&self, symbol: Symbol) -> bool {
        holds(&self.0[..], symbol)
    }
}

impl FromIterator<Symbol> for Row {
    fn from_iter<I: IntoIterator<Item = Symbol>>(symbols: I) -> Row {
        let mut row = Box::new([0; ROW]);
        symbols.into_iter().for_each(|symbol| set(&mut row[..], 0, symbol));
        Row(row)
    }
}

/// The symbols that were seen next to two neighbours.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    follow: &'a [u8],
    precede: &'a [u8],
}

impl<'a> Around<'a> {
    /// Whether a symbol was seen after the one neighbour, and before the other.
    pub(super) fn sides(&self, symbol: Symbol) -> [bool; 2] {
        [holds(self.follow, symbol), holds(self.precede, symbol)]
    }

    /// Every symbol of a row that was seen next to both.
    pub(super) fn both(&self, among: &'a Row) -> impl Iterator<Item = Symbol> + use<'a> {
        let both = self.follow.iter().zip(self.precede).map(|(follow, precede)| follow & precede);
        symbols(both.zip(among.0.iter()).map(|(both, among)| both & among))
    }
}

/// Notes that the second symbol was seen after the first.
pub(super) fn set(rows: &mut [u8], first: Symbol, second: Symbol) {
    rows[usize::from(first) * ROW + usize::from(second) / 8] |= 1 << (second % 8);
}

/// The same bits, by the second symbol.
fn turned(rows: &[u8]) -> Vec<u8> {
    let mut turned = vec![0; rows.len()];
    for (first, row) in (0..).zip(rows.chunks_exact(ROW)) {
        for second in symbols(row.iter().copied()) {
            set(&mut turned, second, first);
        }
    }
    turned
}

fn row(rows: &[u8], of: Symbol) -> &[u8] {
    &rows[usize::from(of) * ROW..][..ROW]
}

fn holds(row: &[u8], symbol: Symbol) -> bool {
    row[usize::from(symbol) / 8] >> (symbol % 8) & 1 == 1
}

/// The symbols of a row.
fn symbols(row: impl Iterator<Item = u8>) -> impl Iterator<Item = Symbol> {
    let bytes = row.zip((0..).step_by(8)).filter(|&(byte, _)| byte != 0);
    bytes.flat_map(|(byte, from)| (0..8).filter(move |bit| byte >> bit & 1 == 1).map(move |bit| from + bit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_found_from_either_side() {
        let mut rows = vec![0; SIZE];
        for (first, second) in [(4, 5), (4, 4095), (5, 6), (4095, 6), (7, 6)] {
            set(&mut rows, first, second);
        }
        let follows = Follows::new(&rows);
        assert!(follows.has(4, 5) && follows.has(4095, 6) && !follows.has(5, 4));
        let around = follows.around(4, 6);
        assert_eq!(around.both(&[4, 5, 7, 4095].into_iter().collect()).collect::<Vec<_>>(), [5, 4095]);
        assert_eq!(
            [5, 7, 6].map(|symbol| around.sides(symbol)),
            [[true, true], [false, true], [false, false]]
        );
    }
}
