//! Figures as a Chinese reader expects them: counts, points, sizes, times.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

pub(crate) use crate::beijing::{day, minute, moment};
use crate::ledger::{Period, Unit};

/// A count with thousands separators.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Points, with at most two decimals and no needless zeros.
pub(crate) fn points(points: f64) -> String {
    let text = format!("{points:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    // Rounding leaves "-0" of tiny negative sums.
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A share in per cent with one decimal, rounded down: nothing short of all reads as `100%`.
pub(crate) fn percent(part: u64, whole: u64) -> Option<String> {
    let tenths = (u128::from(part) * 1000).checked_div(u128::from(whole))?;
    Some(match tenths {
        1000 => "100%".to_owned(),
        _ => format!("{}.{}%", tenths / 10, tenths % 10),
    })
}

/// Bytes in a handy unit.
pub(crate) fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return format!("{bytes} 字节");
    }
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// A length of time in seconds, with at most two decimals.
pub(crate) fn seconds(time: Duration) -> String {
    format!("{} 秒", points(time.as_secs_f64()))
}

/// A length of time to the second, rounded down.
pub(crate) fn length(time: SignedDuration) -> String {
    let seconds = time.as_secs().max(0);
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [(hours, "小时"), (minutes, "分"), (rest, "秒")];
    let told: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
    if told.is_empty() { "0 秒".to_owned() } else { told.join(" ") }
}

/// The time between two moments.
pub(crate) fn span(from: Timestamp, to: Timestamp) -> String {
    let seconds = to.as_second().saturating_sub(from.as_second()).max(0);
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{rest} 秒"),
        (0, _) => format!("{minutes} 分 {rest} 秒"),
        _ => format!("{hours} 小时 {minutes} 分"),
    }
}

/// A period as people write it, with its days.
pub(crate) fn period(period: Period) -> String {
    let (first, after) = period.days();
    let last = after.yesterday().unwrap_or(after);
    let year = first.year();
    let name = match period {
        Period::Day(day) => return day.to_string(),
        Period::Week(week) => format!("{} 年第 {} 周", week.year(), week.week()),
        Period::Month(_, month) => format!("{year} 年 {month} 月"),
        Period::Quarter(_, quarter) => format!("{year} 年第 {quarter} 季度"),
        Period::Half(_, 1) => format!("{year} 年上半年"),
        Period::Half(..) => format!("{year} 年下半年"),
        Period::Year(_) => format!("{year} 年度"),
    };
    match period.unit() {
        Unit::Week => format!("{name}（{first} 至 {last}）"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts() {
        fn check(input: u64, expected: &str) {
            assert_eq!(count(input), expected);
        }
        check(0, "0");
        check(999, "999");
        check(1000, "1,000");
        check(1_234_567, "1,234,567");
    }

    #[test]
    fn point_values() {
        fn check(input: f64, expected: &str) {
            assert_eq!(points(input), expected);
        }
        check(100.0, "100");
        check(87.5, "87.5");
        check(0.1 + 0.2, "0.3");
        check(-0.001, "0");
    }

    #[test]
    fn shares() {
        fn check(part: u64, whole: u64, expected: Option<&str>) {
            assert_eq!(percent(part, whole).as_deref(), expected);
        }
        check(0, 0, None);
        check(0, 7, Some("0.0%"));
        check(9_999, 10_000, Some("99.9%"));
        check(3, 3, Some("100%"));
        check(u64::MAX, u64::MAX, Some("100%"));
    }

    #[test]
    fn sizes() {
        fn check(input: u64, expected: &str) {
            assert_eq!(bytes(input), expected);
        }
        check(0, "0 字节");
        check(1536, "1.5 KB");
        check(5 << 20, "5.0 MB");
        check(u64::MAX, "16777216.0 TB");
    }

    #[test]
    fn times() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a timestamp");
        assert_eq!(moment(at("2026-11-20T16:00:01.5Z")), "2026-11-21 00:00:01");
        assert_eq!(minute(at("2026-11-20T15:59:59Z")), "2026-11-20 23:59");
        fn check(seconds: i64, expected: &str) {
            let from = Timestamp::UNIX_EPOCH;
            let to = Timestamp::from_second(seconds).expect("in range");
            assert_eq!(span(from, to), expected);
        }
        check(0, "0 秒");
        check(75, "1 分 15 秒");
        check(7325, "2 小时 2 分");
        check(-5, "0 秒");
        let lengths =
            [(0, "0 秒"), (86_399, "23 小时 59 分 59 秒"), (86_400, "24 小时"), (3_605, "1 小时 5 秒")];
        for (seconds, expected) in lengths {
            assert_eq!(length(SignedDuration::from_secs(seconds)), expected);
        }
    }
}
