//! Nothing that was read nowhere is presented as law, in any output.

use std::io::{Cursor, Read as _};

use calamine::{Reader as _, Xlsx};

use super::{Format, Rescored, explain, render, rescored, sample};
use crate::facts::Coverage;
use crate::indicators::RuleSet;
use crate::score::{ColumnTally, Facts, HomeNewest, HomeOpened, ScoreSheet, Seen, score};

/// What every low figure must stand beside.
const REFERENCE: &str = "参考 ";

/// A sheet by this scale whose lines each rest on a document of their own name, so that every mention can be told.
fn marked(scale: &str) -> ScoreSheet {
    let facts = Facts {
        today: jiff::civil::date(2026, 11, 21),
        home: std::collections::BTreeSet::new(),
        home_opened: HomeOpened::Unknown("没有访问".to_owned()),
        home_newest: HomeNewest::Unknown("没有访问".to_owned()),
        columns: ColumnTally::default(),
        due: Vec::new(),
        guides: 12,
        searches: 4,
        not_offered: std::collections::BTreeSet::new(),
        services: true,
        only: None,
    };
    let coverage = Coverage::default();
    let seen = Seen { findings: &[], facts: &facts, coverage: &coverage, entries: &[] };
    let mut sheet = score(&RuleSet::built_in(), scale, &seen);
    for (number, line) in sheet.lines.iter_mut().enumerate() {
        line.authority = format!("文号第{number}之");
    }
    sheet
}

/// Every text that a format shows.
fn shown(sheet: &ScoreSheet, format: Format) -> String {
    let mut report = sample::report();
    report.score = sheet.clone();
    let bytes = render(&report, format).expect("rendered");
    match format {
        Format::Xlsx => {
            let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).expect("a spreadsheet");
            let cells = book.worksheets().into_iter().flat_map(|(_, range)| {
                range.cells().map(|(_, _, cell)| cell.to_string()).collect::<Vec<_>>()
            });
            cells.collect::<Vec<_>>().join("\n")
        }
        Format::Docx => {
            let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
            let mut text = String::new();
            let mut part = archive.by_name("word/document.xml").expect("the document");
            part.read_to_string(&mut text).expect("UTF-8");
            text
        }
        _ => String::from_utf8(bytes).expect("UTF-8"),
    }
}

#[test]
fn only_what_was_read_is_presented_as_law() {
    for scale in RuleSet::built_in().scales() {
        let sheet = marked(&scale.id);
        for format in [Format::Text, Format::Html, Format::Xlsx, Format::Docx] {
            let text = shown(&sheet, format);
            for line in &sheet.lines {
                let places: Vec<usize> = text.match_indices(&line.authority).map(|(at, _)| at).collect();
                assert!(!places.is_empty(), "{format:?} does not show what {} rests on", line.id);
                for at in places {
                    let as_reference = text[..at].ends_with(REFERENCE);
                    assert_eq!(as_reference, !line.is_requirement(), "{format:?} {} {}", scale.id, line.id);
                }
                let low = format!("数值未与原文核对，可信度 {}", line.confidence);
                assert_eq!(line.expectation.contains(&low), !line.is_requirement(), "{}", line.expectation);
            }
        }
    }
}

#[test]
fn programs_are_told_what_may_be_called_a_requirement() {
    for scale in RuleSet::built_in().scales() {
        let sheet = marked(&scale.id);
        let report = shown(&sheet, Format::Json);
        let again = Rescored {
            site: "demo".to_owned(),
            scan: 1,
            finished: jiff::Timestamp::UNIX_EPOCH,
            stored: sheet.clone(),
            score: Some(sheet.clone()),
        };
        for json in [report, rescored::json(&again)] {
            let value: serde_json::Value = serde_json::from_str(&json).expect("JSON");
            let lines = value["score"]["lines"].as_array().expect("lines");
            assert_eq!(lines.len(), sheet.lines.len());
            for (told, line) in lines.iter().zip(&sheet.lines) {
                assert_eq!(told["requirement"], line.is_requirement(), "{}", line.id);
                assert_eq!(told["confidence"], line.confidence, "{}", line.id);
            }
        }
    }
}

#[test]
fn an_explanation_says_how_sure_it_is() {
    let rules = RuleSet::built_in();
    for rule in rules.scales().iter().flat_map(|scale| rules.rules(&scale.id)) {
        let text = explain::explain(&rules, &rule.id).expect("there is such a rule");
        assert!(text.contains(&format!("可信度：{}", rule.confidence)), "{text}");
    }
}
