//! Arguments of `score` and `entry`.

use clap::{Args, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::SubjectArgs;
use crate::score::Judged;

/// Characters of a name.
pub(super) const NAME: usize = 100;

/// Characters of a note; what is longer belongs into a document that the note names.
pub(super) const NOTE: usize = 2_000;

/// Arguments of `score`.
#[derive(Debug, Clone, Args)]
pub struct ScoreArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Number of the scan [default: the last one that ended]
    #[arg(long, value_name = "N", conflicts_with = "all")]
    pub scan: Option<i64>,
    /// Every scan of the site, one a line
    #[arg(long)]
    pub all: bool,
    /// Another table of points than the one configured
    #[arg(long, value_name = "SCALE")]
    pub scale: Option<String>,
    /// How the result is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ScoreFormat,
}

/// How a score computed again is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScoreFormat {
    /// To be read.
    Text,
    /// As one JSON object; with --all, an array.
    Json,
}

/// What people say about indicators.
#[derive(Debug, Clone, Subcommand)]
pub enum EntryCommand {
    /// Judge an indicator: what no machine can, or a candidate for a veto
    Add(EntryAddArgs),
    /// List all entries, those taken back included
    List(EntryListArgs),
    /// Take an entry back, which is an entry of its own
    Remove(EntryRemoveArgs),
}

/// Arguments of `entry add`.
#[derive(Debug, Clone, Args)]
pub struct EntryAddArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Id of the indicator, e.g. DED-34 or VETO-01b
    #[arg(long, value_name = "ID")]
    pub indicator: String,
    /// How it stands
    #[arg(long)]
    pub standing: StandingArg,
    /// Points lost where it is not met, or won where a bonus is
    #[arg(long, value_name = "POINTS", default_value_t = 0.0)]
    pub points: f64,
    /// Who says so, and why.
    #[command(flatten)]
    pub author: AuthorArgs,
    /// The last day on which it holds (YYYY-MM-DD) [default: until it is taken back]
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
}

/// How a person says an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StandingArg {
    /// Met; a candidate for a veto is none, a bonus is due.
    Met,
    /// Not met; a veto holds, points are lost.
    Failed,
}

impl From<StandingArg> for Judged {
    fn from(standing: StandingArg) -> Judged {
        match standing {
            StandingArg::Met => Judged::Met,
            StandingArg::Failed => Judged::Failed,
        }
    }
}

/// Arguments of `entry list`.
#[derive(Debug, Clone, Args)]
pub struct EntryListArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
}

/// Arguments of `entry remove`.
#[derive(Debug, Clone, Args)]
pub struct EntryRemoveArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Number of the entry, as `entry list` shows it
    #[arg(long, value_name = "N")]
    pub entry: i64,
    /// Who says so, and why.
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// Who makes an entry, and why.
#[derive(Debug, Clone, Args)]
pub struct AuthorArgs {
    /// Name of whoever answers for it
    #[arg(long, value_name = "NAME", value_parser = |text: &str| told(text, NAME))]
    pub by: String,
    /// Why, and what shows it
    #[arg(long, value_name = "TEXT", value_parser = |text: &str| told(text, NOTE))]
    pub note: String,
}

pub(super) fn told(text: &str, most: usize) -> Result<String, String> {
    match text.trim() {
        "" => Err("must not be empty".to_owned()),
        text if text.chars().nth(most).is_some() => Err(format!("has more than {most} characters")),
        text => Ok(text.to_owned()),
    }
}
