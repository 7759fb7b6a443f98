//! Dark links: every technique is found for the right reason, however it is spelt, and what a browser shows is what we
//! call visible.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sitewarden::finding::{Confidence, Finding};

use crate::scans::{HOME, Scratch, scan_folder};

fn fixtures(side: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/dark-link").join(side)
}

/// What is found on a site, by page.
fn found(folder: &Path) -> BTreeMap<String, Vec<Finding>> {
    let mut found: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for reported in scan_folder(folder).findings {
        let finding = reported.finding;
        if finding.check == "dark-link" {
            let page = finding.page.strip_prefix(HOME).unwrap_or_default().to_owned();
            found.entry(page).or_default().push(finding);
        }
    }
    found
}

/// Each technique of the catalogue, and by which words a finding names it.
fn reasons() -> Vec<(String, String)> {
    let text = fs::read_to_string(fixtures("fires").join("reasons.txt")).expect("the list of techniques");
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(page, reason)| (page.to_owned(), reason.to_owned()))
        .collect()
}

#[test]
fn every_technique_is_found_for_its_reason() {
    let found = found(&fixtures("fires"));
    for (page, reason) in reasons() {
        let findings = found.get(&page).unwrap_or_else(|| panic!("nothing found on {page}"));
        let evidence: Vec<&str> = findings.iter().map(|finding| finding.evidence.as_str()).collect();
        assert!(
            evidence.iter().any(|evidence| evidence.contains(&reason)),
            "{page}: {reason}: {evidence:#?}"
        );
        let is_placed =
            |finding: &Finding| finding.place.as_ref().is_some_and(|place| place.offset.is_some());
        assert!(findings.iter().all(is_placed), "{page}: {findings:#?}");
    }
}

#[test]
fn words_in_hidden_links_are_confirmed() {
    for (page, findings) in found(&fixtures("fires")) {
        let expected = match page.as_str() {
            "n1.html" | "t53.html" => Confidence::Note,
            "t20.html" | "t50.html" | "t52.html" | "t22b.html" | "t25.html" | "t28.html" | "t29.html"
            | "t30.html" | "t54.html" | "t55.html" | "t64.html" | "t27e.html" | "t83.html" | "t84.html"
            | "t85.html" | "t86.html" | "t92.html" | "q1.html" => Confidence::Probable,
            _ => Confidence::Confirmed,
        };
        let surest = findings.iter().map(|finding| finding.confidence).max();
        assert_eq!(surest, Some(expected), "{page}: {findings:#?}");
    }
}

/// Spells a page otherwise.
type Mutator = fn(&str) -> String;

/// The same page, spelt otherwise. None of this changes what a browser makes of it.
const MUTATORS: &[(&str, Mutator)] = &[
    ("words as entities", |html| {
        html.replace("六合彩", "&#20845;&#x5408;&#24425;").replace("时时彩", "&#26102;&#x65F6;&#24425;")
    }),
    ("tags in capitals", |html| {
        ["div", "a", "ul", "li", "p", "span"].iter().fold(html.to_owned(), |html, tag| {
            html.replace(&format!("<{tag} "), &format!("<{} ", tag.to_uppercase()))
                .replace(&format!("</{tag}>"), &format!("</{}>", tag.to_uppercase()))
        })
    }),
    ("line ends between attributes", |html| {
        html.replace("<a href", "<a\n\thref").replace("<div style=", "<div\r\n style=")
    }),
    ("another attribute first", |html| {
        html.replace("<a href", "<a data-x=\"1\" href").replace("<div style=", "<div lang=\"zh\" style=")
    }),
    ("scheme left out", |html| html.replace("href=\"http://t", "href=\"//t")),
    ("words parted by nothing", |html| html.replace("六合彩", "六\u{200b}合\u{2060}彩")),
    ("words parted by elements", |html| html.replace(">六合彩资料</a>", "><b>六合</b><i>彩资料</i></a>")),
    ("styles with comments and capitals", |html| {
        html.replace("style=\"", "style=\" ;/*x*/;").replace("display:none", "DISPLAY : None")
    }),
];

#[test]
fn spelling_changes_nothing() {
    let plain = verdicts(&found(&fixtures("fires")));
    for (name, mutate) in MUTATORS {
        let site = tempfile::tempdir().expect("a scratch folder");
        copy(&fixtures("fires"), site.path(), *mutate);
        let mutated = verdicts(&found(site.path()));
        let changed: Vec<_> =
            plain.iter().filter(|(page, plain)| mutated.get(*page) != Some(plain)).collect();
        assert!(changed.is_empty() && mutated.len() == plain.len(), "{name}: {changed:?}");
    }
}

/// The surest verdict on each page.
fn verdicts(found: &BTreeMap<String, Vec<Finding>>) -> BTreeMap<String, Option<Confidence>> {
    found
        .iter()
        .map(|(page, findings)| (page.clone(), findings.iter().map(|finding| finding.confidence).max()))
        .collect()
}

fn copy(from: &Path, to: &Path, change: Mutator) {
    for entry in fs::read_dir(from).expect("a readable folder").flatten() {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            fs::create_dir(&target).expect("a new folder");
            copy(&path, &target, change);
            continue;
        }
        let is_technique = path.extension().is_some_and(|end| end == "html")
            && !path.ends_with("index.html")
            && !path.ends_with("map.html");
        match is_technique {
            true => fs::write(target, change(&fs::read_to_string(&path).expect("UTF-8"))).expect("writable"),
            false => drop(fs::copy(&path, target).expect("a copy")),
        }
    }
}

#[test]
fn judging_again_sees_the_same() {
    let scratch = Scratch::new();
    let ids = |report: sitewarden::report::Report| -> Vec<(String, String)> {
        let findings = report.findings.into_iter().map(|reported| reported.finding);
        findings.map(|finding| (finding.page, finding.evidence)).collect()
    };
    let scanned = ids(scratch.scan(&fixtures("fires")));
    assert_eq!(ids(scratch.judge()), scanned);
}
