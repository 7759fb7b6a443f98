//! The rounds: every target is asked when it is due, however long another one takes to answer.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::hub::{Hub, Standing, count};
use crate::config::Target;
use crate::probe::{Prober, Sample, State};
use crate::schedule;

/// Probes in flight at most: each holds a connection.
const IN_FLIGHT: usize = 512;

/// Time over which the first probes are spread at most: the first sign of life should not take a whole interval.
const FIRST_SPREAD: Duration = Duration::from_secs(20);

/// A target that was asked, and what it showed. Whoever takes it says whether the next look should come soon.
pub(super) struct Asked {
    pub(super) target: Arc<Target>,
    pub(super) sample: Sample,
    pub(super) is_in_doubt: tokio::sync::oneshot::Sender<bool>,
}

/// Goes round until `stop` resolves.
pub(super) async fn run(hub: Arc<Hub>, samples: mpsc::Sender<Asked>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut changed = hub.changed();
    loop {
        let standing = hub.standing();
        let prober = match Prober::of(&standing.settings, &standing.rules, hub.pace.clone()) {
            Ok(prober) => Arc::new(prober),
            Err(error) => {
                hub.trouble("拨测无法启用", &format!("{error:#}"));
                tokio::select! {
                    () = &mut stop => return,
                    _ = changed.changed() => continue,
                }
            }
        };
        hub.clear("拨测无法启用");
        let mut round = Round::new(&hub, standing, prober, samples.clone());
        tokio::select! {
            () = &mut stop => return,
            _ = changed.changed() => {}
            () = round.go() => {}
        }
    }
}

/// The rounds by one configuration.
struct Round {
    hub: Arc<Hub>,
    standing: Arc<Standing>,
    prober: Arc<Prober>,
    samples: mpsc::Sender<Asked>,
    targets: HashMap<String, Arc<Target>>,
    due: BinaryHeap<Reverse<(Instant, String)>>,
    slots: Arc<Semaphore>,
}

impl Round {
    fn new(
        hub: &Arc<Hub>,
        standing: Arc<Standing>,
        prober: Arc<Prober>,
        samples: mpsc::Sender<Asked>,
    ) -> Round {
        let now = Instant::now();
        let (mut targets, mut due) = (HashMap::new(), BinaryHeap::new());
        for target in standing.settings.targets() {
            let first = schedule::offset(&target.id, target.interval.min(FIRST_SPREAD));
            due.push(Reverse((now + first, target.id.clone())));
            targets.insert(target.id.clone(), Arc::new(target));
        }
        hub.figures.targets.store(targets.len() as u64, Ordering::Relaxed);
        let slots = Arc::new(Semaphore::new(IN_FLIGHT));
        Round { hub: hub.clone(), standing, prober, samples, targets, due, slots }
    }

    async fn go(&mut self) {
        let mut flying: JoinSet<(String, Instant, bool)> = JoinSet::new();
        loop {
            let next = self.due.peek().map(|Reverse((at, _))| *at);
            tokio::select! {
                biased;
                Some(done) = flying.join_next() => {
                    if let Ok((id, begun, is_in_doubt)) = done {
                        self.again(id, begun, is_in_doubt);
                    }
                }
                () = until(next) => {
                    let Some(Reverse((at, id))) = self.due.pop() else { continue };
                    let Some(target) = self.targets.get(&id).cloned() else { continue };
                    self.hub.figures.lag(at.elapsed());
                    let (prober, samples, hub) = (self.prober.clone(), self.samples.clone(), self.hub.clone());
                    let slots = self.slots.clone();
                    flying.spawn(async move {
                        let is_in_doubt = ask(&hub, &prober, &samples, slots, target).await;
                        (id, at, is_in_doubt)
                    });
                }
            }
        }
    }

    /// When a target is due again: an interval after it was due, or soon where there is doubt. What was missed is not
    /// made up for.
    fn again(&mut self, id: String, due: Instant, is_in_doubt: bool) {
        let Some(target) = self.targets.get(&id) else { return };
        let interval = self.interval(target);
        let wait =
            if is_in_doubt { interval.min(self.standing.settings.probing.doubt_interval) } else { interval };
        let now = Instant::now();
        let next = due + wait;
        self.due.push(Reverse((if next > now { next } else { now }, id)));
    }

    /// How often a target is asked: on days on which more is at stake, no less often than those ask for.
    fn interval(&self, target: &Target) -> Duration {
        let site = target.site.as_deref().and_then(|id| self.standing.site(id));
        let today = self.standing.today(Timestamp::now());
        let guarded = site.into_iter().flat_map(|site| &site.schedule.guarded);
        let closest =
            guarded.filter(|guarded| guarded.contains(today)).map(|guarded| guarded.probe_interval).min();
        closest.map_or(target.interval, |closest| closest.min(target.interval))
    }
}

async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}

async fn ask(
    hub: &Hub,
    prober: &Prober,
    samples: &mpsc::Sender<Asked>,
    slots: Arc<Semaphore>,
    target: Arc<Target>,
) -> bool {
    let _slot = slots.acquire().await;
    let sample = prober.ask(&target).await;
    count(&hub.figures.probes);
    match sample.state {
        State::Bad => count(&hub.figures.failed),
        State::Refused | State::Blind => count(&hub.figures.unseen),
        State::Good | State::Weak => {}
    }
    let (is_in_doubt, answer) = tokio::sync::oneshot::channel();
    if samples.send(Asked { target, sample, is_in_doubt }).await.is_err() {
        return false;
    }
    answer.await.unwrap_or(false)
}
