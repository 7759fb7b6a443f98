//! What a browser shows, against what we say: every link of the fixtures of dark links, rendered by Chromium.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sitewarden::address::Address;
use sitewarden::facts::LinkKind;
use sitewarden::indicators::RuleSet;
use sitewarden::page::{Page, Sheets, Source, parse};
use sitewarden::script::Readings;

use crate::scans::HOME;

/// Of a thousand links, so many must be judged as the browser shows them.
const AGREEMENT: usize = 980;

/// These leave for another page or have none of their own, use a library that is not there, or wait.
const SKIPPED: &[&str] = &["t54.html", "t55.html", "t46.html", "t46b.html", "t47.html"];

const DRIVER: &str = include_str!("rendered/driver.js");

/// A link, and whether it can be seen.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Shown {
    page: String,
    number: usize,
    is_seen: bool,
}

#[test]
fn a_browser_agrees() {
    let pages = pages();
    let Some(rendered) = rendered(&pages) else {
        return println!("skipped: chromium is not installed");
    };
    let judged: Vec<Shown> = pages.iter().flat_map(judge).collect();
    let numbers = |shown: &[Shown]| -> Vec<(String, usize)> {
        shown.iter().map(|shown| (shown.page.clone(), shown.number)).collect()
    };
    assert_eq!(numbers(&judged), numbers(&rendered), "not the same links");
    let wrong: Vec<&Shown> =
        judged.iter().zip(&rendered).filter(|(ours, theirs)| ours != theirs).map(|(ours, _)| ours).collect();
    println!("{} links, judged otherwise than shown: {wrong:#?}", judged.len());
    assert!((judged.len() - wrong.len()) * 1000 >= judged.len() * AGREEMENT, "{wrong:#?}");
}

/// The pages of both fixtures.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/dark-link");
    let mut pages = Vec::new();
    for side in ["fires", "quiet"] {
        let entries = fs::read_dir(root.join(side)).expect("a readable folder").flatten();
        pages.extend(entries.map(|entry| entry.path()).filter(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.ends_with(".html") && !SKIPPED.contains(&name)
        }));
    }
    pages.sort();
    pages
}

/// `fires/t01.html`.
fn name(path: &Path) -> String {
    let parts: Vec<&str> = path.iter().rev().take(2).filter_map(|part| part.to_str()).collect();
    format!("{}/{}", parts[1], parts[0])
}

fn judge(path: &PathBuf) -> Vec<Shown> {
    let body = fs::read(path).expect("readable");
    let address = Address::parse(HOME).expect("a good address");
    let content_type = Some("text/html; charset=utf-8");
    let page = parse(Source { address: &address, content_type, body: &body, is_home: false });
    let sheets = Sheets::default();
    let sheet = address.resolve("/css/site.css", encoding_rs::UTF_8).expect("a good address");
    let css = path.parent().map(|folder| folder.join("css/site.css"));
    sheets.insert(&sheet, &css.and_then(|css| fs::read(css).ok()).unwrap_or_default());
    let rules = RuleSet::built_in();
    let acted = page.acted(&Readings::default(), &|_| true);
    let page = acted.page();
    let (sight, _) = page.sight(&sheets, acted.hidden(), &rules.hosts().dark_link.sight);
    let shown = |(number, link): (usize, &sitewarden::page::Link)| Shown {
        page: name(path),
        number,
        is_seen: sight.hidden(link.node).is_none(),
    };
    anchors(page).enumerate().map(shown).collect()
}

/// The `a` elements with an address, as the browser is asked for them.
fn anchors(page: &Page) -> impl Iterator<Item = &sitewarden::page::Link> {
    page.links.iter().filter(|link| link.kind == LinkKind::Anchor && page.element(link.node) == Some("a"))
}

/// What Chromium shows; `None` where it is not installed.
fn rendered(pages: &[PathBuf]) -> Option<Vec<Shown>> {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let mut frames = String::new();
    for (number, path) in pages.iter().enumerate() {
        // Seen from the root of the file system, addresses from the root of the site lead nowhere.
        let html = fs::read_to_string(path)
            .expect("UTF-8")
            .replace("=\"/css/", "=\"css/")
            .replace("=\"/img/", "=\"img/");
        fs::write(folder.path().join(format!("{number}.html")), html).expect("writable");
        frames += &format!(
            "<iframe name=\"{}\" src=\"{number}.html\" width=\"1366\" height=\"9000\"></iframe>\n",
            name(path)
        );
    }
    for (kind, file) in [("css", "fires/css/site.css"), ("img", "quiet/img/dot.png")] {
        fs::create_dir(folder.path().join(kind)).expect("a new folder");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/dark-link").join(file);
        let to = folder.path().join(kind).join(Path::new(file).file_name().expect("a file"));
        fs::copy(from, to).expect("a copy");
    }
    let driver = folder.path().join("driver.html");
    let html = format!("<!DOCTYPE html><meta charset=utf-8><body>{frames}<script>{DRIVER}</script></body>");
    fs::write(&driver, html).expect("writable");
    let profile = folder.path().join("profile");
    let browser = Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"])
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=20000"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg("--dump-dom")
        .arg(&driver)
        .output()
        .ok()?;
    let dump = String::from_utf8_lossy(&browser.stdout).into_owned();
    let verdicts = dump.split("<pre id=\"verdicts\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let verdicts = verdicts.unwrap_or_else(|| panic!("{dump}\n{}", String::from_utf8_lossy(&browser.stderr)));
    let shown = verdicts.lines().map(|line| {
        let parts: Vec<&str> = line.split(' ').collect();
        let [page, number, verdict] = parts.as_slice() else { panic!("{line}") };
        Shown {
            page: (*page).to_owned(),
            number: number.parse().expect("a number"),
            is_seen: *verdict == "seen",
        }
    });
    Some(shown.collect())
}
