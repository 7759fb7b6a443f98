//! The indicators: `rules/*.toml` compiled into rules with points, thresholds and confidence.

/// All rules in force.
#[derive(Debug, Default)]
pub struct RuleSet {}
