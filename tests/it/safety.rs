//! The monitor against those it looks at: each number of its defence, one row a threat. What files can do stands in
//! `hostile_text`, what single pages can in `bad_input`; here is what is left, and the pages of strangers.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use sitewarden::address::Address;
use sitewarden::net::guard::{Guard, refuses_port};
use sitewarden::report::escape;

use crate::server::{Reply, Routes, Server};

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
    let cookies: String = (0..400).map(|n| format!("\r\nSet-Cookie: c{n}={}", "v".repeat(100))).collect();
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
