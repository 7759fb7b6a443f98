//! From the outbox to the doubles of those who receive alerts, and back into the record.

mod faults;
mod mails;
mod orders;
mod program;
mod storms;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use sitewarden::alert::send::Sender;
use sitewarden::alert::{Clock as _, Dispatcher};
use sitewarden::config::{Alert, Channel, Fetching, Kind, Quota, Recipient, Robot, Route, Secret, Webhook};
use sitewarden::finding::Severity;
use sitewarden::notice::{Event, Fact, Notice, SiteName};
use sitewarden::store::outbox::{Delivery, DeliveryFilter, Letter, LetterState};
use sitewarden::store::{self, Outbox, Store};
use tokio::runtime::Runtime;

use crate::doubles::{DINGTALK_SECRET, FEISHU_SECRET, Hands, Robots, Vendor, WEBHOOK_SECRET};

/// How long an attempt may take: loopback answers at once, and what hangs should not hold up the tests.
const TIMEOUT: Duration = Duration::from_secs(1);

fn secret(text: &str) -> Secret {
    Secret::read(text).expect("a plain secret")
}

fn channel(id: &str, kind: Kind) -> Channel {
    let budget = kind.budget();
    Channel { id: id.to_owned(), kind, budget, quota: Quota::default(), ipv4: false }
}

/// A channel to a robot of a double.
fn robot(robots: &Robots, vendor: Vendor) -> Channel {
    let url = secret(&robots.url(vendor));
    let robot = |url, secret| Robot { url, secret };
    match vendor {
        Vendor::DingTalk => channel("dingtalk", Kind::DingTalk(robot(url, Some(secret(DINGTALK_SECRET))))),
        Vendor::WeCom => channel("wecom", Kind::WeCom(robot(url, None))),
        Vendor::Feishu => channel("feishu", Kind::Feishu(robot(url, Some(secret(FEISHU_SECRET))))),
        Vendor::Webhook | Vendor::Voice => {
            channel("webhook", Kind::Webhook(Webhook { url, secrets: vec![secret(WEBHOOK_SECRET)] }))
        }
    }
}

/// A record, robots and a clock.
struct Scene {
    alert: Alert,
    store: Arc<dyn Store>,
    hands: Hands,
    runtime: Runtime,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new(hands: &Hands, channels: Vec<Channel>) -> Scene {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let url = format!("sqlite:{}", folder.path().join("record.db").display());
        let ids: Vec<String> = channels.iter().map(|channel| channel.id.clone()).collect();
        let alert = Alert {
            channels,
            recipients: vec![Recipient {
                id: "zhang".to_owned(),
                name: "张三".to_owned(),
                channels: ids,
                mobile: Some("13800000000".to_owned()),
                ..Recipient::default()
            }],
            routes: vec![Route {
                severity: Severity::Low,
                events: Vec::new(),
                sites: Vec::new(),
                recipients: vec!["zhang".to_owned()],
                channels: Vec::new(),
                quiet: None,
            }],
            allow_private: vec!["127.0.0.0/8".parse().expect("a network")],
            timeout: TIMEOUT,
            ..Alert::default()
        };
        Scene {
            alert,
            store: Arc::from(store::open(&url).expect("a fresh record")),
            hands: hands.clone(),
            runtime: tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime"),
            _folder: folder,
        }
    }

    /// The same after the process was started anew: nothing is known but what the record has.
    fn restarted(self) -> Scene {
        let Scene { alert, store, hands, runtime, _folder } = self;
        drop(store);
        let url = format!("sqlite:{}", _folder.path().join("record.db").display());
        let store = Arc::from(store::open(&url).expect("nobody else has it"));
        Scene { alert, store, hands, runtime, _folder }
    }

    fn dispatcher(&self) -> Dispatcher {
        self.dispatcher_over(Arc::clone(&self.store) as Arc<dyn Outbox>)
    }

    fn dispatcher_over(&self, outbox: Arc<dyn Outbox>) -> Dispatcher {
        let sender = Sender::new(&self.alert, &Fetching::default()).expect("the network side is set up");
        Dispatcher::new(self.alert.clone(), outbox, sender, Arc::new(self.hands.clone()))
    }

    fn tell(&self, notices: &[Notice]) {
        let now = self.hands.now();
        let letters: Vec<Letter> = notices
            .iter()
            .flat_map(|notice| sitewarden::alert::route::letters(&self.alert, notice, 0, now))
            .collect();
        self.store.enqueue(letters, now).expect("the record is sound");
    }

    /// Delivers until everything is closed or so many seconds have passed; returns when it was done.
    fn run(&self, seconds: i64) -> Timestamp {
        let dispatcher = self.dispatcher();
        self.run_with(&dispatcher, seconds)
    }

    fn run_with(&self, dispatcher: &Dispatcher, seconds: i64) -> Timestamp {
        let end = self.hands.now().as_second() + seconds;
        loop {
            let next = self.runtime.block_on(dispatcher.drain()).expect("the record is sound");
            match next {
                Some(next) if next.as_second() <= end => self.hands.set(next),
                _ => return self.hands.now(),
            }
        }
    }

    fn deliveries(&self) -> Vec<Delivery> {
        let filter = DeliveryFilter { limit: 1000, ..DeliveryFilter::default() };
        self.store.deliveries(&filter).expect("the record is sound")
    }

    fn is_all_confirmed(&self) -> bool {
        self.deliveries().iter().all(|one| matches!(one.state, LetterState::Confirmed { .. }))
    }

    /// What came of every attempt at a notice, oldest first.
    fn verdicts(&self, notice: &str) -> Vec<String> {
        let deliveries = self.deliveries();
        let mine = deliveries.iter().find(|one| one.notice.id == notice).expect("it was enqueued");
        let word = |verdict: &Option<_>| match verdict {
            Some(sitewarden::store::outbox::AttemptVerdict { word, .. }) => word.clone(),
            None => "unknown".to_owned(),
        };
        mine.attempts.iter().map(|attempt| word(&attempt.verdict)).collect()
    }
}

/// A notice of an incident of an invented site.
fn notice(incident: i64, event: Event, at: Timestamp) -> Notice {
    Notice {
        id: format!("n{incident}-{}", event.word()),
        event,
        severity: Severity::High,
        site: Some(SiteName { id: format!("site-{incident}"), name: format!("示例网站{incident}") }),
        title: "首页无法访问".to_owned(),
        facts: vec![Fact::own("原因", "连接超时")],
        at,
        incident: Some(incident),
        order_key: format!("incident-{incident}"),
        opening: (event != Event::Opened).then(|| format!("n{incident}-opened")),
        items: Vec::new(),
        view: None,
        enclosed: Vec::new(),
    }
}

/// How many texts name this id as a whole.
fn naming(texts: &[String], id: &str) -> usize {
    texts.iter().filter(|text| names(text, id)).count()
}

fn names(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let after = text[at + id.len()..].chars().next();
        !after.is_some_and(|char| char.is_ascii_alphanumeric() || char == '-')
    })
}

const ROBOTS: [Vendor; 4] = [Vendor::DingTalk, Vendor::WeCom, Vendor::Feishu, Vendor::Webhook];

#[test]
fn each_channel_delivers_once_and_signs_as_its_vendor_wants() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    for vendor in ROBOTS {
        let scene = Scene::new(&hands, vec![robot(&robots, vendor)]);
        scene.tell(&[notice(1, Event::Opened, hands.now())]);
        scene.run(60);
        let delivered = robots.delivered(vendor);
        assert_eq!(delivered.len(), 1, "{vendor:?}: {:?}", scene.deliveries());
        assert!(names(&delivered[0], "n1-opened") && delivered[0].contains("首页无法访问"));
        assert_eq!(scene.verdicts("n1-opened"), ["confirmed"]);
        hands.pass(120);
    }
    let dingtalk = &robots.journal()[0];
    assert!(dingtalk.text.contains("@13800000000"), "a mention stands in the text as well");
}

#[test]
fn the_dispatcher_wakes_when_something_is_put_in_and_stops_when_told() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    let scene = Scene::new(&hands, vec![robot(&robots, Vendor::WeCom)]);
    let dispatcher = scene.dispatcher();
    let waker = dispatcher.waker();
    scene.runtime.block_on(async {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let story = async {
            scene.tell(&[notice(1, Event::Opened, scene.hands.now())]);
            waker.wake();
            while robots.delivered(Vendor::WeCom).is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            stop.send(()).expect("it listens");
        };
        let run = dispatcher.run(async { stopped.await.unwrap_or_default() });
        let (ended, ()) = tokio::join!(run, story);
        ended.expect("the record is sound");
    });
    scene.run(10);
    assert!(scene.is_all_confirmed());
    assert_eq!(robots.journal().len(), 1);
}
