//! Which addresses are one and the same.

use std::fmt;

use super::Address;

/// A dedup key: two addresses with the same key are fetched once. Computing it twice changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    pub(super) fn of(address: &Address) -> Key {
        Key(address.as_str().to_owned())
    }

    /// The key as text: itself a URL, readable in reports.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// 128-bit hash, the key of indexes.
    pub fn hash128(&self) -> u128 {
        xxhash_rust::xxh3::xxh3_128(self.0.as_bytes())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
