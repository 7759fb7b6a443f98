//! What delivers by one channel.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Semaphore, watch};

use super::backoff;
use super::budget::{self, Window};
use super::channel;
use super::clock::Clock;
use super::fold::{self, Bundle, Terms};
use super::message::Message;
use super::route;
use super::send::Sender;
use super::verdict::{Scope, Verdict};
use crate::config::{Alert, Channel, Recipient};
use crate::finding::Severity;
use crate::notice::{Event, Fact, Notice};
use crate::store::outbox::{Doubt, Letter, MessageId, Outcome, Queued, Waiting};
use crate::store::{Outbox, StoreError};

/// What all workers share.
pub(super) struct Desk {
    pub(super) alert: Alert,
    pub(super) outbox: Arc<dyn Outbox>,
    pub(super) sender: Sender,
    pub(super) clock: Arc<dyn Clock>,
    /// Counts what was put into the outbox.
    pub(super) wake: watch::Sender<u64>,
    pub(super) in_flight: Semaphore,
}

impl Desk {
    /// Asks the outbox, on a thread that may block.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Outbox) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let outbox = Arc::clone(&self.outbox);
        let asked = tokio::task::spawn_blocking(move || question(&*outbox)).await;
        asked.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }
}

/// Letters looked at for one message: more than the largest digest lists.
const BATCH: u32 = 500;
/// How long a worker waits when the record cannot be asked.
const RECORD_PAUSE: Duration = Duration::from_secs(5);
/// How long a channel is left alone that refuses everything, before what has no other way is tried there again.
const BROKEN_PAUSE: Duration = Duration::from_secs(3600);
/// How long the next letter waits at most after others have failed, unless the channel says that it is sent too much.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// Added to the time that an attempt may take: the outcome has to be on record before somebody else takes over.
const LEASE_MARGIN: Duration = Duration::from_secs(15);

/// Delivers by one channel.
pub(super) struct Worker {
    desk: Arc<Desk>,
    channel: Channel,
    windows: Vec<Window>,
    /// Attempts in a row that were not confirmed.
    failures: u32,
    /// The channel is left alone until then.
    not_before: Timestamp,
}

impl Worker {
    pub(super) fn new(desk: Arc<Desk>, channel: Channel) -> Worker {
        let windows = budget::of_channel(&channel.budget);
        Worker { desk, channel, windows, failures: 0, not_before: Timestamp::MIN }
    }

    /// Delivers until told to stop.
    pub(super) async fn run(&mut self, mut halted: watch::Receiver<bool>) {
        let mut wake = self.desk.wake.subscribe();
        while !*halted.borrow() {
            wake.mark_unchanged();
            let next = match self.turn().await {
                // There may be more at once.
                Ok(None) => continue,
                Ok(Some(next)) => next,
                Err(error) => {
                    tracing::error!(channel = self.channel.id, %error, "the outbox cannot be asked");
                    Some(after(self.desk.clock.now(), RECORD_PAUSE))
                }
            };
            let due = async {
                match next {
                    Some(next) => self.desk.clock.sleep_until(next).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = due => {}
                _ = wake.changed() => {}
                _ = halted.changed() => {}
            }
        }
    }

    /// Delivers all that can be delivered now, and says when there is more to do.
    pub(super) async fn round(&mut self) -> Result<Option<Timestamp>, StoreError> {
        loop {
            if let Some(next) = self.turn().await? {
                return Ok(next);
            }
        }
    }

    /// Sends one message; where there is none to send, says when there may be: `Some(None)`: when woken.
    async fn turn(&mut self) -> Result<Option<Option<Timestamp>>, StoreError> {
        let now = self.desk.clock.now();
        if now < self.not_before {
            return Ok(Some(Some(self.not_before)));
        }
        let id = self.channel.id.clone();
        let Waiting { letters, next } = self.desk.ask(move |outbox| outbox.waiting(&id, now, BATCH)).await?;
        let (letters, over_quota) = self.within_quota(letters, now).await?;
        let next = [next, over_quota].into_iter().flatten().min();
        if letters.is_empty() {
            return Ok(Some(next));
        }
        let sent = self.begun(None, budget::reach(&self.windows), now).await?;
        let reserve = self.channel.budget.reserve;
        let terms = Terms {
            is_group: self.channel.kind.is_group(),
            bytes: channel::room(&self.channel.kind),
            left: budget::left(&self.windows, &sent, now, reserve),
            left_urgent: budget::left(&self.windows, &sent, now, 0),
        };
        let Some(bundle) = fold::next(&letters, terms) else {
            let reserve = if letters[0].notice.is_urgent() { 0 } else { reserve };
            let opens = budget::opens(&self.windows, &sent, now, reserve);
            return Ok(Some(Some(next.map_or(opens, |next| next.min(opens)))));
        };
        self.deliver(bundle).await?;
        Ok(None)
    }

    /// The letters whose recipients may get a message now, and when the next one of the others may.
    async fn within_quota(
        &self,
        letters: Vec<Queued>,
        now: Timestamp,
    ) -> Result<(Vec<Queued>, Option<Timestamp>), StoreError> {
        let windows = budget::of_recipient(&self.channel.quota);
        if windows.is_empty() {
            return Ok((letters, None));
        }
        let mut opens: BTreeMap<String, Option<Timestamp>> = BTreeMap::new();
        for letter in &letters {
            if !opens.contains_key(&letter.recipient) {
                let sent = self.begun(Some(letter.recipient.clone()), budget::reach(&windows), now).await?;
                let is_full = budget::left(&windows, &sent, now, 0) == 0;
                let until = is_full.then(|| budget::opens(&windows, &sent, now, 0));
                opens.insert(letter.recipient.clone(), until);
            }
        }
        let next = opens.values().flatten().min().copied();
        let within = letters.into_iter().filter(|letter| opens[&letter.recipient].is_none());
        Ok((within.collect(), next))
    }

    async fn begun(
        &self,
        recipient: Option<String>,
        reach: Duration,
        now: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        let id = self.channel.id.clone();
        let since = now.saturating_sub(reach).unwrap_or(Timestamp::MIN);
        self.desk.ask(move |outbox| outbox.begun(&id, recipient.as_deref(), since)).await
    }

    /// Sends one message, with its attempt on record before and its outcome after.
    async fn deliver(&mut self, bundle: Bundle) -> Result<(), StoreError> {
        let desk = Arc::clone(&self.desk);
        let _permit = desk.in_flight.acquire().await.expect("nobody closes it");
        let now = desk.clock.now();
        let lease = after(now, desk.sender.patience(&self.channel, &bundle.notice) + LEASE_MARGIN);
        let (id, letters) = (self.channel.id.clone(), bundle.letters.clone());
        let begun = self.desk.ask(move |outbox| outbox.begin(&letters, &id, now, lease)).await?;
        let Some(message) = begun else { return Ok(()) };

        let people = &desk.alert.recipients;
        let find = |id: &String| people.iter().find(|recipient| recipient.id == *id);
        let to: Vec<&Recipient> = bundle.recipients.iter().filter_map(find).collect();
        let links = desk.alert.links.as_ref();
        let content = Message { notice: &bundle.notice, form: bundle.form, to: &to, links, enclosed: &[] };
        let verdict = desk.sender.send(&self.channel, &content, now).await;
        self.record(message, &bundle, verdict).await
    }

    /// Writes down what came of a message, and leaves the channel alone for a while where it did not take it.
    async fn record(
        &mut self,
        message: MessageId,
        bundle: &Bundle,
        verdict: Verdict,
    ) -> Result<(), StoreError> {
        let now = self.desk.clock.now();
        let attempts = bundle.attempts + 1;
        let pause = backoff::pause(attempts, &bundle.notice.id);
        let channel = self.channel.id.clone();
        match &verdict {
            Verdict::Confirmed => {
                tracing::info!(channel, notice = bundle.notice.id, "delivered");
            }
            Verdict::Permanent { why, .. } | Verdict::Retry { why, .. } | Verdict::Undetermined { why } => {
                tracing::warn!(channel, notice = bundle.notice.id, why, "not delivered");
            }
        }
        let outcome = match verdict {
            Verdict::Confirmed => Outcome::Confirmed,
            Verdict::Permanent { scope: Scope::Message, why } => Outcome::RefusedMessage { why },
            Verdict::Permanent { scope: Scope::Channel, why } => {
                let tell = self.tell_broken(&why, now);
                Outcome::RefusedChannel { why, retry: after(now, BROKEN_PAUSE), tell }
            }
            Verdict::Retry { tries: Some(tries), why, .. } if attempts >= tries => {
                Outcome::RefusedMessage { why }
            }
            Verdict::Retry { after: asked, throttled, why, .. } => {
                let penalty = if throttled { self.channel.budget.penalty } else { Duration::ZERO };
                let due = after(now, asked.unwrap_or(penalty).max(pause));
                Outcome::Again { doubt: Doubt::NotThere, due, throttled, why }
            }
            Verdict::Undetermined { why } => {
                let due = after(now, pause);
                Outcome::Again { doubt: Doubt::MayBeThere, due, throttled: false, why }
            }
        };
        self.failures = if outcome == Outcome::Confirmed { 0 } else { self.failures + 1 };
        self.not_before = match &outcome {
            // The record keeps everybody away from it until then.
            Outcome::Again { throttled: true, .. } => now,
            // What one letter met the next would meet as well.
            Outcome::Again { due, .. } => {
                (*due).min(after(now, backoff::pause(self.failures, &self.channel.id).min(LONGEST_PAUSE)))
            }
            _ => now,
        };
        let is_broken = matches!(outcome, Outcome::RefusedChannel { .. });
        self.desk.ask(move |outbox| outbox.settle(message, now, outcome)).await?;
        if is_broken {
            // Letters have moved to other channels.
            self.desk.wake.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    fn tell_broken(&self, why: &str, now: Timestamp) -> Vec<Letter> {
        let channel = &self.channel.id;
        let notice = Notice {
            id: format!("broken-{channel}-{}", now.as_second()),
            event: Event::ChannelBroken,
            severity: Severity::High,
            site: None,
            title: format!("告警通道 {channel} 不可用"),
            facts: vec![
                Fact::own("通道类型", self.channel.kind.word()),
                Fact::own("通道答复", why),
                Fact::own("处理", "请核对该通道的地址、密钥与安全设置；待发消息已改走其他通道"),
            ],
            at: now,
            incident: None,
            order_key: format!("channel-{channel}"),
            opening: None,
            items: Vec::new(),
            view: None,
            enclosed: Vec::new(),
        };
        route::letters_around(&self.desk.alert, &notice, channel, now)
    }
}

fn after(now: Timestamp, pause: Duration) -> Timestamp {
    let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX);
    now.saturating_add(pause).unwrap_or(Timestamp::MAX)
}
