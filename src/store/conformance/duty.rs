//! The ledger, tickets and exclusions.

use jiff::{SignedDuration, Timestamp};

use super::day;
use crate::contract::{ExclusionKind, Origin, Step, StepKind, Withdrawal};
use crate::indicators::Category;
use crate::ledger::{ClockStep, HourVisits, Sign, Span, State, Target, hour_of};
use crate::store::{NewExclusion, NewTicket, Store, StoreError, Visit};

fn at(second: i64) -> Timestamp {
    day(0) + SignedDuration::from_secs(second)
}

fn target(site: &str) -> Target {
    Target { site: site.to_owned(), name: "https://a.example.test/ v4".to_owned() }
}

fn sign(site: &str, state: State, since: i64, now: i64) -> Sign {
    Sign { target: target(site), cause: "http".to_owned(), state, since: at(since), at: at(now) }
}

pub(super) fn signs_become_intervals(store: &dyn Store) {
    store.observe(&[sign("a", State::Up, 0, 0), sign("a", State::Up, 60, 60)]).unwrap();
    store.observe(&[sign("a", State::Down, 120, 240), sign("b", State::Up, 240, 240)]).unwrap();
    // The clock was set back by two hours.
    store.observe(&[sign("a", State::Up, -6_900, -6_900)]).unwrap();
    let journal = store.journal("a", Span::new(day(-1), day(1))).unwrap();
    let told: Vec<_> = journal
        .intervals
        .iter()
        .map(|interval| (interval.state, interval.earliest, interval.start, interval.last, interval.end))
        .collect();
    let expected = [
        (State::Up, at(0), at(0), at(60), Some(at(120))),
        (State::Down, at(60), at(120), at(240), Some(at(120))),
        (State::Up, at(120), at(120), at(120), None),
    ];
    assert_eq!(told, expected);
    assert_eq!(store.journal("b", Span::new(day(-1), day(1))).unwrap().intervals.len(), 1);
    assert_eq!(store.targets("a").unwrap(), [target("a")]);
    let later = store.journal("a", Span::new(at(200), day(1))).unwrap();
    assert_eq!(later.intervals.len(), 1, "what ended before is left out, what lasts is there");
    assert!(store.journal("a", Span::new(day(-2), day(-1))).unwrap().intervals.is_empty());
}

pub(super) fn visits_are_counted_by_the_hour(store: &dyn Store) {
    let visit = |second: i64, failed| Visit { target: target("a"), at: at(second), failed };
    store.count_visits(&[visit(0, false), visit(1, true), visit(7_200, false)]).unwrap();
    store.count_visits(&[visit(2, true)]).unwrap();
    let count = |second, visits, failures| HourVisits { hour: hour_of(at(second)), visits, failures };
    assert_eq!(store.visits(&target("a"), day(-1)).unwrap(), [count(0, 3, 2), count(7_200, 1, 0)]);
    assert_eq!(store.visits(&target("a"), at(7_200)).unwrap(), [count(7_200, 1, 0)]);
    assert!(store.visits(&target("b"), day(-1)).unwrap().is_empty());
}

pub(super) fn a_silence_is_a_gap(store: &dyn Store) {
    let silence = SignedDuration::from_secs(180);
    assert_eq!(store.gap_since_last_sign(at(0)).unwrap(), None);
    for second in [0, 60, 240] {
        assert_eq!(store.mark_alive(at(second), silence).unwrap(), None, "{second}");
    }
    let gap = Span::new(at(240), at(1_000));
    assert_eq!(store.gap_since_last_sign(at(1_000)).unwrap(), Some(gap));
    assert_eq!(store.mark_alive(at(1_000), silence).unwrap(), Some(gap));
    // Set back by an hour: no watch becomes negative, and none begins.
    assert_eq!(store.mark_alive(at(-2_600), silence).unwrap(), None);
    assert_eq!(store.gap_since_last_sign(at(-2_600)).unwrap(), None);
    let step = ClockStep { at: at(-2_600), by: SignedDuration::from_secs(-3_600) };
    store.note_step(&step).unwrap();
    let journal = store.journal("a", Span::new(day(-1), day(1))).unwrap();
    assert_eq!(journal.watches, [Span::new(at(0), at(240)), Span::new(at(1_000), at(1_000))]);
    assert_eq!(journal.steps, [step]);
}

pub(super) fn tickets_grow_step_by_step(store: &dyn Store) {
    let new = NewTicket {
        site: "a".to_owned(),
        category: Category::SystemDown,
        system: "门户".to_owned(),
        what: "打不开".to_owned(),
        opened: day(0),
        opened_by: "王五".to_owned(),
    };
    let ticket = store.open_ticket(&new, None).unwrap();
    let step = |kind, on: i64| Step {
        kind,
        at: day(on),
        person: "张三".to_owned(),
        note: "电话".to_owned(),
        entered: day(9),
    };
    let steps = [step(StepKind::Answered, 2), step(StepKind::Answered, 1), step(StepKind::Solved, 3)];
    store.take_steps("a", ticket.number, &steps[..1], None).unwrap();
    let told = store.take_steps("a", ticket.number, &steps[1..], None).unwrap();
    assert_eq!(told.steps, steps, "nothing is changed, only added");
    assert_eq!(told.step(StepKind::Answered).map(|step| step.at), Some(day(1)));
    assert_eq!(store.tickets("a").unwrap(), [told]);
    assert!(store.tickets("b").unwrap().is_empty());
    let refused = store.take_steps("b", ticket.number, &steps, None);
    assert!(matches!(refused, Err(StoreError::NoSuchTicket { ticket: told, .. }) if told == ticket.number));
    assert_eq!(store.tickets("a").unwrap()[0].steps.len(), 3);
}

pub(super) fn exclusions_are_entered_and_taken_back_but_never_removed(store: &dyn Store) {
    let new = |approved_by: Option<&str>| NewExclusion {
        site: "a".to_owned(),
        span: Span::new(day(0), day(1)),
        kind: ExclusionKind::NotOurs,
        reason: "机房断电".to_owned(),
        author: "张三".to_owned(),
        approved_by: approved_by.map(str::to_owned),
        at: day(2),
    };
    let first = store.exclude(&new(None), None).unwrap();
    let second = store.exclude(&new(Some("李四")), None).unwrap();
    assert!(matches!(first.origin, Origin::Entered { at, .. } if at == day(2)));
    assert_eq!(store.exclusions("a").unwrap(), [first.clone(), second.clone()]);
    assert!(store.exclusions("b").unwrap().is_empty());
    let Origin::Entered { number, .. } = second.origin else { panic!("it was entered") };
    let by =
        |author: &str| Withdrawal {
            at: day(3), author: author.to_owned(), reason: "登记错误".to_owned()
        };
    let withdrawn = store.withdraw_exclusion("a", number, &by("王五"), None).unwrap();
    let again = store.withdraw_exclusion("a", number, &by("赵六"), None).unwrap();
    assert_eq!((again.withdrawn.clone(), &again), (Some(by("王五")), &withdrawn), "the first counts");
    assert!(second.is_in_force() && !withdrawn.is_in_force());
    assert_eq!(store.exclusions("a").unwrap(), [first, withdrawn]);
    let refused = store.withdraw_exclusion("b", number, &by("王五"), None);
    assert!(matches!(refused, Err(StoreError::NoSuchExclusion { .. })), "{refused:?}");
}
