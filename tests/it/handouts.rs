//! Documents that are handed in, by the command line, from a record that others write.

use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sitewarden::address::Address;
use sitewarden::config::{Settings, Site};
use sitewarden::duty::{self, Books, Order, View};
use sitewarden::indicators::{Category, RuleSet};
use sitewarden::ledger::{Period, Sign, State, Target};
use sitewarden::paper::Kind;
use sitewarden::report::periodic;
use sitewarden::schedule::TIME_ZONE;
use sitewarden::store::{self, NewTicket, Store};

/// A moment by the clock of Shanghai.
fn moment(text: &str) -> Timestamp {
    let zone = TimeZone::get(TIME_ZONE).expect("a known zone");
    sitewarden::config::values::moment(text, &zone).expect("a moment")
}

/// A day in November, with half an hour of fault and a ticket about it.
fn fill(store: &dyn Store) {
    let (start, first, after) =
        (moment("2025-11-01 00:00"), moment("2025-11-01 08:00"), moment("2025-11-01 08:30"));
    let signs = (0..=24 * 12).map(|number| {
        let at = start + SignedDuration::from_mins(number * 5);
        let state = if first <= at && at < after { State::Down } else { State::Up };
        let target = Target { site: "a-test".to_owned(), name: "首页 IPv4".to_owned() };
        Sign { target, cause: "http".to_owned(), state, since: at, at }
    });
    store.observe(&signs.collect::<Vec<_>>()).expect("the record works");
    for at in [start, start + SignedDuration::from_hours(24)] {
        store.mark_alive(at, SignedDuration::from_hours(24)).expect("the record works");
    }
    let ticket = NewTicket {
        site: "a-test".to_owned(),
        category: Category::SystemDown,
        system: "门户".to_owned(),
        what: "<b>打不开</b>".to_owned(),
        opened: moment("2025-11-01 08:05"),
        opened_by: "王五".to_owned(),
    };
    store.open_ticket(&ticket, None).expect("the record works");
}

fn report(folder: &Path, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sitewarden"))
        .arg("report")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the program starts")
}

#[test]
fn documents_are_made_while_the_record_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = "data_dir = \"data\"\n[[site]]\nid = \"a-test\"\nhome = \"https://www.a.test/\"\n";
    std::fs::write(folder.path().join("sitewarden.toml"), config).expect("writable");
    let url = format!("sqlite:{}", folder.path().join("data/record.db").display());
    // Whoever keeps the record goes on keeping it.
    let store = store::open(&url).expect("a record");
    fill(&*store);
    let made = report(folder.path(), "work --site a-test --period 2025-11 --format html,docx");
    assert!(made.status.success(), "{made:?}");
    let read = |name: &str| std::fs::read(folder.path().join("reports").join(name)).expect("a document");
    let page = String::from_utf8(read("a-test-work-2025-11.html")).expect("UTF-8");
    for expected in ["网站运维月报", "30 分 至 35 分", "&#60;b&#62;打不开", "故障 1 次"] {
        assert!(page.contains(expected), "{expected}");
    }
    assert!(read("a-test-work-2025-11.docx").starts_with(b"PK"));
    let made = report(folder.path(), "fault --period 2025-11 --format html --output of-faults");
    assert!(made.status.success(), "{made:?}");
    assert!(folder.path().join("of-faults/a-test-fault-2.html").exists());
    for (refused, why) in [
        ("daily --period 2025-11", "there is no daily report for 2025-11"),
        ("work --scan 3", "goes with the full-scan report"),
        ("full-scan --scan 99", "no finished scan 99"),
        ("fault --period 2025-11 --interval 77", "has interval 77"),
        ("contract --profile atlantis", "no contract atlantis"),
        ("novel", "invalid value 'novel'"),
    ] {
        let refused = report(folder.path(), refused);
        assert_eq!(refused.status.code(), Some(2), "{refused:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains(why), "{refused:?}");
    }
}

#[test]
fn the_same_record_gives_the_same_document_with_the_figures_of_the_ledger() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings::in_folder(folder.path());
    let store = store::open(&settings.store_url).expect("a record");
    fill(&*store);
    let home = Address::parse("https://www.a.test/").expect("a good address");
    let site = Site { id: "a-test".to_owned(), ..Site::at(&home, &[]) };
    let rules = Arc::new(RuleSet::built_in());
    let (now, period) = (moment("2025-12-09 09:00"), "2025-11".parse::<Period>().expect("a period"));
    let books = Books::read(&*store, rules.clone(), &settings, &site, period, View::Site, now);
    let account = books.expect("the record works").statement().whole;
    for kind in Kind::ALL {
        let order = Order::of(kind, kind.takes(period).then_some(period));
        let make = || duty::handout(&*store, &rules, &settings, &site, &order, now).expect("a document");
        let page = periodic::html(&make());
        assert_eq!(page, periodic::html(&make()), "{kind}");
        if matches!(kind, Kind::Work | Kind::Contract) {
            assert_eq!((account.down.least.as_mins(), account.down.most.as_mins()), (30, 35));
            assert!(page.contains("30 分 至 35 分"), "{kind}");
        }
    }
}

fn sitewarden(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sitewarden")).args(arguments).current_dir(folder).output();
    let output = output.expect("the program starts");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn what_was_handed_in_decides_on_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = "data_dir = \"data\"\n[[site]]\nid = \"a-test\"\nhome = \"https://www.a.test/\"\n";
    std::fs::write(folder.path().join("sitewarden.toml"), config).expect("writable");
    let url = format!("sqlite:{}", folder.path().join("data/record.db").display());
    fill(&*store::open(&url).expect("a record"));
    // The fault of 1 November, whose report was due by the end of the 3rd.
    let line = || {
        let period = ["--profile", "sichuan", "--period", "2025-11-01", "--format", "json"];
        let shown = sitewarden(folder.path(), &[&["contract", "--site", "a-test"], &period[..]].concat());
        let sheet: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
        let lines = sheet["lines"].as_array().expect("lines");
        let line = lines.iter().find(|line| line["id"] == "SLA-04a").expect("the line");
        let document = &sheet["documents"][0];
        (
            line["verdict"].as_str().expect("a word").to_owned(),
            document["state"].clone(),
            document["days"].clone(),
        )
    };
    let (verdict, state, _) = line();
    assert_eq!((verdict.as_str(), state.as_str()), ("not-met", Some("missing")));
    let file = folder.path().join("signed.pdf");
    std::fs::write(&file, b"signed").expect("writable");
    let hand_in = |at: &str| {
        let file = file.to_str().expect("UTF-8");
        let what = ["--kind", "fault", "--interval", "2", "--at", at, "--file", file];
        let people = ["--by", "王五", "--to", "李四"];
        sitewarden(
            folder.path(),
            &[&["paper", "hand-in", "--site", "a-test"], &what[..], &people[..]].concat(),
        )
    };
    assert!(hand_in("2025-11-05 09:00").contains("故障报告（台账区间 2）"));
    let (verdict, state, days) = line();
    assert_eq!((verdict.as_str(), state.as_str(), days.as_i64()), ("not-met", Some("late"), Some(2)));
    hand_in("2025-11-03 23:59");
    assert_eq!(line().0, "met", "the first one that was handed in counts, whenever it was entered");
    let withdraw =
        ["paper", "withdraw", "--site", "a-test", "--number", "2", "--by", "李四", "--note", "登记有误"];
    assert!(sitewarden(folder.path(), &withdraw).contains("李四 撤销：登记有误"));
    assert_eq!(line().1.as_str(), Some("late"));
    let listed = sitewarden(folder.path(), &["paper", "list", "--site", "a-test"]);
    assert_eq!(listed.lines().filter(|line| line.starts_with("提交")).count(), 2, "{listed}");
}
