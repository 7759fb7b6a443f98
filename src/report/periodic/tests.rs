//! Documents of one small invented record: what they say, that they always say the same, and that nothing in them does
//! more than be read.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::address::Address;
use crate::config::Site;
use crate::contract::{self, Exclusion, ExclusionKind, Origin, Step, StepKind, Ticket};
use crate::facts::Coverage;
use crate::indicators::{self, RuleSet};
use crate::ledger::{self, HourVisits, Interval, Journal, Period, Span, Spans, State, Target, hour_of};
use crate::life::{Life, Reported};
use crate::report::docx::tests::words as text_of;
use crate::report::ledger::{Statement, bounds};
use crate::report::sample;
use crate::score::{ColumnTally, Facts, HomeNewest, HomeOpened};
use crate::store::{Author, ReadingId, ReadingRow, ScanId, ScanResult, ScanRow, ScanState, Turn};

/// Everything that a record holds; a document borrows from it.
struct Record {
    site: Site,
    zone: TimeZone,
    rules: RuleSet,
    journal: Journal,
    scans: Vec<ScanRow>,
    findings: Vec<Tracked>,
    readings: Vec<ReadingRow>,
    tickets: Vec<Ticket>,
    exclusions: Vec<Exclusion>,
    now: Timestamp,
}

fn at(text: &str) -> Timestamp {
    format!("{text}+08:00").parse().expect("a moment")
}

impl Record {
    fn empty() -> Record {
        let home = Address::parse("https://www.example.gov.cn/").expect("a good address");
        Record {
            site: Site {
                id: "demo".to_owned(),
                name: Some("示例市生态环境局".to_owned()),
                ..Site::at(&home, &[])
            },
            zone: TimeZone::get("Asia/Shanghai").expect("a known zone"),
            rules: RuleSet::built_in(),
            journal: Journal::default(),
            scans: Vec::new(),
            findings: Vec::new(),
            readings: Vec::new(),
            tickets: Vec::new(),
            exclusions: Vec::new(),
            now: at("2027-01-05T09:00"),
        }
    }

    /// A fault on the 8th, a scan on the 21st with everything it found, one finding mended on the 22nd.
    fn small() -> Record {
        let mut record = Record::empty();
        let [begin, failed, mended] =
            [at("2026-11-01T00:00"), at("2026-11-08T11:05"), at("2026-11-08T12:25")];
        let interval = |id, state, earliest: Timestamp, start, end| Interval {
            id,
            target: Target { site: "demo".to_owned(), name: "首页 IPv4".to_owned() },
            cause: "http".to_owned(),
            state,
            earliest,
            start,
            last: end,
            end: Some(end),
        };
        let end = at("2026-12-01T00:00");
        record.journal = Journal {
            intervals: vec![
                interval(1, State::Up, begin, begin, failed),
                interval(2, State::Down, at("2026-11-08T11:00"), failed, mended),
                interval(3, State::Up, mended, mended, end),
            ],
            watches: vec![Span::new(begin, end)],
            steps: Vec::new(),
        };
        let report = sample::report();
        record.scans = vec![ScanRow {
            id: ScanId(report.scan),
            site: "demo".to_owned(),
            home: report.home.clone(),
            rules_version: report.score.rules_version.clone(),
            started: report.started,
            state: ScanState::Finished(Box::new(ScanResult {
                finished: report.finished,
                coverage: report.coverage.clone(),
                score: report.score.clone(),
            })),
        }];
        record.findings =
            report.findings.into_iter().take(4).map(|found| new(found, report.finished)).collect();
        record.findings[0].turns.push(turn(at("2026-11-22T08:00"), Some(Life::New), Life::Fixed));
        record.readings = vec![ReadingRow {
            id: ReadingId(5),
            site: "demo".to_owned(),
            started: at("2026-11-22T08:00"),
            finished: at("2026-11-22T08:03"),
            coverage: Coverage { visited: 14, pages: 12, requests: 20, ..Coverage::default() },
            opened: 0,
            fixed: 1,
        }];
        let step = |kind, at, note: &str| Step {
            kind,
            at,
            person: "李四".to_owned(),
            note: note.to_owned(),
            entered: at,
        };
        record.tickets = vec![Ticket {
            number: 3,
            site: "demo".to_owned(),
            category: indicators::Category::SystemDown,
            system: "门户".to_owned(),
            what: "网站无法打开".to_owned(),
            opened: at("2026-11-08T11:10"),
            opened_by: "王五".to_owned(),
            steps: vec![
                step(StepKind::Answered, at("2026-11-08T11:15"), "已电话响应"),
                step(StepKind::Solved, at("2026-11-08T12:25"), "数据库连接池耗尽，已扩容"),
            ],
        }];
        record.exclusions = vec![Exclusion {
            origin: Origin::Entered { number: 1, at: at("2026-11-07T10:00") },
            span: Span::new(at("2026-11-08T12:05"), at("2026-11-08T12:25")),
            kind: ExclusionKind::NotOurs,
            reason: "机房停电".to_owned(),
            author: "张三".to_owned(),
            approved_by: Some("赵六".to_owned()),
            withdrawn: None,
        }];
        record
    }

    fn account(&self, period: Period) -> ledger::Account {
        let (span, gap) = (period.span(&self.zone), SignedDuration::from_mins(5));
        let excused: Spans = contract::approved(&self.exclusions);
        ledger::account(&self.journal, &excused, span, gap, self.now)
    }

    fn statement(&self, period: Period) -> Statement<'_> {
        let begun = |part: &Period| part.span(&self.zone).start() < self.now;
        let parts = period.parts().into_iter().filter(begun);
        Statement {
            site: &self.site.id,
            site_name: self.site.name.as_deref(),
            period,
            now: self.now,
            coverage_least: 0.95,
            whole: self.account(period),
            parts: parts.map(|part| (part, self.account(part))).collect(),
            failing: Vec::new(),
            steps: &[],
        }
    }

    fn about(&self, kind: Kind, period: Period) -> About<'_> {
        match kind {
            Kind::Quality => About::Answers(self.answers()),
            Kind::Fault => About::Fault(self.account(period).faults.pop().map(|fault| {
                let mut intervals = self.journal.intervals.clone();
                intervals.retain(|one| fault.intervals.contains(&one.id));
                let due = vec![(jiff::civil::date(2026, 11, 10), "某合同".to_owned(), "verified".to_owned())];
                Box::new(FaultStory { fault, intervals, incidents: vec![alarms::tests::story()], due })
            })),
            Kind::FullScan => About::Scan(self.scans.last().map(|row| {
                let ScanState::Finished(result) = &row.state else { panic!("it is finished") };
                let findings = self.findings.iter().map(|tracked| tracked.reported.finding.clone()).collect();
                let (row, result) = (row.clone(), (**result).clone());
                Box::new(Proven { row, result, facts: Some(facts(120)), findings })
            })),
            Kind::Ipv6 => About::Ipv6(
                (!self.scans.is_empty())
                    .then(|| Box::new(crate::ipv6::score(&crate::ipv6::sample::faulty(), &self.rules))),
            ),
            Kind::Contract => About::Contract(Box::new(contract::assess(
                &contract::Material {
                    contract: self.rules.contract("sichuan").expect("a built-in contract"),
                    availability: self.rules.availability(),
                    calendar: &self.rules.services().calendar,
                    journal: &self.journal,
                    alarms: None,
                    tickets: &self.tickets,
                    documents: None,
                    scans: &[],
                    exclusions: &self.exclusions,
                    period,
                    zone: &self.zone,
                },
                self.now,
            ))),
            Kind::Daily | Kind::Work | Kind::SelfCheck | Kind::Summary => About::Period,
        }
    }

    fn answers(&self) -> Answers {
        let hour = hour_of(at("2026-11-08T11:00"));
        let counts = self.journal.targets().into_iter().map(|target| {
            let of = |hour, failures| HourVisits { hour, visits: 12, failures };
            (target.clone(), vec![of(hour, 6), of(hour + 1, 0)])
        });
        let visits = counts.collect();
        let times = [(at("2026-10-08T03:00"), facts(90)), (at("2026-11-21T09:04"), facts(120))];
        let scans = if self.scans.is_empty() { Vec::new() } else { times.into() };
        Answers { visits, rule: self.rules.failure_rule(), scans }
    }

    fn make(&self, kind: Kind, period: &str) -> Document {
        let period: Period = period.parse().expect("a period");
        let material = Material {
            site: &self.site,
            period,
            zone: &self.zone,
            now: self.now,
            statement: self.statement(period),
            findings: self.findings.clone(),
            scans: self.scans.clone(),
            readings: self.readings.clone(),
            tickets: self.tickets.clone(),
            exclusions: self.exclusions.clone(),
            about: self.about(kind, period),
        };
        compose(kind, &material)
    }
}

fn facts(millis: u32) -> Facts {
    Facts {
        today: jiff::civil::date(2026, 11, 21),
        home: Default::default(),
        home_opened: HomeOpened::Yes { millis },
        home_newest: HomeNewest::Unknown(String::new()),
        columns: ColumnTally { fresh: 3, ..ColumnTally::default() },
        guides: 0,
        searches: 0,
        not_offered: Default::default(),
        due: Vec::new(),
        services: true,
        only: None,
    }
}

fn turn(at: Timestamp, before: Option<Life>, after: Life) -> Turn {
    Turn { at, before, after, author: Author::Scan(ScanId(7)), reason: String::new(), until: None }
}

fn new(reported: Reported, at: Timestamp) -> Tracked {
    Tracked { reported, turns: vec![turn(at, None, Life::New)] }
}

const EACH: [(Kind, &str); 9] = [
    (Kind::Daily, "2026-11-22"),
    (Kind::Work, "2026-11"),
    (Kind::SelfCheck, "2026-Q4"),
    (Kind::Quality, "2026-Q4"),
    (Kind::Summary, "2026-H2"),
    (Kind::Fault, "2026"),
    (Kind::FullScan, "2026"),
    (Kind::Ipv6, "2026"),
    (Kind::Contract, "2026"),
];

#[test]
fn a_month_reads_like_this() {
    insta::assert_snapshot!(body(&Record::small().make(Kind::Work, "2026-11")));
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let record = Record::small();
    for (kind, period) in EACH {
        let (once, twice) = (record.make(kind, period), record.make(kind, period));
        assert_eq!(html(&once), html(&twice), "{kind}");
        let bytes = |document: &Document| docx(document, record.now).expect("rendered");
        assert_eq!(bytes(&once), bytes(&twice), "{kind}");
    }
}

#[test]
fn later_scans_change_nothing_in_an_earlier_period() {
    let record = Record::small();
    let before = record.make(Kind::Work, "2026-W46");
    let account = record.account("2026-W46".parse().expect("a period"));
    assert!(before.said[1].contains(&bounds(account.down)), "{:?}", before.said);
    let mut later = Record::small();
    later.now = at("2027-06-01T00:00");
    let after = later.make(Kind::Work, "2026-W46");
    assert_eq!((before.said, before.sections), (after.said, after.sections));
}

#[test]
fn figures_are_those_of_the_ledger_and_of_the_score() {
    let record = Record::small();
    let page = html(&record.make(Kind::Fault, "2026"));
    let [fault] = &record.account("2026".parse().expect("a period")).faults[..] else { panic!("one fault") };
    assert_eq!(fault.repair.least, SignedDuration::from_mins(60), "twenty minutes were agreed not to count");
    for expected in
        [bounds(fault.repair), "2026-11-10（某合同，原文已核）".to_owned(), "数据库连接池耗尽".to_owned()]
    {
        assert!(page.contains(&expected), "{expected}");
    }
    let page = html(&record.make(Kind::SelfCheck, "2026-Q4"));
    let score = sample::report().score;
    assert!(page.contains(&score.verdict));
    for line in &score.lines {
        assert!(page.contains(&line.id) && page.contains(crate::report::wording::state(line)), "{}", line.id);
    }
    let page = html(&record.make(Kind::FullScan, "2026"));
    for expected in ["12,000", "签收日期", "完整性", "3 个：按期 3"] {
        assert!(page.contains(expected), "{expected}");
    }
    let page = html(&record.make(Kind::Ipv6, "2026"));
    for expected in ["未找到任何官方权重表", "未通过 IPv6 打开的二级链接"] {
        assert!(page.contains(expected), "{expected}");
    }
    let page = html(&record.make(Kind::Quality, "2026-Q4"));
    for expected in ["25.0%", "由前半段的 90 毫秒升至后半段的 120 毫秒", "<polyline"] {
        assert!(page.contains(expected), "{expected}");
    }
}

#[test]
fn the_report_of_a_fault_tells_who_was_told_and_who_knew() {
    let page = html(&Record::small().make(Kind::Fault, "2026"));
    for expected in ["告警与处置", "响应用时（告警至确认）", "4 分", "1 小时 20 分", "zhang", "被拒绝"]
    {
        assert!(page.contains(expected), "{expected}");
    }
    let [refused, all_clear] = ["被拒绝", "已恢复"].map(|word| page.find(word).expect(word));
    assert!(refused < all_clear, "in order");
    assert!(page.contains("script&#62;alert(1)&#60;/script"), "what people say stays text");
    assert!(!page.contains("<script"));
}

#[test]
fn an_empty_record_is_told_honestly() {
    let record = Record::empty();
    for (kind, period) in EACH {
        let document = record.make(kind, period);
        let page = body(&document);
        assert!(page.contains("没有"), "{kind} says what is missing");
        for wrong in ["监测正常", "未发现问题", "100%"] {
            assert!(!page.contains(wrong), "{kind}: {wrong}");
        }
        assert!(text_of(&docx(&document, record.now).expect("rendered")).contains(&document.title));
    }
}

#[test]
fn a_period_that_goes_on_is_provisional() {
    let mut record = Record::small();
    assert_eq!(record.make(Kind::Work, "2026-11").provisional, None);
    record.now = at("2026-11-23T00:00");
    let document = record.make(Kind::Work, "2026-11");
    assert!(html(&document).contains("报告期尚未结束"));
    assert!(document.facts.iter().any(|(_, value)| value == "2026-11-23 00:00:00"));
}

#[test]
fn hostile_text_stays_text() {
    let hostile = "<script>alert(1)</script>\u{202e}\u{1b}[31m</w:t>&bogus;";
    let mut record = Record::small();
    record.site.name = Some(hostile.to_owned());
    for tracked in &mut record.findings {
        tracked.reported.finding.page = format!("http://www.example.gov.cn/{hostile}");
        tracked.reported.finding.evidence = hostile.to_owned();
    }
    record.tickets[0].what = hostile.to_owned();
    record.tickets[0].steps[1].note = hostile.to_owned();
    record.exclusions[0].reason = hostile.to_owned();
    for interval in &mut record.journal.intervals {
        (interval.target.name, interval.cause) = (hostile.to_owned(), hostile.to_owned());
    }
    for (kind, period) in EACH {
        let document = record.make(kind, period);
        let page = html(&document);
        for forbidden in ["<script", "\u{202e}", "\u{1b}", "&bogus;", "href=", "src="] {
            assert!(!page.contains(forbidden), "{kind}: {forbidden:?}");
        }
        let said = text_of(&docx(&document, record.now).expect("rendered"));
        assert!(said.contains("<script>alert(1)</script><U+202E><U+001B>[31m</w:t>&bogus;"), "{kind}");
    }
}

#[test]
fn thousands_of_findings_are_cut_and_said_to_be() {
    let mut record = Record::small();
    let model = record.findings.pop().expect("a finding");
    record.findings = vec![model; 1_234];
    let page = html(&record.make(Kind::Work, "2026-11"));
    assert!(page.contains("另有 934 行未列出"));
}
