//! The layer that keeps to the pace of each host. How long a request waited here is in no timing.

use std::sync::Arc;

use super::{Fetch, Outcome, Pending, Request, pace::Pace};
use crate::config::Fetching;

/// Keeps to the pace of each host.
pub struct Paced<F> {
    inner: F,
    pace: Arc<Pace>,
}

impl<F: Fetch> Paced<F> {
    /// Wraps `inner`, at a pace of its own.
    pub fn new(inner: F, settings: &Fetching) -> Paced<F> {
        Paced::sharing(inner, Pace::of(settings))
    }

    /// Wraps `inner`, at a pace that others keep, too.
    pub fn sharing(inner: F, pace: Arc<Pace>) -> Paced<F> {
        Paced { inner, pace }
    }

    async fn run(&self, request: &Request) -> Outcome {
        let lane = self.pace.lane(&request.address);
        let place = self.pace.wait(&lane).await;
        let outcome = self.inner.fetch(request).await;
        if let Ok(capture) = &outcome {
            self.pace.learn(&lane, capture);
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

/// Goes ahead of all others at their pace: for probes, whose whole worth is that they come when they are due. A host
/// gets no more requests by it over any longer time, for those who wait give up a turn for each; at one moment it may
/// have one for each probe beyond what it was promised.
pub struct Ahead<F> {
    inner: F,
    pace: Arc<Pace>,
}

impl<F: Fetch> Ahead<F> {
    /// Wraps `inner`, ahead of those who keep to `pace`.
    pub fn of(inner: F, pace: Arc<Pace>) -> Ahead<F> {
        Ahead { inner, pace }
    }

    async fn run(&self, request: &Request) -> Outcome {
        let lane = self.pace.lane(&request.address);
        let place = self.pace.go_ahead(&lane);
        let outcome = self.inner.fetch(request).await;
        if let Ok(capture) = &outcome {
            self.pace.learn(&lane, capture);
        }
        drop(place);
        outcome
    }
}

impl<F: Fetch> Fetch for Ahead<F> {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(self.run(request))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::config::Patience;
    use crate::fetch::testing::{Scripted, answer, refusal, request};

    const PATIENCE: Patience = Patience { first: Duration::from_secs(60), longest: Duration::from_secs(600) };

    fn settings() -> Fetching {
        Fetching { rate: None, ..Fetching::default() }
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
    #[derive(Clone, Default)]
    struct Crowd {
        inside: Arc<AtomicUsize>,
        most: Arc<AtomicUsize>,
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

    #[tokio::test]
    async fn those_who_share_a_pace_keep_it_together() {
        let crowd = Crowd::default();
        let pace = Pace::of(&Fetching { rate: Some(50.0), per_host: 2, ..settings() });
        let [one, other] = [(); 2].map(|()| Paced::sharing(crowd.clone(), pace.clone()));
        let request = request("http://a.test/");
        let started = std::time::Instant::now();
        futures_util::future::join_all([&one, &other, &one, &other].map(|paced| paced.fetch(&request))).await;
        assert!(started.elapsed() >= Duration::from_millis(59), "{:?}", started.elapsed());
        assert!(crowd.most.load(Ordering::SeqCst) <= 2);
    }

    /// Never answers.
    struct Hangs;

    impl Fetch for Hangs {
        fn fetch<'a>(&'a self, _: &'a Request) -> Pending<'a> {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test]
    async fn a_probe_waits_for_nobody() {
        let pace = Pace::of(&Fetching { rate: Some(0.001), per_host: 1, ..settings() });
        let busy = Paced::sharing(Hangs, pace.clone());
        let waiting = Paced::sharing(Scripted::new([]), pace.clone());
        let ahead = Ahead::of(Scripted::new([answer(200), refusal(429, None), answer(200)]), pace.clone());
        let request = request("http://a.test/");
        let others = async { tokio::join!(busy.fetch(&request), waiting.fetch(&request)) };
        let probes = async {
            for _ in 0..3 {
                // Neither a full lane, nor the turn of another, nor a pause holds it up.
                let _ = ahead.fetch(&request).await;
            }
        };
        tokio::select! {
            biased;
            _ = others => unreachable!("one never ends"),
            () = probes => {}
        }
        assert_eq!(ahead.inner.asked().len(), 3);
        assert!(waiting.inner.asked().is_empty());
    }
}
