//! How results are shown.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::finding::Severity;
use crate::report::Format;

/// How results are shown. The same for `scan` and `judge`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Formats, separated by commas [default: text on the screen, all of them with --output]
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    pub format: Vec<Format>,
    /// Write the reports to this folder instead of the screen
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Exit with 1 where a finding is at least this severe
    #[arg(long, value_name = "SEVERITY", value_parser = severity())]
    pub fail_on: Option<Severity>,
}

impl OutputArgs {
    /// The formats asked for, or `usual` where none is named.
    pub fn formats(&self, usual: &[Format]) -> Vec<Format> {
        if self.format.is_empty() { usual.to_vec() } else { self.format.clone() }
    }

    /// Says what is wrong where a format that is no text would go to a terminal or among other formats.
    pub fn check(&self, to_terminal: bool) -> Result<(), &'static str> {
        let no_text = self.format.iter().any(|format| !format.is_text());
        if no_text && self.output.is_none() && (to_terminal || self.format.len() > 1) {
            return Err(
                "xlsx and docx are no text: write them to a folder with --output, or one alone to a pipe",
            );
        }
        Ok(())
    }
}

pub(super) fn severity() -> impl TypedValueParser<Value = Severity> {
    PossibleValuesParser::new(["low", "medium", "high", "critical"]).map(|word| match word.as_str() {
        "low" => Severity::Low,
        "medium" => Severity::Medium,
        "high" => Severity::High,
        _ => Severity::Critical,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_goes_to_a_file_or_a_pipe() {
        let check = |format: &[Format], output: Option<&str>, to_terminal: bool, fine: bool| {
            let output =
                OutputArgs { format: format.to_vec(), output: output.map(PathBuf::from), fail_on: None };
            assert_eq!(output.check(to_terminal).is_ok(), fine, "{output:?} {to_terminal}");
        };
        check(&[], None, true, true);
        check(&[Format::Text, Format::Jsonl], None, true, true);
        check(&[Format::Xlsx], None, true, false);
        check(&[Format::Xlsx], None, false, true);
        check(&[Format::Xlsx, Format::Text], None, false, false);
        check(&[Format::Xlsx, Format::Text], Some("out"), true, true);
    }
}
