//! `sitewarden report`: the documents that are handed in.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use jiff::Timestamp;

use super::duty::{refuse, settled};
use super::{Exit, SubjectArgs};
use crate::duty::{self, DutyError, Order};
use crate::indicators::RuleSet;
use crate::ledger::Period;
use crate::paper::{Kind, PaperFormat};
use crate::report::periodic::Document;
use crate::report::{replace, text};
use crate::store::{self, ScanId};

pub(super) const EXAMPLES: &str = "\
Kinds and their periods:
  daily       每日读网记录          2026-11-22
  work        运维周报、月报        2026-W47 or 2026-11
  self-check  季度自查报告          2026-Q3
  quality     运行质量分析          2026-Q3 or 2026-H1
  summary     半年、年度总结        2026-H1 or 2026
  fault       故障报告              any; --interval N names the fault
  full-scan   全量监测证明          any; --scan N names the scan
  ipv6        IPv6 支持度报告       any
  contract    合同考核表            2026-Q3, 2026-H1, 2026 or 2026-11; --profile names the contract

Examples:
  sitewarden report work --site sthjt --period 2026-W47
      the report of a week, as a page and as a document to sign, below ./reports

  sitewarden report full-scan --site sthjt --scan 12 --format docx,pdf --output 台账/2026
      the proof of one scan

  sitewarden report fault --site sthjt --period 2026-11 --interval 31
      the report of the fault that interval 31 of `sitewarden ledger` belongs to";

/// Arguments of `report`.
#[derive(Debug, Clone, Args)]
pub struct ReportArgs {
    /// Which document
    #[arg(value_name = "KIND")]
    pub kind: Kind,
    /// Which site.
    #[command(flatten)]
    pub subject: ReportSubjectArgs,
    /// Which period: 2026, 2026-H1, 2026-Q3, 2026-11, 2026-W47 or 2026-11-22 [default: the one that goes on]
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<Period>,
    /// Number of the full scan that is proven [default: the last one of the period]
    #[arg(long, value_name = "N")]
    pub scan: Option<i64>,
    /// Number of an interval of the fault that is reported [default: the last fault of the period]
    #[arg(long, value_name = "N")]
    pub interval: Option<i64>,
    /// The contract: the id of a [[contract]] of the rules [default: the first]
    #[arg(long, value_name = "ID")]
    pub profile: Option<String>,
    /// Formats, separated by commas; pdf takes Chromium
    #[arg(long, value_name = "FORMATS", value_delimiter = ',', default_value = "html,docx")]
    pub format: Vec<PaperFormat>,
    /// Folder for the documents
    #[arg(long, value_name = "DIR", default_value = "reports")]
    pub output: PathBuf,
}

/// Which site: by its id, as the place of an address is taken by the kind.
#[derive(Debug, Clone, Args)]
pub struct ReportSubjectArgs {
    /// Id of a site in the configuration; may be left out where it has only one
    #[arg(long, value_name = "ID")]
    pub site: Option<String>,
    /// Configuration file [default: sitewarden.toml]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder for record, crawl state and evidence [default: ./data]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Runs `sitewarden report`.
pub fn run(args: &ReportArgs) -> anyhow::Result<Exit> {
    let ReportSubjectArgs { site, config, data } = args.subject.clone();
    let (settings, site) = settled(&SubjectArgs { url: None, site, config, data, scope: Vec::new() })?;
    let rules =
        RuleSet::load(settings.rules_dir.as_deref()).map_err(|errors| refuse(DutyError::Rules(errors)))?;
    let store = store::open_reader(&settings.store_url)?;
    let order = Order {
        kind: args.kind,
        period: args.period,
        scan: args.scan.map(ScanId),
        interval: args.interval,
        contract: args.profile.clone(),
    };
    let now = Timestamp::now();
    let document = duty::handout(&*store, &Arc::new(rules), &settings, &site, &order, now).map_err(refuse)?;
    let files = write(&document, &args.format, &args.output, now)
        .with_context(|| format!("writing the report to {}", args.output.display()))?;
    print!("{}", text::whereabouts(&files));
    Ok(Exit::Done)
}

fn write(
    document: &Document,
    formats: &[PaperFormat],
    folder: &Path,
    now: Timestamp,
) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(folder)?;
    let mut files = Vec::new();
    for format in formats {
        let content = duty::written(document, *format, now)?;
        let file = folder.join(format!("{}.{}", document.name, format.word()));
        replace(&file, &content)?;
        files.push(file);
    }
    Ok(files)
}
