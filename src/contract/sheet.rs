//! The assessment of a contract, line by line.

use super::{Exclusion, Owed};
use crate::indicators::{Bound, ContractLine};
use crate::ledger::{Account, Bounds, Period};

/// The assessment of a contract for a period.
#[derive(Debug, Clone)]
pub struct Sheet<'a> {
    /// Which contract.
    pub contract: &'a crate::indicators::Contract,
    /// For which period.
    pub period: Period,
    /// How long the site was up and down.
    pub account: Account,
    /// Share of the time seen below which nothing is said to be met or not.
    pub coverage_least: f64,
    /// The lines, in the order of the contract.
    pub lines: Vec<Assessed<'a>>,
    /// The documents that the contract promises for the period.
    pub owed: Vec<Owed>,
    /// Everything that somebody wants not to count and that touches the period, agreed or not.
    pub exclusions: Vec<&'a Exclusion>,
    /// The holidays of a year that the period touches are not known, so weekdays stand for working days.
    pub holidays_unknown: bool,
}

/// A line of the assessment.
#[derive(Debug, Clone)]
pub struct Assessed<'a> {
    /// What was promised.
    pub line: &'a ContractLine,
    /// What was measured.
    pub value: Value,
    /// What that means, by the bound that the contract names.
    pub verdict: Verdict,
    /// What the other bound would mean, where that is something else.
    pub otherwise: Option<Verdict>,
    /// Whether more may still come: the period of the limit is not over, or something goes on.
    pub provisional: bool,
    /// The grade, where the line has tiers.
    pub tier: Option<&'a str>,
    /// Points that it earns; negative: that it costs. `None` where nothing can be said.
    pub points: Option<Points>,
    /// What it was computed from.
    pub from: Vec<Basis>,
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A length of time.
    Time(Bounds),
    /// A number of things.
    Count(u64),
    /// Time down and faults.
    Downtime {
        /// Time down.
        time: Bounds,
        /// Faults.
        faults: u64,
    },
    /// Things that each had a limit.
    Each {
        /// How many.
        of: u64,
        /// How many missed it, by the bound that the contract names.
        missed: u64,
        /// How many are not over and may still keep it.
        pending: u64,
        /// The longest.
        worst: Bounds,
    },
    /// Nothing.
    Nothing,
}

/// What a measurement means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The promise was kept.
    Met,
    /// It was not.
    NotMet,
    /// There was nothing to keep it on.
    NotApplicable,
    /// Nothing can be said.
    NotStated(Why),
}

/// Why nothing can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Too little of the time was seen.
    Coverage,
    /// Nobody keeps the record it would be computed from.
    NoRecord,
    /// Everything is still going on.
    Pending,
    /// People have to judge.
    ByHand,
}

/// Points, where only bounds are fixed by the contract.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Points {
    /// At least.
    pub least: f64,
    /// At most.
    pub most: f64,
}

/// Something on record that a line was computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// An interval of the ledger.
    Interval(i64),
    /// A service ticket.
    Ticket(i64),
    /// An alarm.
    Alarm(String),
    /// A full scan.
    Scan(i64),
    /// A document.
    Document(i64),
}

/// The figure of a bound.
pub(super) fn of(bounds: Bounds, bound: Bound) -> jiff::SignedDuration {
    match bound {
        Bound::Least => bounds.least,
        Bound::Most => bounds.most,
    }
}
