//! Working days: Monday to Friday, but for the days off and days worked instead that the State Council's office
//! announces each autumn for the year to come.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

use super::Certainty;

/// Above this two dates are no question and answer; it bounds the counting.
const MOST_DAYS: usize = 3_700;

/// The days of one year that differ from its weekdays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// The year.
    pub year: i16,
    /// Weekdays that are off.
    pub off: Vec<Date>,
    /// Days of a weekend that are worked.
    pub worked: Vec<Date>,
    /// The document they stand in.
    pub authority: String,
    /// How sure they are.
    pub confidence: Certainty,
}

/// What is known of working days.
#[derive(Debug, Clone)]
pub struct Calendar(Vec<Holidays>);

impl Calendar {
    pub(super) fn new(years: Vec<Holidays>) -> Calendar {
        Calendar(years)
    }

    /// The years with their holidays.
    pub fn years(&self) -> &[Holidays] {
        &self.0
    }

    /// Whether the holidays of all years from `from` to `to` are known.
    pub fn knows(&self, from: Date, to: Date) -> bool {
        (from.year()..=to.year()).all(|year| self.0.iter().any(|known| known.year == year))
    }

    /// Working days after `from`, up to and with `to`: the day of the question itself does not count.
    pub fn working_days(&self, from: Date, to: Date) -> u32 {
        let after = std::iter::successors(from.tomorrow().ok(), |day| day.checked_add(1.day()).ok());
        let within = after.take(MOST_DAYS).take_while(|day| *day <= to);
        within.map(|day| u32::from(self.is_worked(day))).sum()
    }

    fn is_worked(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        match self.0.iter().find(|known| known.year == day.year()) {
            Some(known) if weekend => known.worked.contains(&day),
            Some(known) => !known.off.contains(&day),
            None => !weekend,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn working_days_leave_out_weekends_and_holidays() {
        let rules = RuleSet::built_in();
        let check = |from: Date, to: Date, expected: u32| {
            assert_eq!(rules.services().calendar.working_days(from, to), expected, "{from} {to}");
        };
        check(date(2026, 11, 9), date(2026, 11, 9), 0);
        check(date(2026, 11, 9), date(2026, 11, 16), 5);
        check(date(2026, 11, 9), date(2026, 11, 17), 6);
        check(date(2026, 11, 13), date(2026, 11, 16), 1);
        // Over the week of 1 October, whose Saturday the 10th is worked.
        check(date(2026, 9, 30), date(2026, 10, 12), 4);
        check(date(2026, 2, 13), date(2026, 2, 24), 2);
        // No data: weekdays alone.
        check(date(2024, 9, 30), date(2024, 10, 8), 6);
        check(date(2026, 11, 9), date(2026, 1, 1), 0);
        check(date(9999, 12, 31), date(9999, 12, 31), 0);
        check(date(-9999, 1, 1), date(9999, 12, 31), 2_644);
    }

    #[test]
    fn days_off_are_weekdays_and_days_worked_are_not() {
        let rules = RuleSet::built_in();
        for year in rules.services().calendar.years() {
            let weekend = |day: &Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
            assert!(year.off.iter().chain(&year.worked).all(|day| day.year() == year.year));
            assert!(!year.off.iter().any(weekend) && year.worked.iter().all(weekend), "{}", year.year);
        }
        assert!(rules.services().calendar.knows(date(2025, 12, 30), date(2026, 1, 8)));
        assert!(!rules.services().calendar.knows(date(2024, 12, 30), date(2025, 1, 8)));
    }
}
