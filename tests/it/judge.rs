//! Judging what was seen before: again without a site, by other dictionaries, and over the life of findings.

use std::{fs, path::Path};

use sitewarden::life::Life;
use sitewarden::report::Report;

use crate::scans::{Scratch, scan_folder};

const WITH_TAGS: &str = "<meta name=\"SiteName\" content=\"示例\"><meta name=\"SiteDomain\" content=\"a\">";

/// A site of three articles, two of them with a misspelt word.
fn site(folder: &Path) {
    for (name, title, text) in [
        (
            "index.html",
            "示例网站",
            "<a href=\"/a.html\">一</a> <a href=\"/b.html\">二</a> <a href=\"/c.html\">三</a>",
        ),
        ("a.html", "第一则", "各单位要认真布署，加强示范词管理。"),
        ("b.html", "第二则", "加强幅射安全监管。<a href=\"/gone.html\">附注</a>"),
        (
            "c.html",
            "第三则",
            "会议听取了工作情况汇报。<a href=\"/cut.png\">附图</a><a href=\"/plan.txt\">安排</a>",
        ),
    ] {
        write(folder, name, title, text);
    }
    fs::write(folder.join("cut.png"), "<html>no picture</html>").expect("writable");
    fs::write(folder.join("plan.txt"), "做好秸杆禁烧工作。").expect("writable");
}

fn write(folder: &Path, name: &str, title: &str, text: &str) {
    let page = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{title}</title>{WITH_TAGS}</head>\
         <body><p>{text}</p></body></html>"
    );
    fs::write(folder.join(name), page).expect("writable");
}

/// What a report says, without what differs from one judgement to the next.
fn findings(report: &Report) -> Vec<String> {
    let findings = report.findings.iter().map(|reported| {
        let finding = &reported.finding;
        format!(
            "{} {} {} {:?} {}",
            finding.check, finding.page, finding.what, finding.place, finding.evidence
        )
    });
    findings.collect()
}

fn life(report: &Report, what: &str) -> Option<Life> {
    let all = report.findings.iter().chain(&report.fixed);
    all.filter(|reported| reported.finding.what == what).map(|reported| reported.state).next()
}

#[test]
fn judges_again_without_the_site() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    site(folder.path());
    let scratch = Scratch::new();
    let scanned = scratch.scan(folder.path());
    assert!(scanned.findings.len() >= 5, "{:#?}", findings(&scanned));
    assert_eq!(scanned.coverage.attachments, 1);
    drop(folder);
    let judged = scratch.judge();
    assert_eq!(findings(&judged), findings(&scanned));
    assert!(judged.findings.iter().all(|reported| reported.state == Life::Open));
    assert_eq!(judged.fixed, []);
    assert_eq!(findings(&scratch.judge()), findings(&scanned));
}

#[test]
fn judges_by_a_dictionary_that_came_later() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    site(folder.path());
    let mut scratch = Scratch::new();
    let scanned = scratch.scan(folder.path());
    drop(folder);
    let dictionaries = tempfile::tempdir().expect("a scratch folder");
    let dictionary = "# what: 本单位用词\n# source: composed for this test\n# licence: Apache-2.0\n# date: 2026-11-21\n\
                      # kind: words\n# class: misspelling\n# tier: S2\n# confidence: confirmed\n示范词 → 示例词\n";
    fs::write(dictionaries.path().join("own.txt"), dictionary).expect("writable");
    scratch.settings.dictionaries_dir = Some(dictionaries.path().to_owned());
    let judged = scratch.judge();
    assert_eq!(judged.findings.len(), scanned.findings.len() + 1, "{:#?}", findings(&judged));
    assert_eq!(life(&judged, "示范词"), Some(Life::New));
    assert_eq!(life(&judged, "布署"), Some(Life::Open));
}

#[test]
fn what_is_mended_is_fixed_and_what_is_not_seen_stays_open() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    site(folder.path());
    let scratch = Scratch::new();
    let first = scratch.scan(folder.path());
    assert_eq!(life(&first, "布署"), Some(Life::New));
    assert_eq!(life(&first, "幅射安全"), Some(Life::New));
    // The one is corrected; to the other no link leads any more.
    write(folder.path(), "a.html", "第一则", "各单位要认真部署。");
    write(folder.path(), "index.html", "示例网站", "<a href=\"/a.html\">一</a> <a href=\"/c.html\">三</a>");
    let second = scratch.scan(folder.path());
    assert_eq!(life(&second, "布署"), Some(Life::Fixed));
    assert_eq!(life(&second, "幅射安全"), Some(Life::Open));
    // Back again.
    write(folder.path(), "a.html", "第一则", "各单位要认真布署。");
    assert_eq!(life(&scratch.scan(folder.path()), "布署"), Some(Life::Reopened));
    // All of it could be found by somebody who starts anew, too.
    assert_eq!(life(&scan_folder(folder.path()), "布署"), Some(Life::New));
}

#[test]
fn the_speller_learns_how_the_site_writes() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    site(folder.path());
    write(folder.path(), "a.html", "第一则", "推动和美湘村建设。");
    write(folder.path(), "b.html", "第二则", "全省打造和美湘村品牌。");
    write(folder.path(), "c.html", "第三则", "会议研究了和美湘村示范工作。各级要严格落实主体责认。");
    let mut scratch = Scratch::new();
    scratch.settings.speller = true;
    let doubted = |report: &Report| -> Vec<String> {
        let doubted =
            report.findings.iter().filter(|reported| reported.finding.check == "likely-misspelling");
        doubted.map(|reported| reported.finding.what.clone()).collect()
    };
    let first = doubted(&scratch.scan(folder.path()));
    assert!(first.iter().any(|what| what.contains('湘')), "{first:?}");
    let second = doubted(&scratch.judge());
    assert!(second.iter().all(|what| !what.contains('湘')), "{second:?}");
    assert!(second.iter().any(|what| what.contains("责认")), "{second:?}");
}
