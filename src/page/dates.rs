//! Dates as Chinese pages write them.
//!
//! Reads shapes, knows no clock: whether a date lies in the future is for those to say who know today.

use jiff::civil::{Date, DateTime, Time, date};

use crate::digits;

/// Years a page may speak of as its own: the first Chinese websites are of 1994.
const YEARS: std::ops::RangeInclusive<u16> = 1994..=2099;

/// A day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// With its year.
    Full(Date),
    /// `MM-DD`.
    NoYear { month: i8, day: i8 },
}

/// A date found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte, brackets not included.
    pub(super) end: usize,
    /// The day.
    pub(super) day: Day,
    /// The time of day, where it is written.
    pub(super) time: Option<Time>,
}

/// The first full date in a text.
pub fn find_date(text: &str) -> Option<Date> {
    match find(text, Years::Written)?.day {
        Day::Full(date) => Some(date),
        Day::NoYear { .. } => None,
    }
}

/// The date and time that a text begins with; midnight where no time is written.
pub fn parse_date_time(text: &str) -> Option<DateTime> {
    let text = text.trim().trim_start_matches(['[', '(', '（', '【']);
    let found = at(text, 0, Years::Written)?;
    match found.day {
        Day::Full(date) => Some(date.to_datetime(found.time.unwrap_or(Time::midnight()))),
        Day::NoYear { .. } => None,
    }
}

/// Whether dates without a year count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Years {
    /// Only full dates.
    Written,
    /// `MM-DD` too.
    Optional,
}

/// The first date in a text.
pub(super) fn find(text: &str, years: Years) -> Option<Found> {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(start) = digits::next(text, from) {
        if let Some(found) = at(text, start, years) {
            return Some(found);
        }
        from = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    }
    None
}

/// The date that begins at `start`.
pub(super) fn at(text: &str, start: usize, years: Years) -> Option<Found> {
    let mut cursor = Cursor { text, at: start };
    let (first, width) = cursor.number()?;
    let separator = cursor.separator()?;
    let mut is_closed = false;
    let day = if width == 4 {
        let (month, _) = cursor.number().filter(|(_, width)| *width <= 2)?;
        cursor.expect(separator.next())?;
        let (day, _) = cursor.number().filter(|(_, width)| *width <= 2)?;
        if separator == Separator::Chinese {
            // `2026年1月2` without 日 occurs where a label was cut.
            is_closed = cursor.eat(&["日", "号"]);
        }
        Day::Full(full(first, month, day)?)
    } else {
        // The end of something longer is no date: `1026-01-01`, `020-12-34`.
        let is_end = text[..start].ends_with(['-', '/', '.']);
        if years == Years::Written
            || is_end
            || width > 2
            || !matches!(separator, Separator::Dash | Separator::Slash)
        {
            return None;
        }
        let (day, width) = cursor.number()?;
        if width != 2 || cursor.eat(&["-", "/", "."]) {
            return None;
        }
        // 29 February is possible; which year decides later.
        full(2024, first, day)?;
        Day::NoYear { month: first as i8, day: day as i8 }
    };
    if !is_closed && cursor.peek().is_some_and(|next| next.is_ascii_digit()) {
        return None;
    }
    let mut found = Found { start, end: cursor.at, day, time: None };
    let before = cursor.at;
    cursor.eat_while(|next| next.is_whitespace() || next == 'T' || next == '\u{a0}');
    if (cursor.at > before || separator == Separator::Chinese)
        && let Some(time) = cursor.time()
    {
        (found.time, found.end) = (Some(time), cursor.at);
    }
    Some(found)
}

/// The date in a path: `/t20260821_123.html`, `/2026/08/21/`, `/art/2026/8/21/`, `/202608/t20260821_1.shtml`.
pub fn date_in_path(path: &str) -> Option<Date> {
    let segments: Vec<&str> = path.split('/').collect();
    let compact = segments.iter().rev().find_map(|segment| {
        let digits = segment.strip_prefix(['t', 'T']).unwrap_or(segment);
        let length = digits.bytes().take_while(u8::is_ascii_digit).count();
        let is_date = length == 8 && !digits[8..].starts_with(|next: char| next.is_ascii_alphabetic());
        if !is_date {
            return None;
        }
        full(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..8].parse().ok()?)
    });
    compact.or_else(|| {
        segments.windows(3).find_map(|parts| {
            let [year, month, day] = parts else { return None };
            let shape = year.len() == 4 && (1..=2).contains(&month.len()) && (1..=2).contains(&day.len());
            if !shape {
                return None;
            }
            full(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        })
    })
}

/// The date of a badge in two parts: a day, and the year and month in either order (`21` and `2026-11`).
pub(super) fn badge(one: &str, other: &str) -> Option<Date> {
    let day_of = |text: &str| {
        let digits = text.trim_end_matches(['日', '号']);
        let is_day = (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_day.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let month_of = |text: &str| {
        let mut cursor = Cursor { text, at: 0 };
        let (year, _) = cursor.number().filter(|(_, width)| *width == 4)?;
        cursor.separator()?;
        let (month, _) = cursor.number().filter(|(_, width)| *width <= 2)?;
        cursor.eat(&["月"]);
        (cursor.at == text.len()).then_some((year, month))
    };
    let ((year, month), day) =
        month_of(other).zip(day_of(one)).or_else(|| month_of(one).zip(day_of(other)))?;
    full(year, month, day)
}

/// The latest date with this month and day that is not after `latest`.
pub(super) fn with_year(month: i8, day: i8, latest: Date) -> Option<Date> {
    // 29 February is up to eight years away.
    (0..=8).find_map(|back| {
        let date = Date::new(latest.year() - back, month, day).ok()?;
        (date <= latest).then_some(date)
    })
}

fn full(year: u16, month: u16, day: u16) -> Option<Date> {
    if !YEARS.contains(&year) || month > 12 || day > 31 {
        return None;
    }
    Date::new(year as i16, month as i8, day as i8).ok().filter(|found| *found > date(1994, 1, 1))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Separator {
    Dash,
    Slash,
    Dot,
    Chinese,
}

impl Separator {
    /// What stands between month and day.
    fn next(self) -> &'static [&'static str] {
        match self {
            Separator::Dash => &["-", "－", "–", "—"],
            Separator::Slash => &["/", "／"],
            Separator::Dot => &["."],
            Separator::Chinese => &["月"],
        }
    }
}

#[derive(Clone, Copy)]
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, any: &[&str]) -> bool {
        let found = any.iter().find(|part| self.rest().starts_with(**part));
        self.at += found.map_or(0, |part| part.len());
        found.is_some()
    }

    fn expect(&mut self, any: &[&str]) -> Option<()> {
        self.eat_while(|next| next == ' ');
        self.eat(any).then_some(())?;
        self.eat_while(|next| next == ' ');
        Some(())
    }

    fn eat_while(&mut self, is_eaten: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_eaten).len();
    }

    /// A number of at most four digits and how many it has.
    fn number(&mut self) -> Option<(u16, usize)> {
        let width = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=4).contains(&width) {
            return None;
        }
        let number = self.rest()[..width].parse().ok()?;
        self.at += width;
        Some((number, width))
    }

    fn separator(&mut self) -> Option<Separator> {
        if self.eat(&["年"]) {
            self.eat_while(|next| next == ' ');
            return Some(Separator::Chinese);
        }
        [Separator::Dash, Separator::Slash, Separator::Dot]
            .into_iter()
            .find(|separator| self.eat(separator.next()))
    }

    /// `HH:MM[:SS]`, colons in any of their shapes, or `HH时MM分`.
    fn time(&mut self) -> Option<Time> {
        const COLONS: [&str; 4] = [":", "：", "∶", "时"];
        let (hour, _) = self.number().filter(|(hour, width)| *width <= 2 && *hour < 24)?;
        self.eat(&COLONS).then_some(())?;
        let (minute, _) = self.number().filter(|(minute, width)| *width <= 2 && *minute < 60)?;
        self.eat(&["分"]);
        let mut second = 0;
        let before = self.at;
        if self.eat(&COLONS) {
            match self.number().filter(|(second, width)| *width <= 2 && *second < 60) {
                Some((number, _)) => second = number,
                None => self.at = before,
            }
        }
        Time::new(hour as i8, minute as i8, second as i8, 0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = find(text, Years::Optional).map(|found| match (found.day, found.time) {
            (Day::Full(date), Some(time)) => format!("{date} {time}"),
            (Day::Full(date), None) => date.to_string(),
            (Day::NoYear { month, day }, _) => format!("{month:02}-{day:02}"),
        });
        assert_eq!(found.as_deref().unwrap_or("-"), expected, "{text}");
    }

    #[test]
    fn dates_in_text() {
        check("2026-11-21", "2026-11-21");
        check("发布时间：2026-11-21 09:05", "2026-11-21 09:05:00");
        check("2026-11-21 09:05:33", "2026-11-21 09:05:33");
        check("2026-11-21\u{a0}09:05", "2026-11-21 09:05:00");
        check("2026-11-21  09:05", "2026-11-21 09:05:00");
        check("2026-11-21 09∶05", "2026-11-21 09:05:00");
        check("2026-11-21 09：05", "2026-11-21 09:05:00");
        check("2026-11-21T09:05", "2026-11-21 09:05:00");
        check("2026/1/2", "2026-01-02");
        check("2026.01.02", "2026-01-02");
        check("2026年1月2日", "2026-01-02");
        check("2026 年", "-");
        check("2026年01月02日10时20分", "2026-01-02 10:20:00");
        check("2026年1月2日10:20", "2026-01-02 10:20:00");
        check("[2026-01-02]", "2026-01-02");
        check("标题(2026-01-02)", "2026-01-02");
        check("01-04", "01-04");
        check("1-04", "01-04");
        check("02-29", "02-29");
        check("第3号 2026-01-02", "2026-01-02");
        check("2026-02-30", "-");
        check("2026-13-01", "-");
        check("1026-01-01", "-");
        check("2026-0-1", "-");
        check("020-12345678", "-");
        check("12-34", "-");
        check("1-2", "-");
        check("川环发〔2026〕12号", "-");
        check("2026-01-02-03", "2026-01-02");
        check("2026-01-021", "-");
        check("2026-01-02 25:00", "2026-01-02");
        check("10:20", "-");
        check("", "-");
        check("2026－01－02", "2026-01-02");
    }

    #[test]
    fn dates_at_the_start() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(parse_date_time(text).map(|at| at.to_string()).as_deref(), expected, "{text}");
        };
        check(" 2026-11-21 09:05", Some("2026-11-21T09:05:00"));
        check("2026-11-21", Some("2026-11-21T00:00:00"));
        check("[2026-11-21]", Some("2026-11-21T00:00:00"));
        check("时间 2026-11-21", None);
        check("11-21", None);
        check("null", None);
        assert_eq!(find_date("成文 2026-11-21 和"), Some(date(2026, 11, 21)));
        assert_eq!(find_date("11-21"), None);
    }

    #[test]
    fn dates_in_paths() {
        let check = |path: &str, expected: Option<Date>| assert_eq!(date_in_path(path), expected, "{path}");
        check("/xw/202608/t20260821_123.html", Some(date(2026, 8, 21)));
        check("/art/2026/8/21/art_12_345.html", Some(date(2026, 8, 21)));
        check("/2026/08/21/a.shtml", Some(date(2026, 8, 21)));
        check("/c100/20260821/a.html", Some(date(2026, 8, 21)));
        check("/c100/202608/a.html", None);
        check("/content_20269999.html", None);
        check("/20260821abc.html", None);
        check("/", None);
    }

    #[test]
    fn badges() {
        assert_eq!(badge("21", "2026-11"), Some(date(2026, 11, 21)));
        assert_eq!(badge("2026年11月", "3日"), Some(date(2026, 11, 3)));
        assert_eq!(badge("2026.11", "21"), Some(date(2026, 11, 21)));
        assert_eq!(badge("31", "2026-11"), None);
        assert_eq!(badge("21", "11"), None);
    }

    #[test]
    fn missing_years() {
        let latest = date(2026, 3, 1);
        assert_eq!(with_year(2, 28, latest), Some(date(2026, 2, 28)));
        assert_eq!(with_year(3, 2, latest), Some(date(2025, 3, 2)));
        assert_eq!(with_year(2, 29, latest), Some(date(2024, 2, 29)));
    }
}
