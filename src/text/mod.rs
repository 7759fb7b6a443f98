//! Judging words: normalisation, dictionaries, matching.

/// All dictionaries, compiled.
#[derive(Debug, Default)]
pub struct Lexicons {}
