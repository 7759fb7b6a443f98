//! Pictures of findings, as reports show them.

use std::collections::HashMap;

use super::figures;
use crate::finding::Fingerprint;
use crate::picture::KeptPicture;

/// Pictures by the findings that they show.
pub type Pictures = HashMap<Fingerprint, Photo>;

/// A picture with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// What it shows, and when it was taken.
    pub kept: KeptPicture,
    /// The bytes, as JPEG.
    pub jpeg: Vec<u8>,
}

/// What a picture shows, when it was taken, and by what it is known.
pub(crate) fn caption(kept: &KeptPicture) -> String {
    let taken = figures::moment(kept.taken);
    format!("{}。截图于 {taken}（北京时间），SHA-256 {}", kept.sight.note(), kept.image)
}
