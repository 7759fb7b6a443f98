//! What the operator has to change before anything can be done.

use crate::config::ConfigError;

/// An error that the operator has to mend before anything is requested.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OperatorError(pub String);

/// Every problem of a configuration, one a line.
pub fn problems(errors: Vec<ConfigError>) -> anyhow::Error {
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    OperatorError(lines.join("\n")).into()
}
