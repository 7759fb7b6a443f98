//! The monitor against those it looks at: [`DEFENCES`] names each threat, the number that bounds it, and the test that
//! holds it there. Those of them that belong to no one part of the program stand here.

use std::io::Write as _;
use std::path::Path;

use flate2::{Compression, write::GzEncoder};
use sitewarden::address::Address;
use sitewarden::net::guard::{Guard, refuses_port};
use sitewarden::report::escape;

use crate::server::{Reply, Routes, Server};

/// A threat with what bounds it, the file of the test that holds it there, and the name of the test.
type Defence = (&'static str, &'static str, &'static str);

const DEFENCES: &[Defence] = &[
    // Where requests go.
    ("addresses inside, by number", "tests/it/safety.rs", "no_address_inside_is_connected_to"),
    ("ports of other services", "tests/it/safety.rs", "no_port_of_other_services_is_connected_to"),
    ("odd spellings of addresses inside", "src/net/guard.rs", "reads_odd_forms_of_literal_hosts"),
    (
        "names and redirects that lead inside, on every hop",
        "tests/it/bad_input.rs",
        "private_addresses_are_refused_on_every_hop",
    ),
    (
        "names that lead elsewhere the second time",
        "src/net/resolver.rs",
        "a_pinned_name_leads_to_one_address_and_the_guard_stays",
    ),
    ("redirects in circles", "src/fetch/redirect.rs", "names_what_is_wrong_with_redirects"),
    (
        "an address of a redirect: 8 KiB",
        "tests/it/safety.rs",
        "an_attack_on_the_crawl_is_told_and_the_scan_goes_on",
    ),
    (
        "scripts that send on: one hop, guarded",
        "tests/it/landings.rs",
        "a_script_is_followed_once_and_nowhere_inside",
    ),
    // Answers.
    ("drips: seconds in all", "tests/it/bad_input.rs", "a_drip_is_given_up_and_told"),
    ("bodies without end", "tests/it/bad_input.rs", "a_body_without_end_is_cut_at_the_cap"),
    ("bombs in transfer encodings", "tests/it/bad_input.rs", "a_compression_bomb_is_cut_at_the_cap"),
    ("bombs in transfer encodings, each kind", "src/fetch/decode.rs", "a_bomb_ends_at_the_cap"),
    ("encodings in encodings: 2", "src/fetch/decode.rs", "undoes_what_browsers_undo"),
    ("headers: 64 KiB", "tests/it/bad_input.rs", "headers_without_end_are_refused_and_told"),
    ("header lines: 100", "tests/it/safety.rs", "as_many_header_lines_as_a_client_takes"),
    ("cookies", "tests/it/safety.rs", "an_attack_on_the_crawl_is_told_and_the_scan_goes_on"),
    // Pages.
    (
        "NUL bytes, broken and false encodings",
        "tests/it/bad_input.rs",
        "nul_bytes_and_broken_encodings_are_read_as_far_as_they_go",
    ),
    ("floods of tags and attributes", "tests/it/bad_input.rs", "floods_of_tags_and_attributes_are_cut"),
    (
        "style sheets of a page: 20, imports 2 deep",
        "src/page/visibility/tests.rs",
        "a_page_takes_so_many_sheets_so_deep",
    ),
    ("a style sheet: 1 MiB, 20,000 rules, 20 imports", "src/page/visibility/sheet.rs", "floods_are_cut"),
    ("parts of a selector: 8", "src/page/visibility/selector.rs", "what_cannot_be_read_matches_nothing"),
    ("steps of selectors", "src/page/visibility/selector.rs", "steps_are_bounded"),
    ("scripts: 1 MiB, tokens, depth", "src/script/tests.rs", "hostile_scripts_take_bounded_time"),
    ("scripts in files", "tests/it/programs.rs", "hostile_files_neither_hang_nor_panic"),
    ("script files of a site: 500", "tests/it/programs.rs", "so_many_scripts_are_read_and_the_rest_is_said"),
    ("calendars, sessions, endless paths", "tests/it/bad_input.rs", "traps_are_bounded_and_shown"),
    ("shapes of addresses: 2,048 characters, depth, repeats", "src/crawl/traps.rs", "shapes"),
    ("addresses of one pattern", "src/crawl/traps.rs", "budgets"),
    ("maps of a site: addresses, entities", "src/crawl/sitemap.rs", "keeps_to_its_caps"),
    ("maps of a site: broken and hostile ones", "src/crawl/sitemap.rs", "survives_broken_ones"),
    ("long texts without a break", "tests/it/hostile_text.rs", "the_editor_is_told_what_became_of_them"),
    // Files.
    (
        "bombs, entities, nesting, endless sheets, PDF loops in a scan",
        "tests/it/hostile_text.rs",
        "a_scan_reads_on_behind_them",
    ),
    ("bombs in documents", "src/document/tests.rs", "a_bomb_is_read_up_to_the_limit"),
    ("PDF: loops, filters, tables", "src/document/tests.rs", "hostile_pdfs_end"),
    ("any bytes as a document", "src/document/tests.rs", "any_bytes_make_a_document"),
    ("chains of OLE that bite their tail", "src/file/ole.rs", "a_chain_that_bites_its_tail_ends"),
    ("damaged tables of archives", "src/file/zip.rs", "a_damaged_table_is_noticed"),
    (
        "pictures: 12,000 pixels a side, 4 million in all",
        "src/pixels.rs",
        "what_claims_to_be_huge_or_is_cut_is_no_picture",
    ),
    ("pictures of any bytes", "src/likeness.rs", "no_bytes_do_harm"),
    ("pictures for the reader of words", "src/ocr/mod.rs", "icons_bombs_and_text_are_not_offered"),
    ("emblems of a site", "tests/it/tampering.rs", "an_emblem_is_known_by_what_it_shows"),
    // What is told of them.
    ("terminals, logs, eyes", "tests/it/safety.rs", "what_a_site_says_is_told_without_its_tricks"),
    ("log lines", "src/report/escape.rs", "log_values_stay_in_their_quotes"),
    ("formulas in spreadsheets", "src/report/escape.rs", "cells_are_never_formulas"),
    ("every format of a report", "tests/it/bad_input.rs", "text_of_a_site_is_harmless_in_every_format"),
    ("markup in alarms", "src/alert/defuse.rs", "markup_is_text"),
    ("addresses in alarms", "src/alert/defuse.rs", "nothing_can_be_clicked"),
    ("templates of webhooks", "src/alert/channel/tests.rs", "templates_are_filled_and_escaped"),
    (
        "pages of the dashboard",
        "tests/it/web/access.rs",
        "every_answer_keeps_browsers_from_what_no_page_wants",
    ),
    ("pages of strangers", "tests/it/safety.rs", "the_page_of_a_stranger_harms_nobody"),
];

#[test]
fn every_threat_has_its_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let is_there = |(_, file, test): &Defence| {
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        source.contains(&format!("fn {test}("))
    };
    let missing: Vec<&Defence> = DEFENCES.iter().filter(|defence| !is_there(defence)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn as_many_header_lines_as_a_client_takes() {
    let check = |lines: usize, expected: bool| {
        let lines: String = (0..lines).map(|number| format!("\r\nX-{number}: v")).collect();
        let home = "<title>首页</title><a href=/attack>a</a>";
        let routes = Routes::default().at("/", Reply::page(home)).at("/attack", headed(&lines));
        let report = Server::start(routes).scan(|_| ());
        let is_read = !report.findings.iter().any(|one| one.finding.evidence.contains("响应头过大"));
        assert_eq!(is_read, expected, "{lines}");
    };
    check(90, true);
    check(101, false);
}

#[test]
fn no_address_inside_is_connected_to() {
    for address in [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:a00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
    ] {
        assert!(!Guard::default().allows(address.parse().expect("an address")), "{address}");
    }
}

#[test]
fn no_port_of_other_services_is_connected_to() {
    let check = |address: &str, expected: bool| {
        let address = Address::parse(address).expect("a good address");
        assert_eq!(refuses_port(address.url()), expected, "{address}");
    };
    for port in [0, 1, 21, 22, 23, 25, 110, 139, 143, 389, 587, 993, 2049, 6000, 6667, 10080] {
        check(&format!("http://a.example:{port}/"), true);
    }
    // Sites of the government use these.
    for port in [80, 443, 81, 7003, 7083, 8080, 8083, 8443, 33303] {
        check(&format!("https://a.example:{port}/"), false);
    }
}

#[test]
fn what_a_site_says_is_told_without_its_tricks() {
    for (threat, text) in [
        ("a terminal", "\u{1b}[31m\u{9b}2J"),
        ("a log line", "a\nb\r\u{2028}c"),
        ("the eye", "\u{202e}gpj.exe\u{2066}\u{200f}"),
        ("what is not seen", "a\0b\u{7f}"),
    ] {
        for told in [escape::terminal(text), escape::log(text), escape::visible(text).into_owned()] {
            let is_trick = |c: char| c.is_control() || ('\u{200e}'..='\u{2069}').contains(&c);
            assert!(!told.chars().any(is_trick), "{threat}: {told:?}");
        }
    }
    for formula in ["=1+1", "+1", "-1", "@a", "\t=1", " =1", "＝1", "＋1", "－1", "＠a"] {
        assert!(escape::spreadsheet(formula).starts_with('\''), "{formula:?}");
    }
    for address in ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"] {
        assert_eq!(escape::href(address), None, "{address}");
    }
}

fn bomb(layers: usize) -> Vec<u8> {
    (0..layers).fold(b"<p>bomb</p>".repeat(1 << 21), |body, _| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&body).expect("in memory");
        encoder.finish().expect("in memory")
    })
}

fn encoded(label: &str, body: Vec<u8>) -> Reply {
    Reply::Answer(format!("200 OK\r\nContent-Type: text/html\r\nContent-Encoding: {label}"), body)
}

fn headed(lines: &str) -> Reply {
    Reply::Answer(format!("200 OK\r\nContent-Type: text/html{lines}"), b"<p>x</p>".to_vec())
}

/// Answers made to hurt whoever takes them, and what is said of them where something must be.
fn attacks() -> Vec<(&'static str, Reply, Option<&'static str>)> {
    let cookies: String = (0..90).map(|n| format!("\r\nSet-Cookie: c{n}={}", "v".repeat(100))).collect();
    let loops = Reply::Answer(format!("302 Found\r\nLocation: /attack{cookies}"), Vec::new());
    let lines: String = (0..600).map(|n| format!("\r\nX-{n}: v")).collect();
    vec![
        (
            "an address without end",
            Reply::to(&format!("/{}", "a".repeat(9 << 10))),
            Some("跳转目标缺失或无效"),
        ),
        ("headers without end", headed(&format!("\r\nX: {}", "x".repeat(80 << 10))), Some("响应头过大")),
        ("header lines without end", headed(&lines), Some("响应头过大")),
        ("folded headers", headed("\r\nX: a\r\n b\r\n\tc"), None),
        ("cookies without end", loops, Some("循环跳转")),
        ("a bomb", encoded("gzip", bomb(1)), None),
        ("a bomb in a bomb", encoded("gzip, gzip", bomb(2)), None),
        ("encodings without end", encoded(&["gzip"; 1_000].join(","), bomb(1)), None),
        ("nesting", Reply::page("<div>".repeat(60_000)), None),
        ("a redirect inside", Reply::to("http://169.254.169.254/latest/"), Some("内网地址")),
        ("a redirect to mail", Reply::to("http://127.0.0.1:25/"), Some("浏览器拒绝打开")),
    ]
}

#[test]
fn an_attack_on_the_crawl_is_told_and_the_scan_goes_on() {
    for (threat, reply, told) in attacks() {
        let home = "<title>首页</title><a href=/attack>a</a><a href=/beyond>b</a>";
        let routes = Routes::default().at("/", Reply::page(home)).at("/beyond", Reply::page("<p>b</p>"));
        let report =
            Server::start(routes.at("/attack", reply)).scan(|settings| settings.fetch.caps.page = 256 << 10);
        assert!(report.coverage.finished && report.could_not_run.is_empty(), "{threat}");
        let said: Vec<&str> = report
            .findings
            .iter()
            .filter(|reported| {
                reported.finding.target.as_deref().is_some_and(|target| target.ends_with("/attack"))
            })
            .map(|reported| reported.finding.evidence.as_str())
            .collect();
        if let Some(told) = told {
            assert!(said.iter().any(|evidence| evidence.contains(told)), "{threat}: {said:?}");
        }
    }
}

#[test]
fn the_page_of_a_stranger_harms_nobody() {
    for (threat, reply, _) in attacks() {
        let stranger = Server::start(Routes::default().at("/attack", reply));
        let home = format!("<title>首页</title><a href={}attack>a</a>", stranger.home());
        let report = Server::start(Routes::default().at("/", Reply::page(home))).scan(|_| ());
        assert!(report.coverage.finished && report.coverage.landings == 1, "{threat}: {:?}", report.coverage);
        let bad = report.findings.iter().any(|reported| reported.finding.check == "bad-external-link");
        assert!(!bad, "{threat}");
    }
}
