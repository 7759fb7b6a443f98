//! Three hundred at once.

use super::*;
use crate::doubles::Fate;

fn storm(vendor: Vendor, most_messages: usize, most_seconds: i64) {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    let scene = Scene::new(&hands, vec![robot(&robots, vendor)]);
    let mut notices: Vec<Notice> =
        (0..300).map(|incident| notice(incident, Event::Opened, hands.now())).collect();
    notices[299].severity = Severity::Critical;
    scene.tell(&notices);
    let start = hands.now();
    let end = scene.run(3600);
    let delivered = robots.delivered(vendor);
    let refused = robots.journal().iter().filter(|one| one.fate != Fate::Delivered).count();
    assert_eq!(refused, 0, "{vendor:?}: no message over the budget");
    assert!(scene.is_all_confirmed());
    for notice in &notices {
        assert_eq!(naming(&delivered, &notice.id), 1, "{vendor:?}: {}", notice.id);
    }
    assert!(names(&delivered[0], "n299-opened"), "the critical one first: {}", delivered[0]);
    assert!(delivered.len() <= most_messages, "{vendor:?}: {} messages", delivered.len());
    assert!(end.duration_since(start).as_secs() <= most_seconds, "{vendor:?}: {}", end.duration_since(start));
}

#[test]
fn three_hundred_notices_keep_to_every_budget() {
    storm(Vendor::DingTalk, 5, 5);
    storm(Vendor::WeCom, 15, 5);
    storm(Vendor::Feishu, 20, 10);
}

#[test]
fn a_slow_trickle_over_the_budget_becomes_digests_and_is_never_punished() {
    let hands = Hands::new();
    let time = hands.clone();
    let robots = Robots::by(move || time.now());
    let scene = Scene::new(&hands, vec![robot(&robots, Vendor::DingTalk)]);
    let dispatcher = scene.dispatcher();
    for incident in 0..120 {
        let mut one = notice(incident, Event::Opened, hands.now());
        if incident == 60 {
            one.severity = Severity::Critical;
        }
        scene.tell(&[one]);
        scene.run_with(&dispatcher, 0);
        hands.pass(1);
    }
    let critical = robots.delivered(Vendor::DingTalk).iter().filter(|text| names(text, "n60-opened")).count();
    assert_eq!(critical, 1, "a reserve was kept for it");
    scene.run_with(&dispatcher, 300);
    let delivered = robots.delivered(Vendor::DingTalk);
    assert!(robots.journal().iter().all(|one| one.fate == Fate::Delivered));
    assert!((0..120).all(|incident| naming(&delivered, &format!("n{incident}-opened")) == 1));
}
