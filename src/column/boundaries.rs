//! Tests of the days on which a column passes from one state to the next: calendar months, ends of months, leap days.

use jiff::{
    ToSpan,
    civil::{Date, date},
};

use super::tests::column_page;
use super::*;
use crate::indicators::RuleSet;

/// How a column of this name stands on a day, in one word.
fn on(name: &str, newest: Date, today: Date) -> String {
    word(judge(&column_page(name, &[Some(newest)]), None, RuleSet::built_in().columns(), today))
}

fn word(state: ColumnState) -> String {
    match state {
        ColumnState::Fresh { .. } => "fresh".to_owned(),
        ColumnState::Warn { .. } => "warn".to_owned(),
        ColumnState::Stale { days_overdue, .. } => format!("stale {days_overdue}"),
        other => format!("{other:?}"),
    }
}

/// Checks a column updated last on `newest`: each day and the word expected on it.
fn check(name: &str, newest: (i16, i8, i8), days: &[((i16, i8, i8), &str)]) {
    let date = |(year, month, day)| date(year, month, day);
    for (today, expected) in days {
        let (newest, today) = (date(newest), date(*today));
        assert_eq!(on(name, newest, today), *expected, "{name} of {newest} on {today}");
    }
}

#[test]
fn fourteen_days_are_in_time_and_ten_warn() {
    check(
        "工作动态",
        (2026, 11, 1),
        &[
            ((2026, 11, 1), "fresh"),
            ((2026, 11, 10), "fresh"),
            ((2026, 11, 11), "warn"),
            ((2026, 11, 12), "warn"),
            ((2026, 11, 14), "warn"),
            ((2026, 11, 15), "warn"),
            ((2026, 11, 16), "stale 1"),
            ((2026, 12, 1), "stale 16"),
        ],
    );
    // Over the turn of the year, and over 29 February and its absence.
    check("要闻", (2026, 12, 25), &[((2027, 1, 8), "warn"), ((2027, 1, 9), "stale 1")]);
    check("要闻", (2028, 2, 20), &[((2028, 3, 5), "warn"), ((2028, 3, 6), "stale 1")]);
    check("要闻", (2027, 2, 20), &[((2027, 3, 6), "warn"), ((2027, 3, 7), "stale 1")]);
    check("要闻", (2028, 2, 29), &[((2028, 3, 14), "warn"), ((2028, 3, 15), "stale 1")]);
}

#[test]
fn six_months_are_calendar_months() {
    check(
        "通知公告",
        (2026, 5, 21),
        &[
            ((2026, 10, 20), "fresh"),
            ((2026, 10, 21), "warn"),
            ((2026, 11, 20), "warn"),
            ((2026, 11, 21), "warn"),
            ((2026, 11, 22), "stale 1"),
        ],
    );
    // Where the month has no such day its last one counts: never the first of the month after.
    check("通知公告", (2026, 8, 31), &[((2027, 2, 28), "warn"), ((2027, 3, 1), "stale 1")]);
    check("通知公告", (2027, 8, 31), &[((2028, 2, 29), "warn"), ((2028, 3, 1), "stale 1")]);
    check("通知公告", (2026, 8, 29), &[((2027, 2, 28), "warn"), ((2027, 3, 1), "stale 1")]);
    check("通知公告", (2026, 3, 31), &[((2026, 9, 30), "warn"), ((2026, 10, 1), "stale 1")]);
    // A last day of a month is no promise of a last day: 30 days after the 28th are not given away.
    check("通知公告", (2026, 2, 28), &[((2026, 8, 28), "warn"), ((2026, 8, 29), "stale 1")]);
    // The warning, too, falls on the last day of a shorter month.
    check("通知公告", (2026, 9, 30), &[((2027, 2, 27), "fresh"), ((2027, 2, 28), "warn")]);
}

#[test]
fn a_year_has_its_day_or_the_last_of_february() {
    check(
        "人事信息",
        (2025, 11, 21),
        &[
            ((2026, 10, 20), "fresh"),
            ((2026, 10, 21), "warn"),
            ((2026, 11, 20), "warn"),
            ((2026, 11, 21), "warn"),
            ((2026, 11, 22), "stale 1"),
        ],
    );
    check(
        "人事信息",
        (2024, 2, 29),
        &[
            ((2025, 1, 28), "fresh"),
            ((2025, 1, 29), "warn"),
            ((2025, 2, 28), "warn"),
            ((2025, 3, 1), "stale 1"),
        ],
    );
    check("人事信息", (2027, 2, 28), &[((2028, 2, 28), "warn"), ((2028, 2, 29), "stale 1")]);
    // Reports have a day of the year of their own, however late or early the last one came.
    check("政府信息公开年报", (2026, 1, 1), &[((2027, 1, 31), "fresh"), ((2027, 2, 1), "stale 1")]);
    check("政府信息公开年报", (2026, 12, 31), &[((2027, 1, 31), "fresh"), ((2027, 2, 1), "stale 1")]);
}

#[test]
fn warnings_in_days_go_with_cycles_in_months() {
    check(
        "局长信箱",
        (2026, 12, 31),
        &[
            ((2027, 1, 29), "fresh"),
            ((2027, 1, 30), "warn"),
            ((2027, 2, 28), "warn"),
            ((2027, 3, 1), "stale 1"),
        ],
    );
    check(
        "办件统计",
        (2026, 11, 30),
        &[
            ((2027, 2, 12), "fresh"),
            ((2027, 2, 13), "warn"),
            ((2027, 2, 28), "warn"),
            ((2027, 3, 1), "stale 1"),
        ],
    );
}

#[test]
fn a_registered_cycle_has_its_own_boundary_and_no_warning() {
    let rules = RuleSet::built_in();
    let facts = column_page("工作动态", &[Some(date(2028, 2, 1))]);
    let column = |cycle_days| config::Column {
        name: "工作动态".to_owned(),
        address: crate::address::Address::parse(&facts.address).expect("an address"),
        kind: Some("news".to_owned()),
        cycle_days: Some(cycle_days),
    };
    let check = |cycle_days, today, expected: &str| {
        let state = judge(&facts, Some(&column(cycle_days)), rules.columns(), today);
        assert_eq!(word(state), expected, "{cycle_days} days on {today}");
    };
    check(30, date(2028, 3, 2), "fresh");
    check(30, date(2028, 3, 3), "stale 1");
    check(1, date(2028, 2, 2), "fresh");
    check(1, date(2028, 2, 3), "stale 1");
    // More days than a cycle holds are as many as it can hold, not few.
    check(u32::MAX, date(2100, 1, 1), "fresh");
}

#[test]
fn every_kind_warns_before_it_is_overdue_whatever_the_day() {
    let rules = RuleSet::built_in();
    for kind in rules.columns().kinds() {
        let Some(cycle) = kind.cycle else { continue };
        let start = date(2024, 1, 1);
        for newest in start.series(1.day()).take(4 * 366) {
            let due = cycle.due(newest);
            let state = |today: Date| {
                let facts = column_page("", &[Some(newest)]);
                word(age(&facts, cycle, kind.warn, today))
            };
            let last = if kind.warn.is_some() { "warn" } else { "fresh" };
            assert_eq!(state(due), last, "{} of {newest}", kind.id);
            assert_eq!(state(due.tomorrow().expect("in range")), "stale 1", "{} of {newest}", kind.id);
            assert_eq!(state(newest), "fresh", "{} of {newest}", kind.id);
            if let Some(warn) = kind.warn {
                let from = warn.due(newest);
                assert_eq!(state(from), "warn", "{} of {newest}", kind.id);
                assert_eq!(state(from.yesterday().expect("in range")), "fresh", "{} of {newest}", kind.id);
            }
        }
    }
}
