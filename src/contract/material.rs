//! What an assessment is made from.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Exclusion, Ticket};
use crate::indicators::{Availability, Calendar, Contract};
use crate::ledger::{Journal, Period};

/// Everything that an assessment is made from. `None` stands for a record that nobody keeps, which is not the same as
/// one in which nothing stands.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    /// What was promised.
    pub contract: &'a Contract,
    /// How availability is judged.
    pub availability: &'a Availability,
    /// Working days.
    pub calendar: &'a Calendar,
    /// What the ledger knows of the required targets.
    pub journal: &'a Journal,
    /// Alarms that were raised.
    pub alarms: Option<&'a [Alarm]>,
    /// Service tickets.
    pub tickets: &'a [Ticket],
    /// Documents that were handed in.
    pub documents: Option<&'a [Document]>,
    /// Full scans that ended.
    pub scans: &'a [FullScan],
    /// Time that does not count.
    pub exclusions: &'a [Exclusion],
    /// For which period.
    pub period: Period,
    /// By whose calendar.
    pub zone: &'a TimeZone,
}

/// An alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Its id.
    pub id: String,
    /// When it was raised.
    pub raised: Timestamp,
    /// When the first channel confirmed that it had delivered it.
    pub delivered: Option<Timestamp>,
    /// When somebody said that they knew, and who.
    pub acknowledged: Option<(Timestamp, String)>,
}

/// A document that was handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub kind: DocumentKind,
    /// When it was handed in.
    pub handed_in: Timestamp,
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    /// The report of the fault that this interval of the ledger belongs to.
    FaultReport {
        /// Number of the interval.
        interval: i64,
    },
    /// The report of a period.
    PeriodReport(Period),
}

/// A full scan that ended with a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullScan {
    /// Its number in the record.
    pub number: i64,
    /// When it ended.
    pub finished: Timestamp,
}
