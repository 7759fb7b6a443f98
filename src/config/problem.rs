//! What is wrong with a configuration, in the words of the person who can mend it.

use std::{
    cell::RefCell,
    fmt,
    ops::Range,
    path::{Path, PathBuf},
};

/// One problem of a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    /// The file.
    pub file: PathBuf,
    /// The line, counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What would be right.
    pub remedy: String,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}; {}", self.message, self.remedy)
    }
}

impl std::error::Error for ConfigError {}

/// The problems found so far. Shared by all sections of a file while it is read.
pub(super) struct Problems<'a> {
    file: &'a Path,
    text: &'a str,
    found: RefCell<Vec<ConfigError>>,
}

impl<'a> Problems<'a> {
    /// No problem yet in `file`, which holds `text`.
    pub(super) fn new(file: &'a Path, text: &'a str) -> Self {
        Problems { file, text, found: RefCell::default() }
    }

    /// Notes a problem with the part of the text at `span`.
    pub(super) fn add(&self, span: Range<usize>, message: impl Into<String>, remedy: impl Into<String>) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        self.found.borrow_mut().push(ConfigError {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            message: message.into(),
            remedy: remedy.into(),
        });
    }

    /// All of them, in the order of the file.
    pub(super) fn into_sorted(self) -> Vec<ConfigError> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|problem| problem.line);
        found
    }
}
