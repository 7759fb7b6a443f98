//! How long a site was up: a ledger of intervals, and figures computed from it.
//!
//! Beats are no evidence: how often a probe failed depends on how often somebody asked. So the record keeps closed,
//! half-open intervals of states for each target and cause, and what nobody saw is *unknown*, never up and never down.
//! Whatever is computed here is a plain function of a [`Journal`] and of `now`: asked twice, it answers the same.
//! Probing belongs to the daemon, keeping to [`store`](crate::store), limits to [`contract`](crate::contract).

mod account;
mod clock;
mod fault;
mod period;
mod span;
mod timeline;
mod timer;
mod visits;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

pub use account::{Account, Bounds, account};
pub use clock::{ClockStep, step};
pub use fault::{Fault, faults};
pub use period::{NoPeriod, Period, Unit};
pub use span::{Span, Spans};
pub use timeline::{Lane, timeline};
pub use timer::{Countdown, Running, Trouble, timers};
pub use visits::{Failing, HourVisits, Outlook, hour_of, weekly};

/// How a target stands for one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It works.
    Up,
    /// It works badly: slow, by obsolete TLS.
    Degraded,
    /// It does not work.
    Down,
    /// It is being worked at.
    Maintenance,
    /// Nobody could look: the monitor's own network or clock was at fault.
    Unknown,
}

impl State {
    /// The states, best first.
    pub const ALL: [State; 5] = [State::Up, State::Degraded, State::Down, State::Maintenance, State::Unknown];

    /// The word for it in the record and in JSON.
    pub fn word(self) -> &'static str {
        match self {
            State::Up => "up",
            State::Degraded => "degraded",
            State::Down => "down",
            State::Maintenance => "maintenance",
            State::Unknown => "unknown",
        }
    }
}

/// What is watched: an endpoint of a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Target {
    /// Id of the site.
    pub site: String,
    /// The endpoint, as the daemon names it: an address, and the family where it matters.
    pub name: String,
}

/// What a probe, once it is believed, says of a target. The signs of one target and cause make its intervals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// Of what.
    pub target: Target,
    /// For which cause: `http`, `dns`, `tampering`, …
    pub cause: String,
    /// How it stands.
    pub state: State,
    /// When the first probe saw it so; before `at` where a failure had to be confirmed.
    pub since: Timestamp,
    /// When the last one did.
    pub at: Timestamp,
}

/// A stretch of one state of one target for one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// Its number in the record.
    pub id: i64,
    /// Of what.
    pub target: Target,
    /// For which cause.
    pub cause: String,
    /// How it stood.
    pub state: State,
    /// The last moment known to be otherwise: it may have begun right after. Never later than `start`.
    pub earliest: Timestamp,
    /// The first sign of it.
    pub start: Timestamp,
    /// The last sign of it.
    pub last: Timestamp,
    /// The first sign of something else; `None` while it lasts.
    pub end: Option<Timestamp>,
}

impl Interval {
    /// From the first sign of it to the first sign of something else; one that lasts is valued at `now`.
    pub fn surely(&self, now: Timestamp) -> Span {
        Span::new(self.start, self.end.unwrap_or(now))
    }

    /// The longest it can have been: from the last sign of something else before.
    pub fn at_most(&self, now: Timestamp) -> Span {
        Span::new(self.earliest.min(self.start), self.end.unwrap_or(now))
    }

    /// The interval that a first sign opens.
    pub fn opened(id: i64, sign: &Sign) -> Interval {
        let Sign { target, cause, state, since, at } = sign.clone();
        let start = since.min(at);
        Interval { id, target, cause, state, earliest: start, start, last: at, end: None }
    }

    /// What a further sign makes of an open interval: it lasts, or it ends and another begins. A sign that seems to
    /// come before the last one, after the clock was set back, ends it without making it negative.
    pub fn after(&self, sign: &Sign) -> Turned {
        if sign.state == self.state {
            return Turned::Lasts { last: self.last.max(sign.at) };
        }
        let turn = sign.since.min(sign.at).max(self.start);
        Turned::Ends { end: turn, earliest: self.last.min(turn), start: turn, last: sign.at.max(turn) }
    }
}

/// What a sign makes of an open interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// It lasts.
    Lasts {
        /// Its last sign.
        last: Timestamp,
    },
    /// It ends, and the next one begins.
    Ends {
        /// When it ends.
        end: Timestamp,
        /// The earliest moment at which the next one may have begun.
        earliest: Timestamp,
        /// The first sign of the next one.
        start: Timestamp,
        /// The last sign of the next one.
        last: Timestamp,
    },
}

/// Everything the record knows about how a site was watched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// Intervals of the targets that count.
    pub intervals: Vec<Interval>,
    /// When the daemon lived, by its own signs. What lies between is unknown for every target.
    pub watches: Vec<Span>,
    /// When its clock was found to have been set.
    pub steps: Vec<ClockStep>,
}

impl Journal {
    /// The targets that there is anything about, in the order of their names.
    pub fn targets(&self) -> Vec<&Target> {
        let mut targets: Vec<&Target> = self.intervals.iter().map(|interval| &interval.target).collect();
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// The same for the monitoring itself, from its own signs of life: what lies between two watches is down. A sign
    /// up to `silence` old is as good as one of `now`.
    pub fn of_service(&self, silence: SignedDuration, now: Timestamp) -> Journal {
        let target = Target { site: String::new(), name: SERVICE.to_owned() };
        let mut intervals = Vec::new();
        let mut add = |state, start: Timestamp, end: Option<Timestamp>| {
            let id = intervals.len() as i64 + 1;
            let (target, cause) = (target.clone(), SERVICE.to_owned());
            let last = end.unwrap_or(start);
            intervals.push(Interval { id, target, cause, state, earliest: start, start, last, end });
        };
        let mut watches = self.watches.iter().peekable();
        while let Some(watch) = watches.next() {
            let next = watches.peek().map(|next| next.start());
            let is_alive = next.is_none() && now.duration_since(watch.end()) <= silence;
            add(State::Up, watch.start(), if is_alive { None } else { Some(watch.end()) });
            if !is_alive {
                add(State::Down, watch.end(), next);
            }
        }
        let since = self.watches.first().map(|watch| Span::new(watch.start(), now));
        Journal { intervals, watches: since.into_iter().collect(), steps: self.steps.clone() }
    }
}

/// What the monitoring itself is called among targets and causes.
const SERVICE: &str = "monitoring";

#[cfg(test)]
pub(crate) mod tests;
