//! Calendars in pretended time.

use std::collections::HashMap;
use std::time::Duration;

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::ledger::Span;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn calendars(zone: &str) -> Calendars {
    let days = |days: u64| Duration::from_secs(days * 86_400);
    Calendars { zone: TimeZone::get(zone).unwrap(), spread: Duration::ZERO, quarter_lead: days(14) }
}

fn job<'a>(kind: JobKind, schedule: &'a Schedule, last: &str) -> Job<'a> {
    let last = time(last);
    Job { site: "a", subject: "a", kind, schedule, cadence: None, known_since: last, last: Some(last) }
}

fn cron(text: &str) -> Schedule {
    Schedule { full_scan: text.parse().unwrap(), ..Schedule::default() }
}

fn next(job: &Job<'_>, zone: &str, now: &str) -> Timestamp {
    next_due(job, &calendars(zone), time(now)).expect("it comes")
}

#[test]
fn calendars_are_read_in_their_time_zone() {
    let check = |text: &str, zone: &str, last: &str, expected: &str| {
        let schedule = cron(text);
        let job = job(JobKind::FullScan, &schedule, last);
        assert_eq!(next(&job, zone, last), time(expected), "{text} {zone} {last}");
    };
    check("0 1 1 * *", "Asia/Shanghai", "2026-11-22T00:00:00Z", "2026-11-30T17:00:00Z");
    check("0 1 1 * *", "Asia/Shanghai", "2026-12-31T16:59:59Z", "2026-12-31T17:00:00Z");
    check("30 2 29 2 *", "Asia/Shanghai", "2028-02-01T00:00:00Z", "2028-02-28T18:30:00Z");
    // 02:30 does not exist on 29 March 2026 in Berlin: it runs once, when the clock has gone on.
    check("30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z");
    check("30 2 * * *", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
}

#[test]
fn what_is_no_calendar_is_refused() {
    for text in ["", "0 1 * *", "0 25 * * *", "daily", "0 0 30 2 *", "* * * * * *", "@nonsense", "🙂"] {
        assert!(text.parse::<Cron>().is_err(), "{text}");
    }
}

#[test]
fn every_quarter_has_a_full_scan() {
    // A calendar that comes once a year.
    let schedule = cron("0 1 1 1 *");
    let mut last = "2026-01-01T17:00:00Z".to_owned();
    let mut runs = Vec::new();
    for _ in 0..5 {
        let run = next(&job(JobKind::FullScan, &schedule, &last), "Asia/Shanghai", &last);
        last = run.to_string();
        runs.push(last.clone());
    }
    let expected = [
        "2026-06-16T16:00:00Z",
        "2026-09-16T16:00:00Z",
        "2026-12-17T16:00:00Z",
        "2026-12-31T17:00:00Z",
        "2027-06-16T16:00:00Z",
    ];
    assert_eq!(runs, expected, "14 days before the end of each quarter that lacks one");
    let fresh = Job { last: None, ..job(JobKind::FullScan, &schedule, "2026-02-01T00:00:00Z") };
    assert_eq!(next(&fresh, "Asia/Shanghai", "2026-02-01T00:00:00Z"), time("2026-03-17T16:00:00Z"));
}

#[test]
fn a_month_of_silence_is_caught_up_once() {
    let schedule = Schedule::default();
    let job = job(JobKind::Probe, &schedule, "2026-10-01T00:00:00Z");
    let now = time("2026-11-01T00:00:30Z");
    let calendars = calendars("Asia/Shanghai");
    let due_now = due(std::slice::from_ref(&job), &calendars, now);
    assert_eq!(due_now.len(), 1);
    let ran = Job { last: Some(now), ..job };
    assert!(due(std::slice::from_ref(&ran), &calendars, now).is_empty());
    let after = next_due(&ran, &calendars, now).unwrap();
    assert!(after > now && after <= now + SignedDuration::from_mins(1));
}

#[test]
fn a_clock_set_back_stops_nothing() {
    let schedule = Schedule::default();
    let job = job(JobKind::Probe, &schedule, "2026-11-01T12:00:00Z");
    let now = "2026-11-01T10:00:00Z";
    let next = next(&job, "Asia/Shanghai", now);
    assert!(next <= time(now) + SignedDuration::from_mins(1), "{next}");
}

#[test]
fn blackout_and_maintenance_hold_back_what_is_heavy() {
    let maintenance = Maintenance {
        recurrence: Recurrence::Weekly {
            day: jiff::civil::Weekday::Sunday,
            hours: "18:00-20:00".parse().unwrap(),
            since: date(2026, 1, 1),
        },
        reason: "补丁".to_owned(),
        author: "张三".to_owned(),
        approved_by: None,
    };
    let schedule = Schedule {
        blackout: vec!["08:00-18:00".parse().unwrap(), "23:00-01:00".parse().unwrap()],
        maintenance: vec![maintenance],
        ..cron("30 9 * * *")
    };
    let check = |kind, last: &str, now: &str, expected: &str| {
        assert_eq!(next(&job(kind, &schedule, last), "Asia/Shanghai", now), time(expected), "{kind:?} {now}");
    };
    use JobKind::{FullScan, Probe};
    // 09:30 falls into the blackout; on a Monday it ends at 18:00, on a Sunday maintenance follows until 20:00.
    check(FullScan, "2026-11-22T16:00:00Z", "2026-11-22T16:00:00Z", "2026-11-23T10:00:00Z");
    check(FullScan, "2026-11-21T16:00:00Z", "2026-11-21T16:00:00Z", "2026-11-22T12:00:00Z");
    // Due since yesterday, but it is midnight now, and closed until one.
    check(FullScan, "2026-11-22T00:00:00Z", "2026-11-23T16:30:00Z", "2026-11-23T17:00:00Z");
    check(Probe, "2026-11-23T03:00:00Z", "2026-11-23T03:00:00Z", "2026-11-23T03:01:00Z");
}

#[test]
fn guarded_days_bring_probes_closer_and_end() {
    let schedule = Schedule {
        probe_interval: Duration::from_secs(300),
        guarded: vec![Guarded {
            name: "国庆".to_owned(),
            from: date(2026, 9, 30),
            until: date(2026, 10, 8),
            probe_interval: Duration::from_secs(60),
            read_interval: Duration::from_secs(300),
        }],
        ..Schedule::default()
    };
    let check = |now: &str, expected: &str| {
        assert_eq!(next(&job(JobKind::Probe, &schedule, now), "Asia/Shanghai", now), time(expected));
    };
    check("2026-09-29T15:50:00Z", "2026-09-29T15:55:00Z");
    check("2026-09-29T16:00:00Z", "2026-09-29T16:01:00Z");
    check("2026-10-08T15:58:00Z", "2026-10-08T15:59:00Z");
    check("2026-10-08T16:00:00Z", "2026-10-08T16:05:00Z");
}

#[test]
fn a_thousand_sites_do_not_ask_in_the_same_second() {
    let names: Vec<String> = (0..1_000).map(|number| format!("site-{number}")).collect();
    let schedule = Schedule { full_scan: "0 1 * * *".parse().unwrap(), ..Schedule::default() };
    let start = time("2026-11-22T00:00:00Z");
    let calendars = Calendars { spread: Duration::from_secs(1_800), ..calendars("Asia/Shanghai") };
    let most_in_a_second = |kind| {
        let mut seconds: HashMap<i64, u32> = HashMap::new();
        for name in &names {
            let job = Job { site: name, subject: name, ..job(kind, &schedule, "2026-11-22T00:00:00Z") };
            let due = next_due(&job, &calendars, start).unwrap();
            assert_eq!(Some(due), next_due(&job, &calendars, start), "the same each time");
            *seconds.entry(due.as_second()).or_default() += 1;
        }
        seconds.into_values().max().unwrap()
    };
    // 1,000 over 60 seconds are 16.7 on average; over half an hour 0.6.
    assert!(most_in_a_second(JobKind::Probe) <= 35);
    assert!(most_in_a_second(JobKind::FullScan) <= 6);
}

#[test]
fn sites_take_turns_and_who_waited_longest_comes_first() {
    let schedule = Schedule::default();
    let waiting = |site, subject, last: &str| Job { site, subject, ..job(JobKind::Probe, &schedule, last) };
    let jobs = [
        waiting("a", "1", "2026-11-22T00:00:00Z"),
        waiting("a", "2", "2026-11-22T00:10:00Z"),
        waiting("a", "3", "2026-11-22T00:20:00Z"),
        waiting("b", "1", "2026-11-22T00:30:00Z"),
        waiting("c", "1", "2026-11-22T00:15:00Z"),
    ];
    let due = due(&jobs, &calendars("Asia/Shanghai"), time("2026-11-22T01:00:00Z"));
    let order: Vec<(&str, &str)> =
        due.iter().map(|due| (jobs[due.job].site, jobs[due.job].subject)).collect();
    assert_eq!(order, [("a", "1"), ("c", "1"), ("b", "1"), ("a", "2"), ("a", "3")]);
}

#[test]
fn maintenance_is_where_it_was_agreed() {
    let window = |recurrence| Maintenance {
        recurrence,
        reason: "升级".to_owned(),
        author: "张三".to_owned(),
        approved_by: Some("李四".to_owned()),
    };
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    let november = Span::new(time("2026-10-31T16:00:00Z"), time("2026-11-30T16:00:00Z"));
    let weekly = window(Recurrence::Weekly {
        day: jiff::civil::Weekday::Saturday,
        hours: "23:00-02:00".parse().unwrap(),
        since: date(2026, 11, 10),
    });
    let spans = weekly.spans(november, &zone);
    assert_eq!(spans.len(), 3, "the 14th, 21st and 28th");
    assert!(spans.iter().all(|span| span.length() == SignedDuration::from_hours(3)));
    let once = Span::new(time("2026-10-31T15:00:00Z"), time("2026-10-31T17:00:00Z"));
    let within = maintained(&[window(Recurrence::Once(once)), weekly], november, &zone);
    assert_eq!(within.length(), SignedDuration::from_hours(10));
}

#[test]
fn a_year_runs_every_job_as_often_as_it_should() {
    let schedule = Schedule { probe_interval: Duration::from_secs(300), ..cron("0 1 1 * *") };
    let calendars = Calendars { spread: Duration::from_secs(1_800), ..calendars("Asia/Shanghai") };
    let kinds = [JobKind::Probe, JobKind::Read, JobKind::FullScan, JobKind::Ipv6, JobKind::ExternalRecheck];
    // 2028 has a 29 February.
    let (start, end) = (time("2027-12-31T16:00:00Z"), time("2028-12-31T16:00:00Z"));
    let counts: Vec<u32> = kinds
        .iter()
        .map(|kind| {
            let mut job = Job { last: None, ..job(*kind, &schedule, "2027-12-31T16:00:00Z") };
            let (mut now, mut count) = (start, 0);
            while let Some(next) = next_due(&job, &calendars, now).filter(|next| *next < end) {
                assert!(next > now, "time goes on");
                (now, job.last, count) = (next, Some(next), count + 1);
            }
            count
        })
        .collect();
    assert_eq!(counts[0], 366 * 288);
    assert_eq!(counts[1], 366 * 24);
    assert_eq!(counts[2], 12);
    assert_eq!(counts[3], 366);
    assert!((52..=53).contains(&counts[4]));
}
