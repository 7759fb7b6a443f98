//! Dark links: every technique is found for the right reason, however it is spelt, and what a browser shows is what we
//! call visible.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use sitewarden::fetch::{Capture, Fetch, Fixture, Pending, Request};
use sitewarden::finding::{Confidence, Finding};

use crate::scans::{HOME, Scratch, scan_folder};

/// The checks that look for intruders.
const CHECKS: [&str; 2] = ["dark-link", "hostile-script"];

fn fixtures(check: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks").join(check).join("fires")
}

/// What a check finds on a site, by page.
fn found(check: &str, folder: &Path) -> BTreeMap<String, Vec<Finding>> {
    let mut found: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for reported in scan_folder(folder).findings {
        let finding = reported.finding;
        if finding.check == check {
            let page = finding.page.strip_prefix(HOME).unwrap_or_default().to_owned();
            found.entry(page).or_default().push(finding);
        }
    }
    found
}

/// A technique of the catalogue: its page, how sure a finding is, and by which words it names the technique.
struct Technique {
    page: String,
    confidence: Confidence,
    reason: String,
}

fn techniques(check: &str) -> Vec<Technique> {
    let text = fs::read_to_string(fixtures(check).join("reasons.txt")).expect("the list of techniques");
    let technique = |line: &str| {
        let (page, rest) = line.split_once(' ')?;
        let (confidence, reason) = rest.split_once(' ')?;
        let confidence = match confidence {
            "confirmed" => Confidence::Confirmed,
            "probable" => Confidence::Probable,
            _ => Confidence::Note,
        };
        Some(Technique { page: page.to_owned(), confidence, reason: reason.to_owned() })
    };
    text.lines().filter_map(technique).collect()
}

#[test]
fn every_technique_is_found_for_its_reason() {
    for check in CHECKS {
        let found = found(check, &fixtures(check));
        for Technique { page, confidence, reason } in techniques(check) {
            let findings = found.get(&page).unwrap_or_else(|| panic!("{check}: nothing found on {page}"));
            let evidence: Vec<&str> = findings.iter().map(|finding| finding.evidence.as_str()).collect();
            assert!(
                evidence.iter().any(|evidence| evidence.contains(&reason)),
                "{page}: {reason}: {evidence:#?}"
            );
            let surest = findings.iter().map(|finding| finding.confidence).max();
            assert_eq!(surest, Some(confidence), "{page}: {evidence:#?}");
            // What stands in the headers stands nowhere in the source.
            let is_placed = |finding: &Finding| {
                let has_offset = finding.place.as_ref().is_some_and(|place| place.offset.is_some());
                has_offset || finding.evidence.contains("响应头")
            };
            assert!(findings.iter().all(is_placed), "{page}: {findings:#?}");
        }
    }
}

/// Techniques of the catalogue, T01 to T96.
const CATALOGUE: std::ops::RangeInclusive<u32> = 1..=96;

/// Those that no page of a site shows by itself: by what they are found, or why they are not.
const WITHOUT_A_PAGE: &[(u32, &str)] = &[
    (31, "one word of an article: only its target tells, which `bad-external-link` looks at"),
    (32, "a link that was changed: `tampering` compares with the baseline"),
    (33, "nothing changed on the page: `bad-external-link` looks at the host"),
    (34, "nothing changed on the page: `bad-external-link` looks at the host"),
    (71, "a page for spiders: `cloaking` asks as one"),
    (72, "links for spiders: `cloaking` asks as one"),
    (73, "a redirect for those who come from a search: `cloaking` asks as one"),
    (74, "pages that do not exist: `cloaking` asks spiders' way for an invented address"),
    (
        75,
        "pages by the thousand: each is judged by its words and links, and the sitemap that lists them (T77)",
    ),
    (76, "sub-domains that anybody may invent: `cloaking` asks for one, where the site agreed"),
    (81, "shown to the addresses of search engines alone: nobody else can see it"),
    (82, "copies of the site elsewhere: not on the site"),
];

/// What looks like a technique and is none, L01 to L40.
const LOOK_ALIKES: std::ops::RangeInclusive<u32> = 1..=40;

/// Those that are quiet elsewhere.
const QUIET_ELSEWHERE: &[(u32, &str)] = &[
    (33, "grey pages and holiday dress: `tampering`"),
    (34, "pages of a firewall: `cloaking` and `tampering` call them unobservable"),
    (35, "what differs each time: `tampering`"),
];

/// Whether a page is one of a row of a catalogue: `t05b.html` of T05.
fn is_of(page: &str, row: char, number: u32) -> bool {
    let name = page.rsplit('/').next().unwrap_or_default();
    let rest = name.strip_prefix(&format!("{row}{number:02}"));
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The rows of which there is no page must be those that a reason is given for.
#[track_caller]
fn check_catalogue(has_page: impl Fn(u32) -> bool, rows: impl Iterator<Item = u32>, reasons: &[(u32, &str)]) {
    let without: Vec<u32> = rows.filter(|&number| !has_page(number)).collect();
    let named: Vec<u32> = reasons.iter().map(|(number, _)| *number).collect();
    assert_eq!(without, named);
    assert!(reasons.iter().all(|(_, why)| !why.is_empty()));
}

#[test]
fn every_technique_of_the_catalogue_has_a_page_or_a_reason() {
    let pages: Vec<String> =
        CHECKS.iter().flat_map(|check| techniques(check)).map(|found| found.page).collect();
    // The files of T77 have the names that search engines ask for.
    let has_page =
        |number| pages.iter().any(|page| is_of(page, 't', number) || number == 77 && page == "sitemap.xml");
    check_catalogue(has_page, CATALOGUE, WITHOUT_A_PAGE);
}

#[test]
fn every_look_alike_of_the_catalogue_has_a_page_or_a_reason() {
    let quiet = |check: &&str| fixtures(check).with_file_name("quiet");
    let files =
        CHECKS.iter().map(quiet).flat_map(|folder| fs::read_dir(folder).expect("the fixtures are there"));
    let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
    let pages: Vec<String> = names.collect();
    let has_page = |number| pages.iter().any(|page| is_of(page, 'l', number));
    check_catalogue(has_page, LOOK_ALIKES, QUIET_ELSEWHERE);
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

/// The same script, wrapped. None of this changes what it does.
const WRAPPERS: &[(&str, Mutator)] = &[
    ("escaped", |code| format!("eval(\"{}\")", units(code, |unit| format!("\\u{unit:04x}"), ""))),
    ("percents", |code| format!("eval(unescape('{}'))", units(code, |unit| format!("%u{unit:04x}"), ""))),
    ("character codes", |code| {
        format!("eval(String.fromCharCode({}))", units(code, |unit| unit.to_string(), ","))
    }),
    ("Base64", |code| {
        let escaped = units(code, |unit| format!("%u{unit:04x}"), "");
        format!("eval(unescape(atob('{}')))", base64::engine::general_purpose::STANDARD.encode(escaped))
    }),
    ("taken apart", |code| {
        let code = units(code, |unit| format!("\\u{unit:04x}"), "");
        let (one, other) = code.split_at(code.len() / 12 * 6);
        format!("var a1=\"{one}\";window['ev'+'al'](a1+\"{other}\")")
    }),
    ("backwards", |code| {
        let reversed: String = code.chars().rev().collect();
        let reversed = serde_json::to_string(&reversed).expect("a text").replace("</", "<\\/");
        format!("eval({reversed}.split('').reverse().join(''))")
    }),
    ("spaced and commented", |code| format!("/* x */\n\t;{code}\n// y\n")),
    ("in a function", |code| format!("!function(){{{code}\n}}()")),
];

/// The UTF-16 units of a text, each written in some way.
fn units(code: &str, write: impl Fn(u16) -> String, between: &str) -> String {
    code.encode_utf16().map(write).collect::<Vec<_>>().join(between)
}

#[test]
fn spelling_changes_nothing() {
    for check in CHECKS {
        let plain = verdicts(&found(check, &fixtures(check)));
        let markup = MUTATORS.iter().map(|(name, mutate)| (*name, Respelling::Markup(*mutate)));
        let scripts = WRAPPERS.iter().map(|(name, wrap)| (*name, Respelling::Scripts(*wrap)));
        for (name, respelling) in markup.chain(scripts) {
            let site = tempfile::tempdir().expect("a scratch folder");
            copy(&fixtures(check), site.path(), respelling);
            let mutated = verdicts(&found(check, site.path()));
            let changed: Vec<_> = plain
                .iter()
                .filter(|(page, plain)| mutated.get(*page).copied().flatten() < **plain)
                .collect();
            assert!(changed.is_empty() && mutated.len() == plain.len(), "{check}: {name}: {changed:?}");
        }
    }
}

/// What is spelt otherwise.
#[derive(Clone, Copy)]
enum Respelling {
    /// Pages without scripts.
    Markup(Mutator),
    /// The code of inline scripts.
    Scripts(Mutator),
}

impl Respelling {
    fn of(self, html: &str) -> String {
        match self {
            Respelling::Markup(_) if html.contains("<script") => html.to_owned(),
            Respelling::Markup(mutate) => mutate(html),
            Respelling::Scripts(wrap) => {
                let mut pieces = html.split("<script>");
                let mut respelt = pieces.next().unwrap_or_default().to_owned();
                for piece in pieces {
                    let (code, rest) = piece.rsplit_once("</script>").unwrap_or((piece, ""));
                    respelt += &format!("<script>{}</script>{rest}", wrap(code));
                }
                respelt
            }
        }
    }
}

/// The surest verdict on each page.
fn verdicts(found: &BTreeMap<String, Vec<Finding>>) -> BTreeMap<String, Option<Confidence>> {
    found
        .iter()
        .map(|(page, findings)| (page.clone(), findings.iter().map(|finding| finding.confidence).max()))
        .collect()
}

fn copy(from: &Path, to: &Path, change: Respelling) {
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
            true => {
                fs::write(target, change.of(&fs::read_to_string(&path).expect("UTF-8"))).expect("writable")
            }
            false => drop(fs::copy(&path, target).expect("a copy")),
        }
    }
}

/// A site whose search shows back what it is asked for: where its page says `WORDS`.
struct Echoing(Fixture);

impl Fetch for Echoing {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        Box::pin(async {
            let capture = self.0.fetch(request).await?;
            let asked = request.address.url().query_pairs().next();
            let words = asked.map(|(_, words)| words.into_owned()).unwrap_or_default();
            let body = String::from_utf8_lossy(&capture.body).replace("WORDS", &words);
            Ok(Capture { body: body.into(), ..capture })
        })
    }
}

#[test]
fn a_search_that_echoes_is_told_where_the_site_agreed_to_be_asked() {
    let check = |authorised: bool, head: &'static str, expected: bool| {
        let mut scratch = Scratch::new();
        scratch.site.authorised = authorised;
        let site = tempfile::tempdir().expect("a scratch folder");
        let write = |name: &str, html: &str| fs::write(site.path().join(name), html).expect("writable");
        write(
            "index.html",
            "<title>示例</title><form action=/s.html><input name=q><button>搜索</button></form>",
        );
        write("s.html", &format!("{head}<title>WORDS_站内搜索</title><p>没有找到与WORDS有关的内容</p>"));
        let fixture = Fixture::new(site.path()).expect("a readable fixture");
        let report = scratch.scan_by(Echoing(fixture));
        let mut findings = report.findings.iter().map(|reported| &reported.finding);
        let echo = findings.find(|finding| finding.what == "站内搜索回显");
        assert_eq!(echo.map(|finding| finding.confidence), expected.then_some(Confidence::Note), "{head}");
    };
    check(true, "", true);
    check(false, "", false);
    check(true, "<meta name=robots content='NoIndex, follow'>", false);
}

#[test]
fn judging_again_sees_the_same() {
    let scratch = Scratch::new();
    let ids = |report: sitewarden::report::Report| -> Vec<(String, String)> {
        let findings = report.findings.into_iter().map(|reported| reported.finding);
        findings.map(|finding| (finding.page, finding.evidence)).collect()
    };
    let scanned = ids(scratch.scan(&fixtures("dark-link")));
    assert_eq!(ids(scratch.judge()), scanned);
}
