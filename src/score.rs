//! The score: findings and facts counted against the indicators, line by line.

use serde::{Deserialize, Serialize};

/// The score of one scan, every line explained.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ScoreSheet {
    /// Id of the scale, e.g. `2019`.
    pub scale: String,
    /// Version of the rule set, so that an old score can always be explained.
    pub rules_version: String,
    /// One line per indicator, in the order of the rules.
    pub lines: Vec<Line>,
    /// Points left of the deduction part; `None` where a veto makes it meaningless (it is still shown per line).
    pub total: Option<f64>,
    /// Points of that part at the outset.
    pub full: f64,
    /// Ids of vetoes that hold.
    pub vetoes: Vec<String>,
    /// The result in one Chinese sentence, with what it rests on.
    pub verdict: String,
}

/// One line of the score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Id of the indicator, e.g. `LINK-01`.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// 单项否决 | 扣分指标 | 加分指标 | 建议.
    pub group: String,
    /// What is expected, in Chinese.
    pub expectation: String,
    /// What was measured, in Chinese; says so where it was not measured.
    pub measured: String,
    /// How it stands.
    pub standing: Standing,
    /// Points lost (0 or positive).
    pub lost: f64,
    /// Most that can be lost here; 0: no cap of its own.
    pub cap: f64,
    /// Findings counted.
    pub findings: u64,
    /// The document it rests on.
    pub authority: String,
    /// How sure the rule's figures are: a word of `regulations` 0 (`verified`, `verified-2nd`, `recalled-…`, `default`).
    pub confidence: String,
}

/// How an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Met.
    Met,
    /// Near the threshold.
    Warning,
    /// Not met.
    Failed,
    /// Not measured by this scan.
    NotMeasured,
}
