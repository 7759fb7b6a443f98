//! How long a site was up, degraded, down, at work or unseen within a stretch of time.

use jiff::{SignedDuration, Timestamp};

use super::{Fault, Interval, Journal, Span, Spans, State, faults};

/// A figure that is known only within bounds: probes look now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bounds {
    /// What was seen: from the first failed probe to the first good one.
    pub least: SignedDuration,
    /// What can have been: from the last good probe to the first good one, time unseen included.
    pub most: SignedDuration,
}

/// The figures of a site. `up + degraded + down.least + maintenance + unknown` is the length of `judged`.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The part of the period that has passed.
    pub judged: Span,
    /// Whether the figures may still change: the period is not over, or a fault goes on.
    pub provisional: bool,
    /// All required targets worked.
    pub up: SignedDuration,
    /// All worked, at least one badly.
    pub degraded: SignedDuration,
    /// At least one did not work. Exclusions and maintenance are subtracted.
    pub down: Bounds,
    /// The same with nothing subtracted: what the record says.
    pub recorded: Bounds,
    /// Agreed exclusions and maintenance.
    pub maintenance: SignedDuration,
    /// Nobody saw.
    pub unknown: SignedDuration,
    /// The faults that began in it, oldest first, excused ones included.
    pub faults: Vec<Fault>,
}

impl Account {
    /// Share of the time that somebody saw, 0 to 1; `None` where no time has passed.
    pub fn coverage(&self) -> Option<f64> {
        let whole = self.judged.length().as_secs_f64();
        (whole > 0.0).then(|| 1.0 - self.unknown.as_secs_f64() / whole)
    }

    /// The faults that count: those not wholly excused.
    pub fn counted(&self) -> impl Iterator<Item = &Fault> {
        self.faults.iter().filter(|fault| !fault.is_excused())
    }
}

/// What the intervals of one target amount to.
pub(super) struct Standing {
    /// Some cause keeps it down, and somebody saw it.
    pub(super) down: Spans,
    pub(super) degraded: Spans,
    /// Somebody saw how it stood.
    pub(super) known: Spans,
}

/// The figures of the site of `journal` within `period`, as far as it has passed `now`. What is `excused` and the
/// maintenance on record are subtracted from the contract's figures; faults less than `merge_gap` apart are one.
pub fn account(
    journal: &Journal,
    excused: &Spans,
    period: Span,
    merge_gap: SignedDuration,
    now: Timestamp,
) -> Account {
    let judged = period.overlap(Span::new(Timestamp::MIN, now));
    let within = Spans::from(judged);
    let watched: Spans = journal.watches.iter().copied().collect();
    let standings: Vec<Standing> = journal
        .targets()
        .into_iter()
        .map(|target| {
            let of_target = journal.intervals.iter().filter(|interval| interval.target == *target);
            stand(&of_target.collect::<Vec<_>>(), &watched, now)
        })
        .collect();
    let any = |part: fn(&Standing) -> &Spans| -> Spans {
        standings.iter().flat_map(|standing| part(standing).iter()).collect::<Spans>().and(&within)
    };
    let mut known = if standings.is_empty() { Spans::default() } else { within.clone() };
    for standing in &standings {
        known = known.and(&standing.known);
    }
    let excluded = maintenance(journal, now).or(excused).and(&within);
    let seen_down = any(|standing| &standing.down);
    let may_down = downs(journal).map(|interval| interval.at_most(now)).collect::<Spans>().and(&within);

    let down = seen_down.minus(&excluded);
    let rest = within.minus(&excluded).minus(&down);
    let seen = rest.and(&known);
    let degraded = any(|standing| &standing.degraded).and(&seen);
    let all_faults = faults(journal, &excluded_ever(journal, excused, now), merge_gap, now);
    let began: Vec<Fault> = all_faults.into_iter().filter(|fault| judged.contains(fault.start)).collect();
    let goes_on = downs(journal).any(|interval| interval.end.is_none() && interval.earliest < judged.end());
    Account {
        judged,
        provisional: now < period.end() || goes_on,
        up: seen.minus(&degraded).length(),
        degraded: degraded.length(),
        down: Bounds { least: down.length(), most: may_down.minus(&excluded).length() },
        recorded: Bounds { least: seen_down.length(), most: may_down.length() },
        maintenance: excluded.length(),
        unknown: rest.minus(&known).length(),
        faults: began,
    }
}

/// The intervals in which something was down.
pub(super) fn downs(journal: &Journal) -> impl Iterator<Item = &Interval> {
    journal.intervals.iter().filter(|interval| interval.state == State::Down)
}

/// The maintenance that the daemon recorded.
pub(super) fn maintenance(journal: &Journal, now: Timestamp) -> Spans {
    let at_work = journal.intervals.iter().filter(|interval| interval.state == State::Maintenance);
    at_work.map(|interval| interval.surely(now)).collect()
}

/// Everything that is subtracted, whenever it was.
fn excluded_ever(journal: &Journal, excused: &Spans, now: Timestamp) -> Spans {
    maintenance(journal, now).or(excused)
}

/// What the intervals of one target amount to, as far as somebody watched.
pub(super) fn stand(intervals: &[&Interval], watched: &Spans, now: Timestamp) -> Standing {
    let of = |wanted: &dyn Fn(State) -> bool| -> Spans {
        let wanted = intervals.iter().filter(|interval| wanted(interval.state));
        wanted.map(|interval| interval.surely(now)).collect()
    };
    let blind = of(&|state| state == State::Unknown);
    let known = of(&|state| state != State::Unknown).minus(&blind).and(watched);
    Standing {
        down: of(&|state| state == State::Down).and(&known),
        degraded: of(&|state| state == State::Degraded).and(&known),
        known,
    }
}
