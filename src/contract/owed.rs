//! Documents that a contract promises: what is owed, until when, and what was handed in.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::limit::Item;
use super::{Basis, Document, DocumentKind, Material};
use crate::indicators::{Calendar, ContractLine, Measured, Promise};
use crate::ledger::{Account, Bounds, Period};

/// A document that a contract promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// What it is.
    pub what: DocumentKind,
    /// Since when the time runs: the fault, or the last day of the period.
    pub since: Timestamp,
    /// The last day on which it is in time; `None` where the contract does not count in days.
    pub last_day: Option<Date>,
    /// The first one that was handed in.
    pub handed_in: Option<Document>,
    /// Whether that was in time.
    pub punctuality: Punctuality,
}

/// Whether a document was handed in in time, in days of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punctuality {
    /// It was.
    InTime,
    /// So many days after its last one.
    Late {
        /// Days after the last one in time.
        days: i32,
    },
    /// Not yet, and it need not be.
    Open {
        /// Days left; 0: today is the last one.
        days: i32,
    },
    /// It was not.
    Missing {
        /// Days since the last one in time.
        days: i32,
    },
    /// The contract names no day.
    NoDay,
}

impl Owed {
    /// The thing that the limit of its line is held against.
    pub(super) fn item(&self, now: Timestamp) -> Item {
        let done = self.handed_in.as_ref().map(|document| document.handed_in);
        let took = done.unwrap_or(now).duration_since(self.since).max(SignedDuration::ZERO);
        let from = match (&self.handed_in, self.what) {
            (Some(document), _) => vec![Basis::Document(document.id)],
            (None, DocumentKind::FaultReport { interval }) => vec![Basis::Interval(interval)],
            (None, DocumentKind::PeriodReport(_)) => Vec::new(),
        };
        Item { began: self.since, done, took: Bounds { least: took, most: took }, from }
    }
}

impl Punctuality {
    /// How a document stands at `now`.
    fn of(
        last_day: Option<Date>,
        handed_in: Option<Timestamp>,
        now: Timestamp,
        zone: &TimeZone,
    ) -> Punctuality {
        let Some(last) = last_day else { return Punctuality::NoDay };
        let after = |at: Timestamp| day(at, zone).since(last).map_or(0, |span| span.get_days());
        match handed_in.map(after) {
            Some(..=0) => Punctuality::InTime,
            Some(days) => Punctuality::Late { days },
            None => match after(now) {
                days @ ..=0 => Punctuality::Open { days: -days },
                days => Punctuality::Missing { days },
            },
        }
    }
}

/// The documents that a line promises, in the order in which they fell due; none where it is about something else.
pub(super) fn owed(
    material: &Material<'_>,
    account: &Account,
    line: &ContractLine,
    now: Timestamp,
) -> Vec<Owed> {
    let documents = material.documents.unwrap_or_default();
    let found = |is_it: &dyn Fn(DocumentKind) -> bool| {
        documents.iter().filter(|document| is_it(document.kind)).min_by_key(|document| document.handed_in)
    };
    let owed = |what: DocumentKind, since: Timestamp, handed_in: Option<&Document>| {
        let last_day = line.limit.and_then(|limit| last_day(limit, since, material.calendar, material.zone));
        let done = handed_in.map(|document| document.handed_in);
        let punctuality = Punctuality::of(last_day, done, now, material.zone);
        Owed { what, since, last_day, handed_in: handed_in.cloned(), punctuality }
    };
    match line.measure {
        Measured::FaultReport => {
            let report = |fault: &crate::ledger::Fault| {
                let interval = *fault.intervals.first()?;
                let is_it = |kind| match kind {
                    DocumentKind::FaultReport { interval } => fault.intervals.contains(&interval),
                    DocumentKind::PeriodReport(_) => false,
                };
                Some(owed(DocumentKind::FaultReport { interval }, fault.start, found(&is_it)))
            };
            account.counted().filter_map(report).collect()
        }
        Measured::PeriodReport => {
            let report = |period: Period| {
                let since = last_midnight(period, material.zone)?;
                let kind = DocumentKind::PeriodReport(period);
                Some(owed(kind, since, found(&|other| other == kind)))
            };
            reported(material, now).filter_map(report).collect()
        }
        _ => Vec::new(),
    }
}

/// The half-years and the year that ended within the period.
fn reported<'a>(material: &'a Material<'_>, now: Timestamp) -> impl Iterator<Item = Period> + 'a {
    let (first, after) = material.period.days();
    let year = first.year();
    let over = move |period: &Period| {
        let (begins, ends) = period.days();
        begins >= first && ends <= after && period.span(material.zone).end() <= now
    };
    [Period::Half(year, 1), Period::Half(year, 2), Period::Year(year)].into_iter().filter(over)
}

/// The midnight with which the last day of a period begins.
fn last_midnight(period: Period, zone: &TimeZone) -> Option<Timestamp> {
    let (_, after) = period.days();
    Some(Period::Day(after.yesterday().ok()?).span(zone).start())
}

/// The last day on which something that began at `since` keeps a limit; `None` where the limit is none of days.
fn last_day(limit: Promise, since: Timestamp, calendar: &Calendar, zone: &TimeZone) -> Option<Date> {
    let began = day(since, zone);
    match limit {
        Promise::Days(days) => Some(began.saturating_add(i64::from(days).days())),
        Promise::WorkingDays(most) => {
            let days = std::iter::successors(Some(began), |day| day.tomorrow().ok());
            days.take_while(|day| calendar.working_days(began, *day) <= most).last()
        }
        Promise::Below(_) | Promise::Within(_) | Promise::Fewer(_) | Promise::AtLeast(_) => None,
    }
}

fn day(at: Timestamp, zone: &TimeZone) -> Date {
    at.to_zoned(zone.clone()).date()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    fn zone() -> TimeZone {
        TimeZone::get(crate::schedule::TIME_ZONE).unwrap()
    }

    #[test]
    fn days_are_counted_from_the_last_one_in_time() {
        let check = |handed_in: Option<&str>, now: &str, expected: Punctuality| {
            let time = |text: &str| format!("{text}+08").parse::<Timestamp>().unwrap();
            let last = Some("2026-11-22".parse().unwrap());
            assert_eq!(Punctuality::of(last, handed_in.map(time), time(now), &zone()), expected);
        };
        let now = "2026-11-25T00:00";
        check(Some("2026-11-22T23:59"), now, Punctuality::InTime);
        check(Some("2026-11-24T00:00"), now, Punctuality::Late { days: 2 });
        check(None, "2026-11-21T00:00", Punctuality::Open { days: 1 });
        check(None, "2026-11-22T23:59", Punctuality::Open { days: 0 });
        check(None, now, Punctuality::Missing { days: 3 });
    }

    #[test]
    fn working_days_leave_out_holidays() {
        let rules = RuleSet::built_in();
        let check = |limit: Promise, expected: Option<&str>| {
            // The Wednesday before the holidays of October.
            let since: Timestamp = "2026-09-30T10:00+08".parse().unwrap();
            let last = last_day(limit, since, &rules.services().calendar, &zone());
            assert_eq!(last, expected.map(|text| text.parse().unwrap()), "{limit:?}");
        };
        check(Promise::Days(2), Some("2026-10-02"));
        check(Promise::WorkingDays(1), Some("2026-10-08"));
        check(Promise::Within(SignedDuration::from_hours(48)), None);
    }
}
