//! The subcommands, those that belong together in one file.

mod alert;
mod ipv6;
mod probe;
mod record;
mod scan;
mod serve;
mod text;
mod upkeep;

pub(crate) use alert::alert;
pub(crate) use ipv6::ipv6;
pub(crate) use probe::probe;
pub(crate) use record::{baseline, columns, entry, links, score};
pub(crate) use scan::{judge, run_demo, run_scan};
pub(crate) use serve::serve;
pub(crate) use text::{check_text, configuration, dictionaries, explain};
pub(crate) use upkeep::{backup, check, restore};
