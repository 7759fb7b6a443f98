//! Arguments of `check-text`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::output::severity;
use crate::editor::Mode;
use crate::finding::Severity;
use crate::report::proofread::ProofFormat;

/// Arguments of `check-text`.
#[derive(Debug, Clone, Args)]
pub struct CheckTextArgs {
    /// Files to check, `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// How findings are shown
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: ProofFormat,
    /// How much doubt is told: what is very likely wrong, or all that a careful reader would look at twice
    #[arg(long, value_name = "MODE", value_enum, default_value_t)]
    pub mode: ModeArg,
    /// Exit with 1 where a finding is at least this severe
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub fail_on: Option<Severity>,
    /// Read the words of pictures and of scanned PDFs too, by the tesseract of the system
    #[arg(long)]
    pub ocr: bool,
    /// Folder with dictionaries to layer over the built-in ones
    #[arg(long, value_name = "DIR")]
    pub dictionaries: Option<PathBuf>,
    /// Accept this word, or `misspelling:<word>`; may be repeated
    #[arg(long, value_name = "WORD")]
    pub allow: Vec<String>,
    /// Read as of this date (YYYY-MM-DD) instead of today: names that change later are right
    #[arg(long, value_name = "DATE")]
    pub today: Option<Date>,
}

/// How much doubt is told, as typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum ModeArg {
    /// What is very likely wrong.
    #[default]
    Quiet,
    /// Everything that a careful reader would look at twice.
    Review,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Mode {
        match mode {
            ModeArg::Quiet => Mode::Quiet,
            ModeArg::Review => Mode::Review,
        }
    }
}
