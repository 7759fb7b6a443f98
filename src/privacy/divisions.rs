//! Codes of administrative divisions (GB/T 2260), from `dictionaries/divisions.txt`.

use std::{collections::HashSet, sync::LazyLock};

/// How well the first six digits of an identity number are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// The division is in the table.
    Division,
    /// Only its province is: the table lacks some that were abolished long ago, and people keep their numbers.
    Province,
}

const TABLE: &str = include_str!("../../dictionaries/divisions.txt");

struct Codes {
    divisions: HashSet<[u8; 6]>,
    provinces: HashSet<[u8; 2]>,
}

static CODES: LazyLock<Codes> = LazyLock::new(|| {
    let mut codes = Codes { divisions: HashSet::new(), provinces: HashSet::new() };
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split(' ').map(str::as_bytes);
        let Some(&[a, b, c, d]) = parts.next() else { continue };
        codes.provinces.insert([a, b]);
        for part in parts {
            if let &[e, f] = part {
                codes.divisions.insert([a, b, c, d, e, f]);
            }
        }
    }
    codes
});

/// How well a code of six digits is known; `None` where not even its province exists.
pub(super) fn known(code: &[u8]) -> Option<Known> {
    if CODES.divisions.contains(code) {
        return Some(Known::Division);
    }
    code.get(..2).is_some_and(is_province).then_some(Known::Province)
}

/// Every code of the table.
#[cfg(test)]
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    CODES.divisions.iter().map(|code| std::str::from_utf8(code).expect("digits"))
}

/// Whether two digits are a province's.
pub(super) fn is_province(code: &[u8]) -> bool {
    CODES.provinces.contains(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(lines.is_sorted());
        assert!(lines.iter().all(|line| line.split(' ').skip(1).all(|part| part.len() == 2)));
        assert_eq!(CODES.provinces.len(), 35);
        assert_eq!(known(b"510105"), Some(Known::Division));
        assert_eq!(known(b"519999"), Some(Known::Province));
        assert_eq!(known(b"990101"), None);
    }
}
