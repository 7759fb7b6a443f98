//! Arguments of `baseline`.

use clap::{Args, Subcommand};

use super::SubjectArgs;
use super::score::{NAME, told};
use crate::address::Address;
use crate::config::values;

/// What key pages look like, and who approved of it.
#[derive(Debug, Clone, Subcommand)]
pub enum BaselineCommand {
    /// List the key pages with their baselines
    Show(BaselineShowArgs),
    /// Say what differs where a change waits for a person
    Diff(BaselineDiffArgs),
    /// Make pages good as they are: those that wait, and those that nobody has looked at yet
    Accept(BaselineAcceptArgs),
}

/// Arguments of `baseline show`.
#[derive(Debug, Clone, Args)]
pub struct BaselineShowArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
}

/// Arguments of `baseline diff`.
#[derive(Debug, Clone, Args)]
pub struct BaselineDiffArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Which pages.
    #[command(flatten)]
    pub page: PageArgs,
}

/// Arguments of `baseline accept`.
#[derive(Debug, Clone, Args)]
pub struct BaselineAcceptArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Which pages.
    #[command(flatten)]
    pub page: PageArgs,
    /// Name of whoever answers for it
    #[arg(long, value_name = "NAME", value_parser = |text: &str| told(text, NAME))]
    pub by: String,
}

/// Which pages are meant.
#[derive(Debug, Clone, Args)]
pub struct PageArgs {
    /// Only this page [default: all]
    #[arg(long, value_name = "ADDRESS", value_parser = values::home)]
    pub page: Option<Address>,
}
