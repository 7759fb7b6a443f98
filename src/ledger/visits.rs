//! Visits of the home page, counted by the hour, and the share of them that failed.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::indicators::FailureRule;

/// Seconds of an hour.
const HOUR: i64 = 3_600;

/// Visits of a target within one hour. Single probes are not kept: the regulation asks for a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HourVisits {
    /// Hours since 1970 in UTC.
    pub hour: i64,
    /// Visits.
    pub visits: u32,
    /// Of these, those that did not open in time.
    pub failures: u32,
}

/// The hour that a moment belongs to, as [`HourVisits`] counts them.
pub fn hour_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(HOUR)
}

/// The failed share of the days before now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Failing {
    /// Visits.
    pub visits: u64,
    /// Those that failed.
    pub failures: u64,
    /// Full days with fewer visits than the regulation asks for.
    pub thin_days: u32,
    /// How it stands.
    pub outlook: Outlook,
}

impl Failing {
    /// Failures ÷ visits, 0 to 1; `None` without a visit.
    pub fn ratio(&self) -> Option<f64> {
        // Rounded correctly, so that what is equal on paper is equal here.
        (self.visits > 0).then(|| self.failures as f64 / self.visits as f64)
    }
}

/// How a failed share stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outlook {
    /// Nobody visited.
    NotVisited,
    /// Below the warning.
    Fine,
    /// From the warning on.
    Warning,
    /// From the limit on: a veto.
    Failed,
}

/// The failed share of the `rule`'s days up to `now`, today so far included.
pub fn weekly(counts: &[HourVisits], rule: &FailureRule, now: Timestamp, zone: &TimeZone) -> Failing {
    let today = now.to_zoned(zone.clone()).date();
    let days: Vec<super::Span> = std::iter::successors(Some(today), |day| day.yesterday().ok())
        .take(usize::from(rule.window_days.max(1)))
        .map(|day| super::Period::Day(day).span(zone))
        .collect();
    let of_day = |day: &super::Span| {
        let (first, after) = (hour_of(day.start()), hour_of(day.end()));
        let counts = counts.iter().filter(move |count| (first..after).contains(&count.hour));
        counts.fold((0_u64, 0_u64), |(visits, failures), count| {
            (visits + u64::from(count.visits), failures + u64::from(count.failures))
        })
    };
    let sums: Vec<(u64, u64)> = days.iter().map(of_day).collect();
    let (visits, failures) = sums.iter().fold((0, 0), |sum, day| (sum.0 + day.0, sum.1 + day.1));
    let is_thin = |(day, sum): &(&super::Span, &(u64, u64))| {
        day.end() <= now && sum.0 < u64::from(rule.min_visits_per_day)
    };
    let thin_days = days.iter().zip(&sums).filter(is_thin).count() as u32;
    let mut failing = Failing { visits, failures, thin_days, outlook: Outlook::NotVisited };
    if let Some(ratio) = failing.ratio() {
        failing.outlook = match ratio {
            ratio if ratio >= rule.fail_ratio => Outlook::Failed,
            ratio if ratio >= rule.warn_ratio => Outlook::Warning,
            _ => Outlook::Fine,
        };
    }
    failing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn five_per_cent_fail_and_three_warn() {
        let rules = RuleSet::built_in();
        let rule = rules.failure_rule().expect("VETO-02 has its figures");
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let now: Timestamp = "2026-11-22T04:00:00Z".parse().unwrap();
        let check = |visits: u32, failures: u32, expected: Outlook| {
            let counts = [HourVisits { hour: hour_of(now) - 30, visits, failures }];
            assert_eq!(weekly(&counts, &rule, now, &zone).outlook, expected, "{failures}/{visits}");
        };
        check(2_016, 60, Outlook::Fine);
        check(2_016, 61, Outlook::Warning);
        check(2_016, 100, Outlook::Warning);
        check(2_016, 101, Outlook::Failed);
        // Shares that are 5 % on paper and would not be where 0.05 is multiplied.
        check(140, 7, Outlook::Failed);
        check(100, 5, Outlook::Failed);
        check(100, 3, Outlook::Warning);
        check(0, 0, Outlook::NotVisited);
    }

    #[test]
    fn only_the_last_week_counts_and_thin_days_are_told() {
        let rules = RuleSet::built_in();
        let rule = rules.failure_rule().expect("VETO-02 has its figures");
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let now: Timestamp = "2026-11-22T04:00:00Z".parse().unwrap();
        let on =
            |days: i64, visits, failures| HourVisits { hour: hour_of(now) - days * 24, visits, failures };
        let counts = [on(0, 5, 0), on(1, 20, 1), on(2, 19, 0), on(7, 100, 100)];
        let failing = weekly(&counts, &rule, now, &zone);
        assert_eq!((failing.visits, failing.failures), (44, 1));
        assert_eq!(failing.thin_days, 5, "today is not over, one day is full");
    }
}
