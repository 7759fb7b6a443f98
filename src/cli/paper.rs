//! `sitewarden paper`: documents that were made and handed in.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::duty::{moment, refuse, settled, show};
use super::score::{NAME, NOTE, told};
use super::{AuthorArgs, Exit, OperatorError, SubjectArgs};
use crate::contract::Withdrawal;
use crate::digest::sha256;
use crate::duty;
use crate::ledger::{Period, Unit};
use crate::paper::Kind;
use crate::report::documents;
use crate::store::papers::{Matter, NewHandIn, Senseless};

/// Documents that were made and handed in.
#[derive(Debug, Clone, Subcommand)]
pub enum PaperCommand {
    /// List what was made, what was handed in, and what is owed
    List(PaperListArgs),
    /// Enter that a document was handed in
    HandIn(PaperHandInArgs),
    /// Withdraw what was entered as handed in
    Withdraw(PaperWithdrawArgs),
}

/// Arguments of `paper list`.
#[derive(Debug, Clone, Args)]
pub struct PaperListArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
}

/// Arguments of `paper hand-in`.
#[derive(Debug, Clone, Args)]
pub struct PaperHandInArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Which document
    #[arg(long)]
    pub kind: Kind,
    /// Of which period: 2026, 2026-H1, 2026-Q3, 2026-11, 2026-W47 or 2026-11-22; may be left out for a fault
    #[arg(long, value_name = "PERIOD", required_unless_present = "interval")]
    pub period: Option<Period>,
    /// Of a fault: the number of one of its intervals
    #[arg(long, value_name = "N")]
    pub interval: Option<i64>,
    /// When it was handed in, e.g. "2026-11-22 08:30" [default: now]
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Name of whoever handed it in
    #[arg(long, value_name = "NAME", value_parser = |text: &str| told(text, NAME))]
    pub by: String,
    /// Name of whoever received it
    #[arg(long, value_name = "NAME", value_parser = |text: &str| told(text, NAME))]
    pub to: String,
    /// The file that was handed in; its hash is recorded
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// What else is to be said
    #[arg(long, value_name = "TEXT", default_value = "", value_parser = |text: &str| match text {
        "" => Ok(String::new()),
        text => told(text, NOTE),
    })]
    pub note: String,
}

/// Arguments of `paper withdraw`.
#[derive(Debug, Clone, Args)]
pub struct PaperWithdrawArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Number of the entry, as `paper list` shows it
    #[arg(long, value_name = "N")]
    pub number: i64,
    /// Who says so, and why.
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// Runs `sitewarden paper`.
pub fn paper(command: &PaperCommand) -> anyhow::Result<Exit> {
    let (PaperCommand::List(PaperListArgs { subject })
    | PaperCommand::HandIn(PaperHandInArgs { subject, .. })
    | PaperCommand::Withdraw(PaperWithdrawArgs { subject, .. })) = command;
    let (settings, site) = settled(subject)?;
    let now = Timestamp::now();
    match command {
        PaperCommand::List(_) => {
            let listed = duty::papers(&settings, &site, now).map_err(refuse)?;
            show(&documents::table(&listed.made, &listed.handed_in, &listed.owed))
        }
        PaperCommand::HandIn(args) => {
            let at = moment(args.at.as_deref(), &settings.timezone, now)?;
            let year = Unit::Year.of(at.to_zoned(settings.timezone.clone()).date());
            let matter = Matter {
                site: site.id.clone(),
                kind: args.kind,
                period: args.period.unwrap_or(year),
                interval: args.interval,
            };
            sensible(&matter)?;
            let read = |file: &PathBuf| -> anyhow::Result<String> {
                let content = std::fs::read(file).with_context(|| format!("reading {}", file.display()))?;
                Ok(sha256(&content))
            };
            let document = NewHandIn {
                matter,
                at,
                by: args.by.clone(),
                to: args.to.clone(),
                sha256: args.file.as_ref().map(read).transpose()?,
                note: args.note.clone(),
                entered: now,
                entered_by: args.by.clone(),
            };
            let entered = duty::hand_in(&settings, &document).map_err(refuse)?;
            show(&documents::table(&[], &[entered], &[]))
        }
        PaperCommand::Withdraw(args) => {
            let AuthorArgs { by, note } = args.author.clone();
            let withdrawal = Withdrawal { at: now, author: by, reason: note };
            let gone = duty::withdraw_document(&settings, &site, args.number, &withdrawal).map_err(refuse)?;
            show(&documents::table(&[], &[gone], &[]))
        }
    }
}

fn sensible(matter: &Matter) -> Result<(), OperatorError> {
    let Matter { kind, period, .. } = matter;
    let why = match matter.senseless() {
        None => return Ok(()),
        Some(Senseless::Period) => format!("there is no {kind} report for {period}; name another --period"),
        Some(Senseless::NoInterval) => "the report of a fault is named by --interval".to_owned(),
        Some(Senseless::StrayInterval) => format!("an interval goes with the fault report, not with {kind}"),
    };
    Err(OperatorError(why))
}
