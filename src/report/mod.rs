//! What a scan shows: one [`Report`], many formats. Pure functions from a report to text or bytes; only
//! [`write_all`] knows files. Wording for people is in [`wording`], words for programs in [`wire`].

pub mod availability;
pub mod baselines;
mod columns;
pub(crate) mod completeness;
mod conduct;
pub mod contract;
pub mod csv;
pub mod deliveries;
pub mod documents;
pub mod docx;
mod dossier;
pub mod entries;
pub mod escape;
pub mod explain;
pub(crate) mod figures;
#[cfg(test)]
mod footing_tests;
mod groups;
pub(crate) mod hit;
pub mod html;
pub mod inventory;
pub mod ipv6;
pub mod json;
pub mod jsonl;
pub mod ledger;
mod outline;
pub mod periodic;
pub(crate) mod photo;
pub mod probed;
mod proof;
pub mod proofread;
mod prospects;
pub mod register;
pub mod rescored;
#[cfg(test)]
pub(crate) mod sample;
pub mod text;
pub mod tickets;
pub mod wire;
pub mod wording;
pub(crate) mod words;
pub mod worklist;
mod write;
pub mod xlsx;

use std::io;

use clap::ValueEnum;
use jiff::{Timestamp, civil::Date};

use crate::facts::{CouldNotRun, Coverage, KindSample};
use crate::indicators::TagCount;
use crate::life::Reported;
use crate::score::ScoreSheet;

pub use conduct::{Conduct, Timings};
pub use photo::{Photo, Pictures};
pub use rescored::Rescored;
pub use write::{replace, write_all};

/// Everything one scan has to say.
#[derive(Debug, Clone)]
pub struct Report {
    /// Id of the site.
    pub site: String,
    /// Its name, as configured or as its home page says.
    pub site_name: String,
    /// Its home page.
    pub home: String,
    /// Number of the scan in the record.
    pub scan: i64,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// The date it was judged by.
    pub today: Date,
    /// Open findings, worst first.
    pub findings: Vec<Reported>,
    /// Findings of earlier scans that are fixed now.
    pub fixed: Vec<Reported>,
    /// The score.
    pub score: ScoreSheet,
    /// What was seen and what not.
    pub coverage: Coverage,
    /// How it was made.
    pub conduct: Conduct,
    /// How many pages carry each page tag.
    pub tags: Vec<TagCount>,
    /// Why pages were taken for their kinds.
    pub kinds: Vec<KindSample>,
    /// Checks that could not run.
    pub could_not_run: Vec<CouldNotRun>,
    /// Pictures of findings; none until somebody has added those that there are.
    pub pictures: Pictures,
}

/// The formats a report can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ValueEnum)]
pub enum Format {
    /// Everything, to be read in an editor.
    Text,
    /// Everything, as one JSON object.
    Json,
    /// The findings, one JSON object a line.
    Jsonl,
    /// Everything, as one self-contained web page.
    Html,
    /// Everything, as a spreadsheet to filter, sign and hand on (问题清单).
    Xlsx,
    /// Everything, as a document to sign and hand on (问题清单).
    Docx,
}

impl Format {
    /// Every format, in the order in which files are listed.
    pub const ALL: [Format; 6] =
        [Format::Html, Format::Xlsx, Format::Docx, Format::Json, Format::Jsonl, Format::Text];

    /// Whether a terminal can show it.
    pub fn is_text(self) -> bool {
        !matches!(self, Format::Xlsx | Format::Docx)
    }
}

/// Renders a report. Fails where it does not fit the format.
pub fn render(report: &Report, format: Format) -> io::Result<Vec<u8>> {
    Ok(match format {
        Format::Text => text::render_full(report).into_bytes(),
        Format::Json => json::render(report).into_bytes(),
        Format::Jsonl => jsonl::render(report).into_bytes(),
        Format::Html => html::render(report).into_bytes(),
        Format::Xlsx => xlsx::render(report).map_err(io::Error::other)?,
        Format::Docx => docx::render(report)?,
    })
}

/// The name of the file that [`write_all`] gives a format.
pub fn file_name(format: Format) -> &'static str {
    match format {
        Format::Text => "report.txt",
        Format::Json => "report.json",
        Format::Jsonl => "findings.jsonl",
        Format::Html => "report.html",
        Format::Xlsx => "report.xlsx",
        Format::Docx => "report.docx",
    }
}
