//! The `sitewarden` program: a table of contents. One function per subcommand; errors become exit codes.

mod commands;

use std::{io::IsTerminal, process::ExitCode};

use anyhow::Context as _;
use clap::Parser;
use sitewarden::cli::{
    Cli, Command, DictionaryCommand, Exit, OperatorError, duty, lm, paper, report as cli_report,
};
use sitewarden::config::{Settings, Site};
use sitewarden::scan::ScanError;

/// Parsing a page is thousands of small allocations; this allocator makes them cheap.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    log_to_stderr(cli.verbose, cli.quiet, cli.log_json);
    let done = match &cli.command {
        Command::Demo(args) => commands::run_demo(args, cli.quiet),
        Command::Scan(args) => commands::run_scan(args, cli.quiet),
        Command::Judge(args) => commands::judge(args),
        Command::Columns(args) => commands::columns(args),
        Command::Score(args) => commands::score(args),
        Command::Entry(command) => commands::entry(command),
        Command::Baseline(command) => commands::baseline(command),
        Command::Links(args) => commands::links(args),
        Command::Probe(args) => commands::probe(args),
        Command::Serve(args) => commands::serve(args),
        Command::Backup(args) => commands::backup(args),
        Command::Restore(args) => commands::restore(args),
        Command::Check(args) => commands::check(args),
        Command::Ledger(args) => duty::ledger(args),
        Command::Contract(args) => duty::contract(args),
        Command::Ticket(command) => duty::ticket(command),
        Command::Exclude(command) => duty::exclude(command),
        Command::Report(args) => cli_report::run(args),
        Command::Paper(command) => paper::paper(command),
        Command::Ipv6(args) => commands::ipv6(args),
        Command::CheckText(args) => commands::check_text(args),
        Command::Explain { id } => commands::explain(id.as_deref()),
        Command::Alert(command) => commands::alert(command),
        Command::Config(command) => commands::configuration(command),
        Command::Dictionary(DictionaryCommand::Check(args)) => commands::dictionaries(args),
        Command::Lm(command) => lm::run(command),
    };
    done.unwrap_or_else(|error| {
        eprintln!("sitewarden: {error:#}");
        exit_of(&error)
    })
    .into()
}

/// The one site in `settings`.
fn site(settings: &Settings) -> anyhow::Result<Site> {
    settings.sites.first().cloned().context("no site is named")
}

fn exit_of(error: &anyhow::Error) -> Exit {
    let is_operators =
        error.is::<OperatorError>() || error.downcast_ref::<ScanError>().is_some_and(ScanError::is_operators);
    if is_operators { Exit::Operator } else { Exit::Failed }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting the runtime")
}

/// Resolves when the operator or the system asks the program to stop.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM is not heeded");
            return std::future::pending().await;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

fn log_to_stderr(verbose: u8, quiet: bool, json: bool) {
    let level = match (quiet, verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "sitewarden=debug,info",
        (false, _) => "trace",
    };
    let filter =
        tracing_subscriber::EnvFilter::try_from_env("SITEWARDEN_LOG").unwrap_or_else(|_| level.into());
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if json { log.json().init() } else { log.with_ansi(std::io::stderr().is_terminal()).init() }
}
