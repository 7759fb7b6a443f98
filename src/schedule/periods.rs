//! Which periods have come to their end since a calendar was last followed.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::Cron;
use crate::ledger::{Period, Unit};

/// The periods of one length that a calendar has called for after `last` and up to `now`, oldest first: at each of its
/// times the one that is over by then. One that it calls for several times is there once; of more than `most` only the
/// newest are.
pub fn periods_due(
    cron: &Cron,
    unit: Unit,
    last: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
    most: usize,
) -> Vec<Period> {
    let running = |at: Timestamp| unit.of(at.to_zoned(zone.clone()).date());
    // What lies further back than `most` periods would be dropped; nobody walks there from 1970.
    let oldest = (0..most).fold(running(now), |period, _| period.before()).span(zone).start();
    let mut after = last.max(oldest);
    let mut due = Vec::new();
    while let Some(at) = cron.next(after, zone).filter(|at| *at <= now) {
        let period = running(at);
        due.push(period.before());
        // Whatever the calendar says again within this period calls for the same one.
        let end = period.span(zone).end();
        after = end.saturating_sub(SignedDuration::from_nanos(1)).unwrap_or(end);
    }
    due.split_off(due.len().saturating_sub(most))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::TIME_ZONE;

    #[test]
    fn what_was_missed_is_due_once_each() {
        let zone = TimeZone::get(TIME_ZONE).unwrap();
        let check = |cron: &str, unit: Unit, last: &str, now: &str, expected: &[&str]| {
            let at = |text: &str| format!("{text}+08").parse::<Timestamp>().unwrap();
            let due = periods_due(&cron.parse().unwrap(), unit, at(last), at(now), &zone, 3);
            let due: Vec<String> = due.iter().map(ToString::to_string).collect();
            assert_eq!(due, expected, "{cron} from {last} to {now}");
        };
        let day = Unit::Day;
        check("30 8 * * *", day, "2026-11-21T08:30", "2026-11-22T08:29", &[]);
        check("30 8 * * *", day, "2026-11-21T08:30", "2026-11-22T08:30", &["2026-11-21"]);
        check("30 8 * * *", day, "2026-11-20T09:00", "2026-11-22T10:00", &["2026-11-20", "2026-11-21"]);
        // Nobody was there for a year: the newest three.
        let newest = ["2026-11-19", "2026-11-20", "2026-11-21"];
        check("30 8 * * *", day, "2025-11-20T09:00", "2026-11-22T10:00", &newest);
        // Twice a day, and at midnight itself.
        check("0 6,18 * * *", day, "2026-11-21T12:00", "2026-11-22T19:00", &["2026-11-20", "2026-11-21"]);
        check("0 0 * * *", day, "2026-11-21T00:00", "2026-11-22T00:00", &["2026-11-21"]);
        check("0 9 * * 1", Unit::Week, "2026-11-16T09:00", "2026-11-23T09:00", &["2026-W47"]);
        check("0 9 1 * *", Unit::Month, "2026-11-30T00:00", "2027-01-01T09:00", &["2026-11", "2026-12"]);
        check("0 9 1 1,7 *", Unit::Half, "2026-06-30T00:00", "2027-01-01T09:00", &["2026-H1", "2026-H2"]);
        check("0 9 1 1 *", Unit::Year, "2026-06-30T00:00", "2027-01-01T09:00", &["2026"]);
    }
}
