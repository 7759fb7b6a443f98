//! How availability is judged: how much must have been seen, what is one fault, which deadlines run.

use jiff::SignedDuration;
use serde::Deserialize;

use super::Certainty;

/// How availability is judged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Availability {
    /// Below this share of time seen, 0 to 1, nothing is said to be met or not.
    pub coverage_least: f64,
    /// Faults less than this apart are one.
    pub merge_gap: SignedDuration,
    /// A daemon that gave no sign for longer was not watching.
    pub silence: SignedDuration,
    /// A clock that differs by more was set.
    pub clock_tolerance: SignedDuration,
    /// A full scan that a quarter still lacks falls due so long before its end.
    pub quarter_lead: SignedDuration,
    /// Jobs that fall due together are spread over this time at most.
    pub spread: SignedDuration,
    /// What the figures rest on.
    pub source: String,
    /// How sure they are.
    pub confidence: Certainty,
    /// Deadlines that run while a site is in trouble.
    #[serde(skip)]
    pub deadlines: Vec<Deadline>,
}

/// A deadline that runs while a site is in trouble.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// Id.
    pub id: String,
    /// What it means, in Chinese.
    pub name: String,
    /// When it comes.
    pub after: DeadlineAfter,
    /// Whether it runs on when the trouble has ended: something is owed.
    #[serde(default)]
    pub owed: bool,
    /// The document it rests on.
    pub authority: String,
    /// How sure it is.
    pub confidence: Certainty,
}

/// When a deadline comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineAfter {
    /// So long after the first failed probe: `{ time = "30m" }`.
    Time(SignedDuration),
    /// With so many failed probes in a row: `{ failures = 2 }`.
    Failures(u32),
}

/// When visits that fail are a veto: the figures of VETO-02.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FailureRule {
    /// A visit that takes so long, in seconds, has failed.
    pub timeout_s: f64,
    /// From this failed share on, 0 to 1, the site fails.
    pub fail_ratio: f64,
    /// From this share on it is warned of.
    pub warn_ratio: f64,
    /// Days that are judged together.
    pub window_days: u16,
    /// Visits a day at least.
    pub min_visits_per_day: u32,
}
