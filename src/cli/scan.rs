//! Arguments of `scan`, `judge`, `columns` and `demo`, and what those about one site share.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use jiff::civil::Date;

use super::OutputArgs;
use crate::address::Address;
use crate::config::values;
use crate::net::guard::Network;

/// Arguments of `demo`.
#[derive(Debug, Clone, Args)]
pub struct DemoArgs {
    /// Folder for the reports
    #[arg(long, value_name = "DIR", default_value = "demo-report")]
    pub output: PathBuf,
    /// Keep the data of the demo scan in DIR instead of a folder that is removed
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Keep the demo site up after the scan, with the dashboard, until interrupted
    #[arg(long)]
    pub serve: bool,
    /// Where the dashboard listens with --serve
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:7070")]
    pub listen: SocketAddr,
}

/// What is judged, and as of when. The same for `scan` and `judge`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Judgement")]
pub struct JudgementArgs {
    /// Run only this check; may be repeated
    #[arg(long, value_name = "CHECK")]
    pub only: Vec<String>,
    /// Read every text with the speller too, for slips that no dictionary lists; takes several times as long
    #[arg(long)]
    pub speller: bool,
    /// Read the words of pictures too, by the tesseract of the system; takes a second or more for each new one
    #[arg(long)]
    pub ocr: bool,
    /// Judge as of this date (YYYY-MM-DD) instead of today
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
}

/// Which site, and where its settings and data are. The same for all commands about one site.
#[derive(Debug, Clone, Args)]
pub struct SubjectArgs {
    /// Home page of the site
    #[arg(value_name = "URL", value_parser = values::home, conflicts_with = "site")]
    pub url: Option<Address>,
    /// Id of a site in the configuration; may be left out where it has only one
    #[arg(long, value_name = "ID")]
    pub site: Option<String>,
    /// Configuration file [default: none with URL, sitewarden.toml otherwise]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder for record, crawl state and evidence [default: ./data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// A further host of the site named by URL; may be repeated
    #[arg(long, value_name = "HOST", value_parser = values::scope, conflicts_with = "site")]
    pub scope: Vec<String>,
}

/// Arguments of `scan`.
#[derive(Debug, Clone, Args)]
pub struct ScanArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Drop an interrupted scan instead of going on with it
    #[arg(long)]
    pub fresh: bool,
    /// Look at pages in the name of search engines too, to see whether they are shown something else; only where
    /// whoever answers for the site agreed
    #[arg(long)]
    pub probe_cloaking: bool,
    /// Assess IPv6 support as well, and write its reports beside the others; more in `sitewarden ipv6 --help`
    #[arg(long, requires = "output")]
    pub ipv6: bool,
    /// How results are shown.
    #[command(flatten)]
    pub output: OutputArgs,
    /// What is judged.
    #[command(flatten)]
    pub judgement: JudgementArgs,
    /// How to crawl.
    #[command(flatten)]
    pub crawl: CrawlArgs,
}

/// Arguments of `judge`.
#[derive(Debug, Clone, Args)]
pub struct JudgeArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// How results are shown.
    #[command(flatten)]
    pub output: OutputArgs,
    /// What is judged.
    #[command(flatten)]
    pub judgement: JudgementArgs,
}

/// Arguments of `columns`.
#[derive(Debug, Clone, Args)]
pub struct ColumnsArgs {
    /// Which site.
    #[command(flatten)]
    pub subject: SubjectArgs,
    /// Write [[site.column]] blocks for the configuration instead of a table
    #[arg(long)]
    pub toml: bool,
    /// Judge as of this date (YYYY-MM-DD) instead of today
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
}

/// How to crawl; what is not given here is as in the configuration.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Crawl")]
pub struct CrawlArgs {
    /// Stop after this many pages [default: all]
    #[arg(long, value_name = "COUNT")]
    pub max_pages: Option<u64>,
    /// Requests per second and host, 0 for no limit [default: 10]
    #[arg(long, value_name = "PER_SECOND", value_parser = rate)]
    pub rate: Option<Rate>,
    /// Requests in flight, over all hosts; a single host gets no more than that either [default: 32, 4 per host]
    #[arg(long, value_name = "COUNT", value_parser = count)]
    pub concurrency: Option<usize>,
    /// Time between the tries that confirm a failure, e.g. 30s or 15m [default: 5s]
    #[arg(long, value_name = "DURATION", value_parser = values::duration)]
    pub confirm_spacing: Option<Duration>,
    /// Do not verify links that leave the site
    #[arg(long)]
    pub no_external: bool,
    /// Do not ask robots.txt; for sites of one's own
    #[arg(long)]
    pub no_robots: bool,
    /// How the network is used.
    #[command(flatten)]
    pub network: NetworkArgs,
}

/// How the network is used; what is not given here is as in the configuration.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Network")]
pub struct NetworkArgs {
    /// Name server; may be repeated [default: those of the system]
    #[arg(long, value_name = "ADDR[:PORT]", value_parser = values::name_server)]
    pub dns: Vec<SocketAddr>,
    /// PEM file with a further trust root; may be repeated
    #[arg(long, value_name = "FILE", value_parser = values::existing_file)]
    pub ca: Vec<PathBuf>,
    /// Private network that may be visited; may be repeated
    #[arg(long, value_name = "CIDR", value_parser = values::network)]
    pub allow_private: Vec<Network>,
}

/// Requests per second; `None`: no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate(pub Option<f64>);

fn rate(text: &str) -> Result<Rate, String> {
    let per_second = text.parse().map_err(|_| format!("`{text}` is no number"))?;
    values::rate(per_second).map(Rate)
}

pub(super) fn count(text: &str) -> Result<usize, String> {
    values::at_least_one(text.parse().map_err(|_| format!("`{text}` is no whole number"))?)
}
