//! Facts: what outlives a page. Compact rows, plain data, the vocabulary of everything that judges a whole site.

mod asked;
mod attachment;
mod coverage;
mod listing;
mod oddity;
mod packed;
mod page;
mod visit;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::digest::hex;

pub use asked::{Echo, Probe, Search, SearchOutcome};
pub use attachment::{AttachmentFacts, Gap};
pub use coverage::{CouldNotRun, Coverage};
pub use listing::{Listing, ListingFile, Mention, Named};
pub use oddity::Oddity;
pub use packed::Packed;
pub use page::{ContentKeys, ItemFact, KindSample, PageFacts, PageKind, ShownDate, Tag, own_title};
pub use visit::{Announced, HostDown, LinkKind, OutLink, Skip, Target, Try, Visit};

/// Number of an address within one crawl state. Addresses are interned once and known by this number.
pub type TargetId = u32;

/// The home page is always the first target.
pub const HOME: TargetId = 0;

/// Name of a body in the evidence store: SHA-256 of the uncompressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobId(pub [u8; 32]);

impl fmt::Display for BlobId {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl FromStr for BlobId {
    type Err = NoBlobId;

    fn from_str(text: &str) -> Result<BlobId, NoBlobId> {
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() || !text.is_ascii() {
            return Err(NoBlobId);
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).map_err(|_| NoBlobId)?;
        }
        Ok(BlobId(bytes))
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a body: 64 hexadecimal digits are expected")]
pub struct NoBlobId;
