//! Availability and contracts: a year of virtual time, a killed daemon, the command line.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sitewarden::contract::{self, Material, Verdict};
use sitewarden::indicators::RuleSet;
use sitewarden::ledger::{
    self, ClockStep, Interval, Journal, Period, Sign, Span, Spans, State, Target, Turned,
};
use sitewarden::schedule::{Calendars, Job, JobKind, Schedule, TIME_ZONE, next_due};
use sitewarden::store::{self, Store, Visit};

fn zone() -> TimeZone {
    TimeZone::get(TIME_ZONE).expect("a known zone")
}

/// A moment by the clock of Shanghai.
fn moment(text: &str) -> Timestamp {
    sitewarden::config::values::moment(text, &zone()).expect("a moment")
}

fn span(from: &str, until: &str) -> Span {
    Span::new(moment(from), moment(until))
}

fn target(site: &str, name: &str) -> Target {
    Target { site: site.to_owned(), name: name.to_owned() }
}

/// Takes a sign in, as the record does.
fn take(intervals: &mut Vec<Interval>, sign: &Sign) {
    let id = intervals.len() as i64 + 1;
    let Some(open) = intervals.last_mut() else { return intervals.push(Interval::opened(id, sign)) };
    match open.after(sign) {
        Turned::Lasts { last } => open.last = last,
        Turned::Ends { end, earliest, start, last } => {
            open.end = Some(end);
            let state = sign.state;
            intervals.push(Interval {
                earliest,
                start,
                last,
                ..Interval::opened(id, &Sign { state, ..sign.clone() })
            });
        }
    }
}

/// Watches a site from the beginning of 2028 until a day into 2029, as the calendar of probes says.
fn a_year(outages: &[Span], asleep: Span, steps: &[(Timestamp, SignedDuration)]) -> Journal {
    let schedule = Schedule { probe_interval: Duration::from_secs(300), ..Schedule::default() };
    let calendars = Calendars { zone: zone(), spread: Duration::ZERO, quarter_lead: Duration::ZERO };
    let (start, end) = (moment("2028-01-01 00:00"), moment("2029-01-02 00:00"));
    let mut job = Job {
        site: "a",
        subject: "a",
        kind: JobKind::Probe,
        schedule: &schedule,
        cadence: None,
        known_since: start,
        last: None,
    };
    let mut journal = Journal { watches: vec![Span::new(start, start)], ..Journal::default() };
    let mut steps = steps.iter().peekable();
    // What the clock shows, and what time it really is.
    let (mut shown, mut real) = (start, start);
    while real < end {
        let next = next_due(&job, &calendars, shown).expect("probes never end");
        assert!(next > shown, "time goes on");
        real += next.duration_since(shown);
        shown = next;
        if let Some((at, by)) = steps.next_if(|(at, _)| *at <= real) {
            journal.steps.push(ClockStep { at: *at, by: *by });
            shown += *by;
        }
        job.last = Some(shown);
        if asleep.contains(real) {
            continue;
        }
        let state = if outages.iter().any(|outage| outage.contains(real)) { State::Down } else { State::Up };
        let cause = "http".to_owned();
        take(
            &mut journal.intervals,
            &Sign { target: target("a", "v4"), cause, state, since: shown, at: shown },
        );
        let watch = journal.watches.last_mut().expect("there is one");
        if shown.duration_since(watch.end()) <= SignedDuration::from_mins(6) {
            *watch = Span::new(watch.start(), watch.end().max(shown));
        } else {
            journal.watches.push(Span::new(shown, shown));
        }
    }
    journal
}

#[test]
fn a_year_with_a_leap_day_steps_of_the_clock_and_a_fault_at_its_end() {
    let outages = [
        span("2028-02-29 10:01", "2028-02-29 10:41"),
        span("2028-06-30 23:51", "2028-07-01 00:21"),
        span("2028-09-10 12:01", "2028-09-10 18:01"),
        span("2028-12-31 23:51", "2029-01-01 01:01"),
    ];
    let asleep = span("2028-09-10 13:00", "2028-09-10 15:00");
    let two_hours = SignedDuration::from_hours(2);
    let steps = [(moment("2028-04-01 00:00"), two_hours), (moment("2028-05-01 00:00"), -two_hours)];
    let journal = a_year(&outages, asleep, &steps);
    assert!(journal.intervals.iter().all(|interval| interval.end.is_none_or(|end| end >= interval.start)));
    assert_eq!(journal.steps.len(), 2);

    let now = moment("2029-01-02 00:00");
    let merge_gap = SignedDuration::from_mins(5);
    let account = |period: &str| {
        let span = period.parse::<Period>().expect("a period").span(&zone());
        ledger::account(&journal, &Spans::default(), span, merge_gap, now)
    };
    let year = account("2028");
    assert_eq!(year.judged.length(), SignedDuration::from_hours(366 * 24));
    let minutes = |length: SignedDuration| length.as_mins();
    // 40 + 30 + 360 + 9 minutes; of the third nobody saw two hours, and each began up to five minutes earlier.
    let down = year.down;
    assert!(
        (295..=319).contains(&minutes(down.least)) && (439..=459).contains(&minutes(down.most)),
        "{down:?}"
    );
    assert_eq!((year.faults.len(), account("2029").faults.len()), (4, 0), "counted where it began");
    assert_eq!(minutes(account("2029-01-01").down.least), 65, "until the first good probe");
    assert_eq!((account("2028-Q2").faults.len(), account("2028-Q3").faults.len()), (1, 1));
    let quarters: SignedDuration = (1..=4)
        .map(|quarter| account(&format!("2028-Q{quarter}")).down.least)
        .fold(SignedDuration::ZERO, |sum, part| sum + part);
    assert_eq!(quarters, down.least, "parts add up to the whole");
    let sum = year.up + year.degraded + down.least + year.maintenance + year.unknown;
    assert_eq!(sum, year.judged.length());
    // Two hours asleep, two that the clock jumped over.
    assert!((230..=260).contains(&minutes(year.unknown)), "{:?}", year.unknown);

    let rules = RuleSet::built_in();
    let zone = zone();
    let material = Material {
        contract: rules.contract("sichuan").expect("a built-in contract"),
        availability: rules.availability(),
        calendar: &rules.services().calendar,
        journal: &journal,
        alarms: None,
        tickets: &[],
        documents: None,
        scans: &[],
        exclusions: &[],
        period: Period::Year(2028),
        zone: &zone,
    };
    let sheet = contract::assess(&material, now);
    assert_eq!(format!("{sheet:?}"), format!("{:?}", contract::assess(&material, now)), "the same twice");
    let verdict = |id: &str| sheet.lines.iter().find(|line| line.line.id == id).expect("a line").verdict;
    assert_eq!((verdict("SLA-03a"), verdict("SLA-03b")), (Verdict::Met, Verdict::Met));
    assert_eq!(verdict("SLA-02"), Verdict::NotMet, "six hours of repair");
}

fn record(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("record.db").display())
}

fn sign(state: State, at: Timestamp) -> Sign {
    Sign { target: target("a-test", "v4"), cause: "http".to_owned(), state, since: at, at }
}

fn observe(store: &dyn Store, state: State, at: Timestamp) {
    store.observe(&[sign(state, at)]).expect("the record works");
    store.mark_alive(at, SignedDuration::from_mins(3)).expect("the record works");
}

/// Where the daemon that is to be killed keeps its record.
const FOLDER: &str = "SITEWARDEN_TEST_RECORD";

#[test]
#[ignore = "the other half of the test below, which kills it"]
fn watches_until_it_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = store::open(&record(Path::new(&folder))).expect("a record");
    observe(&*store, State::Up, moment("2026-11-01 00:00"));
    observe(&*store, State::Down, moment("2026-11-01 00:01"));
    println!("\nraised");
    std::thread::sleep(Duration::from_secs(600));
}

#[test]
fn what_was_raised_survives_a_kill_and_the_silence_after_it_is_unknown() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut daemon = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "duty::watches_until_it_is_killed", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let said = BufReader::new(daemon.stdout.take().expect("a pipe"));
    let raised = said.lines().map_while(Result::ok).any(|line| line.contains("raised"));
    daemon.kill().expect("it is killed");
    daemon.wait().expect("it is gone");
    assert!(raised, "it came that far");

    let store = store::open(&record(folder.path())).expect("nothing is locked");
    let (last, back) = (moment("2026-11-01 00:01"), moment("2026-11-01 05:00"));
    let gap = Some(Span::new(last, back));
    assert_eq!(store.gap_since_last_sign(back).expect("an answer"), gap);
    assert_eq!(store.mark_alive(back, SignedDuration::from_mins(3)).expect("an answer"), gap);
    observe(&*store, State::Up, back);
    observe(&*store, State::Up, back + SignedDuration::from_mins(2));
    let day = span("2026-11-01 00:00", "2026-11-02 00:00");
    let journal = store.journal("a-test", day).expect("an answer");
    let now = back + SignedDuration::from_mins(2);
    let account = ledger::account(&journal, &Spans::default(), day, SignedDuration::from_mins(5), now);
    assert_eq!(account.unknown.as_mins(), 299);
    assert_eq!((account.down.least.as_mins(), account.down.most.as_mins()), (0, 300), "nobody saw it");
}

/// Bytes that three months of probes of 50 targets, one a minute, may take in the record.
const THREE_MONTHS: u64 = 4 << 20;

#[test]
fn three_months_of_probes_fit_four_megabytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = store::open(&record(folder.path())).expect("a record");
    let start = moment("2026-08-01 00:00");
    // One visit an hour stands for sixty: a row is counted up in place, and either number takes one byte.
    let visit = |hour: i64, number: i64| Visit {
        target: target("a-test", &format!("https://www{number}.a.example.test/ v4")),
        at: start + SignedDuration::from_hours(hour),
        failed: number % 7 == 0,
    };
    for day in 0..92 {
        let of_day =
            (day * 24..day * 24 + 24).flat_map(|hour| (0..50).map(move |number| visit(hour, number)));
        store.count_visits(&of_day.collect::<Vec<_>>()).expect("the record works");
    }
    drop(store);
    let bytes = std::fs::metadata(folder.path().join("record.db")).expect("a file").len();
    assert!(bytes <= THREE_MONTHS, "{bytes} bytes");
}

fn sitewarden(folder: &Path, command: &[&str], rest: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sitewarden"))
        .args(command)
        .arg("https://www.a.test/")
        .args(rest)
        .arg("--data")
        .arg(folder)
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn the_command_line_shows_what_was_recorded_and_entered() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |command: &[&str], rest: &[&str]| sitewarden(folder.path(), command, rest);
    assert_eq!(said(&run(&["ticket", "list"], &[])), "没有报障单\n");
    let store = store::open(&record(folder.path())).expect("a record");
    // Every minute of a day, with half an hour of fault.
    let (start, first, after) =
        (moment("2026-11-01 00:00"), moment("2026-11-01 08:00"), moment("2026-11-01 08:30"));
    let signs: Vec<Sign> = (0..=24 * 60)
        .map(|minute| {
            let at = start + SignedDuration::from_mins(minute);
            let state = if first <= at && at < after { State::Down } else { State::Up };
            sign(state, at)
        })
        .collect();
    store.observe(&signs).expect("the record works");
    for sign in [&signs[0], &signs[signs.len() - 1]] {
        store.mark_alive(sign.at, SignedDuration::from_hours(24)).expect("the record works");
    }
    drop(store);

    let told = said(&run(&["ledger"], &["--period", "2026-11-01"]));
    assert!(told.contains("故障 30 分 至 31 分") && told.contains("监测覆盖 100%"), "{told}");
    let contract = ["--profile", "sichuan", "--period", "2026-11-01"];
    let told = said(&run(&["contract"], &contract));
    assert!(told.contains("SLA-02 故障恢复时间（逐次）\n  结论：达标"), "{told}");
    let exclusion =
        ["--from", "2026-11-01 08:00", "--until", "2026-11-01 08:20", "--by", "张三", "--note", "升级"];
    let unapproved = said(&run(&["exclude", "add"], &exclusion));
    assert!(unapproved.contains("未经批准，不扣除"), "{unapproved}");
    said(&run(&["exclude", "add"], &[&exclusion[..], &["--approved-by", "李四"]].concat()));
    let json: serde_json::Value =
        serde_json::from_str(&said(&run(&["ledger"], &["--period", "2026-11-01", "--format", "json"])))
            .expect("JSON");
    assert_eq!(json["whole"]["down_s"]["least"], 600.0);
    assert_eq!(json["whole"]["recorded_down_s"]["least"], 1_800.0, "the record keeps it");
    assert_eq!(json["whole"]["maintenance_s"], 1_200.0);

    let ticket = [
        "--category",
        "general",
        "--system",
        "门户",
        "--opened",
        "2026-11-01 09:00",
        "--by",
        "王五",
        "--note",
        "打不开",
    ];
    said(&run(&["ticket", "add"], &ticket));
    let step = [
        "--ticket",
        "1",
        "--step",
        "answered",
        "--at",
        "2026-11-02 09:00",
        "--by",
        "张三",
        "--note",
        "电话答复",
    ];
    assert!(said(&run(&["ticket", "update"], &step)).contains("响应  2026-11-02 09:00  张三"));
    let told = said(&run(&["contract"], &["--profile", "shaoguan", "--period", "2026-11-01"]));
    assert!(
        told.contains("待核实")
            && told.contains("SG-01 一般故障：响应\n  结论：达标")
            && told.contains("报障单 1"),
        "{told}"
    );
    let service = said(&run(&["ledger"], &["--period", "2026-11-01", "--view", "service"]));
    assert!(service.contains("正常 24 小时") && !service.contains("暂定"), "{service}");
    let total =
        said(&run(&["contract"], &["--profile", "sichuan", "--quarters", "90,80,100,90", "--final", "80"]));
    assert_eq!(total, "84 分：合格\n");
    for refused in [
        run(&["contract"], &["--profile", "atlantis"]),
        run(&["ledger"], &["--period", "2026-13"]),
        run(&["exclude", "add"], &["--from", "soon", "--until", "later", "--by", "a", "--note", "b"]),
    ] {
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    }
}
