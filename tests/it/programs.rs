//! Scripts that a site keeps in files of their own: read once each, judged like those that stand in a page, judged
//! again from the evidence, and watched by readings.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sitewarden::diff::Step;
use sitewarden::fetch::{Fetch, Fixture, Pending, Request};
use sitewarden::finding::{Confidence, Finding};
use sitewarden::report::{self, Format, Report};
use sitewarden::scan::Seen;

use crate::scans::{HOME, Scratch, scan_folder};
use crate::server::{Asked, Reply, Routes, Server};

/// The checks that look for intruders.
const CHECKS: [&str; 2] = ["dark-link", "hostile-script"];

/// What was put into files: it sends visitors of search engines away.
const PUT: &str = "if(/baidu/.test(document.referrer))location.href='http://evil.example/';\n";

/// A site of three pages that all load the same scripts; gives its folder.
fn site(scripts: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let tags: String = scripts.iter().map(|(name, _)| format!("<script src=\"/{name}\"></script>")).collect();
    for name in ["index.html", "a.html", "b.html"] {
        let page = format!("<title>某局</title>{tags}<a href=/a.html>甲</a><a href=/b.html>乙</a>");
        fs::write(folder.path().join(name), page).expect("writable");
    }
    for (name, code) in scripts {
        fs::write(folder.path().join(name), code).expect("writable");
    }
    folder
}

fn intrusions(report: &Report) -> Vec<&Finding> {
    let findings = report.findings.iter().map(|reported| &reported.finding);
    findings.filter(|finding| CHECKS.contains(&finding.check.as_str())).collect()
}

#[test]
fn one_file_is_one_finding_at_its_byte() {
    let code = format!("/* 说明 */var a=1;\n{PUT}");
    let folder = site(&[("common.js", code.as_bytes())]);
    let report = scan_folder(folder.path());
    let found = intrusions(&report);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].page, format!("{HOME}common.js"));
    assert_eq!(found[0].confidence, Confidence::Confirmed);
    let offset = found[0].place.as_ref().and_then(|place| place.offset).expect("a place");
    assert_eq!(&code.as_bytes()[offset as usize..][..8], b"location");
    assert!(found[0].proof.original.is_some(), "the file is kept as evidence");
}

#[test]
fn judging_again_sees_the_same() {
    let scratch = Scratch::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/hostile-script/fires");
    let said = |report: Report| -> Vec<(String, String)> {
        intrusions(&report).iter().map(|found| (found.page.clone(), found.evidence.clone())).collect()
    };
    let scanned = said(scratch.scan(&folder));
    assert!(scanned.iter().any(|(page, _)| page.ends_with("js/tail.js")), "{scanned:?}");
    assert_eq!(said(scratch.judge()), scanned);
}

#[test]
fn a_reading_sees_what_was_put_into_a_file_since_and_what_was_taken_out() {
    let scratch = Scratch::new();
    let clean = site(&[("common.js", b"var a=1;")]);
    scratch.scan(clean.path());
    let infected = site(&[("common.js", PUT.as_bytes())]);
    let steps = |folder: &Path| -> Vec<Step> {
        let changes = scratch.read(folder).changes.0;
        let of_files = changes.iter().filter(|change| change.row.reported.finding.check == "hostile-script");
        of_files.map(|change| change.step).collect()
    };
    assert_eq!(steps(infected.path()), [Step::Opened]);
    assert_eq!(steps(infected.path()), [Step::StillOpen]);
    assert_eq!(steps(clean.path()), [Step::Fixed]);
}

#[test]
fn a_script_says_the_same_in_a_file() {
    // Every technique in a page, taken out of it and appended to a library.
    let fires = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks/hostile-script");
    let library = fs::read_to_string(fires.join("quiet/js/query.min.js")).expect("a library");
    let library = format!("{library}/*{}*/\n", "-".repeat(5_000));
    let in_pages = verdicts(&scan_folder(&fires.join("fires")), "");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for page in fs::read_dir(fires.join("fires")).expect("a folder").flatten().map(|entry| entry.path()) {
        let name = page.file_stem().expect("a name").to_string_lossy().into_owned();
        let html = if page.is_file() { fs::read_to_string(&page).unwrap_or_default() } else { String::new() };
        let code = html.split_once("<script>").and_then(|(_, rest)| Some(rest.rsplit_once("</script>")?.0));
        // What spiders are told otherwise stands in the page, and what visitors see of an attribute does as well.
        if let Some(code) = code.filter(|_| name.starts_with('t') && !name.starts_with("t49")) {
            files.push((format!("{name}.js"), format!("{library}{code}").into_bytes()));
        }
    }
    assert!(files.len() >= 15, "{}", files.len());
    let named: Vec<(&str, &[u8])> = files.iter().map(|(name, code)| (&**name, &**code)).collect();
    let in_files = verdicts(&scan_folder(site(&named).path()), ".js");
    for (name, _) in &files {
        let name = name.trim_end_matches(".js");
        assert_eq!(in_files.get(name), in_pages.get(&format!("{name}.html")), "{name}: {in_files:?}");
    }
}

/// The surest verdict of `hostile-script` on each page, by the name of the page without its `end`.
fn verdicts(report: &Report, end: &str) -> BTreeMap<String, Confidence> {
    let mut verdicts = BTreeMap::new();
    for finding in intrusions(report).into_iter().filter(|finding| finding.check == "hostile-script") {
        let name = finding.page.trim_start_matches(HOME).trim_end_matches(end).to_owned();
        let surest = verdicts.entry(name).or_insert(finding.confidence);
        *surest = (*surest).max(finding.confidence);
    }
    verdicts
}

/// Counts requests for scripts.
struct Counting {
    inner: Fixture,
    scripts: Arc<AtomicUsize>,
}

impl Fetch for Counting {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        if request.address.extension().is_some_and(|name| name == "js") {
            self.scripts.fetch_add(1, Ordering::Relaxed);
        }
        self.inner.fetch(request)
    }
}

#[test]
fn a_script_is_fetched_once_for_all_pages() {
    let folder = site(&[("common.js", b"var a=1;"), ("menu.js", b"var b=1;")]);
    let scripts = Arc::new(AtomicUsize::new(0));
    let inner = Fixture::new(folder.path()).expect("a readable fixture");
    Scratch::new().scan_by(Counting { inner, scripts: scripts.clone() });
    assert_eq!(scripts.load(Ordering::Relaxed), 2);
}

#[test]
fn hostile_files_neither_hang_nor_panic() {
    let cases: [(&str, Vec<u8>); 8] = [
        ("zero.js", vec![0; 2 << 20]),
        ("high.js", vec![0xff; 2 << 20]),
        ("open.js", vec![b'('; 2 << 20]),
        ("slash.js", b"/".repeat(2 << 20)),
        ("tick.js", b"`${".repeat(700_000)),
        ("quote.js", b"'\\u0041".repeat(300_000)),
        ("call.js", b"function f(a){f(a);f(a);f(a)}f(1);".repeat(30_000)),
        ("codes.js", b"charCodeAt('abcdefghijklmnopqrstuvwxyz01');".repeat(30_000)),
    ];
    let cases: Vec<(&str, &[u8])> = cases.iter().map(|(name, code)| (*name, &**code)).collect();
    let folder = site(&cases);
    let report = scan_folder(folder.path());
    assert_eq!(report.could_not_run, []);
    assert_eq!(intrusions(&report), Vec::<&Finding>::new());
}

#[test]
fn a_script_that_is_only_read_in_part_is_said() {
    let long = format!("var a=1;/*{}*/{PUT}", " ".repeat(1 << 20));
    let dense = "a(b);".repeat(180_000);
    let busy = "function f(a){f(a);f(a);f(a)}f(1);".repeat(30);
    let folder = site(&[
        ("long.js", long.as_bytes()),
        ("dense.js", dense.as_bytes()),
        ("busy.js", busy.as_bytes()),
        ("short.js", b"var a;"),
    ]);
    let report = scan_folder(folder.path());
    assert_eq!((report.coverage.programs, report.coverage.programs_cut), (4, 3), "{:?}", report.coverage);
    let shown = |format| String::from_utf8(report::render(&report, format).expect("it fits")).expect("UTF-8");
    let text = shown(Format::Text);
    assert!(text.contains("4 个脚本已读取，3 个只读到一部分"), "{text}");
    let html = shown(Format::Html);
    assert!(html.contains("其中只读到一部分"));
}

#[test]
fn so_many_scripts_are_read_and_the_rest_is_said() {
    let names: Vec<String> = (0..503).map(|number| format!("s{number}.js")).collect();
    let scripts: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"var a=1;"[..])).collect();
    let report = scan_folder(site(&scripts).path());
    assert_eq!(
        (report.coverage.programs, report.coverage.programs_unread),
        (500, 3),
        "{:?}",
        report.coverage
    );
}

#[test]
fn a_script_that_its_server_calls_unchanged_keeps_its_verdict() {
    let asked_again = Arc::new(AtomicUsize::new(0));
    let again = asked_again.clone();
    let eye = move |asked: &Asked| {
        if asked.target != "/common.js" {
            return None;
        }
        if asked.head.contains("if-none-match: \"1\"") {
            again.fetch_add(1, Ordering::Relaxed);
            return Some(Reply::Answer("304 Not Modified\r\nETag: \"1\"".to_owned(), Vec::new()));
        }
        let head = "200 OK\r\nContent-Type: text/javascript\r\nETag: \"1\"".to_owned();
        Some(Reply::Answer(head, PUT.into()))
    };
    let home = "<title>某局</title><script src=/common.js></script>";
    let server = Server::start(Routes::default().at("/", Reply::page(home)).eyeing(eye));
    let data = tempfile::tempdir().expect("a scratch folder");
    let (scanner, transport) = server.scanner(data.path(), |_| ()).expect("everything opens");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let scanned = runtime.block_on(scanner.scan(transport.clone(), &(), std::future::pending()));
    scanned.expect("the scan does its work");
    for number in 1..=3 {
        let read = runtime.block_on(scanner.read(transport.clone(), &(), std::future::pending()));
        let Ok(Seen::Done(reading)) = read else { panic!("the reading does its work") };
        let steps: Vec<Step> = reading
            .changes
            .0
            .iter()
            .filter(|change| change.row.reported.finding.check == "hostile-script")
            .map(|change| change.step)
            .collect();
        assert_eq!(steps, [Step::StillOpen], "reading {number}");
    }
    assert_eq!(asked_again.load(Ordering::Relaxed), 2, "the first reading has to learn it");
}

/// A block of advertisements that only a file hides.
const BLOCK: &str = "<div id=f9><a href=http://evil.example/>六合彩资料</a></div>";
/// That file.
const VEIL: &str = "document.getElementById('f9').style.display='none';";

/// The dark links of a report, with the script that each names.
fn veiled(report: &Report) -> Vec<String> {
    let found = intrusions(report).into_iter().filter(|found| found.check == "dark-link");
    found.map(|found| format!("{} {:?} {}", found.page, found.confidence, found.evidence)).collect()
}

#[test]
fn what_a_file_hides_is_hidden_on_every_page_that_loads_it() {
    // The home page is there before any script; the last pages stand behind a chain of others.
    let write = |folder: &Path, name: &str, body: &str| {
        let page = format!("<title>某局</title><script src=/veil.js></script>{body}");
        fs::write(folder.join(name), page).expect("writable");
    };
    let folder = tempfile::tempdir().expect("a scratch folder");
    write(folder.path(), "index.html", &format!("<a href=/p1.html>甲</a>{BLOCK}"));
    for number in 1..=12 {
        let next = format!("<a href=/p{}.html>乙</a>", number % 12 + 1);
        let block = if number == 12 { BLOCK } else { "" };
        write(folder.path(), &format!("p{number}.html"), &format!("{next}{block}"));
    }
    fs::write(folder.path().join("veil.js"), VEIL).expect("writable");
    let scratch = Scratch::new();
    let report = scratch.scan(folder.path());
    let found = veiled(&report);
    assert_eq!(found.len(), 2, "{found:#?}");
    for (found, page) in found.iter().zip(["", "p12.html"]) {
        assert!(found.starts_with(&format!("{HOME}{page} Confirmed [C2]")), "{found}");
        assert!(found.contains(&format!("由脚本隐藏或移除（脚本文件 {HOME}veil.js）")), "{found}");
    }
    assert_eq!(veiled(&scratch.judge()), found, "judged again from the evidence");
}

#[test]
fn a_reading_sees_what_a_new_file_hides() {
    let scratch = Scratch::new();
    let folder = tempfile::tempdir().expect("a scratch folder");
    let write = |tag: &str| {
        let page = format!("<title>某局</title>{tag}{BLOCK}");
        fs::write(folder.path().join("index.html"), page).expect("writable");
    };
    let seen = |folder: &Path| -> Vec<(Step, Confidence)> {
        let changes = scratch.read(folder).changes.0;
        let dark = changes.iter().filter(|change| change.row.reported.finding.check == "dark-link");
        dark.map(|change| (change.step, change.row.reported.finding.confidence)).collect()
    };
    write("");
    scratch.scan(folder.path());
    fs::write(folder.path().join("veil.js"), VEIL).expect("writable");
    write("<script src=/veil.js></script>");
    for reading in 1..=3 {
        assert_eq!(seen(folder.path()), [(Step::StillOpen, Confidence::Confirmed)], "reading {reading}");
    }
    fs::write(folder.path().join("veil.js"), "var a=1;").expect("writable");
    seen(folder.path());
    assert_eq!(seen(folder.path()), [(Step::StillOpen, Confidence::Probable)], "nothing hides it any more");
}

#[test]
fn a_file_that_also_shows_what_it_hides_makes_a_menu() {
    let check = |code: &str, rule: &str| {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let page = format!("<title>某局</title><script src=/veil.js></script>{BLOCK}");
        fs::write(folder.path().join("index.html"), page).expect("writable");
        fs::write(folder.path().join("veil.js"), code).expect("writable");
        let found = veiled(&scan_folder(folder.path()));
        assert!(found.len() == 1 && found[0].contains(rule), "{code}: {found:#?}");
    };
    check("$('#f9').hide()", "[C2]");
    check("$('#f9').remove()", "[C2]");
    check("$('#f9').hide();$('#f8').show()", "[C2]");
    check("$('#f9').hide();$('#f9').show()", "[Q8]");
    check("$('#f9').hide();b.onclick=function(){$('#f9').slideToggle()}", "[Q8]");
    check("var x=document.getElementById('f9').style;x.display='none';x.display='block'", "[Q8]");
}
