//! The score: findings and facts counted against the indicators, line by line.
//!
//! A pure function. Points lost stand in exactly one line each, so that the lines add up to the total. A machine
//! never fails a site: a veto that its findings suggest is a candidate until a person confirms it, and what was not
//! measured is called so, never met.

mod facts;
mod lines;

use serde::{Deserialize, Serialize};

use crate::facts::Coverage;
use crate::finding::Finding;
use crate::indicators::{Certainty, Consequence, RuleSet, Scale};

pub use facts::{ColumnTally, Facts, HomeNewest, HomeOpened};

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

/// Scores one scan by a scale. Where the scale is not known the sheet says so and has no lines.
pub fn score(
    rules: &RuleSet,
    scale: &str,
    findings: &[Finding],
    facts: &Facts,
    coverage: &Coverage,
) -> ScoreSheet {
    let version = rules.version().to_owned();
    let Some(table) = rules.scale(scale) else {
        let known: Vec<_> = rules.scales().iter().map(|scale| scale.id.as_str()).collect();
        let verdict = format!("没有名为“{scale}”的计分口径，可用：{}", known.join("、"));
        return ScoreSheet {
            scale: scale.to_owned(),
            rules_version: version,
            verdict,
            ..ScoreSheet::default()
        };
    };
    let mut lines = Vec::new();
    let mut vetoes = Vec::new();
    for rule in rules.rules(scale) {
        let line = lines::line(rule, findings, facts, coverage);
        if rule.consequence == Consequence::Veto && line.standing == Standing::Failed {
            vetoes.push(line.id.clone());
        }
        lines.push(line);
    }
    let lost: f64 = lines.iter().map(|line| line.lost).sum();
    // Tenths add up to a trail of nines in binary; no scale has finer steps than hundredths.
    let left = ((table.full - lost).max(0.0) * 100.0).round() / 100.0;
    let verdict = verdict(table, &version, left, &vetoes, &lines, coverage);
    ScoreSheet {
        scale: scale.to_owned(),
        rules_version: version,
        total: vetoes.is_empty().then_some(left),
        full: table.full,
        lines,
        vetoes,
        verdict,
    }
}

/// The result in one sentence: points, what they mean, and what they rest on.
fn verdict(
    scale: &Scale,
    version: &str,
    left: f64,
    vetoes: &[String],
    lines: &[Line],
    coverage: &Coverage,
) -> String {
    let result = if !vetoes.is_empty() {
        format!(
            "单项否决候选 {} 项（{}），需人工确认；如经确认即为不合格，扣分部分余 {left} 分仅供参考",
            vetoes.len(),
            vetoes.join("、")
        )
    } else if left < scale.pass {
        format!("扣分部分余 {left} 分，低于 {} 分，按此口径不合格", scale.pass)
    } else if left > scale.good {
        format!("扣分部分余 {left} 分，高于 {} 分，可再计加分项", scale.good)
    } else {
        format!("扣分部分余 {left} 分，不低于 {} 分，按此口径合格", scale.pass)
    };
    let measured = lines.iter().filter(|line| line.standing != Standing::NotMeasured).count();
    let unsure = lines.iter().any(|line| line.lost > 0.0 && !is_requirement(&line.confidence));
    let unsure = if unsure { "，部分扣分分值未与原文核对" } else { "" };
    let partial = if coverage.finished { "" } else { "；扫描未完成，结果不完整" };
    format!(
        "按“{}”（口径 {}，规则版本 {version}）：{result}；本次测得 {measured} 项，未测 {} 项{unsure}{partial}。",
        scale.name,
        scale.id,
        lines.len() - measured
    )
}

fn is_requirement(confidence: &str) -> bool {
    [Certainty::Verified, Certainty::VerifiedSecond]
        .iter()
        .any(|certainty| certainty.to_string() == confidence)
}
