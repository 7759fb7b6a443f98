//! Days, weeks, months, quarters, half-years and years, as a calendar on the wall has them.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, ISOWeekDate, Weekday, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Span;

/// A period that figures are stated for. Its borders are midnights of a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// `2026`.
    Year(i16),
    /// `2026-H1`, `2026-H2`.
    Half(i16, i8),
    /// `2026-Q1` to `2026-Q4`.
    Quarter(i16, i8),
    /// `2026-01` to `2026-12`.
    Month(i16, i8),
    /// `2026-W01` to `2026-W53`, as ISO 8601 counts them: from Monday, the first one with four days of the year.
    Week(ISOWeekDate),
    /// `2026-11-22`.
    Day(Date),
}

/// How long a period is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// A day.
    Day,
    /// A week from Monday.
    Week,
    /// A month.
    Month,
    /// A quarter.
    Quarter,
    /// Half a year.
    Half,
    /// A year.
    Year,
}

impl Unit {
    /// Every length, shortest first.
    pub const ALL: [Unit; 6] = [Unit::Day, Unit::Week, Unit::Month, Unit::Quarter, Unit::Half, Unit::Year];

    /// The word for it in the configuration.
    pub fn word(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Half => "half-year",
            Unit::Year => "year",
        }
    }

    /// The length of a word.
    pub fn of_word(word: &str) -> Option<Unit> {
        Unit::ALL.into_iter().find(|unit| unit.word() == word)
    }

    /// The period of this length that a day lies in.
    pub fn of(self, day: Date) -> Period {
        match self {
            Unit::Day => Period::Day(day),
            Unit::Week => {
                let week = day.iso_week_date();
                let monday = ISOWeekDate::new(week.year(), week.week(), Weekday::Monday);
                Period::Week(monday.unwrap_or(week))
            }
            Unit::Month => Period::Month(day.year(), day.month()),
            Unit::Quarter => Period::quarter_of(day),
            Unit::Half => Period::Half(day.year(), (day.month() - 1) / 6 + 1),
            Unit::Year => Period::Year(day.year()),
        }
    }
}

/// What is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period; write 2026, 2026-H1, 2026-Q3, 2026-11, 2026-W47 or 2026-11-22")]
pub struct NoPeriod(String);

/// The years that are read: before and after them nobody has been watched.
const YEARS: std::ops::RangeInclusive<i16> = 1970..=9998;

impl FromStr for Period {
    type Err = NoPeriod;

    fn from_str(text: &str) -> Result<Period, NoPeriod> {
        read(text).ok_or_else(|| NoPeriod(text.chars().take(40).collect()))
    }
}

fn read(text: &str) -> Option<Period> {
    let (year, part) = match text.split_once('-') {
        Some((year, part)) => (year, Some(part)),
        None => (text, None),
    };
    let number = |digits: &str, width: usize| -> Option<i16> {
        let plain = digits.len() == width && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let year = number(year, 4).filter(|year| YEARS.contains(year))?;
    let Some(part) = part else { return Some(Period::Year(year)) };
    let within = |digits: &str, width: usize, most: i16| -> Option<i8> {
        number(digits, width).filter(|n| (1..=most).contains(n)).and_then(|n| i8::try_from(n).ok())
    };
    match part.as_bytes().first()? {
        b'H' => within(&part[1..], 1, 2).map(|half| Period::Half(year, half)),
        b'Q' => within(&part[1..], 1, 4).map(|quarter| Period::Quarter(year, quarter)),
        b'W' => {
            let week = within(&part[1..], 2, 53)?;
            ISOWeekDate::new(year, week, Weekday::Monday).ok().map(Period::Week)
        }
        _ if part.len() == 5 => text.parse().ok().map(Period::Day),
        _ => within(part, 2, 12).map(|month| Period::Month(year, month)),
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Year(year) => write!(f, "{year:04}"),
            Period::Half(year, half) => write!(f, "{year:04}-H{half}"),
            Period::Quarter(year, quarter) => write!(f, "{year:04}-Q{quarter}"),
            Period::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Period::Week(week) => write!(f, "{:04}-W{:02}", week.year(), week.week()),
            Period::Day(day) => day.fmt(f),
        }
    }
}

impl Period {
    /// The quarter that a day lies in.
    pub fn quarter_of(day: Date) -> Period {
        Period::Quarter(day.year(), (day.month() - 1) / 3 + 1)
    }

    /// How long it is.
    pub fn unit(self) -> Unit {
        match self {
            Period::Year(_) => Unit::Year,
            Period::Half(..) => Unit::Half,
            Period::Quarter(..) => Unit::Quarter,
            Period::Month(..) => Unit::Month,
            Period::Week(_) => Unit::Week,
            Period::Day(_) => Unit::Day,
        }
    }

    /// The period of the same length before it.
    pub fn before(self) -> Period {
        self.unit().of(self.days().0.saturating_sub(1.day()))
    }

    /// Its first day and the first day after it.
    pub fn days(self) -> (Date, Date) {
        let months = |year, month, months: i8| {
            let first = date(year, month, 1);
            (first, first.saturating_add(months.months()))
        };
        match self {
            Period::Year(year) => months(year, 1, 12),
            Period::Half(year, half) => months(year, half * 6 - 5, 6),
            Period::Quarter(year, quarter) => months(year, quarter * 3 - 2, 3),
            Period::Month(year, month) => months(year, month, 1),
            Period::Week(week) => (week.date(), week.date().saturating_add(7.days())),
            Period::Day(day) => (day, day.saturating_add(1.day())),
        }
    }

    /// From its first midnight up to the one after it. Where a change of the clock swallows a midnight, the day begins
    /// when the clock goes on.
    pub fn span(self, zone: &TimeZone) -> Span {
        let (first, after) = self.days();
        Span::new(midnight(first, zone), midnight(after, zone))
    }

    /// What it is made of, one after another: months, or days where it is no longer than a month.
    pub fn parts(self) -> Vec<Period> {
        let (first, after) = self.days();
        let (step, part): (jiff::Span, fn(Date) -> Period) = match self {
            Period::Year(_) | Period::Half(..) | Period::Quarter(..) => {
                (1.month(), |day| Period::Month(day.year(), day.month()))
            }
            Period::Month(..) | Period::Week(_) => (1.day(), Period::Day),
            Period::Day(_) => return Vec::new(),
        };
        let starts = std::iter::successors(Some(first), |day| day.checked_add(step).ok());
        starts.take_while(|day| *day < after).map(part).collect()
    }
}

fn midnight(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_written() {
        let check = |text: &str, first: (i16, i8, i8), after: (i16, i8, i8)| {
            let period: Period = text.parse().unwrap();
            let day = |(year, month, day)| date(year, month, day);
            assert_eq!(period.days(), (day(first), day(after)), "{text}");
            assert_eq!(period.to_string(), text);
        };
        check("2026", (2026, 1, 1), (2027, 1, 1));
        check("2026-H2", (2026, 7, 1), (2027, 1, 1));
        check("2026-Q3", (2026, 7, 1), (2026, 10, 1));
        check("2028-02", (2028, 2, 1), (2028, 3, 1));
        check("2026-12", (2026, 12, 1), (2027, 1, 1));
        check("2026-W53", (2026, 12, 28), (2027, 1, 4));
        check("2026-W01", (2025, 12, 29), (2026, 1, 5));
        check("2028-02-29", (2028, 2, 29), (2028, 3, 1));
    }

    #[test]
    fn what_is_no_period_is_refused() {
        let wrong = [
            "",
            "26",
            "02026",
            "2026-",
            "2026-13",
            "2026-00",
            "2026-Q5",
            "2026-H0",
            "2026-W54",
            "2025-W53",
            "2026-02-29",
            "2026-1",
            "1969",
            "9999",
            "2026-é",
            "2026-Qé",
            "+026",
            "2026-+1",
        ];
        for text in wrong {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn borders_are_midnights_of_the_zone() {
        let check = |text: &str, zone: &str, start: &str, hours: i64| {
            let zone = TimeZone::get(zone).unwrap();
            let span = text.parse::<Period>().unwrap().span(&zone);
            assert_eq!(span.start(), start.parse::<Timestamp>().unwrap(), "{text}");
            assert_eq!(span.length().as_secs(), hours * 3_600, "{text}");
        };
        check("2026", "Asia/Shanghai", "2025-12-31T16:00:00Z", 8_760);
        check("2028", "Asia/Shanghai", "2027-12-31T16:00:00Z", 8_784);
        // Days on which the clocks change have 23 and 25 hours.
        check("2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00Z", 23);
        check("2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00Z", 25);
    }

    #[test]
    fn a_day_lies_in_one_period_of_each_length() {
        let check = |unit: Unit, of: &str, before: &str| {
            let period = unit.of(date(2027, 1, 2));
            assert_eq!((period.to_string().as_str(), period.unit()), (of, unit));
            assert_eq!(period.before().to_string(), before);
        };
        check(Unit::Day, "2027-01-02", "2027-01-01");
        check(Unit::Week, "2026-W53", "2026-W52");
        check(Unit::Month, "2027-01", "2026-12");
        check(Unit::Quarter, "2027-Q1", "2026-Q4");
        check(Unit::Half, "2027-H1", "2026-H2");
        check(Unit::Year, "2027", "2026");
    }

    #[test]
    fn parts_fill_the_period_without_a_gap() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        for text in ["2028", "2026-Q1", "2026-W53", "2026-H1", "2028-02"] {
            let period: Period = text.parse().unwrap();
            let parts: Vec<Span> = period.parts().into_iter().map(|part| part.span(&zone)).collect();
            assert!(parts.windows(2).all(|pair| pair[0].end() == pair[1].start()));
            let whole = Span::new(parts[0].start(), parts[parts.len() - 1].end());
            assert_eq!(whole, period.span(&zone), "{text}");
        }
    }
}
