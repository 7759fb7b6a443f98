//! Arguments of `links`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::{AuthorArgs, SubjectArgs};
use crate::link::landing::HostState;

/// Arguments of `links`.
#[derive(Debug, Clone, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct LinksArgs {
    /// What to do instead of listing.
    #[command(subcommand)]
    pub command: Option<LinksCommand>,
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Only hosts in these states: ok, dead, parked, changed, suspicious, illicit, unobservable
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = state)]
    pub state: Vec<HostState>,
    /// How the list is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: LinksFormat,
}

/// What to do with the list.
#[derive(Debug, Clone, Subcommand)]
pub enum LinksCommand {
    /// Vouch for a host: its pages are not looked at any more
    Approve(ApproveArgs),
    /// Take back that somebody vouched for a host: the next scan judges it as one that nobody knows
    Revoke(RevokeArgs),
}

/// Arguments of `links approve`.
#[derive(Debug, Clone, Args)]
pub struct ApproveArgs {
    /// The host, as `links` lists it
    #[arg(value_name = "HOST")]
    pub host: String,
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Who says so, and why.
    #[command(flatten)]
    pub author: AuthorArgs,
    /// The last day on which it holds (YYYY-MM-DD) [default: until it is taken back]
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
}

/// Arguments of `links revoke`.
#[derive(Debug, Clone, Args)]
pub struct RevokeArgs {
    /// The host, as `links` lists it
    #[arg(value_name = "HOST")]
    pub host: String,
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Who says so, and why.
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// How the list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LinksFormat {
    /// To be read.
    Text,
    /// As one JSON array.
    Json,
}

fn state(text: &str) -> Result<HostState, String> {
    let known = HostState::ALL.iter().find(|state| state.word() == text);
    known.copied().ok_or_else(|| {
        let all: Vec<&str> = HostState::ALL.iter().map(|state| state.word()).collect();
        format!("`{text}` is no state; there are {}", all.join(", "))
    })
}
