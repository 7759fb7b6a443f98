//! What people hand in as registers is what scans and readings go by, without a line of configuration.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use sitewarden::diff::Step;
use sitewarden::registers::{ColumnRow, Holder, Rows};
use sitewarden::scan::Shared;
use sitewarden::store::{Action, NewRegister};

use crate::scans::Scratch;

fn page(folder: &Path, name: &str, body: &str) {
    let html = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>示例市生态环境局</title></head><body>{body}</body></html>"
    );
    fs::write(folder.join(name), html).expect("writable");
}

/// Accepts registers of the site, as the dashboard does.
fn accept(scratch: &Scratch, registers: Vec<Rows>) {
    let shared = Shared::open(&scratch.settings).expect("everything opens");
    let at = Timestamp::now();
    let empty = String::new;
    let note =
        Action { at, actor: empty(), address: empty(), what: empty(), subject: empty(), detail: empty() };
    for rows in registers {
        let (site, file, author) = (scratch.site.id.clone(), "名册.csv".to_owned(), "张三".to_owned());
        let register = NewRegister { site, rows, file, author, at };
        shared.store.put_register(&register, &note).expect("the record works");
    }
}

#[test]
fn people_columns_and_exceptions_of_registers_are_used_by_scans_and_readings() {
    let (folder, scratch) = (tempfile::tempdir().expect("a scratch folder"), Scratch::new());
    let folder = folder.path();
    page(folder, "index.html", "<a href=\"a.html\">大气环境</a>");
    page(folder, "a.html", "<a href=\"b.html\">动态</a>");
    page(folder, "b.html", "<p>示例市生态环境局局长甘晓豪调研大气污染防治，要求部署帐户管理。</p>");
    let found = |report: &sitewarden::report::Report| {
        let whats = report.findings.iter().map(|reported| reported.finding.what.clone());
        whats.collect::<Vec<_>>()
    };
    let before = found(&scratch.scan(folder));
    assert!(before.contains(&"帐户".to_owned()) && !before.contains(&"甘晓豪".to_owned()), "{before:?}");

    let (from, until) = (Some(jiff::civil::date(2024, 3, 1)), None);
    let holder =
        |name: &str, title: &str| Holder { name: name.to_owned(), title: title.to_owned(), from, until };
    let column = ColumnRow {
        name: "大气环境".to_owned(),
        url: "/a.html".to_owned(),
        kind: None,
        cycle_days: Some(3_650),
    };
    accept(
        &scratch,
        vec![
            Rows::Roster(vec![holder("甘晓毫", "示例市生态环境局局长")]),
            Rows::Columns(vec![column]),
            Rows::Allow(vec!["misspelling:帐户".to_owned()]),
        ],
    );
    let after = found(&scratch.scan(folder));
    assert!(after.contains(&"甘晓豪".to_owned()) && !after.contains(&"帐户".to_owned()), "{after:?}");
    let columns = scratch.columns().expect("there is a scan");
    assert!(columns.iter().any(|judged| judged.column.name == "大气环境"), "{}", columns.len());

    // The column is where a reading begins, though the home page leads to nothing new.
    page(folder, "a.html", "<a href=\"b.html\">动态</a><p>示例市生态环境局局长甘小毫主持会议。</p>");
    let reading = scratch.read(folder);
    let opened: Vec<&str> = reading.changes.of(Step::Opened).map(|one| one.finding.what.as_str()).collect();
    assert!(opened.contains(&"甘小毫"), "{opened:?}");
}
