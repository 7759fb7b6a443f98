//! What a host is promised, whoever asks: so many requests at once, so many a second, and silence when it asks for it.
//!
//! One [`Pace`] holds for everything that a program fetches through it: scans, readings and re-checks of several sites
//! that meet on one host share its lane. Hosts never wait for each other.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

use governor::{
    DefaultDirectRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use jiff::{Timestamp, fmt::rfc2822};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::Instant,
};

use super::Capture;
use crate::{
    address::Address,
    config::{Fetching, Patience},
};

/// Lanes from which on those are let go that nobody uses. A site links to hundreds of hosts, a daemon watches for years.
const MANY: usize = 1_024;

/// The lanes of all hosts.
pub struct Pace {
    promise: RwLock<Promise>,
    lanes: RwLock<HashMap<String, Arc<Lane>>>,
}

/// What each host is promised.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Promise {
    at_once: usize,
    quota: Option<Quota>,
    patience: Patience,
}

impl Promise {
    fn of(settings: &Fetching) -> Promise {
        let quota = |per_second: f64| {
            let period = Duration::try_from_secs_f64(1.0 / per_second).ok()?;
            Some(Quota::with_period(period)?.allow_burst(NonZeroU32::MIN))
        };
        Promise {
            at_once: settings.per_host.clamp(1, Semaphore::MAX_PERMITS),
            quota: settings.rate.and_then(quota),
            patience: settings.patience,
        }
    }
}

impl Pace {
    /// The pace that settings promise.
    pub fn of(settings: &Fetching) -> Arc<Pace> {
        Arc::new(Pace { promise: RwLock::new(Promise::of(settings)), lanes: RwLock::default() })
    }

    /// Keeps to other settings from now on, for what is under way as well.
    pub fn follow(&self, settings: &Fetching) {
        let promise = Promise::of(settings);
        let before =
            std::mem::replace(&mut *self.promise.write().unwrap_or_else(PoisonError::into_inner), promise);
        if (before.at_once, before.quota) != (promise.at_once, promise.quota) {
            // What is in flight leaves by the lanes through which it came.
            self.lanes.write().unwrap_or_else(PoisonError::into_inner).clear();
        }
    }

    /// How long the host of an address is still paused; a scheduler does better to ask elsewhere meanwhile.
    pub fn pause_left(&self, address: &Address) -> Option<Duration> {
        let lanes = self.lanes.read().unwrap_or_else(PoisonError::into_inner);
        lanes.get(&address.authority())?.pause_left()
    }

    fn promise(&self) -> Promise {
        *self.promise.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lane of the host of an address.
    pub(super) fn lane(&self, address: &Address) -> Arc<Lane> {
        let authority = address.authority();
        if let Some(lane) = self.lanes.read().unwrap_or_else(PoisonError::into_inner).get(&authority) {
            return Arc::clone(lane);
        }
        let promise = self.promise();
        let mut lanes = self.lanes.write().unwrap_or_else(PoisonError::into_inner);
        if lanes.len() >= MANY && lanes.len().is_power_of_two() {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || !lane.is_at_rest());
        }
        Arc::clone(lanes.entry(authority).or_insert_with(|| Arc::new(Lane::new(&promise))))
    }

    /// Waits until a lane lets one more in; it is in as long as what is returned lives.
    pub(super) async fn wait<'a>(&self, lane: &'a Lane) -> SemaphorePermit<'a> {
        let place = loop {
            lane.wait_for_pause().await;
            let place = lane.places.acquire().await.expect("the semaphore of a lane is never closed");
            if lane.pause_left().is_none() {
                break place;
            }
            // Paused while waiting for a place: it is given back before sleeping.
        };
        if let Some(turns) = &lane.turns {
            turns.wait().await;
        }
        place
    }

    /// Goes ahead of everybody without waiting, and has those behind wait for it: takes a place where one is free, and
    /// the turn of whoever comes next.
    pub(super) fn go_ahead<'a>(&self, lane: &'a Lane) -> Option<SemaphorePermit<'a>> {
        if let Some(turns) = &lane.turns {
            // However many go ahead, somebody behind them has a turn.
            turns.go_ahead(u32::try_from(lane.at_once).unwrap_or(u32::MAX));
        }
        lane.places.try_acquire().ok()
    }

    /// Takes the hint of an answer.
    pub(super) fn learn(&self, lane: &Lane, capture: &Capture) {
        lane.learn(capture, self.promise().patience);
    }
}

/// One host and port.
pub(super) struct Lane {
    places: Semaphore,
    at_once: usize,
    turns: Option<Turns>,
    pause: Mutex<Pause>,
}

/// Whose turn is when: one at a time, evenly spread, for a burst at the start of every second is what small servers choke
/// on.
struct Turns {
    limiter: DefaultDirectRateLimiter,
    /// Turns that were used by those who went ahead; whoever waits pays for them.
    owed: AtomicU32,
}

impl Turns {
    fn new(quota: Quota) -> Turns {
        Turns { limiter: RateLimiter::direct(quota), owed: AtomicU32::new(0) }
    }

    async fn wait(&self) {
        loop {
            while let Err(early) = self.limiter.check() {
                tokio::time::sleep(early.wait_time_from(DefaultClock::default().now())).await;
            }
            if !self.pays() {
                return;
            }
        }
    }

    /// Whether the turn that has just come was used already.
    fn pays(&self) -> bool {
        self.owed.fetch_update(Relaxed, Relaxed, |owed| owed.checked_sub(1)).is_ok()
    }

    /// Takes the next turn before it has come. Whoever waits does so for no more than `most` of these.
    fn go_ahead(&self, most: u32) {
        if self.limiter.check().is_err() {
            // Refused where so many are owed already.
            let _ = self.owed.fetch_update(Relaxed, Relaxed, |owed| (owed < most).then_some(owed + 1));
        }
    }
}

/// Whether, and how patiently, a host is being waited for.
#[derive(Default)]
struct Pause {
    until: Option<Instant>,
    /// Refusals since the last useful answer.
    refusals: u32,
}

impl Lane {
    fn new(promise: &Promise) -> Lane {
        let Promise { at_once, quota, .. } = *promise;
        let turns = quota.map(Turns::new);
        Lane { places: Semaphore::new(at_once), at_once, turns, pause: Mutex::default() }
    }

    /// Whether nothing is promised to the host at the moment that a new lane would not keep.
    fn is_at_rest(&self) -> bool {
        let pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |at: Option<Instant>| at.is_none_or(|at| at <= Instant::now());
        self.places.available_permits() == self.at_once
            && pause.refusals == 0
            && is_over(pause.until)
            // Where a turn is free, nobody had one a moment ago; that it is used up here harms nobody.
            && self.turns.as_ref().is_none_or(|turns| turns.limiter.check().is_ok() && !turns.pays())
    }

    fn pause_left(&self) -> Option<Duration> {
        let until = self.pause.lock().unwrap_or_else(PoisonError::into_inner).until?;
        Some(until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }

    async fn wait_for_pause(&self) {
        while let Some(left) = self.pause_left() {
            tokio::time::sleep(left).await;
        }
    }

    /// Takes the hint of an answer.
    fn learn(&self, capture: &Capture, patience: Patience) {
        let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        if !matches!(capture.status, 429 | 503) {
            pause.refusals = 0;
            return;
        }
        let now = Instant::now();
        if pause.until.is_some_and(|until| until > now) {
            return; // One of several that were under way; the pause is already running.
        }
        pause.refusals = pause.refusals.saturating_add(1);
        let length = match retry_after(capture) {
            Some(asked) => asked,
            // One page that answers 503 is that page's trouble; the host's begins with the second in a row.
            None if capture.status == 503 && pause.refusals == 1 => return,
            None => {
                let doublings =
                    pause.refusals - if capture.status == 503 { 2.min(pause.refusals) } else { 1 };
                patience.first.saturating_mul(2u32.saturating_pow(doublings))
            }
        };
        pause.until = Some(now + length.min(patience.longest));
    }
}

/// How long an answer asks us to wait (`Retry-After`, as seconds or as a date).
pub fn retry_after(capture: &Capture) -> Option<Duration> {
    let value = capture.header("retry-after")?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let until: Timestamp = rfc2822::parse(value).ok()?.timestamp();
    Some(Duration::try_from(until.duration_since(capture.at)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::Outcome;
    use crate::fetch::testing::{answer, refusal, request};

    const PATIENCE: Patience = Patience { first: Duration::from_secs(60), longest: Duration::from_secs(600) };

    /// The pause in seconds after these answers, each asked for once the pause before it was over.
    fn pause_after(answers: impl IntoIterator<Item = Outcome>) -> Option<u64> {
        let lane = Lane::new(&Promise::of(&Fetching::default()));
        for answer in answers {
            lane.pause.lock().unwrap().until = None;
            lane.learn(&answer.unwrap(), PATIENCE);
        }
        lane.pause_left().map(|left| left.as_secs_f64().round() as u64)
    }

    #[test]
    fn leaves_a_host_alone_as_long_as_it_asks() {
        assert_eq!(pause_after([answer(200)]), None);
        assert_eq!(pause_after([refusal(429, Some("7"))]), Some(7));
        assert_eq!(pause_after([refusal(503, Some("7"))]), Some(7));
        assert_eq!(pause_after([refusal(429, Some("86400"))]), Some(600));
        assert_eq!(pause_after([refusal(429, None)]), Some(60));
        assert_eq!(pause_after([refusal(429, None), refusal(429, None)]), Some(120));
        assert_eq!(pause_after([refusal(429, None), answer(200), refusal(429, None)]), Some(60));
        assert_eq!(pause_after([refusal(503, None)]), None);
        assert_eq!(pause_after([refusal(503, None), refusal(503, None)]), Some(60));
        assert_eq!(pause_after((0..3).map(|_| refusal(503, None))), Some(120));
        assert_eq!(pause_after((0..99).map(|_| refusal(429, None))), Some(600));
    }

    #[test]
    fn those_who_go_ahead_cost_those_behind_a_turn_each_and_starve_nobody() {
        let turns = Turns::new(Quota::per_hour(NonZeroU32::MIN));
        turns.go_ahead(3);
        assert!(!turns.pays(), "the first turn was free, and it was taken");
        turns.go_ahead(3);
        assert!(turns.pays() && !turns.pays());
        (0..1_000).for_each(|_| turns.go_ahead(3));
        assert_eq!((0..10).filter(|_| turns.pays()).count(), 3);
    }

    #[test]
    fn lanes_at_rest_are_let_go() {
        let pace = Pace::of(&Fetching { rate: None, ..Fetching::default() });
        let held = pace.lane(&request("http://held.test/").address);
        let refused = pace.lane(&request("http://refused.test/").address);
        refused.learn(&refusal(429, None).unwrap(), PATIENCE);
        drop(refused);
        for number in 0..2 * MANY {
            pace.lane(&request(&format!("http://h{number}.test/")).address);
        }
        let lanes = pace.lanes.read().unwrap();
        assert!(lanes.len() <= MANY + 2, "{}", lanes.len());
        for host in ["http://held.test/", "http://refused.test/"] {
            assert!(lanes.contains_key(&request(host).address.authority()), "{host} was let go");
        }
        drop(held);
    }

    #[test]
    fn reads_retry_after() {
        let read = |value: &str| {
            let mut capture = refusal(429, Some(value)).unwrap();
            capture.at = "1994-11-06T08:49:07Z".parse().unwrap();
            retry_after(&capture).map(|wait| wait.as_secs())
        };
        for (value, expected) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("soon", None),
            ("-5", None),
            ("", None),
        ] {
            assert_eq!(read(value), expected, "{value}");
        }
    }
}
