//! What a measurement is worth, line by line: plain data that can be stored and shown later.

use serde::{Deserialize, Serialize};

use super::Measured;
use crate::indicators::Metric;

/// The assessment of one site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// What it rests on.
    pub measured: Measured,
    /// Version of the rules.
    pub rules_version: String,
    /// Whose points these are, in Chinese: no authority has published any.
    pub weighting: String,
    /// How sure the points are.
    pub confidence: String,
    /// Why nothing is known, in Chinese: the monitor's own IPv6 does not work.
    pub blind: Option<String>,
    /// Why links, network and consistency bring no points, in Chinese.
    pub gate: Option<String>,
    /// The sum.
    pub total: Total,
    /// Each line, in the order of the rules.
    pub lines: Vec<Line>,
    /// The same by the lists of others, without points.
    pub views: Vec<View>,
}

/// The sum of points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Total {
    /// Points won.
    pub points: f64,
    /// Points of the lines that could be judged.
    pub of: f64,
    /// Points of all lines.
    pub full: f64,
    /// What that is called; `None`: nothing could be judged.
    pub grade: Option<Grade>,
}

/// Grades, by points of a hundred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// As asked for.
    Good,
    /// Not far from it.
    Fair,
    /// Fails.
    Poor,
}

impl Grade {
    /// Its name, in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Grade::Good => "达标",
            Grade::Fair => "待提升",
            Grade::Poor => "不达标",
        }
    }
}

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Id of the rule, e.g. `V6-01`.
    pub id: String,
    /// What is measured.
    pub metric: Metric,
    /// Its name, in Chinese.
    pub name: String,
    /// What is expected, in Chinese.
    pub expectation: String,
    /// What was measured, in Chinese.
    pub measured: String,
    /// How it stands.
    pub standing: Standing,
    /// Points won; `None`: could not be judged.
    pub points: Option<f64>,
    /// Points for meeting it in full; 0: shown only.
    pub full: f64,
    /// What to do, in Chinese; `None`: nothing.
    pub advice: Option<String>,
    /// Where it comes from.
    pub authority: String,
    /// How sure that is.
    pub confidence: String,
}

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// As expected.
    Met,
    /// In part.
    Partial,
    /// Not at all.
    Failed,
    /// Cannot be told.
    Unknown,
}

impl Standing {
    /// Its name, in Chinese.
    pub fn chinese(self) -> &'static str {
        match self {
            Standing::Met => "符合",
            Standing::Partial => "部分符合",
            Standing::Failed => "不符合",
            Standing::Unknown => "未知",
        }
    }
}

/// The list of somebody else.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct View {
    /// Whose.
    pub name: String,
    /// How sure that it is so.
    pub confidence: String,
    /// Its rows.
    pub rows: Vec<ViewLine>,
}

/// A row of such a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ViewLine {
    /// What it is called there.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    /// What was measured, in Chinese.
    pub measured: String,
}

impl Assessment {
    /// The line of a metric, where the rules have one.
    pub fn line(&self, metric: Metric) -> Option<&Line> {
        self.lines.iter().find(|line| line.metric == metric)
    }
}
