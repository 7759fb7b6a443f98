//! Documents are taken apart and read as XML, by another program than the one that wrote them.

use std::io::Read as _;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;
use crate::finding::Place;
use crate::life::Reported;
use crate::report::sample;

/// The parts of a document by name.
fn unzipped(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).expect("readable");
            let mut content = Vec::new();
            part.read_to_end(&mut content).expect("readable");
            (part.name().expect("UTF-8").into_owned(), content)
        })
        .collect()
}

fn text(report: &Report) -> String {
    words(&render(report).expect("rendered"))
}

/// The text of a document, after every part of it was read as XML.
pub(in crate::report) fn words(bytes: &[u8]) -> String {
    let mut said = String::new();
    for (name, content) in unzipped(bytes) {
        let content = String::from_utf8(content).expect("UTF-8");
        // What XML 1.0 forbids; the reader does not check it.
        let forbidden = |char: char| matches!(char, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        assert!(!content.contains(forbidden), "{name}");
        let mut reader = Reader::from_str(&content);
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")) {
                Event::Eof => break,
                Event::Text(part) if name == "word/document.xml" => {
                    said.push_str(part.as_ref());
                }
                Event::GeneralRef(entity) if name == "word/document.xml" => {
                    said.push_str(match entity.as_ref() {
                        "lt" => "<",
                        "gt" => ">",
                        "amp" => "&",
                        "quot" => "\"",
                        "apos" => "'",
                        other => panic!("entity {other}"),
                    });
                }
                Event::End(end) if end.name().as_ref() == "w:p" => said.push('\n'),
                _ => {}
            }
        }
    }
    said
}

#[test]
fn shows_everything() {
    let report = sample::report();
    let text = text(&report);
    for expected in [
        "政府网站监测问题清单",
        "示例市生态环境局",
        "单项否决（候选 1 · 已认定 1 · 达标 1 · 未检测 1）",
        "人工认定（未达标），王工，2026-11-21 08:30",
        "离单项否决还有多远",
        "首页 > 政务公开 > 通知公告",
        "相关链接：【第 1 号通知】附件下载",
        "abababab",
        "监测方式与栏目覆盖",
        "2 个，本次看到 1 个",
        "已知地址",
        "12,000",
        "签收日期",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    for reported in &report.findings {
        assert_eq!(text.matches(&reported.id.0).count(), 1, "each finding stands there once");
    }
    let list = &text[text.find("三、问题清单").expect("a chapter")..];
    let part = |name: &str| list.find(name).unwrap_or_else(|| panic!("no part {name}"));
    assert!(part("单项否决（1 个）") < part("扣分指标（") && part("扣分指标（") < part("其他问题（"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = sample::report();
    assert_eq!(render(&report).expect("rendered"), render(&report).expect("rendered"));
}

#[test]
fn an_empty_and_a_failed_report_are_documents() {
    assert!(text(&sample::clean()).contains("未发现问题"));
    assert!(text(&sample::failed()).contains("本次没有可用的指标结果"));
}

#[test]
fn hostile_text_stays_text() {
    let check = |hostile: &str, expected: &str| {
        let mut report = sample::report();
        report.findings.truncate(1);
        let finding = &mut report.findings[0].finding;
        finding.evidence = hostile.to_owned();
        finding.page = hostile.to_owned();
        finding.samples = vec![hostile.to_owned()];
        finding.proof.title = Some(hostile.to_owned());
        finding.place = Some(Place { context: Some(hostile.to_owned()), ..Place::default() });
        report.site_name = hostile.to_owned();
        assert!(text(&report).contains(expected), "{expected}");
    };
    check("</w:t></w:r><w:p>&bogus;", "</w:t></w:r><w:p>&bogus;");
    check("a\0b\u{1b}[31m\u{b}\u{202e}c", "a<U+0000>b<U+001B>[31m<U+000B><U+202E>c");
    check("a\u{ffff}b\u{fffe}", "a<U+FFFF>b<U+FFFE>");
    check("]]><!-- <?xml &amp; &#0;", "]]><!-- <?xml &amp; &#0;");
    check("_x000D_ \u{1f43c}", "_x000D_ \u{1f43c}");
    check(&"长".repeat(100_000), "长…");
}

#[test]
fn thousands_of_findings_are_capped_honestly() {
    let mut report = sample::report();
    let model = report.findings.pop().expect("a finding");
    report.findings = (0..1_434).map(|_| Reported { ..model.clone() }).collect();
    let text = text(&report);
    assert_eq!(text.matches(&model.id.0).count(), findings::ROWS);
    assert!(text.contains("另有 1,234 条未列出"));
}
