//! Hours and days that calendars make an exception for.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::ledger::{Span, Spans};

/// Hours of a day, `HH:MM-HH:MM`; those that end before they begin go on until the next day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// When they begin.
    pub from: Time,
    /// When they end.
    pub until: Time,
}

impl FromStr for Hours {
    type Err = String;

    fn from_str(text: &str) -> Result<Hours, String> {
        let wrong = || format!("`{}` are no hours", text.chars().take(40).collect::<String>());
        let time = |text: &str| Time::strptime("%H:%M", text.trim()).map_err(|_| wrong());
        let (from, until) = text.split_once('-').ok_or_else(wrong)?;
        let hours = Hours { from: time(from)?, until: time(until)? };
        if hours.from == hours.until {
            Err(format!("`{text}` is no time at all, or all of it"))
        } else {
            Ok(hours)
        }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.from.strftime("%H:%M"), self.until.strftime("%H:%M"))
    }
}

impl Hours {
    /// These hours as they begin on a day.
    fn on(self, day: Date, zone: &TimeZone) -> Span {
        let last = if self.until > self.from { day } else { day.tomorrow().unwrap_or(day) };
        let at = |day: Date, time: Time| {
            let zoned = day.to_datetime(time).to_zoned(zone.clone());
            zoned.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
        };
        Span::new(at(day, self.from), at(last, self.until))
    }
}

/// Hours in which nothing heavy runs, on every day.
pub type Blackout = Hours;

/// Days on which more is at stake (重保): probes and readings come closer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guarded {
    /// What they are called.
    pub name: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Time between two probes at most.
    pub probe_interval: Duration,
    /// Time between two readings at most.
    pub read_interval: Duration,
}

impl Guarded {
    /// Whether a day is one of them.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day <= self.until
    }
}

/// Time in which the site is worked at, with who agreed to it. It does not count against the contract, and nothing
/// heavy runs; what is seen is recorded all the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// When.
    pub recurrence: Recurrence,
    /// Why.
    pub reason: String,
    /// Who says so.
    pub author: String,
    /// Who of the other party agreed; without that it is not subtracted.
    pub approved_by: Option<String>,
}

/// When maintenance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recurrence {
    /// Once.
    Once(Span),
    /// Every week.
    Weekly {
        /// On which day it begins.
        day: Weekday,
        /// In which hours.
        hours: Hours,
        /// The first day on which it was agreed.
        since: Date,
    },
}

impl Maintenance {
    /// When it is, as far as that touches `within`.
    pub fn spans(&self, within: Span, zone: &TimeZone) -> Vec<Span> {
        match self.recurrence {
            Recurrence::Once(span) => {
                Vec::from_iter(Some(span.overlap(within)).filter(|span| !span.is_empty()))
            }
            Recurrence::Weekly { day, hours, since } => {
                let days = days(within, zone).filter(|date| date.weekday() == day && *date >= since);
                let spans = days.map(|date| hours.on(date, zone).overlap(within));
                spans.filter(|span| !span.is_empty()).collect()
            }
        }
    }
}

/// When a site is worked at within a stretch of time.
pub fn maintained(maintenance: &[Maintenance], within: Span, zone: &TimeZone) -> Spans {
    maintenance.iter().flat_map(|window| window.spans(within, zone)).collect()
}

/// The end of the blackout and maintenance that `at` lies in; `at` itself where it lies in none.
pub(super) fn clear(
    at: Timestamp,
    blackout: &[Blackout],
    maintenance: &[Maintenance],
    zone: &TimeZone,
) -> Timestamp {
    // Windows that follow on each other are one; a week of them without a gap is a configuration that never runs.
    let week = Span::new(at, at.saturating_add(7 * 24.hours()).unwrap_or(at));
    let hours = days(week, zone).flat_map(|day| blackout.iter().map(move |hours| hours.on(day, zone)));
    let closed: Spans = hours.chain(maintained(maintenance, week, zone).iter()).collect();
    closed.iter().find(|span| span.contains(at)).map_or(at, |span| span.end())
}

/// The days that touch a stretch of time, and the one before, whose hours may reach into it.
fn days(within: Span, zone: &TimeZone) -> impl Iterator<Item = Date> {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let (first, last) = (day(within.start()), day(within.end()));
    std::iter::successors(Some(first.yesterday().unwrap_or(first)), |day| day.tomorrow().ok())
        .take_while(move |day| *day <= last)
}
