//! What is kept of a file whose words were read.

use serde::{Deserialize, Serialize};

use super::TargetId;

/// What is kept of a file whose words were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentFacts {
    /// The address it was asked for by.
    pub id: TargetId,
    /// Why some of its words were not read.
    pub gap: Option<Gap>,
}

/// Why some of the words of a file were not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// It is larger than is read, unpacks to more, nests deeper or takes more steps.
    TooLarge,
    /// It wants a password.
    Locked,
    /// It is a picture of text, or its letters cannot be told.
    NoText,
    /// Its structure is broken.
    Damaged,
    /// Nobody here reads its format.
    Foreign,
}
