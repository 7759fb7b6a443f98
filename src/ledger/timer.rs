//! Deadlines that run while a site is in trouble: when it grows into an incident of a higher grade, and by when it has
//! to be reported.

use jiff::{SignedDuration, Timestamp};

use crate::indicators::{Deadline, DeadlineAfter};

/// A site in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    /// The first failed probe.
    pub began: Timestamp,
    /// Failed probes in a row.
    pub failures: u32,
    /// When it ended; `None` while it lasts.
    pub ended: Option<Timestamp>,
}

/// A deadline and how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Countdown<'a> {
    /// Which one.
    pub deadline: &'a Deadline,
    /// How it stands.
    pub running: Running,
}

/// How a deadline stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// It has not come yet.
    Left(SignedDuration),
    /// As many failures in a row have not come yet.
    FailuresLeft(u32),
    /// It has come.
    Passed {
        /// When; `None` where it is counted in failures.
        at: Option<Timestamp>,
    },
    /// The trouble ended before.
    Averted,
}

/// How each deadline of the rules stands for a trouble. A report is owed whether or not the trouble has ended, so its
/// countdown goes on.
pub fn timers<'a>(trouble: &Trouble, deadlines: &'a [Deadline], now: Timestamp) -> Vec<Countdown<'a>> {
    deadlines
        .iter()
        .map(|deadline| Countdown { deadline, running: running(trouble, deadline, now) })
        .collect()
}

fn running(trouble: &Trouble, deadline: &Deadline, now: Timestamp) -> Running {
    let ended = trouble.ended.filter(|_| !deadline.owed);
    match deadline.after {
        DeadlineAfter::Failures(wanted) if trouble.failures >= wanted => Running::Passed { at: None },
        DeadlineAfter::Failures(_) if ended.is_some() => Running::Averted,
        DeadlineAfter::Failures(wanted) => Running::FailuresLeft(wanted - trouble.failures),
        DeadlineAfter::Time(length) => {
            let at = trouble.began.saturating_add(length).unwrap_or(Timestamp::MAX);
            match ended {
                Some(ended) if ended < at => Running::Averted,
                _ if now >= at => Running::Passed { at: Some(at) },
                _ => Running::Left(at.duration_since(now)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    fn state(failures: u32, ended: Option<i64>, now: i64, id: &str) -> Running {
        let rules = RuleSet::built_in();
        let trouble = Trouble { began: at(0), failures, ended: ended.map(at) };
        let all = timers(&trouble, &rules.availability().deadlines, at(now));
        all.iter().find(|countdown| countdown.deadline.id == id).expect("the rules have it").running
    }

    #[test]
    fn deadlines_run_pass_and_are_averted() {
        let hours = |hours: i64| hours * 3_600;
        assert_eq!(state(1, None, 14, "timeout"), Running::Left(SignedDuration::from_secs(1)));
        assert_eq!(state(1, None, 15, "timeout"), Running::Passed { at: Some(at(15)) });
        assert_eq!(state(1, None, 15, "two-failures"), Running::FailuresLeft(1));
        assert_eq!(state(2, None, 15, "two-failures"), Running::Passed { at: None });
        assert_eq!(state(1, Some(30), 60, "two-failures"), Running::Averted);
        assert_eq!(state(9, Some(hours(2) - 1), hours(3), "down-2h"), Running::Averted);
        assert_eq!(state(9, Some(hours(2)), hours(3), "down-2h"), Running::Passed { at: Some(at(hours(2))) });
        // The report is owed although the site is up again.
        assert_eq!(
            state(9, Some(hours(2)), hours(3), "report-4h"),
            Running::Left(SignedDuration::from_hours(1))
        );
    }
}
