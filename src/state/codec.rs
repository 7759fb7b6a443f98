//! Keys and rows as bytes.
//!
//! All rows live in one tree, told apart by the first byte of the key, since sled applies a batch atomically to one
//! tree only. Numbers are big-endian, so that rows come back in the order of their numbers.

use serde::{Serialize, de::DeserializeOwned};

use crate::facts::TargetId;

/// Name of the tree.
pub(super) const TREE: &str = "scan";
/// Version of the rows; another one is rebuilt, not read.
pub(super) const VERSION: &[u8] = b"8";
/// Key of the version.
pub(super) const VERSION_KEY: &[u8] = b"V";
/// Key of the scan's progress.
pub(super) const PROGRESS_KEY: &[u8] = b"P";

/// The kinds of rows that belong to a target.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Row {
    Target = b't',
    Visit = b'v',
    Skip = b's',
    Tries = b'r',
    Page = b'p',
    Links = b'l',
    Findings = b'f',
    Attachment = b'a',
}

/// A row that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("a row cannot be read: {0}")]
pub struct Damaged(pub(super) String);

/// The key of a row.
pub(super) fn key(row: Row, id: TargetId) -> [u8; 5] {
    let [a, b, c, d] = id.to_be_bytes();
    [row as u8, a, b, c, d]
}

/// The number in a key made by [`key`].
pub(super) fn id_of(key: &[u8]) -> TargetId {
    key.get(1..5).and_then(|bytes| bytes.try_into().ok()).map_or(0, TargetId::from_be_bytes)
}

pub(super) fn encode(row: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(row).expect("rows are plain data, which postcard always encodes")
}

pub(super) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Damaged> {
    postcard::from_bytes(bytes).map_err(|error| Damaged(error.to_string()))
}
