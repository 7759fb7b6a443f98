//! The command line: what can be asked for, and what the answer is worth.
//!
//! Arguments are typed here and turned into [`Settings`](crate::config::Settings); nothing is requested or printed.

mod alert;
mod baseline;
mod check_text;
pub mod duty;
mod ipv6;
mod links;
pub mod lm;
mod output;
pub mod paper;
mod refusal;
pub mod report;
mod scan;
mod score;
mod settings;
mod upkeep;

use std::{path::PathBuf, process::ExitCode};

use clap::{ArgAction, Args, Parser, Subcommand};

pub use alert::{AlertCommand, AlertListArgs, AlertTestArgs};
pub use baseline::{BaselineAcceptArgs, BaselineCommand, BaselineDiffArgs, BaselineShowArgs, PageArgs};
pub use check_text::{CheckTextArgs, ModeArg};
pub use ipv6::{Ipv6Args, Ipv6Format};
pub use links::{ApproveArgs, LinksArgs, LinksCommand, LinksFormat, RevokeArgs};
pub use output::OutputArgs;
pub use refusal::{OperatorError, problems};
pub use scan::{
    ColumnsArgs, CrawlArgs, DemoArgs, JudgeArgs, JudgementArgs, NetworkArgs, Rate, ScanArgs, SubjectArgs,
};
pub use score::{
    AuthorArgs, EntryAddArgs, EntryCommand, EntryListArgs, EntryRemoveArgs, ScoreArgs, ScoreFormat,
    StandingArg,
};
pub use upkeep::{BackupArgs, CheckArgs, ProbeArgs, ProbeFormat, RestoreArgs, ServeArgs};

/// The configuration that is read where none is named.
pub const CONFIG_FILE: &str = "sitewarden.toml";

/// Watches government websites and tells their keepers, with evidence, what breaks the published indicators.
#[derive(Debug, Parser)]
#[command(
    name = "sitewarden",
    version,
    after_help = EXIT_CODES,
    long_about = "sitewarden 网哨 visits a website as an inspector would, judges every page, link, picture and file \
                  against the published indicators, and writes a report in Chinese that says where each fault is, \
                  what was seen, and what to do.\n\n\
                  To see it at work without touching any real site, begin with:\n\n  sitewarden demo"
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Show more of the log (-v: requests, -vv: everything).
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Write the log as JSON, one object a line.
    #[arg(long, global = true)]
    pub log_json: bool,
    /// Show no progress and only errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done, nothing at or above --fail-on
  1  findings at or above --fail-on
  2  operator error, nothing was requested
  3  the scan could not do its work (home page unreachable, store unusable)";

/// What the program is asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the bundled demo site on loopback, scan it, show what was found
    #[command(
        long_about = "Serves a small invented department site on loopback, scans it and shows summary, score and \
                            report. The site has at least one fault of every kind, and traps that must stay quiet; \
                            at the end the findings are compared with what was planted."
    )]
    Demo(DemoArgs),
    /// Scan one site in full
    #[command(
        long_about = "Visits every page of a site, verifies every link, judges what was seen and writes the record and \
                      the reports. An interrupted scan is taken up where it stopped, unless --fresh is given.\n\n\
                      The site is named by its address, or by its id in the configuration. An address is scanned with \
                      the [crawl] settings of the configuration, but as a site of its own.",
        after_help = SCAN_EXAMPLES
    )]
    Scan(Box<ScanArgs>),
    /// Judge the last scan again, without a single request
    #[command(
        long_about = "Runs the checks and the score again over the evidence of the last scan: after a rule or a \
                            dictionary has changed, or to look at one check alone. No request is made."
    )]
    Judge(Box<JudgeArgs>),
    /// List the columns that the last scan saw, as a register to check and paste
    #[command(
        long_about = "Lists the columns (栏目) that the last scan of a site saw: name, kind, how often each must be \
                            updated, what tells so, its newest date and how it stands. With --toml, writes them as a \
                            register for the configuration, to be checked by whoever knows the site. No request is \
                            made.",
        after_help = COLUMNS_EXAMPLE
    )]
    Columns(Box<ColumnsArgs>),
    /// Compute the score of a scan again, by today's rules
    #[command(
        long_about = "Computes the score of a scan again from what the record keeps of it: by today's rules, by another \
                            table of points, with what people have said since. Shows how it differs from the score at \
                            the time. Changes nothing and requests nothing.",
        after_help = SCORE_EXAMPLES
    )]
    Score(Box<ScoreArgs>),
    /// Record what people say about indicators
    #[command(
        subcommand,
        long_about = "Records what no machine can judge, with name and time: single vetoes, manual deductions, bonus \
                            items, and whether a candidate for a veto is one. Entries are only added; taking one back \
                            is an entry of its own. The next scan and `score` count them."
    )]
    Entry(Box<EntryCommand>),
    /// Show, compare and approve the baselines of key pages
    #[command(
        subcommand,
        long_about = "Every scan compares the key pages of a site (home, columns, a sample of articles) with their \
                            baselines. The first scan proposes them; a person who has looked at the pages approves of \
                            them. Ordinary changes are followed by themselves; any other waits here until it is \
                            accepted or mended. No request is made."
    )]
    Baseline(Box<BaselineCommand>),
    /// List the hosts of others that a site links to, and who vouches for which
    #[command(
        long_about = "Lists the hosts of others that a site links to, as the last scans saw them: what they are, how they \
                            stand and since when, what they were before. No request is made.",
        after_help = LINKS_EXAMPLES
    )]
    Links(Box<LinksArgs>),
    /// Ask once whether a site answers as it should
    #[command(
        long_about = "Asks once for everything that the daemon watches of a site: the home page as seen at a desk and with \
                      a phone, its certificate, the addresses of its name, the end of its domain; and with --site also \
                      the targets that the configuration names for it. Says what was seen and what it means. Records \
                      nothing."
    )]
    Probe(ProbeArgs),
    /// Watch sites around the clock, with dashboard and alarms
    #[command(
        long_about = "Runs until it is stopped: probes every site and target each minute, reads the sites each hour, scans \
                      them in full when their calendar says so, keeps the ledger of availability, raises alarms through \
                      the channels of [alert] until somebody confirms, and serves the dashboard.\n\n\
                      A changed configuration is taken in within seconds, or at once on SIGHUP; one with errors is not, and \
                      the old one stays in force. SIGTERM ends it in order: what was under way goes on with the next start.",
        after_help = SERVE_EXAMPLE
    )]
    Serve(ServeArgs),
    /// Copy record, evidence and configuration while the program runs
    #[command(
        long_about = "Copies the record as it is at one moment, the configuration and the evidence into a new folder, and \
                      verifies the copy. A running daemon is not disturbed."
    )]
    Backup(BackupArgs),
    /// Put a backup in place
    #[command(
        long_about = "Verifies a backup and puts it in place. What is there is moved aside, never overwritten. The daemon \
                      must be stopped."
    )]
    Restore(RestoreArgs),
    /// Say whether configuration, rules, dictionaries and record are sound
    #[command(
        long_about = "Reads configuration, rules, dictionaries and the whole record, and lists everything that is wrong \
                      with them. A running daemon is not disturbed; no request is made."
    )]
    Check(CheckArgs),
    /// Show how long a site was up, degraded, down, at work, and unseen
    #[command(
        long_about = "Shows the ledger of availability of a site for a period: how long it was up, degraded, down, at \
                            work and unseen, its faults, and the share of visits that failed. Downtime is the time in which \
                            at least one endpoint was down; it has a lower bound (seen) and an upper one (possible). \
                            What nobody saw counts as neither. No request is made.",
        after_help = duty::LEDGER_EXAMPLES
    )]
    Ledger(Box<duty::LedgerArgs>),
    /// Hold what the record says against what a contract promised
    #[command(
        long_about = "Assesses a contract of operation line by line: the limit, what was measured, whether it was kept, \
                            points, and what on record that was computed from. Where too little was seen, nothing is \
                            said to be met or not. No request is made.",
        after_help = duty::CONTRACT_EXAMPLES
    )]
    Contract(Box<duty::ContractArgs>),
    /// Record service tickets and their steps
    #[command(
        subcommand,
        long_about = "Records service tickets (报障) by hand: when each was reported, answered, attended, recovered and \
                            solved, and by whom. Nothing is ever changed; a step that was entered wrong is entered again."
    )]
    Ticket(Box<duty::TicketCommand>),
    /// Record time that does not count against the contract
    #[command(
        subcommand,
        long_about = "Records agreed maintenance and time that others answer for. With the name of who agreed it is \
                            subtracted from the figures of the contract, never from the record. Entries are only added, \
                            and every report lists them."
    )]
    Exclude(Box<duty::ExcludeCommand>),
    /// Make a document to hand in: daily, weekly, monthly, quarterly, of a fault, of a full scan
    #[command(
        long_about = "Makes a document from the record, to be signed and handed in. The same record gives the same \
                            figures whenever it is made again, and what the record does not keep is said, never made up. \
                            Rows that only people can fill in are left blank. No request is made; a running daemon is \
                            not disturbed.",
        after_help = report::EXAMPLES
    )]
    Report(Box<report::ReportArgs>),
    /// List documents that were made, and record which were handed in
    #[command(
        subcommand,
        long_about = "Lists the documents that the daemon has made by its calendars, those that were handed in, and those \
                            that the contract of [reports] still asks for; and records what was handed in, from which \
                            contracts are assessed. What was entered wrong is withdrawn, never deleted."
    )]
    Paper(Box<paper::PaperCommand>),
    /// Assess the IPv6 support of a site
    #[command(
        long_about = "Measures how a site works over IPv6, in pinned families: AAAA records and what they are worth, \
                      the chain of name servers from the root down over IPv6 alone, every address and port, visits \
                      and delays against IPv4, links of the second and third level, parts that come from hosts \
                      without IPv6, and whether both families show the same page. Points are this project's own \
                      weighting, as no authority has published any. Where the monitor's own IPv6 does not work, \
                      everything is unknown.\n\n\
                      A one-off assessment visits ten times at short intervals; stability takes visits over a day.",
        after_help = IPV6_EXAMPLES
    )]
    Ipv6(Box<Ipv6Args>),
    /// Check a text before it is published
    #[command(
        long_about = "Looks for misspellings, wrong names, bent formulas and words that do not belong on an official \
                      site, in files that are not published yet: plain text, HTML, DOC and DOCX, XLS and XLSX, PPT and \
                      PPTX, OFD, ODT, PDF, and all of them in ZIP archives. What a document hides is read, too: \
                      comments, deleted text, hidden rows and sheets, notes, properties. What could not be read is \
                      said. No request is made.",
        after_help = CHECK_TEXT_EXAMPLES
    )]
    CheckText(CheckTextArgs),
    /// Say what a check or an indicator means
    #[command(
        long_about = "Says what a check or an indicator means, why it matters and what to do about it. Without \
                            an id, lists all of them."
    )]
    Explain {
        /// Id of a check or an indicator, e.g. dead-link or LINK-01
        id: Option<String>,
    },
    /// Try the channels of alerts, and look at what was delivered
    #[command(subcommand)]
    Alert(AlertCommand),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look at the dictionaries
    #[command(subcommand)]
    Dictionary(DictionaryCommand),
    /// Train, measure and show the language model of the speller
    #[command(subcommand)]
    Lm(lm::LmCommand),
}

const SERVE_EXAMPLE: &str = "\
Example:
  cp sitewarden.example.toml sitewarden.toml
      name your sites in it, then

  sitewarden serve
      and open http://127.0.0.1:7070/ in a browser; the code for the first account is in the log";

const SCAN_EXAMPLES: &str = "\
Examples:
  sitewarden scan https://www.example.gov.cn/ --output report
      scans the site and writes every format below ./report

  sitewarden scan https://www.example.gov.cn/ --scope hb.example.gov.cn --rate 2 --max-pages 500
      two hosts, gently, the first 500 pages

  sitewarden scan --site sthjt --format jsonl --fail-on high
      a site of sitewarden.toml, findings as JSON Lines, exit code 1 where one is high or critical

  sitewarden scan http://10.1.2.3/ --allow-private 10.0.0.0/8 --dns 10.1.0.53
      a site on an internal network";

const COLUMNS_EXAMPLE: &str = "\
Example:
  sitewarden columns --site sthjt --toml > columns.toml
      paste it below the [[site]] it belongs to, and correct what is wrong";

const SCORE_EXAMPLES: &str = "\
Examples:
  sitewarden score --site sthjt --scale sichuan
      the last scan by the table of Sichuan

  sitewarden score --site sthjt --all
      every scan by today's rules, oldest first";

const LINKS_EXAMPLES: &str = "\
Examples:
  sitewarden links --site sthjt --state illicit,parked,changed
      the hosts that somebody has to look at

  sitewarden links approve www.example-society.example --site sthjt --by 张三 --note 行业协会官网，已核实
      from now on its pages are not looked at any more; --until DATE: only up to that day

  sitewarden links revoke www.example-society.example --site sthjt --by 张三 --note 域名已转让
      takes that back: the next scan judges it as a host that nobody knows";

const IPV6_EXAMPLES: &str = "\
Examples:
  sitewarden ipv6 https://www.example.gov.cn/ --output report
      shows the tables and writes ipv6.html, ipv6.json and ipv6.txt below ./report

  sitewarden ipv6 --site sthjt --visits 288 --spacing 5m
      over a whole day, so that stability can be judged";

const CHECK_TEXT_EXAMPLES: &str = "\
Examples:
  sitewarden check-text 通知.docx 附件.xlsx
      shows each fault in its sentence, with what is right

  sitewarden check-text - --format jsonl < article.html
      one finding a line, nothing where the text is clean

  sitewarden check-text *.docx --format sarif --fail-on medium > check.sarif
      for an editor or a publishing pipeline, exit code 1 where one is medium or worse";

/// Looks at the configuration.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// List every problem of the configuration, with line and remedy
    Check(ConfigArgs),
    /// Print the settings in force, secrets masked
    Show(ConfigArgs),
}

/// Looks at the dictionaries.
#[derive(Debug, Subcommand)]
pub enum DictionaryCommand {
    /// Say how many entries each dictionary has, and what is wrong with them
    Check(DictionaryCheckArgs),
}

/// Arguments of `dictionary check`.
#[derive(Debug, Clone, Args)]
pub struct DictionaryCheckArgs {
    /// Which configuration.
    #[command(flatten)]
    pub config: ConfigArgs,
    /// Clean text on which no word may fire: says what does, and how often
    #[arg(long, value_name = "FILE")]
    pub reference: Vec<PathBuf>,
}

/// Which configuration.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {
    /// Configuration file
    #[arg(long, value_name = "FILE", default_value = CONFIG_FILE)]
    pub config: PathBuf,
}

/// What the program's exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, and nothing at or above `--fail-on`.
    Done = 0,
    /// Findings at or above `--fail-on`.
    Findings = 1,
    /// The operator has to change something; nothing was requested.
    Operator = 2,
    /// The scan could not do its work.
    Failed = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_holds() {
        Cli::command().debug_assert();
    }

    /// The ways to every command, the program itself first.
    fn paths(command: &clap::Command) -> Vec<Vec<String>> {
        let below = command.get_subcommands().flat_map(|inner| {
            let name = inner.get_name().to_owned();
            paths(inner).into_iter().map(move |path| [vec![name.clone()], path].concat())
        });
        std::iter::once(Vec::new()).chain(below).collect()
    }

    #[test]
    fn help_teaches() {
        for path in paths(&Cli::command()) {
            let name = if path.is_empty() { "help".to_owned() } else { format!("help-{}", path.join("-")) };
            let arguments = ["sitewarden".to_owned()].into_iter().chain(path).chain(["--help".to_owned()]);
            let help = Cli::try_parse_from(arguments).expect_err("help ends the parsing").to_string();
            insta::assert_snapshot!(name, help);
        }
    }
}
