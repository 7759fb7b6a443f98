//! Subcommands that are more than a few lines.

mod probe;
mod serve;
mod upkeep;

pub(crate) use probe::probe;
pub(crate) use serve::serve;
pub(crate) use upkeep::{backup, check, restore};
