//! Files are read back by another program than the one that wrote them.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};

use super::*;
use crate::finding::{Category, Place};
use crate::life::Reported;
use crate::report::sample;

/// A sheet as read: its name, its rows.
type Read = (String, Vec<Vec<Data>>);

fn read(report: &Report) -> Vec<Read> {
    opened(render(report).expect("within the limits of the format"))
}

fn opened(bytes: Vec<u8>) -> Vec<Read> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a spreadsheet");
    let names = book.sheet_names();
    for name in &names {
        let formulas = book.worksheet_formula(name).expect("readable");
        assert!(formulas.used_cells().next().is_none(), "{name} has formulas");
    }
    names
        .into_iter()
        .map(|name| {
            let range = book.worksheet_range(&name).expect("readable");
            (name, range.rows().map(<[Data]>::to_vec).collect())
        })
        .collect()
}

fn sheet<'a>(sheets: &'a [Read], name: &str) -> &'a [Vec<Data>] {
    &sheets.iter().find(|(other, _)| other == name).unwrap_or_else(|| panic!("no sheet {name}")).1
}

/// The cell below a heading.
fn cell<'a>(rows: &'a [Vec<Data>], row: usize, heading: &str) -> &'a Data {
    let column = rows[0].iter().position(|cell| *cell == Data::String(heading.to_owned()));
    &rows[row][column.unwrap_or_else(|| panic!("no column {heading}"))]
}

/// What stands beside a label of the overview.
fn beside<'a>(sheets: &'a [Read], label: &str) -> Option<&'a Data> {
    let label = Data::String(label.to_owned());
    sheet(sheets, "概况").iter().find(|row| row[0] == label).map(|row| &row[1])
}

/// A report whose only finding is wrong in this way.
fn with(change: impl FnOnce(&mut Reported)) -> Vec<Read> {
    let mut report = sample::report();
    report.findings.retain(|reported| reported.finding.category == Category::Columns);
    change(&mut report.findings[0]);
    read(&report)
}

#[test]
fn shows_everything() {
    let report = sample::report();
    let sheets = read(&report);
    let names: Vec<_> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["概况", "评分", "站点可用性", "链接", "页面标签", "栏目更新", "文字内容", "已修复"]);
    let rows: usize = sheets[2..7].iter().map(|(_, rows)| rows.len() - 1).sum();
    assert_eq!(rows, report.findings.len());
    assert_eq!(sheet(&sheets, "评分").len(), report.score.lines.len() + 1);

    let links = sheet(&sheets, "链接");
    assert_eq!(*cell(links, 1, "序号"), Data::Float(1.0));
    let dead = links.iter().position(|row| row[2] == Data::String("sample-dead-link".to_owned()));
    let dead = dead.expect("a dead link");
    let check = |heading, expected: &str| {
        assert_eq!(*cell(links, dead, heading), Data::String(expected.to_owned()), "{heading}");
    };
    check("页面地址", "http://www.example.gov.cn/tz/1.html");
    check("问题目标", "http://www.example.gov.cn/gone/1.html");
    check("原文", "第 1 号通知");
    check("上下文", "相关链接：【第 1 号通知】附件下载");
    check("严重程度", "中");
    check("首次发现", "2026-11-01 09:04");
    check("状态", "持续");
    check("对应指标", "LINK-02");
    assert_eq!(*cell(links, dead, "状态码"), Data::Float(404.0));

    for (label, expected) in [
        ("已知地址", 12_000.0),
        ("已访问地址", 10_400.0),
        ("检查页面", 8_765.0),
        ("　超出本次扫描的页面数上限", 1_500.0),
        ("请求次数（含重试与跳转）", 10_987.0),
        ("其中：严重", 2.0),
    ] {
        assert_eq!(beside(&sheets, label), Some(&Data::Float(expected)), "{label}");
    }
    assert_eq!(beside(&sheets, "是否执行完毕"), Some(&Data::String("是".to_owned())));
    assert_eq!(beside(&sheets, "完整性"), Some(&Data::String("部分".to_owned())));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = sample::report();
    assert_eq!(render(&report).expect("rendered"), render(&report).expect("rendered"));
}

#[test]
fn an_empty_report_has_overview_and_score() {
    let sheets = read(&sample::clean());
    assert_eq!(sheets.len(), 2);
    assert_eq!(beside(&sheets, "问题总数"), Some(&Data::Float(0.0)));
    let failed = read(&sample::failed());
    assert_eq!(sheet(&failed, "评分").len(), 1);
    assert_eq!(beside(&failed, "完整性"), Some(&Data::String("失败".to_owned())));
    assert_eq!(beside(&failed, "问题总数"), None);
}

#[test]
fn hostile_text_stays_text() {
    let check = |text: &str, expected: &str| {
        let sheets = with(|reported| {
            reported.finding.evidence = text.to_owned();
            reported.finding.page = text.to_owned();
            reported.finding.samples = vec![text.to_owned()];
            reported.finding.place = Some(Place { context: Some(text.to_owned()), ..Place::default() });
        });
        for heading in ["问题描述（证据）", "页面地址", "示例页面", "上下文"] {
            let shown = cell(sheet(&sheets, "栏目更新"), 1, heading);
            assert_eq!(*shown, Data::String(expected.to_owned()), "{heading}");
        }
    };
    check("=HYPERLINK(\"http://a.test\",\"x\")", "'=HYPERLINK(\"http://a.test\",\"x\")");
    check("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0");
    check("@x", "'@x");
    check("a\0b\u{1b}[31m\u{202e}c", "a<U+0000>b<U+001B>[31m<U+202E>c");
    check("<t>&amp;]]></t>_x000D_", "<t>&amp;]]></t>_x000D_");
    check(&"x".repeat(100_000), &format!("{}…", "x".repeat(32_766)));
}

#[test]
fn what_was_cut_is_said() {
    let report = sample::report();
    let findings = vec![&report.findings[0]; 1_237];
    let looks = Looks::new();
    let mut workbook = Workbook::new();
    let cut = findings::limited("链接", findings.into_iter(), 3, &looks).expect("a sheet");
    workbook.push_worksheet(cut);
    let sheets = opened(workbook.save_to_buffer().expect("within the limits of the format"));
    let rows = sheet(&sheets, "链接");
    assert_eq!(rows.len(), 1 + 3 + 1);
    assert_eq!(rows[4][0], Data::String("另有 1,234 条未列出，完整清单见 findings.jsonl".to_owned()));
}
