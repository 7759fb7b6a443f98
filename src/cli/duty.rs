//! `sitewarden ledger`, `contract`, `ticket`, `exclude`: availability and what was promised of it.

use std::io::Write as _;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::score::{NAME, told};
use super::{AuthorArgs, Exit, OperatorError, SubjectArgs, refusal};
use crate::config::{Settings, Site, values};
use crate::contract::{self, ExclusionKind, Step, StepKind, Withdrawal};
use crate::duty::{self, Books, DutyError, View};
use crate::indicators::Category;
use crate::ledger::{Period, Span};
use crate::report;
use crate::store::{NewExclusion, NewTicket};

pub(super) const LEDGER_EXAMPLES: &str = "\
Examples:
  sitewarden ledger --site sthjt --period 2026-11
      one month, day by day

  sitewarden ledger --site sthjt --period 2026 --view service --format json
      how long the monitoring itself was at work this year";

pub(super) const CONTRACT_EXAMPLES: &str = "\
Examples:
  sitewarden contract --site sthjt --profile sichuan --period 2026-Q3
      a quarter, line by line

  sitewarden contract --site sthjt --profile sichuan --quarters 92,88,95,90 --final 91
      the total of the year, and what it leads to";

/// Arguments of `ledger`.
#[derive(Debug, Clone, Args)]
pub struct LedgerArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Which period, and how it is shown.
    #[command(flatten)]
    pub figures: FiguresArgs,
}

/// Arguments of `contract`.
#[derive(Debug, Clone, Args)]
pub struct ContractArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Which contract: the id of a [[contract]] of the rules
    #[arg(long, value_name = "ID")]
    pub profile: String,
    /// Which period, and how it is shown.
    #[command(flatten)]
    pub figures: FiguresArgs,
    /// Points of the quarters, separated by commas; with --final, only the total and what it leads to are shown
    #[arg(long, value_name = "POINTS", value_delimiter = ',', requires = "last")]
    pub quarters: Vec<f64>,
    /// Points of the final assessment; where the contract knows no quarters, the points as they are
    #[arg(long = "final", id = "last", value_name = "POINTS")]
    pub last: Option<f64>,
}

/// Which period, and how it is shown.
#[derive(Debug, Clone, Args)]
pub struct FiguresArgs {
    /// 2026, 2026-H1, 2026-Q3, 2026-11, 2026-W47 or 2026-11-22 [default: this year]
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<Period>,
    /// Whose availability: that of the site, or that of the monitoring itself
    #[arg(long, value_name = "VIEW", default_value = "site")]
    pub view: ViewArg,
    /// How it is shown
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: DutyFormat,
}

/// Whose availability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ViewArg {
    /// The monitored site.
    Site,
    /// The monitoring service, by its own signs of life.
    Service,
}

/// How figures are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DutyFormat {
    /// To be read.
    Text,
    /// As one JSON object.
    Json,
}

/// Service tickets.
#[derive(Debug, Clone, Subcommand)]
pub enum TicketCommand {
    /// Open a ticket
    Add(TicketAddArgs),
    /// List all tickets with their steps
    List(TicketListArgs),
    /// Enter a step of a ticket; one that was entered wrong is entered again
    Update(TicketUpdateArgs),
}

/// Arguments of `ticket add`.
#[derive(Debug, Clone, Args)]
pub struct TicketAddArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// What kind of fault
    #[arg(long)]
    pub category: CategoryArg,
    /// Which system is at fault
    #[arg(long, value_name = "NAME", value_parser = |text: &str| told(text, NAME))]
    pub system: String,
    /// When it was reported, e.g. "2026-11-22 08:30" [default: now]
    #[arg(long, value_name = "TIME")]
    pub opened: Option<String>,
    /// Who reported it, and what is wrong.
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// What kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CategoryArg {
    /// 一般故障.
    General,
    /// 系统停机.
    SystemDown,
}

/// Arguments of `ticket list`.
#[derive(Debug, Clone, Args)]
pub struct TicketListArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
}

/// Arguments of `ticket update`.
#[derive(Debug, Clone, Args)]
pub struct TicketUpdateArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Number of the ticket, as `ticket list` shows it
    #[arg(long, value_name = "N")]
    pub ticket: i64,
    /// Which step
    #[arg(long)]
    pub step: StepArg,
    /// When it was taken, e.g. "2026-11-22 08:30" [default: now]
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Who took it, and what is to be said of it.
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// A step of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StepArg {
    /// 响应.
    Answered,
    /// 到场.
    OnSite,
    /// 备用方案.
    Fallback,
    /// 应急恢复.
    Recovered,
    /// 解决.
    Solved,
}

/// Time that does not count.
#[derive(Debug, Clone, Subcommand)]
pub enum ExcludeCommand {
    /// Enter time that does not count against the contract
    Add(ExcludeAddArgs),
    /// Take it back: the time counts again, and the entry stays on record with who took it back and why
    Withdraw(ExcludeWithdrawArgs),
    /// List all of it
    List(ExcludeListArgs),
}

/// Arguments of `exclude add`.
#[derive(Debug, Clone, Args)]
pub struct ExcludeAddArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// When it begins, e.g. "2026-12-05 02:00"
    #[arg(long, value_name = "TIME")]
    pub from: String,
    /// When it ends
    #[arg(long, value_name = "TIME")]
    pub until: String,
    /// Why it does not count
    #[arg(long, default_value = "maintenance")]
    pub kind: KindArg,
    /// Who of the other party agreed; without it nothing is subtracted
    #[arg(long, value_name = "NAME", value_parser = |text: &str| told(text, NAME))]
    pub approved_by: Option<String>,
    /// Who says so, and why.
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// Why time does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KindArg {
    /// Agreed maintenance.
    Maintenance,
    /// Caused by others, or by what nobody could prevent.
    NotOurs,
}

/// Arguments of `exclude withdraw`.
#[derive(Debug, Clone, Args)]
pub struct ExcludeWithdrawArgs {
    /// Number of the exclusion, as `exclude list` shows it
    #[arg(value_name = "NUMBER")]
    pub number: i64,
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Who says so, and why.
    #[command(flatten)]
    pub author: AuthorArgs,
}

/// Arguments of `exclude list`.
#[derive(Debug, Clone, Args)]
pub struct ExcludeListArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
}

/// Runs `sitewarden ledger`.
pub fn ledger(args: &LedgerArgs) -> anyhow::Result<Exit> {
    let now = Timestamp::now();
    let (books, _) = open(&args.subject, &args.figures, now)?;
    let statement = books.statement();
    show(&match args.figures.format {
        DutyFormat::Text => report::ledger::text(&statement),
        DutyFormat::Json => report::ledger::json(&statement),
    })
}

/// Runs `sitewarden contract`.
pub fn contract(args: &ContractArgs) -> anyhow::Result<Exit> {
    let now = Timestamp::now();
    let (books, site) = open(&args.subject, &args.figures, now)?;
    let contract = books.contract(&args.profile).map_err(refuse)?;
    if let Some(last) = args.last {
        let marks = contract.marks.as_ref();
        let marks =
            marks.ok_or_else(|| OperatorError(format!("contract {} knows no points", contract.id)))?;
        let points = contract::total(marks, &args.quarters, last).unwrap_or(last);
        return show(&report::contract::settlement(
            points,
            contract::settle(marks, points),
            &marks.fail_means,
        ));
    }
    let sheet = books.assess(contract);
    show(&match args.figures.format {
        DutyFormat::Text => report::contract::text(&sheet, site.name.as_deref().unwrap_or(&site.id), now),
        DutyFormat::Json => report::contract::json(&sheet, &site.id, now),
    })
}

/// Runs `sitewarden ticket`.
pub fn ticket(command: &TicketCommand) -> anyhow::Result<Exit> {
    let (TicketCommand::Add(TicketAddArgs { subject, .. })
    | TicketCommand::List(TicketListArgs { subject })
    | TicketCommand::Update(TicketUpdateArgs { subject, .. })) = command;
    let (settings, site) = settled(subject)?;
    let now = Timestamp::now();
    let tickets = match command {
        TicketCommand::Add(args) => {
            let ticket = NewTicket {
                site: site.id.clone(),
                category: args.category.into(),
                system: args.system.clone(),
                what: args.author.note.clone(),
                opened: moment(args.opened.as_deref(), &settings.timezone, now)?,
                opened_by: args.author.by.clone(),
            };
            vec![duty::open_ticket(&settings, &ticket).map_err(refuse)?]
        }
        TicketCommand::Update(args) => {
            let step = Step {
                kind: args.step.into(),
                at: moment(args.at.as_deref(), &settings.timezone, now)?,
                person: args.author.by.clone(),
                note: args.author.note.clone(),
                entered: now,
            };
            vec![duty::take_steps(&settings, &site, args.ticket, &[step]).map_err(refuse)?]
        }
        TicketCommand::List(_) => duty::tickets(&settings, &site).map_err(refuse)?,
    };
    show(&report::tickets::table(&tickets))
}

/// Runs `sitewarden exclude`.
pub fn exclude(command: &ExcludeCommand) -> anyhow::Result<Exit> {
    let (ExcludeCommand::Add(ExcludeAddArgs { subject, .. })
    | ExcludeCommand::Withdraw(ExcludeWithdrawArgs { subject, .. })
    | ExcludeCommand::List(ExcludeListArgs { subject })) = command;
    let (settings, site) = settled(subject)?;
    let exclusions = match command {
        ExcludeCommand::Add(args) => {
            let read = |text: &str| values::moment(text, &settings.timezone).map_err(OperatorError);
            let span = Span::new(read(&args.from)?, read(&args.until)?);
            if span.is_empty() {
                anyhow::bail!(OperatorError(
                    "it ends before it begins; put --from before --until".to_owned()
                ));
            }
            let exclusion = NewExclusion {
                site: site.id.clone(),
                span,
                kind: args.kind.into(),
                reason: args.author.note.clone(),
                author: args.author.by.clone(),
                approved_by: args.approved_by.clone(),
                at: Timestamp::now(),
            };
            vec![duty::exclude(&settings, &exclusion).map_err(refuse)?]
        }
        ExcludeCommand::Withdraw(args) => {
            let (author, reason) = (args.author.by.clone(), args.author.note.clone());
            let withdrawal = Withdrawal { at: Timestamp::now(), author, reason };
            vec![duty::withdraw_exclusion(&settings, &site, args.number, &withdrawal).map_err(refuse)?]
        }
        ExcludeCommand::List(_) => duty::exclusions(&settings, &site).map_err(refuse)?,
    };
    show(&report::contract::exclusions(&exclusions))
}

impl From<CategoryArg> for Category {
    fn from(category: CategoryArg) -> Category {
        match category {
            CategoryArg::General => Category::General,
            CategoryArg::SystemDown => Category::SystemDown,
        }
    }
}

impl From<StepArg> for StepKind {
    fn from(step: StepArg) -> StepKind {
        match step {
            StepArg::Answered => StepKind::Answered,
            StepArg::OnSite => StepKind::OnSite,
            StepArg::Fallback => StepKind::Fallback,
            StepArg::Recovered => StepKind::Recovered,
            StepArg::Solved => StepKind::Solved,
        }
    }
}

impl From<KindArg> for ExclusionKind {
    fn from(kind: KindArg) -> ExclusionKind {
        match kind {
            KindArg::Maintenance => ExclusionKind::Maintenance,
            KindArg::NotOurs => ExclusionKind::NotOurs,
        }
    }
}

fn open(subject: &SubjectArgs, figures: &FiguresArgs, now: Timestamp) -> anyhow::Result<(Books, Site)> {
    let (settings, site) = settled(subject)?;
    let this_year = Period::Year(now.to_zoned(settings.timezone.clone()).year());
    let view = match figures.view {
        ViewArg::Site => View::Site,
        ViewArg::Service => View::Service,
    };
    let period = figures.period.unwrap_or(this_year);
    Ok((Books::open(&settings, &site, period, view, now).map_err(refuse)?, site))
}

pub(super) fn settled(subject: &SubjectArgs) -> anyhow::Result<(Settings, Site)> {
    let settings = subject.settings().map_err(refusal::problems)?;
    let site = settings.sites.first().cloned().context("no site is named")?;
    Ok((settings, site))
}

pub(super) fn moment(
    text: Option<&str>,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<Timestamp, OperatorError> {
    text.map_or(Ok(now), |text| values::moment(text, zone)).map_err(OperatorError)
}

pub(super) fn refuse(error: DutyError) -> anyhow::Error {
    if error.is_operators() { OperatorError(error.to_string()).into() } else { error.into() }
}

pub(super) fn show(text: &str) -> anyhow::Result<Exit> {
    std::io::stdout().write_all(text.as_bytes()).context("writing to the screen")?;
    Ok(Exit::Done)
}
