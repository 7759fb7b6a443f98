//! Registers that people handed in, in the record.

use jiff::Timestamp;

use super::{Action, StoreError};
use crate::registers::{Register, Rows};

/// A register about to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRegister {
    /// Id of the site.
    pub site: String,
    /// What it lists.
    pub rows: Rows,
    /// Name of the file it came in.
    pub file: String,
    /// Who accepted it.
    pub author: String,
    /// When.
    pub at: Timestamp,
}

/// Registers on record.
pub trait Registers {
    /// Keeps a register, which takes the place of the one of the same site and kind.
    fn put_register(&self, register: &NewRegister, note: &Action) -> Result<Register, StoreError>;

    /// The registers in force, by site and kind.
    fn registers(&self) -> Result<Vec<Register>, StoreError>;
}
