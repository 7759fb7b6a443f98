//! The figures against a second-by-second oracle, and a year of virtual time.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("in range")
}

pub(crate) fn secs(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

/// An interval of the one cause of target `name`, whose earliest beginning is `before` seconds earlier.
pub(crate) fn interval(
    id: i64,
    name: &str,
    state: State,
    start: i64,
    end: Option<i64>,
    before: i64,
) -> Interval {
    Interval {
        id,
        target: Target { site: "a".to_owned(), name: name.to_owned() },
        cause: format!("cause-{id}"),
        state,
        earliest: at(start - before),
        start: at(start),
        last: at(end.unwrap_or(start)),
        end: end.map(at),
    }
}

fn journal(intervals: Vec<Interval>, watched: (i64, i64)) -> Journal {
    Journal { intervals, watches: vec![Span::new(at(watched.0), at(watched.1))], steps: Vec::new() }
}

fn figures(journal: &Journal, excused: &[(i64, i64)], period: (i64, i64), now: i64) -> Account {
    let excused: Spans = excused.iter().map(|(start, end)| Span::new(at(*start), at(*end))).collect();
    account(journal, &excused, Span::new(at(period.0), at(period.1)), secs(5), at(now))
}

#[test]
fn down_is_the_union_over_targets_and_causes() {
    let up = |id, name| interval(id, name, State::Up, 0, Some(100), 0);
    let down = |id, name, start, end| interval(id, name, State::Down, start, Some(end), 3);
    let journal = journal(
        vec![up(1, "v4"), up(2, "v6"), down(3, "v4", 10, 30), down(4, "v6", 20, 40), down(5, "v4", 15, 18)],
        (0, 100),
    );
    let account = figures(&journal, &[], (0, 100), 200);
    assert_eq!((account.down.least, account.down.most), (secs(30), secs(33)));
    assert_eq!((account.up, account.unknown), (secs(70), secs(0)));
    assert!(!account.provisional);
    let [fault] = &account.faults[..] else { panic!("one fault: {:?}", account.faults) };
    assert_eq!((fault.start, fault.end, &fault.intervals[..]), (at(10), Some(at(40)), &[3, 5, 4][..]));
}

#[test]
fn what_nobody_saw_is_unknown_and_never_the_sites_fault() {
    let mut journal = journal(
        vec![
            interval(1, "v4", State::Up, 0, Some(40), 0),
            interval(2, "v4", State::Down, 40, None, 2),
            interval(3, "v4", State::Unknown, 10, Some(20), 0),
        ],
        (0, 50),
    );
    // The daemon was killed at 50 and came back at 70.
    journal.watches.push(Span::new(at(70), at(90)));
    let account = figures(&journal, &[], (0, 100), 90);
    assert_eq!((account.up, account.unknown), (secs(30), secs(30)));
    assert_eq!((account.down.least, account.down.most), (secs(30), secs(52)));
    assert_eq!(account.judged.length(), secs(90));
    assert!(account.provisional && account.faults[0].end.is_none());
    assert!((account.coverage().unwrap() - 60.0 / 90.0).abs() < 1e-9);
    assert_eq!(account, figures(&journal, &[], (0, 100), 90), "asked twice, the same");
}

#[test]
fn exclusions_are_subtracted_from_the_contract_not_from_the_record() {
    let journal = journal(
        vec![
            interval(1, "v4", State::Up, 0, Some(100), 0),
            interval(2, "v4", State::Down, 10, Some(20), 0),
            interval(3, "v4", State::Down, 50, Some(70), 0),
            interval(4, "v4", State::Maintenance, 60, Some(65), 0),
        ],
        (0, 100),
    );
    let account = figures(&journal, &[(5, 25)], (0, 100), 100);
    assert_eq!(account.down.least, secs(15));
    assert_eq!(account.recorded.least, secs(30));
    assert_eq!(account.maintenance, secs(25));
    assert_eq!((account.faults.len(), account.counted().count()), (2, 1));
    assert_eq!(account.faults[1].repair.least, secs(15));
}

#[test]
fn a_fault_is_counted_once_where_it_began_and_close_ones_merge() {
    let down = |id, start, end| interval(id, "v4", State::Down, start, Some(end), 0);
    let journal = journal(vec![down(1, 90, 110), down(2, 114, 120), down(3, 125, 130)], (0, 200));
    let count = |period| figures(&journal, &[], period, 200).faults.len();
    assert_eq!((count((0, 100)), count((100, 200)), count((0, 200))), (1, 1, 2));
    assert_eq!(figures(&journal, &[], (0, 100), 200).down.least, secs(10));
    assert_eq!(figures(&journal, &[], (100, 200), 200).down.least, secs(21));
    assert_eq!(figures(&journal, &[], (0, 200), 200).faults[0].repair.least, secs(26));
}

#[test]
fn the_monitoring_itself_is_down_where_it_gave_no_sign() {
    let watch = |start, end| Span::new(at(start), at(end));
    let journal = Journal { watches: vec![watch(10, 50), watch(70, 95)], ..Journal::default() };
    let of = |now| figures(&journal.of_service(secs(5), at(now)), &[], (0, 200), now);
    let alive = of(100);
    assert_eq!((alive.up, alive.down.least, alive.unknown), (secs(70), secs(20), secs(10)));
    assert_eq!(alive.faults.len(), 1);
    let gone = of(120);
    assert_eq!((gone.up, gone.down.least, gone.faults.len()), (secs(65), secs(45), 2));
}

#[test]
fn nothing_on_record_is_wholly_unknown() {
    let account = figures(&Journal::default(), &[], (0, 100), 100);
    assert_eq!((account.unknown, account.coverage()), (secs(100), Some(0.0)));
    assert_eq!(figures(&Journal::default(), &[], (0, 100), -5).coverage(), None, "before it begins");
}

#[test]
fn a_sign_that_comes_before_the_last_one_makes_nothing_negative() {
    let target = Target { site: "a".to_owned(), name: "v4".to_owned() };
    let sign = |state, since, now| Sign {
        target: target.clone(),
        cause: "http".to_owned(),
        state,
        since: at(since),
        at: at(now),
    };
    let open = Interval::opened(1, &sign(State::Up, 1_000, 1_000));
    let back = open.after(&sign(State::Down, -6_200, -6_140));
    assert_eq!(back, Turned::Ends { end: at(1_000), earliest: at(1_000), start: at(1_000), last: at(1_000) });
    assert_eq!(open.after(&sign(State::Up, 500, 500)), Turned::Lasts { last: at(1_000) });
    let confirmed = open.after(&sign(State::Down, 1_060, 1_180));
    let expected = Turned::Ends { end: at(1_060), earliest: at(1_000), start: at(1_060), last: at(1_180) };
    assert_eq!(
        confirmed, expected,
        "it began with the first failed probe, not with the one that confirmed it"
    );
}

/// Seconds that the oracle walks through, one by one.
const SECONDS: i64 = 120;

fn any_interval() -> impl Strategy<Value = Interval> {
    let bounds = (0..SECONDS, 0..40_i64, any::<bool>(), 0..10_i64);
    (0..3_usize, 0..5_usize, bounds).prop_map(|(target, state, (start, length, open, before))| {
        let end = (!open || state == 0).then_some(start + length);
        interval(start * 100 + length, ["x", "y", "z"][target], State::ALL[state], start, end, before)
    })
}

fn any_span() -> impl Strategy<Value = (i64, i64)> {
    (0..SECONDS, 0..50_i64).prop_map(|(start, length)| (start, start + length))
}

proptest! {
    #[test]
    fn the_figures_are_those_of_an_oracle_that_walks_second_by_second(
        intervals in prop::collection::vec(any_interval(), 0..14),
        watched in prop::collection::vec(any_span(), 0..4),
        excused in prop::collection::vec(any_span(), 0..3),
        now in 0..SECONDS + 40,
    ) {
        let watches = watched.iter().map(|(start, end)| Span::new(at(*start), at(*end))).collect();
        let journal = Journal { intervals, watches, steps: Vec::new() };
        let account = figures(&journal, &excused, (0, SECONDS), now);
        let (mut up, mut degraded, mut down, mut most, mut maintenance, mut unknown, mut recorded) =
            (0, 0, 0, 0, 0, 0, 0);
        for second in 0..SECONDS.min(now) {
            let moment = at(second);
            let is = |interval: &Interval| interval.surely(at(now)).contains(moment);
            let has = |name: Option<&str>, state| journal.intervals.iter().any(|interval| {
                interval.state == state && is(interval) && name.is_none_or(|name| interval.target.name == name)
            });
            let in_any = |spans: &[(i64, i64)]| spans.iter().any(|(start, end)| (*start..*end).contains(&second));
            let known = |name: &str| {
                let some = [State::Up, State::Degraded, State::Down, State::Maintenance];
                in_any(&watched) && !has(Some(name), State::Unknown)
                    && some.into_iter().any(|state| has(Some(name), state))
            };
            let names: Vec<&str> = journal.targets().iter().map(|target| target.name.as_str()).collect();
            let seen = |state| names.iter().any(|name| has(Some(name), state) && known(name));
            let may = journal.intervals.iter().any(|interval| {
                interval.state == State::Down && interval.at_most(at(now)).contains(moment)
            });
            let excluded = in_any(&excused) || has(None, State::Maintenance);
            recorded += i64::from(seen(State::Down));
            most += i64::from(may && !excluded);
            let all_known = !names.is_empty() && names.iter().all(|name| known(name));
            let slot = match () {
                () if excluded => &mut maintenance,
                () if seen(State::Down) => &mut down,
                () if !all_known => &mut unknown,
                () if seen(State::Degraded) => &mut degraded,
                () => &mut up,
            };
            *slot += 1;
        }
        prop_assert_eq!(account.up, secs(up));
        prop_assert_eq!(account.degraded, secs(degraded));
        prop_assert_eq!(account.down.least, secs(down));
        prop_assert_eq!(account.down.most, secs(most));
        prop_assert_eq!(account.maintenance, secs(maintenance));
        prop_assert_eq!(account.unknown, secs(unknown));
        prop_assert_eq!(account.recorded.least, secs(recorded));
        prop_assert_eq!(up + degraded + down + maintenance + unknown, account.judged.length().as_secs());
        prop_assert!(account.down.least <= account.down.most);
    }

    #[test]
    fn a_union_is_no_longer_than_its_sum_and_periods_add_up(
        intervals in prop::collection::vec(any_interval(), 0..14),
        border in 0..SECONDS,
    ) {
        let sum: i64 = intervals.iter().map(|interval| interval.surely(at(SECONDS)).length().as_secs()).sum();
        let union: Spans = intervals.iter().map(|interval| interval.surely(at(SECONDS))).collect();
        prop_assert!(union.length() <= secs(sum));
        let journal = journal(intervals, (0, SECONDS));
        let of = |period| figures(&journal, &[], period, SECONDS);
        let (whole, first, second) = (of((0, SECONDS)), of((0, border)), of((border, SECONDS)));
        prop_assert_eq!(whole.down.least, first.down.least + second.down.least);
        prop_assert_eq!(whole.unknown, first.unknown + second.unknown);
        prop_assert_eq!(whole.faults.len(), first.faults.len() + second.faults.len());
    }
}
