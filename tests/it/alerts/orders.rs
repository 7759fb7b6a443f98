//! Order, merging, crashes and quotas.

use std::sync::atomic::{AtomicBool, Ordering};

use sitewarden::config::{Encoding, Http, Method, Signer, Success};
use sitewarden::store::StoreError;
use sitewarden::store::outbox::{Backlog, Deliveries, LetterId, MessageId, Outcome, Waiting};

use super::*;
use crate::doubles::Fault;

#[test]
fn a_recovery_comes_after_its_opening_and_both_once() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    let scene = Scene::new(&hands, vec![robot(&robots, Vendor::WeCom)]);
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.run(10);
    hands.pass(420);
    scene.tell(&[notice(1, Event::Recovered, hands.now())]);
    scene.run(10);
    let delivered = robots.delivered(Vendor::WeCom);
    assert_eq!(delivered.len(), 2);
    assert!(names(&delivered[0], "n1-opened") && names(&delivered[1], "n1-recovered"));
}

#[test]
fn an_opening_that_was_never_told_is_told_with_its_end() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    robots.fail_always(Some(Fault::Answer(502, "", "<html>")));
    let scene = Scene::new(&hands, vec![robot(&robots, Vendor::WeCom)]);
    hands.pass(120);
    let dispatcher = scene.dispatcher();
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.run_with(&dispatcher, 300);
    robots.fail_always(None);
    hands.pass(120);
    scene.tell(&[notice(1, Event::Recovered, hands.now())]);
    scene.run_with(&dispatcher, 3600);
    let delivered = robots.delivered(Vendor::WeCom);
    assert_eq!(delivered.len(), 1, "one message: {delivered:?}");
    let text = &delivered[0];
    assert!(text.contains("10:02–") && text.contains("中断，现已恢复") && names(text, "n1-opened"), "{text}");
    assert!(names(text, "n1-recovered") && scene.is_all_confirmed());
}

#[test]
fn whoever_starts_within_a_pause_that_a_robot_asked_for_keeps_to_it() {
    let asks = |status, headers, body| Fault::Answer(status, headers, body);
    for (vendor, fault) in [
        (Vendor::DingTalk, asks(200, "", r#"{"errcode":130101,"errmsg":"send too fast"}"#)),
        (Vendor::WeCom, asks(200, "", r#"{"errcode":45009,"errmsg":"api freq out of limit"}"#)),
        (Vendor::Feishu, asks(429, "retry-after: 300\r\n", r#"{"code":99991400}"#)),
    ] {
        let hands = Hands::new();
        let time = hands.clone();
        let robots = Robots::by(move || time.now());
        robots.fail(0, fault);
        let scene = Scene::new(&hands, vec![robot(&robots, vendor)]);
        scene.tell(&[notice(1, Event::Opened, hands.now())]);
        scene.run(0);
        let LetterState::Waiting { due } = scene.deliveries()[0].state else { panic!("it was refused") };
        let pause = due.duration_since(hands.now()).as_secs();
        assert!(pause >= 10, "{vendor:?}: {pause} s");

        let scene = scene.restarted();
        scene.tell(&[notice(2, Event::Opened, hands.now())]);
        scene.run(pause - 1);
        assert_eq!(robots.journal().len(), 1, "{vendor:?}: nothing arrives before the pause is over");
        let scene = scene.restarted();
        scene.run(3600);
        assert!(robots.journal()[1..].iter().all(|arrived| arrived.at >= due), "{vendor:?}");
        assert!(scene.is_all_confirmed(), "{vendor:?}");
    }
}

/// An outbox that can lose what it is told, as a process does that dies.
struct Dying {
    store: Arc<dyn Store>,
    before_begin: AtomicBool,
    before_settle: AtomicBool,
}

impl Deliveries for Dying {
    fn deliveries(&self, filter: &DeliveryFilter) -> Result<Vec<Delivery>, StoreError> {
        self.store.deliveries(filter)
    }

    fn backlog(&self) -> Result<Vec<Backlog>, StoreError> {
        self.store.backlog()
    }

    fn waiting(&self, channel: &str, now: Timestamp, limit: u32) -> Result<Waiting, StoreError> {
        self.store.waiting(channel, now, limit)
    }

    fn begun(&self, channel: &str, to: Option<&str>, since: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
        self.store.begun(channel, to, since)
    }
}

fn died() -> StoreError {
    StoreError::Stopped { path: "record.db".into() }
}

impl Outbox for Dying {
    fn enqueue(&self, letters: Vec<Letter>, at: Timestamp) -> Result<usize, StoreError> {
        self.store.enqueue(letters, at)
    }

    fn begin(
        &self,
        letters: &[LetterId],
        channel: &str,
        at: Timestamp,
        lease_until: Timestamp,
    ) -> Result<Option<MessageId>, StoreError> {
        if self.before_begin.load(Ordering::SeqCst) {
            return Err(died());
        }
        self.store.begin(letters, channel, at, lease_until)
    }

    fn settle(&self, message: MessageId, at: Timestamp, outcome: Outcome) -> Result<(), StoreError> {
        if self.before_settle.load(Ordering::SeqCst) {
            return Err(died());
        }
        self.store.settle(message, at, outcome)
    }

    fn adopt(&self, known: &[String], last_resort: &str, at: Timestamp) -> Result<usize, StoreError> {
        self.store.adopt(known, last_resort, at)
    }
}

/// Tells one notice to a dispatcher that dies, then lets another one go on; how often it was delivered.
fn crash(before_begin: bool, before_settle: bool, fault: Option<Fault>) -> usize {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    let scene = Scene::new(&hands, vec![robot(&robots, Vendor::DingTalk)]);
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    let dying = Dying {
        store: Arc::clone(&scene.store),
        before_begin: AtomicBool::new(before_begin),
        before_settle: AtomicBool::new(before_settle),
    };
    let is_in_flight = fault.is_some();
    robots.fail_always(fault);
    let dispatcher = scene.dispatcher_over(Arc::new(dying));
    if is_in_flight {
        // Dropped between request and answer.
        scene.runtime.block_on(async {
            let arrival = async {
                while robots.journal().is_empty() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::select! {
                _ = dispatcher.drain() => unreachable!("nothing is answered before the arrival is seen"),
                () = arrival => {}
            }
        });
    } else {
        scene.runtime.block_on(dispatcher.drain()).expect_err("it dies");
    }
    drop(dispatcher);
    robots.fail_always(None);
    scene.run(3600);
    assert!(scene.is_all_confirmed());
    naming(&robots.delivered(Vendor::DingTalk), "n1-opened")
}

#[test]
fn a_crash_loses_nothing() {
    assert_eq!(crash(true, false, None), 1, "before the request: exactly once");
    assert_eq!(crash(false, false, Some(Fault::Late(Duration::from_secs(30)))), 2, "in flight: again");
    assert_eq!(crash(false, true, None), 2, "before the outcome was stored: again, with the same number");
}

#[test]
fn calls_keep_to_the_quota_of_the_person_called() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    let gateway = Http {
        method: Method::Post,
        url: secret(&robots.url(Vendor::Voice)),
        headers: Vec::new(),
        body: r#"{"to":"{mobile}","site":"{code}","id":"{id}"}"#.to_owned(),
        encoding: Encoding::Json,
        signer: Signer::None,
        success: Success { statuses: Vec::new(), body: Some(("/Code".to_owned(), "OK".to_owned())) },
        retry: Vec::new(),
    };
    let mut voice = channel("voice", Kind::Http(Box::new(gateway)));
    voice.quota = Quota { minute: 1, hour: 5, day: 20 };
    let scene = Scene::new(&hands, vec![voice]);
    for incident in 0..8 {
        scene.tell(&[notice(incident, Event::Opened, hands.now())]);
    }
    let start = hands.now();
    scene.run(2 * 3600);
    assert!(scene.is_all_confirmed());
    let calls: Vec<i64> = robots.journal().iter().map(|one| one.at.duration_since(start).as_secs()).collect();
    assert!(calls.windows(2).all(|pair| pair[1] - pair[0] >= 60), "one a minute: {calls:?}");
    assert!(calls.iter().filter(|at| **at < 3600).count() <= 5, "five an hour: {calls:?}");
}

#[test]
fn letters_of_a_channel_that_is_configured_no_more_are_sent_on() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    let mut scene = Scene::new(&hands, vec![robot(&robots, Vendor::WeCom), robot(&robots, Vendor::Feishu)]);
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.alert.channels.remove(0);
    scene.run(10);
    assert_eq!(naming(&robots.delivered(Vendor::Feishu), "n1-opened"), 1);
}
