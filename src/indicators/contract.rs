//! Contracts of operation: what was promised, how it is measured, what it costs to miss it.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::Certainty;

/// A contract of operation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// Id, as the command line names it.
    pub id: String,
    /// Its name in Chinese.
    pub name: String,
    /// The document it stands in.
    pub authority: String,
    /// How sure its figures are, where a line does not say otherwise.
    pub confidence: Certainty,
    /// By which bound of a measurement verdicts are made.
    pub bound: Bound,
    /// How sure that is.
    pub bound_confidence: Certainty,
    /// What was promised.
    #[serde(default)]
    pub line: Vec<ContractLine>,
    /// Points and what they lead to.
    #[serde(default)]
    pub marks: Option<Marks>,
}

/// Which bound of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// What was seen.
    Least,
    /// What can have been.
    Most,
}

/// One promise of a contract.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractLine {
    /// Id.
    pub id: String,
    /// Its name in Chinese.
    pub name: String,
    /// How it is measured.
    pub measure: Measured,
    /// Only tickets of this category.
    #[serde(default)]
    pub category: Option<Category>,
    /// What holds it; a line without one has tiers, or is for people to judge.
    #[serde(default)]
    pub limit: Option<Promise>,
    /// Grades of the line, best first.
    #[serde(default)]
    pub tier: Vec<Tier>,
    /// Points that it is worth.
    #[serde(default)]
    pub points: f64,
    /// Points lost with each miss.
    #[serde(default)]
    pub each: f64,
    /// The limit is one of a whole year.
    #[serde(default)]
    pub yearly: bool,
    /// How sure it is, where that differs from the contract as a whole.
    #[serde(default)]
    pub confidence: Option<Certainty>,
}

/// How a promise is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measured {
    /// Time down, exclusions subtracted.
    Downtime,
    /// Faults that began.
    Faults,
    /// Both, by tiers.
    Availability,
    /// Mean time to repair of the faults that ended.
    MeanRepair,
    /// The repair of each fault.
    Recovery,
    /// From each alarm to its acknowledgement.
    Response,
    /// Each alarm has a proof that it was received.
    Receipt,
    /// From the opening of each ticket to its answer.
    Answer,
    /// … to somebody on site.
    OnSite,
    /// … to a plan to fall back on, for those not solved by then.
    Fallback,
    /// … to the emergency recovery.
    EmergencyRecovery,
    /// … to its solution.
    Solution,
    /// From each fault to its report.
    FaultReport,
    /// From the end of each half-year and year to its report.
    PeriodReport,
    /// Full scans.
    FullScans,
    /// By people.
    ByHand,
}

/// What holds a promise.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// Shorter than this; as long is too long.
    Below(SignedDuration),
    /// This long at most.
    Within(SignedDuration),
    /// Fewer than this; as many are too many.
    Fewer(u64),
    /// So many at least.
    AtLeast(u64),
    /// By the end of so many working days after the day it began.
    WorkingDays(u32),
    /// By the end of so many days after the day it began.
    Days(u32),
}

/// A grade of a line.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Its name in Chinese.
    pub name: String,
    /// Time down shorter than this.
    #[serde(default)]
    pub below: Option<SignedDuration>,
    /// Time down this long at most.
    #[serde(default)]
    pub within: Option<SignedDuration>,
    /// Fewer faults than this.
    #[serde(default)]
    pub fewer: Option<u64>,
    /// So many faults at most.
    #[serde(default)]
    pub at_most: Option<u64>,
    /// Least and most points.
    pub points: (f64, f64),
}

/// Points and what they lead to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// From this on it is well done.
    #[serde(default)]
    pub good: Option<f64>,
    /// Below this it is failed, or the contract ends.
    pub fail: f64,
    /// What falling below it means, in Chinese.
    pub fail_means: String,
    /// Below this each point costs a part of the price.
    #[serde(default)]
    pub price_below: Option<f64>,
    /// Per cent of the price for each point.
    #[serde(default)]
    pub price_percent: f64,
    /// Share of the mean of the quarters in the total, 0 to 1; the final assessment has the rest.
    #[serde(default)]
    pub quarters_share: Option<f64>,
    /// How sure the figures are.
    pub confidence: Certainty,
}

/// What a service ticket is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// 一般故障.
    General,
    /// 系统停机、瘫痪.
    SystemDown,
}

impl Category {
    /// The categories.
    pub const ALL: [Category; 2] = [Category::General, Category::SystemDown];

    /// The word for it in the record and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Category::General => "general",
            Category::SystemDown => "system-down",
        }
    }
}

/// What is wrong with a contract although each of its keys is well formed: pairs of message and remedy.
pub(super) fn problems(contract: &Contract) -> Vec<(String, String)> {
    let mut problems = Vec::new();
    for line in &contract.line {
        let id = format!("`{}` of contract `{}`", line.id, contract.id);
        if line.limit.is_some() != line.tier.is_empty() && line.measure != Measured::ByHand {
            problems.push((format!("{id} needs a limit or tiers"), "write one of them".to_owned()));
        }
        let points = line.tier.iter().flat_map(|tier| [tier.points.0, tier.points.1]);
        if points.chain([line.points, line.each]).any(|points| !points.is_finite() || points < 0.0) {
            problems
                .push((format!("{id} has points below 0"), "write points as a positive number".to_owned()));
        }
    }
    problems
}
