//! Pictures of findings: which there are. Their bytes are evidence.

use super::StoreError;
use crate::facts::BlobId;
use crate::finding::Fingerprint;
use crate::picture::KeptPicture;

/// What may be done to pictures.
pub trait Pictures: Send + Sync {
    /// Keeps that a picture was taken. Earlier ones of the same finding stay.
    fn put_picture(&self, picture: &KeptPicture) -> Result<(), StoreError>;
}

/// What may be asked about pictures.
pub trait PictureReader: Send + Sync {
    /// The last picture of a finding.
    fn picture(&self, finding: &Fingerprint) -> Result<Option<KeptPicture>, StoreError>;

    /// The last picture of each finding of a site.
    fn pictures(&self, site: &str) -> Result<Vec<KeptPicture>, StoreError>;

    /// Every picture of every site, by its name in the evidence: none of them may go.
    fn picture_bodies(&self) -> Result<Vec<BlobId>, StoreError>;
}
