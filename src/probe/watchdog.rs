//! The samples of one target, one after the other: when it has fallen, when it is back, and when it goes up and down
//! so often that only its final state is told.
//!
//! Nothing here knows a clock: time is that of the samples. What says nothing about the target (our own network, a
//! refusal) neither fails nor recovers it.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Sample, State};
use crate::config::Rule;

/// What a sample means for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// It does not work any more.
    Fell {
        /// The first sample that failed.
        first_failed: Timestamp,
        /// The last one that was good before, if any is known.
        last_good: Option<Timestamp>,
        /// Why, in Chinese.
        why: String,
    },
    /// It works again.
    Rose {
        /// The first good sample.
        first_good: Timestamp,
        /// The last one that failed.
        last_failed: Timestamp,
    },
    /// It goes up and down: its falls are not told any more until it has settled.
    Flaps {
        /// Falls within the time of the rule.
        falls: usize,
    },
    /// It has stopped going up and down.
    Settled {
        /// Whether it works.
        is_up: bool,
    },
    /// A certificate or a domain runs out soon, or has.
    Nearing {
        /// Its last day.
        until: Date,
        /// Days left; negative where it has passed.
        days: i32,
    },
    /// What ran out has a later end now.
    Renewed {
        /// Its last day.
        until: Date,
    },
    /// It shows something it never showed: another certificate, other addresses.
    Changed {
        /// What it showed before.
        before: Vec<String>,
        /// What it shows now.
        after: Vec<String>,
    },
}

/// What a watchdog remembers of its target; kept in the record, so that a restart forgets nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// The last samples that say something: when, and whether it failed.
    recent: VecDeque<(Timestamp, bool)>,
    /// Whether it has fallen.
    pub is_down: bool,
    last_good: Option<Timestamp>,
    last_failed: Option<Timestamp>,
    /// Times of its falls.
    falls: VecDeque<Timestamp>,
    flaps: bool,
    /// When it last fell or rose.
    turned: Option<Timestamp>,
    /// What it showed, the newest last.
    shown: Vec<String>,
    /// The last day that somebody was told of, and the days of the notice.
    told: Option<(Date, i32)>,
}

/// Things that a target may show in turn, such as the addresses of a CDN, before an old one is forgotten.
const SHOWN: usize = 32;

/// Watches one target.
#[derive(Debug, Clone)]
pub struct Watchdog {
    rule: Rule,
    memory: Memory,
}

impl Watchdog {
    /// Goes on from what was remembered.
    pub fn new(rule: Rule, memory: Memory) -> Watchdog {
        Watchdog { rule, memory }
    }

    /// Keeps to another rule from now on.
    pub fn follow(&mut self, rule: &Rule) {
        self.rule.clone_from(rule);
    }

    /// What there is to remember.
    pub fn memory(&self) -> &Memory {
        &self.memory
    }

    /// Whether the last samples leave doubt, so that the next one should come soon.
    pub fn is_in_doubt(&self) -> bool {
        self.memory.recent.back().is_some_and(|(_, failed)| *failed != self.memory.is_down)
    }

    /// Takes a sample in; says what it means, in the order in which it happened. `today` is the date where the target is.
    pub fn take(&mut self, sample: &Sample, today: Date) -> Vec<Turn> {
        let mut turns = Vec::new();
        let failed = match sample.state {
            State::Good | State::Weak => false,
            State::Bad => true,
            State::Refused | State::Blind => return turns,
        };
        let Rule { of, .. } = self.rule;
        let memory = &mut self.memory;
        memory.recent.push_back((sample.at, failed));
        while memory.recent.len() > of.max(self.rule.recovers).max(1) {
            memory.recent.pop_front();
        }
        match (memory.is_down, failed) {
            (false, true) => self.doubt(sample, &mut turns),
            (true, false) => self.hope(sample, &mut turns),
            _ => self.calm(sample.at, &mut turns),
        }
        if failed {
            self.memory.last_failed = Some(sample.at);
        } else {
            self.memory.last_good = Some(sample.at);
            self.look_ahead(sample, today, &mut turns);
            self.compare(sample, &mut turns);
        }
        turns
    }

    /// A failure of what works: is it enough?
    fn doubt(&mut self, sample: &Sample, turns: &mut Vec<Turn>) {
        let Rule { fails, of, flap, .. } = &self.rule;
        let memory = &mut self.memory;
        let failures = memory.recent.iter().rev().take(*of).filter(|(_, failed)| *failed);
        let first_failed = failures.clone().map(|(at, _)| *at).min().unwrap_or(sample.at);
        if failures.count() < (*fails).max(1) {
            return;
        }
        memory.is_down = true;
        memory.turned = Some(sample.at);
        memory.falls.push_back(first_failed);
        while memory.falls.front().is_some_and(|fall| is_past(*fall, sample.at, flap.within)) {
            memory.falls.pop_front();
        }
        if memory.flaps {
            return;
        }
        if flap.falls > 0 && memory.falls.len() >= flap.falls {
            memory.flaps = true;
            turns.push(Turn::Flaps { falls: memory.falls.len() });
            return;
        }
        turns.push(Turn::Fell { first_failed, last_good: memory.last_good, why: sample.why.clone() });
    }

    /// A good answer of what has fallen: is it back?
    fn hope(&mut self, sample: &Sample, turns: &mut Vec<Turn>) {
        let memory = &mut self.memory;
        let good: Vec<Timestamp> =
            memory.recent.iter().rev().take_while(|(_, failed)| !failed).map(|(at, _)| *at).collect();
        if good.len() < self.rule.recovers.max(1) {
            return;
        }
        memory.is_down = false;
        memory.turned = Some(sample.at);
        if !memory.flaps {
            let first_good = good.last().copied().unwrap_or(sample.at);
            let last_failed = memory.last_failed.unwrap_or(first_good);
            turns.push(Turn::Rose { first_good, last_failed });
        }
    }

    /// Nothing has changed: for so long that it is told again?
    fn calm(&mut self, at: Timestamp, turns: &mut Vec<Turn>) {
        let memory = &mut self.memory;
        let calm = self.rule.flap.calm;
        if memory.flaps && memory.turned.is_some_and(|turned| is_past(turned, at, calm)) {
            memory.flaps = false;
            memory.falls.clear();
            turns.push(Turn::Settled { is_up: !memory.is_down });
        }
    }

    /// Whether somebody should be told that something runs out: once for each step of the rule and each last day, so
    /// that a renewal begins anew.
    fn look_ahead(&mut self, sample: &Sample, today: Date, turns: &mut Vec<Turn>) {
        let Some(until) = sample.until else { return };
        let days = (until - today).get_days();
        let step = self.rule.days_before.iter().copied().filter(|step| days <= *step).min();
        let Some(step) = step else {
            if self.memory.told.take().is_some() {
                turns.push(Turn::Renewed { until });
            }
            return;
        };
        if self.memory.told.is_none_or(|(told, at)| told != until || step < at) {
            self.memory.told = Some((until, step));
            turns.push(Turn::Nearing { until, days });
        }
    }

    /// Whether it shows something it never showed. The first sight is believed.
    fn compare(&mut self, sample: &Sample, turns: &mut Vec<Turn>) {
        if sample.shown.is_empty() {
            return;
        }
        let memory = &mut self.memory;
        let is_new = sample.shown.iter().any(|shown| !memory.shown.contains(shown));
        if is_new && !memory.shown.is_empty() {
            turns.push(Turn::Changed { before: memory.shown.clone(), after: sample.shown.clone() });
        }
        memory.shown.retain(|known| !sample.shown.contains(known));
        memory.shown.extend(sample.shown.iter().cloned());
        let excess = memory.shown.len().saturating_sub(SHOWN);
        memory.shown.drain(..excess);
    }
}

fn is_past(then: Timestamp, now: Timestamp, span: Duration) -> bool {
    now.duration_since(then).unsigned_abs() > span
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Flap;

    const TODAY: Date = jiff::civil::date(2026, 11, 22);

    fn rule() -> Rule {
        let flap = Flap { falls: 4, within: Duration::from_secs(3600), calm: Duration::from_secs(600) };
        Rule { fails: 2, of: 3, recovers: 2, flap, days_before: vec![30, 14, 7, 3, 1, 0] }
    }

    fn sample(minute: i64, state: State) -> Sample {
        Sample {
            at: Timestamp::from_second(minute * 60).unwrap(),
            took: Duration::from_millis(50),
            state,
            why: "连接超时".to_owned(),
            status: None,
            shown: Vec::new(),
            until: None,
        }
    }

    /// Feeds one sample a minute: `+` good, `-` bad, `?` blind; each turn as a letter behind the minute.
    fn run(samples: &str) -> String {
        let mut watchdog = Watchdog::new(rule(), Memory::default());
        let mut said = Vec::new();
        for (minute, letter) in samples.chars().enumerate() {
            let state = match letter {
                '+' => State::Good,
                '-' => State::Bad,
                _ => State::Blind,
            };
            for turn in watchdog.take(&sample(minute as i64, state), TODAY) {
                said.push(match turn {
                    Turn::Fell { first_failed, .. } => format!("{minute}F{}", first_failed.as_second() / 60),
                    Turn::Rose { first_good, .. } => format!("{minute}R{}", first_good.as_second() / 60),
                    Turn::Flaps { .. } => format!("{minute}~"),
                    Turn::Settled { is_up } => format!("{minute}={}", if is_up { "up" } else { "down" }),
                    other => panic!("{other:?}"),
                });
            }
        }
        said.join(" ")
    }

    #[test]
    fn two_of_three_fail_two_in_a_row_recover() {
        for (samples, expected) in [
            ("+++", ""),
            ("+-+++", ""),
            ("+--", "2F1"),
            ("+-+-", "3F1"),
            ("+-++-+", ""),
            ("+--++", "2F1 4R3"),
            ("+--+-+", "2F1"),
            ("+--+-++", "2F1 6R5"),
            ("+-?-", "3F1"),
            ("+-????+", ""),
            ("+--????", "2F1"),
            ("+--+?+", "2F1 5R3"),
            ("--", "1F0"),
        ] {
            assert_eq!(run(samples), expected, "{samples}");
        }
    }

    #[test]
    fn a_square_wave_is_told_a_few_times_and_its_end_once() {
        let wave = "--++".repeat(15);
        let said = run(&format!("+{wave}{}", "+".repeat(15)));
        assert!(said.ends_with("=up"), "{said}");
        assert_eq!(said.matches('F').count(), 3, "{said}");
        assert_eq!(said.matches('~').count(), 1, "{said}");
        assert_eq!(said.matches('=').count(), 1, "{said}");
        let said = run(&format!("+{wave}{}", "-".repeat(15)));
        assert!(said.ends_with("=down"), "the final state is told: {said}");
    }

    #[test]
    fn what_runs_out_is_told_once_a_step_and_anew_after_a_renewal() {
        let mut watchdog = Watchdog::new(rule(), Memory::default());
        let mut told = Vec::new();
        for day in 0..50 {
            let today = TODAY + jiff::Span::new().days(day);
            let until = if day < 45 {
                TODAY + jiff::Span::new().days(40)
            } else {
                TODAY + jiff::Span::new().days(90)
            };
            let sample = Sample { until: Some(until), ..sample(day, State::Good) };
            for turn in watchdog.take(&sample, today) {
                match turn {
                    Turn::Nearing { days, .. } => told.push(days),
                    Turn::Renewed { .. } => told.push(99),
                    other => panic!("{other:?}"),
                }
            }
        }
        assert_eq!(told, [30, 14, 7, 3, 1, 0, 99]);
    }

    #[test]
    fn what_was_shown_before_is_no_change() {
        let mut watchdog = Watchdog::new(rule(), Memory::default());
        let mut look = |minute: i64, shown: &[&str]| {
            let shown = shown.iter().map(|&text| text.to_owned()).collect();
            watchdog.take(&Sample { shown, ..sample(minute, State::Good) }, TODAY).len()
        };
        assert_eq!(look(0, &["1.1.1.1", "1.1.1.2"]), 0);
        assert_eq!(look(1, &["1.1.1.2"]), 0);
        assert_eq!(look(2, &["1.1.1.1"]), 0);
        assert_eq!(look(3, &["6.6.6.6"]), 1);
        assert_eq!(look(4, &["6.6.6.6"]), 0);
    }

    #[test]
    fn a_restart_forgets_nothing() {
        let mut before = Watchdog::new(rule(), Memory::default());
        before.take(&sample(0, State::Good), TODAY);
        before.take(&sample(1, State::Bad), TODAY);
        let kept = serde_json::to_string(before.memory()).unwrap();
        let mut after = Watchdog::new(rule(), serde_json::from_str(&kept).unwrap());
        assert!(after.is_in_doubt());
        let turns = after.take(&sample(2, State::Bad), TODAY);
        assert!(matches!(turns.as_slice(), [Turn::Fell { .. }]), "{turns:?}");
    }
}
