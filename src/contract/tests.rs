//! The limits of the contracts, at and around each of them.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::indicators::{Category, RuleSet};
use crate::ledger::{Bounds, Interval, Journal, Period, Span, State, Target};

const HOUR: i64 = 3_600;

/// What a case is made of; the year 2026 was watched throughout and is over.
struct Case {
    rules: RuleSet,
    journal: Journal,
    alarms: Option<Vec<Alarm>>,
    tickets: Vec<Ticket>,
    documents: Option<Vec<Document>>,
    scans: Vec<FullScan>,
    exclusions: Vec<Exclusion>,
    period: Period,
    now: Timestamp,
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn year() -> Span {
    Span::new(time("2025-12-31T16:00:00Z"), time("2026-12-31T16:00:00Z"))
}

fn interval(id: i64, state: State, span: Span) -> Interval {
    Interval {
        id,
        target: Target { site: "a".to_owned(), name: "v4".to_owned() },
        cause: if state == State::Down { "http" } else { "watch" }.to_owned(),
        state,
        earliest: span.start() - SignedDuration::from_secs(if state == State::Down { 60 } else { 0 }),
        start: span.start(),
        last: span.end(),
        end: Some(span.end()),
    }
}

impl Case {
    fn new() -> Case {
        Case {
            rules: RuleSet::built_in(),
            journal: Journal {
                intervals: vec![interval(0, State::Up, year())],
                watches: vec![year()],
                steps: Vec::new(),
            },
            alarms: None,
            tickets: Vec::new(),
            documents: None,
            scans: Vec::new(),
            exclusions: Vec::new(),
            period: Period::Year(2026),
            now: time("2027-02-01T00:00:00Z"),
        }
    }

    /// Adds faults of so many seconds, a week apart.
    fn down(mut self, seconds: &[i64]) -> Case {
        for (week, seconds) in (1..).zip(seconds) {
            let start = year().start() + SignedDuration::from_hours(week * 7 * 24);
            let span = Span::new(start, start + SignedDuration::from_secs(*seconds));
            self.journal.intervals.push(interval(week, State::Down, span));
        }
        self
    }

    /// Asks for one line.
    fn ask<T>(&self, contract: &str, line: &str, about: impl FnOnce(&Assessed<'_>) -> T) -> T {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let material = Material {
            contract: self.rules.contract(contract).unwrap(),
            availability: self.rules.availability(),
            calendar: &self.rules.services().calendar,
            journal: &self.journal,
            alarms: self.alarms.as_deref(),
            tickets: &self.tickets,
            documents: self.documents.as_deref(),
            scans: &self.scans,
            exclusions: &self.exclusions,
            period: self.period,
            zone: &zone,
        };
        let sheet = assess(&material, self.now);
        let again = assess(&material, self.now);
        assert_eq!(format!("{sheet:?}"), format!("{again:?}"), "asked twice, the same");
        about(
            sheet.lines.iter().find(|assessed| assessed.line.id == line).expect("the contract has the line"),
        )
    }

    fn verdict(&self, contract: &str, line: &str) -> Verdict {
        self.ask(contract, line, |assessed| assessed.verdict)
    }
}

#[test]
fn a_day_of_downtime_is_too_much_and_a_second_less_is_not() {
    let check = |seconds: i64, verdict: Verdict, tier: &str| {
        let case = Case::new().down(&[seconds]);
        assert_eq!(case.verdict("sichuan", "SLA-03a"), verdict, "{seconds}");
        case.ask("sichuan", "SLA-03", |assessed| assert_eq!(assessed.tier, Some(tier), "{seconds}"));
    };
    check(24 * HOUR - 1, Verdict::Met, "优秀");
    check(24 * HOUR, Verdict::NotMet, "一般");
    check(36 * HOUR, Verdict::NotMet, "一般");
    check(36 * HOUR + 1, Verdict::NotMet, "较差");
}

#[test]
fn ten_faults_are_too_many() {
    let check = |faults: usize, verdict: Verdict, points: (f64, f64)| {
        let case = Case::new().down(&vec![30; faults]);
        assert_eq!(case.verdict("sichuan", "SLA-03b"), verdict, "{faults}");
        case.ask("sichuan", "SLA-03", |assessed| {
            let earned = assessed.points.unwrap();
            assert_eq!((earned.least, earned.most), points, "{faults}");
        });
    };
    check(9, Verdict::Met, (6.0, 6.0));
    check(10, Verdict::NotMet, (2.0, 5.0));
    check(15, Verdict::NotMet, (2.0, 5.0));
    check(16, Verdict::NotMet, (0.0, 2.0));
}

#[test]
fn an_hour_of_repair_is_too_long_and_no_fault_is_not_applicable() {
    let check = |seconds: &[i64], mean: Verdict, each: Verdict, cost: Option<f64>| {
        let case = Case::new().down(seconds);
        assert_eq!(case.verdict("sichuan", "SLA-02m"), mean, "{seconds:?}");
        assert_eq!(case.verdict("sichuan", "SLA-02"), each, "{seconds:?}");
        let points = case.ask("sichuan", "SLA-02", |assessed| assessed.points.map(|points| points.least));
        assert_eq!(points, cost, "{seconds:?}");
    };
    check(&[3_599], Verdict::Met, Verdict::Met, Some(0.0));
    check(&[3_600], Verdict::NotMet, Verdict::NotMet, Some(-2.0));
    check(&[3_600, 60], Verdict::Met, Verdict::NotMet, Some(-2.0));
    check(&[], Verdict::NotApplicable, Verdict::NotApplicable, None);
    let both = |assessed: &Assessed<'_>| (assessed.value, assessed.otherwise);
    let (value, otherwise) = Case::new().down(&[3_599]).ask("sichuan", "SLA-02m", both);
    let (least, most) = (SignedDuration::from_secs(3_599), SignedDuration::from_secs(3_659));
    assert_eq!(value, Value::Time(Bounds { least, most }));
    assert_eq!(otherwise, Some(Verdict::NotMet), "the other bound says something else, and that is shown");
}

#[test]
fn half_an_hour_of_silence_is_too_long() {
    let raised = time("2026-05-01T00:00:00Z");
    let check = |acknowledged: Option<SignedDuration>, after: i64, verdict: Verdict| {
        let case = Case {
            alarms: Some(vec![Alarm {
                id: "n1".to_owned(),
                raised,
                delivered: Some(raised),
                acknowledged: acknowledged.map(|after| (raised + after, "张三".to_owned())),
            }]),
            now: raised + SignedDuration::from_secs(after),
            ..Case::new()
        };
        assert_eq!(case.verdict("sichuan", "SLA-01"), verdict, "{acknowledged:?} {after}");
    };
    check(Some(SignedDuration::from_secs(1_799)), HOUR, Verdict::Met);
    check(Some(SignedDuration::from_secs(1_800)), HOUR, Verdict::NotMet);
    check(None, 1_799, Verdict::NotStated(Why::Pending));
    check(None, 1_800, Verdict::NotMet);
    assert_eq!(Case::new().verdict("sichuan", "SLA-01"), Verdict::NotStated(Why::NoRecord));
    let none = Case { alarms: Some(Vec::new()), ..Case::new() };
    assert_eq!(none.verdict("sichuan", "SLA-01"), Verdict::NotApplicable);
}

#[test]
fn too_little_seen_is_no_verdict() {
    let unseen = |hours: i64| {
        let mut case = Case::new();
        case.journal.watches =
            vec![Span::new(year().start() + SignedDuration::from_hours(hours), year().end())];
        case.verdict("sichuan", "SLA-03a")
    };
    // 5 % of 8,760 hours are 438.
    assert_eq!(unseen(438), Verdict::Met);
    assert_eq!(unseen(439), Verdict::NotStated(Why::Coverage));
    let mut case = Case::new().down(&[30 * HOUR]);
    case.journal.watches = vec![Span::new(year().start(), time("2026-06-30T16:00:00Z"))];
    case.ask("sichuan", "SLA-03", |assessed| {
        assert_eq!(assessed.verdict, Verdict::NotStated(Why::Coverage));
        assert_eq!((assessed.tier, assessed.points), (None, None));
    });
}

#[test]
fn only_what_was_agreed_is_subtracted() {
    let exclusion = |approved_by: Option<&str>| Exclusion {
        origin: Origin::Entered { number: 1, at: year().start() },
        span: Span::new(year().start(), year().end()),
        kind: ExclusionKind::Maintenance,
        reason: "机房搬迁".to_owned(),
        author: "张三".to_owned(),
        approved_by: approved_by.map(str::to_owned),
        withdrawn: None,
    };
    let verdict = |approved_by| {
        let case = Case { exclusions: vec![exclusion(approved_by)], ..Case::new().down(&[25 * HOUR]) };
        case.verdict("sichuan", "SLA-03a")
    };
    assert_eq!(verdict(None), Verdict::NotMet);
    assert_eq!(verdict(Some("李四")), Verdict::Met);
    let (at, author, reason) = (year().start(), "王五".to_owned(), "登记错误".to_owned());
    let withdrawn = Some(Withdrawal { at, author, reason });
    let exclusions = vec![Exclusion { withdrawn, ..exclusion(Some("李四")) }];
    let case = Case { exclusions, ..Case::new().down(&[25 * HOUR]) };
    assert_eq!(case.verdict("sichuan", "SLA-03a"), Verdict::NotMet, "what was taken back counts again");
}

fn ticket(category: Category, opened: &str, steps: &[(StepKind, &str)]) -> Ticket {
    Ticket {
        number: 1,
        site: "a".to_owned(),
        category,
        system: "门户".to_owned(),
        what: "无法登录".to_owned(),
        opened: time(opened),
        opened_by: "王五".to_owned(),
        steps: steps
            .iter()
            .map(|(kind, at)| Step {
                kind: *kind,
                at: time(at),
                person: "张三".to_owned(),
                note: String::new(),
                entered: time(at),
            })
            .collect(),
    }
}

#[test]
fn tickets_are_held_against_hours_and_working_days() {
    let check = |contract: &str, line: &str, ticket: Ticket, verdict: Verdict| {
        let label = format!("{contract} {line} {:?}", ticket.steps);
        assert_eq!(Case { tickets: vec![ticket], ..Case::new() }.verdict(contract, line), verdict, "{label}");
    };
    let general = |steps: &[(StepKind, &str)]| ticket(Category::General, "2026-09-30T01:00:00Z", steps);
    let down = |steps: &[(StepKind, &str)]| ticket(Category::SystemDown, "2026-11-09T01:00:00Z", steps);
    use StepKind::{Answered, Fallback, OnSite, Recovered, Solved};
    check("shaoguan", "SG-01", general(&[(Answered, "2026-10-01T01:00:00Z")]), Verdict::Met);
    check("shaoguan", "SG-01", general(&[(Answered, "2026-10-01T01:00:01Z")]), Verdict::NotMet);
    // Before the week of 1 October: the Saturday worked and four weekdays make five working days.
    check("shaoguan", "SG-02", general(&[(Solved, "2026-10-13T15:59:59Z")]), Verdict::Met);
    check("shaoguan", "SG-02", general(&[(Solved, "2026-10-13T16:00:00Z")]), Verdict::NotMet);
    check("shaoguan", "SG-03", general(&[(Answered, "2026-10-01T01:00:00Z")]), Verdict::NotApplicable);
    check("shaoguan", "SG-03", down(&[(Answered, "2026-11-09T05:00:00Z")]), Verdict::Met);
    check("shaoguan", "SG-04", down(&[(Recovered, "2026-11-10T15:59:59Z")]), Verdict::Met);
    check("shaoguan", "SG-04", down(&[(Recovered, "2026-11-10T16:00:00Z")]), Verdict::NotMet);
    check("shaoguan", "SG-05", down(&[(Solved, "2026-11-12T15:00:00Z")]), Verdict::Met);
    check("fujian", "FJ-01", down(&[(Answered, "2026-11-09T02:00:00Z")]), Verdict::Met);
    check("fujian", "FJ-03", down(&[(OnSite, "2026-11-09T04:00:01Z")]), Verdict::NotMet);
    check("fujian", "FJ-04", down(&[(Solved, "2026-11-09T20:00:00Z")]), Verdict::NotApplicable);
    check("fujian", "FJ-04", down(&[(Solved, "2026-11-11T20:00:00Z")]), Verdict::NotMet);
    check("fujian", "FJ-04", down(&[(Fallback, "2026-11-10T01:00:00Z")]), Verdict::Met);
    // What was entered last holds.
    let corrected = general(&[(Answered, "2026-10-02T01:00:00Z"), (Answered, "2026-09-30T02:00:00Z")]);
    check("shaoguan", "SG-01", corrected, Verdict::Met);
}

#[test]
fn reports_are_due_within_days() {
    let report = |kind, at: &str| Document { id: 1, kind, handed_in: time(at) };
    let verdict = |line: &str, documents: Vec<Document>| {
        Case { documents: Some(documents), ..Case::new().down(&[60]) }.verdict("sichuan", line)
    };
    let fault = DocumentKind::FaultReport { interval: 1 };
    // The fault began on 8 January.
    assert_eq!(verdict("SLA-04a", vec![report(fault, "2026-01-10T15:59:59Z")]), Verdict::Met);
    assert_eq!(verdict("SLA-04a", vec![report(fault, "2026-01-10T16:00:00Z")]), Verdict::NotMet);
    let of = |first: &str, second: &str| {
        let half = |half| DocumentKind::PeriodReport(Period::Half(2026, half));
        let whole = report(DocumentKind::PeriodReport(Period::Year(2026)), "2027-01-02T00:00:00Z");
        vec![report(half(1), first), report(half(2), second), whole]
    };
    let in_time = "2027-01-07T15:59:59Z";
    assert_eq!(verdict("SLA-04b", of("2026-07-07T00:00:00Z", in_time)), Verdict::Met);
    assert_eq!(verdict("SLA-04b", of("2026-07-07T16:00:00Z", in_time)), Verdict::NotMet);
}

#[test]
fn four_full_scans_a_year() {
    let scans = |count: i64| {
        (0..count).map(|number| FullScan { number, finished: year().start() }).collect::<Vec<_>>()
    };
    let verdict = |count, now: &str| {
        Case { scans: scans(count), now: time(now), ..Case::new() }.verdict("sichuan", "SLA-06")
    };
    assert_eq!(verdict(4, "2026-06-01T00:00:00Z"), Verdict::Met);
    assert_eq!(verdict(3, "2026-06-01T00:00:00Z"), Verdict::NotStated(Why::Pending));
    assert_eq!(verdict(3, "2027-01-01T00:00:00Z"), Verdict::NotMet);
}
