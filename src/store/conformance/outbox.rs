//! What every backend has to do with the outbox.

use jiff::Timestamp;

use crate::finding::Severity;
use crate::notice::{Event, Notice};
use crate::store::outbox::{
    DeliveryFilter, Doubt, Form, Letter, LetterId, LetterState, MessageId, Outcome, Waiting,
};
use crate::store::{Store, StoreError};

/// Runs the suite, each case on a record of its own.
pub(super) fn run(make: &impl Fn() -> Box<dyn Store>) {
    letters_wait_until_they_are_confirmed(&*make());
    a_lease_keeps_others_away_until_it_runs_out(&*make());
    threads_stay_in_order(&*make());
    the_urgent_go_first(&*make());
    a_refused_message_is_laid_bare_and_then_climbs(&*make());
    a_refused_channel_is_left_by_all_and_told_once(&*make());
    a_channel_that_was_sent_too_much_is_left_alone(&*make());
    the_log_is_filtered(&*make()).expect("the record is sound");
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).expect("within range")
}

fn letter(id: &str, key: &str, severity: Severity, event: Event, ladder: &[&str]) -> Letter {
    let notice = Notice {
        id: id.to_owned(),
        event,
        severity,
        site: None,
        title: "首页无法访问".to_owned(),
        facts: Vec::new(),
        at: at(0),
        incident: None,
        order_key: key.to_owned(),
        opening: None,
        items: Vec::new(),
        view: None,
        enclosed: Vec::new(),
    };
    let ladder = ladder.iter().map(|&channel| channel.to_owned()).collect();
    Letter { notice, recipient: "zhang".to_owned(), ladder, due: at(0) }
}

pub(super) fn opened(id: &str, ladder: &[&str]) -> Letter {
    letter(id, id, Severity::High, Event::Opened, ladder)
}

fn put(store: &dyn Store, letters: &[Letter]) -> usize {
    store.enqueue(letters.to_vec(), at(0)).unwrap()
}

fn ids(waiting: &Waiting) -> Vec<&str> {
    waiting.letters.iter().map(|letter| letter.notice.id.as_str()).collect()
}

fn waiting(store: &dyn Store, channel: &str, second: i64) -> Waiting {
    store.waiting(channel, at(second), 100).unwrap()
}

/// Begins a message with everything that waits.
fn begin(store: &dyn Store, channel: &str, second: i64) -> MessageId {
    let letters: Vec<LetterId> =
        waiting(store, channel, second).letters.iter().map(|letter| letter.id).collect();
    store.begin(&letters, channel, at(second), at(second + 30)).unwrap().expect("they were free")
}

fn again(second: i64) -> Outcome {
    let (doubt, due) = (Doubt::MayBeThere, at(second));
    Outcome::Again { doubt, due, throttled: false, why: "no answer".to_owned() }
}

fn a_channel_that_was_sent_too_much_is_left_alone(store: &dyn Store) {
    put(store, &[opened("a", &["robot"]), opened("b", &["robot"]), opened("c", &["other"])]);
    let message = begin(store, "robot", 0);
    let (doubt, why) = (Doubt::NotThere, "too fast".to_owned());
    store.settle(message, at(1), Outcome::Again { doubt, due: at(600), throttled: true, why }).unwrap();
    put(store, &[opened("d", &["robot"])]);
    let paused = waiting(store, "robot", 599);
    assert_eq!((ids(&paused), paused.next), (Vec::new(), Some(at(600))), "new letters wait, too");
    assert_eq!(ids(&waiting(store, "robot", 600)), ["a", "b", "d"]);
    assert_eq!(ids(&waiting(store, "other", 2)), ["c"]);
}

fn letters_wait_until_they_are_confirmed(store: &dyn Store) {
    let letter = opened("a", &["robot"]);
    assert_eq!(put(store, &[letter.clone(), letter.clone()]), 1, "the same letter once");
    assert_eq!(put(store, std::slice::from_ref(&letter)), 0);
    assert_eq!(ids(&waiting(store, "robot", 0)), ["a"]);
    assert!(waiting(store, "other", 0).letters.is_empty());

    let message = begin(store, "robot", 0);
    store.settle(message, at(1), again(60)).unwrap();
    assert_eq!(waiting(store, "robot", 59), Waiting { letters: Vec::new(), next: Some(at(60)) });
    let second = begin(store, "robot", 60);
    assert!(second > message);
    store.settle(second, at(61), Outcome::Confirmed).unwrap();
    assert_eq!(waiting(store, "robot", 1000), Waiting::default());
    assert_eq!(store.begun("robot", None, at(-1)).unwrap(), [at(0), at(60)]);
    assert_eq!(store.begun("robot", Some("zhang"), at(0)).unwrap(), [at(60)]);
    assert!(store.begun("robot", Some("li"), at(-1)).unwrap().is_empty());

    let delivery = store.deliveries(&DeliveryFilter::default()).unwrap().remove(0);
    assert_eq!(delivery.state, LetterState::Confirmed { at: at(61) });
    let words: Vec<String> =
        delivery.attempts.into_iter().map(|attempt| attempt.verdict.expect("settled").word).collect();
    assert_eq!(words, ["undetermined", "confirmed"]);
}

fn a_lease_keeps_others_away_until_it_runs_out(store: &dyn Store) {
    put(store, &[opened("a", &["robot"]), opened("b", &["robot"])]);
    let letters: Vec<LetterId> = waiting(store, "robot", 0).letters.iter().map(|letter| letter.id).collect();
    let take =
        |letters: &[LetterId], second| store.begin(letters, "robot", at(second), at(second + 30)).unwrap();
    assert!(take(&letters[..1], 0).is_some());
    assert_eq!(take(&letters, 1), None, "all or none");
    assert_eq!(ids(&waiting(store, "robot", 1)), ["b"], "the other one was not touched");
    assert_eq!(waiting(store, "robot", 1).next, Some(at(30)));
    assert_eq!(ids(&waiting(store, "robot", 30)), ["a", "b"], "whoever had it is gone");
    assert!(take(&letters, 30).is_some());
}

fn threads_stay_in_order(store: &dyn Store) {
    put(store, &[letter("o", "incident", Severity::High, Event::Opened, &["robot"])]);
    let message = begin(store, "robot", 0);
    store.settle(message, at(1), again(600)).unwrap();
    put(store, &[letter("r", "incident", Severity::High, Event::Recovered, &["robot"])]);
    assert_eq!(ids(&waiting(store, "robot", 10)), ["o", "r"], "the opening comes along, due or not");
    let opening = waiting(store, "robot", 10).letters[0].id;
    store.begin(&[opening], "robot", at(10), at(40)).unwrap().expect("it was free");
    assert!(waiting(store, "robot", 11).letters.is_empty(), "while the opening is sent, its end waits");
    let mut other = letter("x", "incident", Severity::High, Event::Recovered, &["robot"]);
    other.recipient = "li".to_owned();
    put(store, &[other]);
    assert_eq!(ids(&waiting(store, "robot", 11)), ["x"], "another recipient has a thread of his own");
}

fn the_urgent_go_first(store: &dyn Store) {
    put(
        store,
        &[
            letter("low", "1", Severity::Low, Event::Opened, &["robot"]),
            letter("high", "2", Severity::High, Event::Opened, &["robot"]),
            letter("over", "3", Severity::Low, Event::Recovered, &["robot"]),
            letter("worst", "4", Severity::Critical, Event::Opened, &["robot"]),
        ],
    );
    assert_eq!(ids(&waiting(store, "robot", 0)), ["worst", "over", "high", "low"]);
    assert_eq!(ids(&store.waiting("robot", at(0), 1).unwrap()), ["worst"]);
}

fn a_refused_message_is_laid_bare_and_then_climbs(store: &dyn Store) {
    put(store, &[opened("a", &["robot", "mail"])]);
    let refused = || Outcome::RefusedMessage { why: "bad words".to_owned() };
    let message = begin(store, "robot", 0);
    store.settle(message, at(1), refused()).unwrap();
    assert_eq!(waiting(store, "robot", 1).letters[0].form, Form::Bare);
    let message = begin(store, "robot", 1);
    store.settle(message, at(2), refused()).unwrap();
    let moved = waiting(store, "mail", 2);
    assert_eq!((moved.letters[0].form, moved.letters[0].attempts), (Form::Full, 0));
    for second in [2, 3] {
        let message = begin(store, "mail", second);
        store.settle(message, at(second), refused()).unwrap();
    }
    let delivery = store.deliveries(&DeliveryFilter::default()).unwrap().remove(0);
    assert_eq!(delivery.state, LetterState::Refused { at: at(3) });
}

fn a_refused_channel_is_left_by_all_and_told_once(store: &dyn Store) {
    put(store, &[opened("a", &["robot", "mail"]), opened("b", &["robot"])]);
    let broken = |id: &str| Outcome::RefusedChannel {
        why: "unknown token".to_owned(),
        retry: at(3600),
        tell: vec![letter(id, "channel", Severity::High, Event::ChannelBroken, &["mail"])],
    };
    let message = begin(store, "robot", 0);
    store.settle(message, at(1), broken("news")).unwrap();
    assert_eq!(ids(&waiting(store, "mail", 1)), ["news", "a"]);
    assert_eq!(waiting(store, "robot", 1), Waiting { letters: Vec::new(), next: Some(at(3600)) });
    put(store, &[opened("c", &["robot", "mail"]), opened("d", &["robot"])]);
    assert_eq!(ids(&waiting(store, "mail", 1)), ["news", "a", "c"], "new ones start at the next rung");
    let backlog = store.backlog().unwrap();
    let robot = backlog.iter().find(|line| line.channel == "robot").expect("it has letters");
    assert_eq!((robot.waiting, robot.oldest), (2, Some(at(0))));
    assert_eq!(robot.broken.as_ref().map(|broken| broken.since), Some(at(1)));

    let message = begin(store, "robot", 3600);
    store.settle(message, at(3601), broken("news again")).unwrap();
    assert!(!ids(&waiting(store, "mail", 3601)).contains(&"news again"), "it is no news");
    let message = begin(store, "robot", 3600 + 3600);
    store.settle(message, at(7201), Outcome::Confirmed).unwrap();
    assert!(store.backlog().unwrap().iter().all(|line| line.broken.is_none()), "whole again");
}

fn the_log_is_filtered(store: &dyn Store) -> Result<(), StoreError> {
    put(store, &[opened("a", &["robot"]), opened("b", &["mail"])]);
    let message = begin(store, "mail", 0);
    store.settle(message, at(1), Outcome::Confirmed)?;
    let found = |filter: DeliveryFilter| -> Vec<String> {
        store.deliveries(&filter).unwrap().into_iter().map(|delivery| delivery.notice.id).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(found(DeliveryFilter::default()), ["b", "a"]);
    assert_eq!(found(DeliveryFilter { channel: some("mail"), ..DeliveryFilter::default() }), ["b"]);
    assert_eq!(found(DeliveryFilter { notice: some("a"), ..DeliveryFilter::default() }), ["a"]);
    assert_eq!(found(DeliveryFilter { order_key: some("b"), ..DeliveryFilter::default() }), ["b"]);
    assert_eq!(found(DeliveryFilter { recipient: some("li"), ..DeliveryFilter::default() }), [""; 0]);
    assert_eq!(found(DeliveryFilter { unconfirmed: true, ..DeliveryFilter::default() }), ["a"]);
    assert_eq!(found(DeliveryFilter { limit: 1, ..DeliveryFilter::default() }), ["b"]);
    assert_eq!(store.adopt(&["mail".to_owned()], "mail", at(2))?, 1);
    assert_eq!(ids(&waiting(store, "mail", 2)), ["a"]);
    Ok(())
}
