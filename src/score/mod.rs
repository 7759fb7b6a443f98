//! The score: findings and facts counted against the indicators, line by line.
//!
//! A pure function of what was seen and what people say. Points lost stand in exactly one line each, so that the lines
//! add up to the total. A machine never fails a site: a veto that its findings suggest is a candidate until a person
//! confirms it, and what was not measured is called so, never met.

mod compare;
mod entry;
mod facts;
mod lines;
mod outlook;
mod verdict;

use serde::{Deserialize, Serialize};

use crate::facts::Coverage;
use crate::finding::Finding;
use crate::indicators::{Certainty, Consequence, RuleSet, TagCount};

pub use compare::{Difference, Stood, differences};
pub use entry::{Deed, Entry, Judged, Judgement, Said, in_force, refusal};
pub use facts::{ColumnDue, ColumnTally, Facts, HomeNewest, HomeOpened};
pub use outlook::{Outlook, Worse};

/// Everything a score is computed from, besides the rules.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// What was found.
    pub findings: &'a [Finding],
    /// What no finding tells.
    pub facts: &'a Facts,
    /// What was seen and what not.
    pub coverage: &'a Coverage,
    /// What people say.
    pub entries: &'a [Said],
}

/// What is kept of a scan so that its score can be computed again: everything in [`Seen`] that the record does not
/// hold elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// What no finding tells.
    pub facts: Facts,
    /// What was found, as it was sighted, without what no rule asks for.
    pub findings: Vec<Finding>,
    /// How many pages carry each page tag. No score asks for it, but people do; rows of before have none.
    #[serde(default)]
    pub tags: Vec<TagCount>,
}

impl Basis {
    /// Keeps what these were scored by.
    pub fn of(findings: &[Finding], facts: Facts, tags: Vec<TagCount>) -> Basis {
        let bare = |finding: &Finding| Finding {
            suggestion: String::new(),
            place: None,
            target: None,
            proof: crate::finding::Proof::default(),
            ..finding.clone()
        };
        Basis { facts, findings: findings.iter().map(bare).collect(), tags }
    }
}

/// The score of one scan, every line explained. A sheet of an earlier version lacks what came later.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScoreSheet {
    /// Id of the scale, e.g. `2019`.
    pub scale: String,
    /// Its name in Chinese.
    pub scale_name: String,
    /// How sure the figures of the scale itself are: full, pass, good, bonus.
    pub scale_confidence: String,
    /// Version of the rule set, so that an old score can always be explained.
    pub rules_version: String,
    /// One line per indicator, in the order of the rules.
    pub lines: Vec<Line>,
    /// Points left of the deduction part; `None` where a veto makes it meaningless (it is still shown per line).
    pub total: Option<f64>,
    /// Points of that part at the outset.
    pub full: f64,
    /// Points won by what people confirmed of the bonus part, where the deduction part is good enough for it.
    pub bonus: f64,
    /// Most points of the bonus part; 0: the scale has none.
    pub bonus_cap: f64,
    /// Ids of vetoes that hold, candidates included.
    pub vetoes: Vec<String>,
    /// Those of them that a person confirmed.
    pub confirmed: Vec<String>,
    /// What will be lost if nothing is done.
    pub outlook: Outlook,
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
    /// Those of them that hang on findings which a person has yet to confirm.
    #[serde(default)]
    pub unconfirmed: f64,
    /// Points won (0 or positive).
    #[serde(default)]
    pub gained: f64,
    /// Most that can be lost here; 0: no cap of its own.
    pub cap: f64,
    /// Findings counted.
    pub findings: u64,
    /// How far it is from its thresholds, one for each.
    #[serde(default)]
    pub gauges: Vec<Gauge>,
    /// What a person says of it, which stands before what was measured.
    #[serde(default)]
    pub said: Option<Said>,
    /// The document it rests on.
    pub authority: String,
    /// How sure the rule's figures are: a word of `regulations` 0 (`verified`, `verified-2nd`, `recalled-…`, `default`).
    pub confidence: String,
}

impl Line {
    /// Whether its figures may be called a requirement before an inspector.
    pub fn is_requirement(&self) -> bool {
        is_requirement(&self.confidence)
    }
}

/// Whether a word of confidence stands for figures that may be called a requirement. Kept sheets hold the word alone.
pub fn is_requirement(confidence: &str) -> bool {
    [Certainty::Verified, Certainty::VerifiedSecond]
        .iter()
        .any(|certainty| certainty.to_string() == confidence)
}

/// A measured number between the thresholds of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gauge {
    /// What is measured, in Chinese.
    pub name: String,
    /// Its unit, in Chinese.
    pub unit: String,
    /// The number.
    pub measured: u64,
    /// From here on there is a warning.
    pub warn: u64,
    /// From here on the line is not met.
    pub fail: u64,
}

impl Gauge {
    /// How much is missing until the line is not met; 0: it is not.
    pub fn left(&self) -> u64 {
        self.fail.saturating_sub(self.measured)
    }
}

/// How an indicator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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
pub fn score(rules: &RuleSet, scale: &str, seen: &Seen<'_>) -> ScoreSheet {
    let rules_version = rules.version().to_owned();
    let Some(table) = rules.scale(scale) else {
        let known: Vec<_> = rules.scales().iter().map(|scale| scale.id.as_str()).collect();
        let verdict = format!("没有名为“{scale}”的计分口径，可用：{}", known.join("、"));
        return ScoreSheet { scale: scale.to_owned(), rules_version, verdict, ..ScoreSheet::default() };
    };
    let mut sheet = ScoreSheet {
        scale: scale.to_owned(),
        scale_name: table.name.clone(),
        scale_confidence: table.confidence.to_string(),
        rules_version,
        full: table.full,
        bonus_cap: table.bonus,
        ..ScoreSheet::default()
    };
    for rule in rules.rules(scale) {
        let line = lines::line(rule, seen);
        if rule.consequence == Consequence::Veto && line.standing == Standing::Failed {
            sheet.vetoes.push(line.id.clone());
            if line.said.is_some() {
                sheet.confirmed.push(line.id.clone());
            }
        }
        sheet.lines.push(line);
    }
    let lost: f64 = sheet.lines.iter().map(|line| line.lost).sum();
    // Where the lines on services are left out, the others count for the whole.
    let counted = if seen.facts.services { table.full } else { table.full - table.services };
    let left = hundredths((counted - lost).max(0.0) * table.full / counted);
    if left > table.good && sheet.vetoes.is_empty() {
        let gained: f64 = sheet.lines.iter().map(|line| line.gained).sum();
        sheet.bonus = hundredths(gained.min(table.bonus));
    }
    sheet.total = sheet.vetoes.is_empty().then_some(left);
    sheet.outlook = outlook::outlook(rules, scale, seen, &sheet.lines);
    sheet.verdict = verdict::verdict(table, &sheet, left, seen.coverage);
    sheet
}

/// Tenths add up to a trail of nines in binary; no scale has finer steps than hundredths.
fn hundredths(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests;
