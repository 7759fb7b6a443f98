//! The self-audit: once a minute it is looked whether everything that should happen happens. Only then the heartbeat
//! goes out, so that whoever listens for it notices more than a process that is gone.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::hub::Hub;
use super::supervisor;
use crate::address::Address;
use crate::fetch::{Fetch as _, Http, Purpose, Request};
use crate::finding::Severity;
use crate::incident::cause::Move;
use crate::incident::{Cause, Trouble};
use crate::ledger;
use crate::net::resolver::Family;
use crate::notice::Fact;
use crate::store::StoreError;

/// Time between two audits.
const EVERY: Duration = Duration::from_secs(60);
/// Time between two signs of life in the ledger and to the system.
const BEAT: Duration = Duration::from_secs(15);
/// How long a letter may wait for its confirmation.
const OLDEST: SignedDuration = SignedDuration::from_mins(15);
/// The subject of the incident that something of ours does not work.
const SUBJECT: &str = "audit";

/// Audits until `stop` resolves.
pub(super) async fn run(hub: Arc<Hub>, stop: impl Future<Output = ()>) {
    let mut stop = std::pin::pin!(stop);
    let mut pulse = Pulse { wall: Timestamp::now(), monotonic: Instant::now(), probes: 0 };
    let mut audited = Instant::now();
    loop {
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(BEAT) => {}
        }
        pulse.beat(&hub).await;
        supervisor::alive();
        if audited.elapsed() < EVERY {
            continue;
        }
        audited = Instant::now();
        pulse.rounds(&hub);
        hub.ask(|hub| look(hub, Timestamp::now())).await;
        if hub.troubles().is_empty() {
            heartbeat(&hub).await;
        }
    }
}

/// The clocks at the last beat, and how many probes there had been at the last audit.
struct Pulse {
    wall: Timestamp,
    monotonic: Instant,
    probes: u64,
}

impl Pulse {
    /// Notes that we live, and whether the clock was set.
    async fn beat(&mut self, hub: &Arc<Hub>) {
        let (wall, monotonic) = (Timestamp::now(), Instant::now());
        let elapsed = SignedDuration::try_from(monotonic - self.monotonic).unwrap_or(SignedDuration::ZERO);
        let tolerance = hub.standing().rules.availability().clock_tolerance;
        let step = ledger::step(self.wall, wall, elapsed, tolerance);
        (self.wall, self.monotonic) = (wall, monotonic);
        hub.ask(move |hub| {
            if let Some(step) = step {
                tracing::warn!(by = %step.by, "the clock was set");
                hub.store.note_step(&step)?;
            }
            hub.mark_alive(wall)
        })
        .await;
    }

    /// Whether targets are asked at all.
    fn rounds(&mut self, hub: &Hub) {
        const WHAT: &str = "拨测停滞";
        let probes = hub.figures.probes.load(Ordering::Relaxed);
        let targets = hub.standing().settings.targets();
        let slowest = targets.iter().map(|target| target.interval).min();
        // One that is asked once in six hours leaves minutes without a probe.
        if probes == self.probes && slowest.is_some_and(|interval| interval <= EVERY / 2) {
            hub.trouble(WHAT, "一分钟内没有完成任何拨测");
        } else {
            hub.clear(WHAT);
        }
        self.probes = probes;
    }
}

/// Whether letters are delivered and the disk has room; tells where something is wrong.
fn look(hub: &Hub, now: Timestamp) -> Result<(), StoreError> {
    const LATE: &str = "告警未能及时送达";
    let backlog = hub.store.backlog()?;
    let late = backlog.iter().filter(|channel| {
        channel.broken.is_none() && channel.oldest.is_some_and(|oldest| now.duration_since(oldest) > OLDEST)
    });
    let late: Vec<&str> = late.map(|channel| channel.channel.as_str()).collect();
    match late.is_empty() {
        true => hub.clear(LATE),
        false => hub.trouble(LATE, &format!("通道 {} 有消息等待超过 15 分钟", late.join("、"))),
    }
    let troubles = hub.troubles();
    let moves = match troubles.is_empty() {
        true => Move::Settle { subject: SUBJECT.to_owned(), at: now, text: "自检正常".to_owned() },
        false => Move::Raise(Box::new(Trouble {
            subject: SUBJECT.to_owned(),
            cause: Cause::Audit,
            site: None,
            severity: Severity::High,
            title: "监测系统自检发现异常".to_owned(),
            facts: troubles.into_iter().map(|said| Fact::own("异常", said)).collect(),
            findings: Vec::new(),
            began: now,
        })),
    };
    hub.act(vec![moves], None, now)
}

/// Calls the address that waits for our heartbeat, where one is configured.
async fn heartbeat(hub: &Arc<Hub>) {
    const WHAT: &str = "对外心跳无法送达";
    let settings = hub.standing().settings.clone();
    let Some(address) = settings.serve.heartbeat.as_ref() else { return };
    let sent = async {
        let address = Address::parse(address.expose()).map_err(|_| "地址无法识别".to_owned())?;
        let http = Http::new(&settings.fetch, Family::Any).map_err(|error| format!("{error:#}"))?;
        let request = Request::of(address, Purpose::Existence);
        match http.fetch(&request).await {
            Ok(capture) if (200..300).contains(&capture.status) => Ok(()),
            Ok(capture) => Err(format!("返回 {}", capture.status)),
            // The words of the library may hold the address, which is a credential.
            Err(failure) => Err(format!("{:?}", failure.kind)),
        }
    };
    match sent.await {
        Ok(()) => hub.clear(WHAT),
        Err(why) => tracing::warn!(why, "the heartbeat could not be delivered"),
    }
}
