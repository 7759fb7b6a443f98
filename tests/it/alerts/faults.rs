//! What goes wrong on the way: nothing is lost, and what may have arrived is told again under the same number.

use super::*;
use crate::doubles::{Fate, Fault};
use crate::ports::own_address;

/// Sends one notice into a fault at the first request; gives the verdicts, and how often it was seen.
fn through(vendor: Vendor, fault: Fault) -> (Vec<String>, usize) {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    robots.fail(0, fault);
    let scene = Scene::new(&hands, vec![robot(&robots, vendor)]);
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.run(3 * 3600);
    (scene.verdicts("n1-opened"), naming(&robots.delivered(vendor), "n1-opened"))
}

fn check(vendor: Vendor, fault: Fault, first: &str, seen: usize) {
    let shown = format!("{vendor:?} {fault:?}");
    let (verdicts, delivered) = through(vendor, fault);
    let expected: &[&str] = if first == "confirmed" { &["confirmed"] } else { &[first, "confirmed"] };
    assert_eq!(
        (verdicts, delivered),
        (expected.iter().map(|&word| word.to_owned()).collect(), seen),
        "{shown}"
    );
}

#[test]
fn the_fault_menu() {
    let answer = |status, body| Fault::Answer(status, "", body);
    for vendor in [Vendor::DingTalk, Vendor::WeCom, Vendor::Feishu] {
        check(vendor, Fault::Reset, "undetermined", 1);
        check(vendor, Fault::Silence, "undetermined", 1);
        check(vendor, Fault::Drip, "undetermined", 1);
        check(vendor, answer(502, "<html>bad gateway</html>"), "retry", 1);
        for unreadable in ["<html>", "null", "{}", "{\"errcode\":0,\"errms"] {
            check(vendor, answer(200, unreadable), "undetermined", 1);
        }
        check(vendor, Fault::Late(TIMEOUT * 3), "undetermined", 2);
        check(vendor, Fault::Cut, "undetermined", 2);
        check(vendor, Fault::Gzip, "confirmed", 1);
    }
    let extra = r#"{"errcode":0,"errmsg":"ok. Warning: wrong json format. ","more":[1]}"#;
    check(Vendor::WeCom, answer(200, extra), "confirmed", 1);
    check(Vendor::DingTalk, answer(200, r#"{"status":1111,"wait":5,"source":"x5"}"#), "retry", 1);
    check(Vendor::Feishu, Fault::Answer(429, "retry-after: 38\r\n", r#"{"code":99991400}"#), "retry", 1);
    check(Vendor::Webhook, answer(502, ""), "retry", 1);
    check(Vendor::WeCom, answer(200, r#"{"errcode":-1,"errmsg":"system busy"}"#), "retry", 1);
}

#[test]
fn a_refused_connection_is_tried_again() {
    let hands = Hands::new();
    let url = format!("http://{}/cgi-bin/webhook/send?key=x", own_address());
    let wecom = channel("wecom", Kind::WeCom(Robot { url: secret(&url), secret: None }));
    let scene = Scene::new(&hands, vec![wecom]);
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.run(200);
    let verdicts = scene.verdicts("n1-opened");
    assert!(verdicts.len() == 4 && verdicts.iter().all(|word| word == "retry"), "{verdicts:?}");
}

#[test]
fn a_redirect_is_not_followed_and_a_broken_channel_is_told_by_another() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    robots.fail(0, Fault::Answer(301, "location: http://127.0.0.1:1/\r\n", ""));
    let scene = Scene::new(&hands, vec![robot(&robots, Vendor::WeCom), robot(&robots, Vendor::Feishu)]);
    scene.tell(&[notice(1, Event::Opened, hands.now()), notice(2, Event::Opened, hands.now())]);
    scene.run(60);
    let feishu = robots.delivered(Vendor::Feishu);
    assert_eq!((naming(&feishu, "n1-opened"), naming(&feishu, "n2-opened")), (1, 1), "{feishu:?}");
    assert!(feishu.iter().any(|text| text.contains("告警通道 wecom 不可用")));
    assert!(robots.delivered(Vendor::WeCom).is_empty());
    let backlog = scene.store.backlog().expect("the record is sound");
    assert!(backlog.iter().any(|line| line.channel == "wecom" && line.broken.is_some()), "{backlog:?}");
    // The channel is left alone, and new letters start at the next rung.
    scene.tell(&[notice(3, Event::Opened, hands.now())]);
    scene.run(60);
    assert_eq!(naming(&robots.delivered(Vendor::Feishu), "n3-opened"), 1);
    // An hour later it gets another chance, and is whole again.
    hands.pass(3700);
    scene.tell(&[notice(4, Event::Opened, hands.now())]);
    scene.run(60);
    assert_eq!(naming(&robots.delivered(Vendor::WeCom), "n4-opened"), 1);
    let backlog = scene.store.backlog().expect("the record is sound");
    assert!(backlog.iter().all(|line| line.broken.is_none()), "{backlog:?}");
}

#[test]
fn a_refusal_in_the_body_of_a_200_is_a_refusal() {
    for (vendor, url) in [
        (Vendor::DingTalk, "dingtalk-token-0001"),
        (Vendor::WeCom, "wecom-key-0001"),
        (Vendor::Feishu, "feishu-token-0001"),
    ] {
        let hands = Hands::new();
        let time = hands.clone();
        let robots = Robots::by(move || time.now());
        let mut wrong = robot(&robots, vendor);
        let (Kind::DingTalk(settings) | Kind::WeCom(settings) | Kind::Feishu(settings)) = &mut wrong.kind
        else {
            unreachable!("a robot")
        };
        settings.url = secret(&robots.url(vendor).replace(url, "somebody-elses-token"));
        let scene = Scene::new(&hands, vec![wrong]);
        scene.tell(&[notice(1, Event::Opened, hands.now())]);
        scene.run(60);
        assert_eq!(scene.verdicts("n1-opened"), ["refused-channel"], "{vendor:?}");
        assert!(matches!(scene.deliveries()[0].state, LetterState::Waiting { .. }), "kept, not dropped");
    }
}

#[test]
fn a_message_that_an_audit_refuses_is_told_without_its_words() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    robots.fail(0, Fault::Answer(200, "", r#"{"errcode":430102,"errmsg":"消息中包含不合适的文本"}"#));
    let scene = Scene::new(&hands, vec![robot(&robots, Vendor::DingTalk)]);
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.run(60);
    assert_eq!(scene.verdicts("n1-opened"), ["refused-message", "confirmed"]);
    let delivered = robots.delivered(Vendor::DingTalk);
    assert!(names(&delivered[0], "n1-opened") && !delivered[0].contains("首页"), "{delivered:?}");
}

#[test]
fn every_attempt_is_signed_afresh() {
    for vendor in [Vendor::DingTalk, Vendor::Feishu, Vendor::Webhook] {
        let hands = Hands::new();
        let time = hands.clone();
        let robots = Robots::by(move || time.now());
        robots.fail_always(Some(Fault::Answer(502, "", "<html>")));
        let scene = Scene::new(&hands, vec![robot(&robots, vendor)]);
        scene.tell(&[notice(1, Event::Opened, hands.now())]);
        scene.run(2 * 3600);
        robots.fail_always(None);
        scene.run(2 * 3600);
        let journal = robots.journal();
        let refused: Vec<_> = journal.iter().filter(|one| matches!(one.fate, Fate::Refused(_))).collect();
        assert!(
            refused.is_empty() && journal.len() > 5,
            "a signature that grew old would be refused: {refused:?}"
        );
        assert_eq!(naming(&robots.delivered(vendor), "n1-opened"), 1);
        if vendor == Vendor::Webhook {
            let ids: std::collections::HashSet<_> = journal
                .iter()
                .map(|one| one.headers.iter().find(|(name, _)| name == "webhook-id").expect("it is there"))
                .collect();
            assert_eq!(ids.len(), 1, "the same id on every attempt");
        }
    }
}

#[test]
fn private_addresses_are_refused_unless_they_are_opened() {
    let hands = Hands::new();
    let robots = Robots::start();
    let mut scene = Scene::new(&hands, vec![robot(&robots, Vendor::WeCom)]);
    scene.alert.allow_private.clear();
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.run(60);
    assert_eq!(scene.verdicts("n1-opened"), ["refused-channel"]);
    assert!(robots.journal().is_empty(), "nothing was sent");
}

#[test]
fn no_secret_is_in_what_is_kept_or_shown() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    for (number, fault) in [Fault::Reset, Fault::Silence, Fault::Answer(502, "", "x")].into_iter().enumerate()
    {
        robots.fail(number, fault);
    }
    let scene = Scene::new(&hands, ROBOTS.map(|vendor| robot(&robots, vendor)).to_vec());
    scene.tell(&[notice(1, Event::Opened, hands.now())]);
    scene.run(3600);
    let shown = format!("{:?} {:?}", scene.deliveries(), scene.alert);
    let signs =
        robots.journal().into_iter().filter_map(|one| Some(one.target.split_once("sign=")?.1.to_owned()));
    let tokens = ["dingtalk-token-0001", "wecom-key-0001", DINGTALK_SECRET, FEISHU_SECRET, WEBHOOK_SECRET];
    for hidden in tokens.into_iter().map(str::to_owned).chain(signs) {
        assert!(!shown.contains(&hidden), "{hidden}");
        for file in ["record.db", "record.db-wal"] {
            let bytes = std::fs::read(scene._folder.path().join(file)).unwrap_or_default();
            let found = bytes.windows(hidden.len()).any(|window| window == hidden.as_bytes());
            assert!(!found, "{hidden} in {file}");
        }
    }
}
