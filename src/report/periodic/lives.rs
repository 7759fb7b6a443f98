//! What became of the findings of a site, as of the end of a period: from the turns of their lives, so that a report on
//! last quarter says the same however many scans have come since.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};

use crate::ledger::Span;
use crate::life::{Life, Reported};
use crate::store::Turn;

/// A finding with its life up to the end of a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracked {
    /// The finding, as it was seen last.
    pub reported: Reported,
    /// Its turns before the end of the period, oldest first; never empty.
    pub turns: Vec<Turn>,
}

impl Tracked {
    /// Puts findings and turns together; a finding that nobody knew before the end of the period is left out.
    pub fn gather(findings: Vec<Reported>, turns: Vec<(crate::finding::Fingerprint, Turn)>) -> Vec<Tracked> {
        let mut lives: HashMap<_, Vec<Turn>> = HashMap::new();
        for (finding, turn) in turns {
            lives.entry(finding).or_default().push(turn);
        }
        let with_life = |reported: Reported| {
            let turns = lives.remove(&reported.id)?;
            Some(Tracked { reported, turns })
        };
        findings.into_iter().filter_map(with_life).collect()
    }

    /// How it stood at the end.
    pub(super) fn state(&self) -> Life {
        self.turns.last().map_or(self.reported.state, |turn| turn.after)
    }

    /// Whether somebody still had to mend it at the end.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.state(), Life::Fixed | Life::Dismissed)
    }

    /// Since when it was there, the last time that it came.
    pub(super) fn since(&self) -> Option<Timestamp> {
        self.turns.iter().rev().find(|turn| is_coming(turn.after)).map(|turn| turn.at)
    }

    fn turns_to(&self, within: Span, life: Life) -> usize {
        self.turns.iter().filter(|turn| turn.after == life && within.contains(turn.at)).count()
    }

    /// When it was last seen to be fixed within the period.
    pub(super) fn fixed(&self, within: Span) -> Option<Timestamp> {
        let fixed = |turn: &&Turn| turn.after == Life::Fixed && within.contains(turn.at);
        self.turns.iter().rev().find(fixed).map(|turn| turn.at)
    }

    /// How long each repair took that was seen within the period: from the scan that found it to the one that saw it
    /// gone.
    pub(super) fn repairs(&self, within: Span) -> Vec<SignedDuration> {
        let mut came = None;
        let mut repairs = Vec::new();
        for turn in &self.turns {
            match turn.after {
                life if is_coming(life) => came = Some(turn.at),
                Life::Fixed => {
                    let took = came.take().map(|came| turn.at.duration_since(came));
                    repairs.extend(took.filter(|_| within.contains(turn.at)));
                }
                _ => {}
            }
        }
        repairs
    }
}

fn is_coming(life: Life) -> bool {
    matches!(life, Life::New | Life::Reopened)
}

/// How many findings came, came back, went, and stood at the end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Movement {
    pub(super) new: usize,
    pub(super) reopened: usize,
    pub(super) fixed: usize,
    pub(super) dismissed: usize,
    pub(super) open: usize,
}

impl Movement {
    /// Counts them. A finding that comes and goes twice within the period counts twice; `open` is as of its end.
    pub(super) fn of<'a>(findings: impl IntoIterator<Item = &'a Tracked>, within: Span) -> Movement {
        let mut movement = Movement::default();
        for tracked in findings {
            movement.new += tracked.turns_to(within, Life::New);
            movement.reopened += tracked.turns_to(within, Life::Reopened);
            movement.fixed += tracked.turns_to(within, Life::Fixed);
            movement.dismissed += usize::from(tracked.state() == Life::Dismissed);
            movement.open += usize::from(tracked.is_open());
        }
        movement
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_nothing(self) -> bool {
        self == Movement::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::store::{Author, ScanId};

    fn turn(day: i64, after: Life) -> Turn {
        let at = Timestamp::from_second(day * 86_400).unwrap();
        Turn { at, before: None, after, author: Author::Scan(ScanId(1)), reason: String::new(), until: None }
    }

    fn tracked(turns: Vec<Turn>) -> Tracked {
        Tracked { reported: sample::report().findings.remove(0), turns }
    }

    fn days(from: i64, until: i64) -> Span {
        let at = |day: i64| Timestamp::from_second(day * 86_400).unwrap();
        Span::new(at(from), at(until))
    }

    #[test]
    fn a_finding_that_comes_back_counts_again() {
        let life = [turn(1, Life::New), turn(4, Life::Fixed), turn(6, Life::Reopened), turn(7, Life::Fixed)];
        let tracked = tracked(life.to_vec());
        let of = |within| Movement::of([&tracked], within);
        let both = Movement { new: 1, reopened: 1, fixed: 2, dismissed: 0, open: 0 };
        assert_eq!(of(days(0, 10)), both);
        assert_eq!(of(days(5, 7)), Movement { reopened: 1, ..Movement::default() });
        let hours: Vec<i64> = tracked.repairs(days(0, 10)).iter().map(|took| took.as_hours()).collect();
        assert_eq!(hours, [72, 24]);
        assert_eq!(tracked.repairs(days(7, 10)).len(), 1);
    }

    #[test]
    fn what_is_known_or_dismissed_stands_as_it_does() {
        let known = tracked(vec![turn(1, Life::New), turn(2, Life::Acknowledged)]);
        let dismissed = tracked(vec![turn(1, Life::New), turn(2, Life::Dismissed)]);
        let movement = Movement::of([&known, &dismissed], days(2, 3));
        assert_eq!(movement, Movement { dismissed: 1, open: 1, ..Movement::default() });
        assert_eq!(known.since(), Some(known.turns[0].at));
    }
}
