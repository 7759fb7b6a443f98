//! The pace of each host: so many at once, so many a second, and silence when it asks for it.
//!
//! Hosts never wait for each other, and nobody holds a place in a host's lane while that host is paused. How long a
//! request waited here is in no timing.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use governor::{
    DefaultDirectRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use jiff::{Timestamp, fmt::rfc2822};
use tokio::{sync::Semaphore, time::Instant};

use super::{Capture, Fetch, Outcome, Pending, Request};
use crate::{
    address::Address,
    config::{Fetching, Patience},
};

/// Keeps to the pace of each host.
pub struct Paced<F> {
    inner: F,
    pace: Arc<Pace>,
}

impl<F: Fetch> Paced<F> {
    /// Wraps `inner`.
    pub fn new(inner: F, settings: &Fetching) -> Paced<F> {
        let pace = Pace {
            lanes: RwLock::default(),
            at_once: settings.per_host.clamp(1, Semaphore::MAX_PERMITS),
            quota: settings.rate.and_then(quota),
            patience: settings.patience,
        };
        Paced { inner, pace: Arc::new(pace) }
    }

    /// The pace it keeps, for those who ask which hosts are paused.
    pub fn pace(&self) -> Arc<Pace> {
        Arc::clone(&self.pace)
    }

    async fn run(&self, request: &Request) -> Outcome {
        let lane = self.pace.lane(&request.address);
        let place = loop {
            lane.wait_for_pause().await;
            let place = lane.places.acquire().await.expect("the semaphore of a lane is never closed");
            if lane.pause_left().is_none() {
                break place;
            }
            // Paused while waiting for a place: it is given back before sleeping.
        };
        lane.wait_for_turn().await;
        let outcome = self.inner.fetch(request).await;
        if let Ok(capture) = &outcome {
            lane.learn(capture, self.pace.patience);
        }
        drop(place); // Only now, so that whoever takes it knows of the pause.
        outcome
    }
}

impl<F: Fetch> Fetch for Paced<F> {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(self.run(request))
    }
}

/// The lanes of all hosts.
pub struct Pace {
    lanes: RwLock<HashMap<String, Arc<Lane>>>,
    at_once: usize,
    quota: Option<Quota>,
    patience: Patience,
}

impl Pace {
    /// How long the host of an address is still paused; a scheduler does better to ask elsewhere meanwhile.
    pub fn pause_left(&self, address: &Address) -> Option<Duration> {
        let lanes = self.lanes.read().unwrap_or_else(PoisonError::into_inner);
        lanes.get(&address.authority())?.pause_left()
    }

    fn lane(&self, address: &Address) -> Arc<Lane> {
        let authority = address.authority();
        if let Some(lane) = self.lanes.read().unwrap_or_else(PoisonError::into_inner).get(&authority) {
            return Arc::clone(lane);
        }
        let mut lanes = self.lanes.write().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(authority).or_insert_with(|| {
            Arc::new(Lane {
                places: Semaphore::new(self.at_once),
                rate: self.quota.map(RateLimiter::direct),
                pause: Mutex::default(),
            })
        });
        Arc::clone(lane)
    }
}

/// One at a time, evenly spread: a burst at the start of every second is what small servers choke on.
fn quota(per_second: f64) -> Option<Quota> {
    let period = Duration::try_from_secs_f64(1.0 / per_second).ok()?;
    Some(Quota::with_period(period)?.allow_burst(NonZeroU32::MIN))
}

/// One host and port.
struct Lane {
    places: Semaphore,
    rate: Option<DefaultDirectRateLimiter>,
    pause: Mutex<Pause>,
}

/// Whether, and how patiently, a host is being waited for.
#[derive(Default)]
struct Pause {
    until: Option<Instant>,
    /// Refusals since the last useful answer.
    refusals: u32,
}

impl Lane {
    fn pause_left(&self) -> Option<Duration> {
        let until = self.pause.lock().unwrap_or_else(PoisonError::into_inner).until?;
        Some(until.saturating_duration_since(Instant::now())).filter(|left| !left.is_zero())
    }

    async fn wait_for_pause(&self) {
        while let Some(left) = self.pause_left() {
            tokio::time::sleep(left).await;
        }
    }

    async fn wait_for_turn(&self) {
        let Some(rate) = &self.rate else { return };
        while let Err(early) = rate.check() {
            tokio::time::sleep(early.wait_time_from(DefaultClock::default().now())).await;
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
    use crate::fetch::testing::{Scripted, answer, request};
    use std::sync::atomic::{AtomicUsize, Ordering};

    const PATIENCE: Patience = Patience { first: Duration::from_secs(60), longest: Duration::from_secs(600) };

    fn settings() -> Fetching {
        Fetching { rate: None, ..Fetching::default() }
    }

    fn refusal(status: u16, retry_after: Option<&str>) -> Outcome {
        answer(status).map(|mut capture| {
            capture.headers.extend(retry_after.map(|value| ("retry-after".to_owned(), value.to_owned())));
            capture
        })
    }

    /// The pause in seconds after these answers, each asked for once the pause before it was over.
    fn pause_after(answers: impl IntoIterator<Item = Outcome>) -> Option<u64> {
        let lane = Lane { places: Semaphore::new(1), rate: None, pause: Mutex::default() };
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

    #[tokio::test]
    async fn other_hosts_go_on() {
        let patience = Patience { first: Duration::from_millis(80), ..PATIENCE };
        let answers = [refusal(429, None), answer(200), answer(200)];
        let paced = Paced::new(Scripted::new(answers), &Fetching { patience, ..settings() });
        let (throttled, other) = (request("http://a.test/"), request("http://a.test:8080/"));
        let _ = paced.fetch(&throttled).await;
        let waiting = paced.fetch(&throttled);
        let _ = paced.fetch(&other).await;
        assert!(paced.pace.pause_left(&throttled.address).is_some());
        assert_eq!(paced.pace.pause_left(&other.address), None);
        let _ = waiting.await;
        assert_eq!(paced.pace.pause_left(&throttled.address), None);
    }

    /// Counts how many are inside at once.
    #[derive(Default)]
    struct Crowd {
        inside: AtomicUsize,
        most: AtomicUsize,
    }

    impl Fetch for Crowd {
        fn fetch<'a>(&'a self, _: &'a Request) -> Pending<'a> {
            Box::pin(async {
                let now = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
                self.most.fetch_max(now, Ordering::SeqCst);
                for _ in 0..5 {
                    tokio::task::yield_now().await;
                }
                self.inside.fetch_sub(1, Ordering::SeqCst);
                answer(200)
            })
        }
    }

    #[tokio::test]
    async fn lets_only_so_many_in_at_once() {
        let paced = Paced::new(Crowd::default(), &Fetching { per_host: 3, ..settings() });
        let request = request("http://a.test/");
        futures_util::future::join_all((0..10).map(|_| paced.fetch(&request))).await;
        assert_eq!(paced.inner.most.load(Ordering::SeqCst), 3);
    }

    #[tokio::test]
    async fn spreads_requests_evenly() {
        let answers = (0..4).map(|_| answer(200));
        let paced = Paced::new(Scripted::new(answers), &Fetching { rate: Some(50.0), ..Fetching::default() });
        let request = request("http://a.test/");
        let started = std::time::Instant::now();
        futures_util::future::join_all((0..4).map(|_| paced.fetch(&request))).await;
        assert!(started.elapsed() >= Duration::from_millis(59), "{:?}", started.elapsed());
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
