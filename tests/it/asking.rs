//! What a scan asks for that no page leads to: the search of the site, and its home page without https.

use std::path::{Path, PathBuf};

use sitewarden::address::Address;
use sitewarden::config::{Column, Site};
use sitewarden::facts::PageKind;
use sitewarden::report::Report;

use crate::scans::Scratch;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/checks").join(name)
}

/// Scans a fixture as the site that `change` makes of it.
fn scan(name: &str, change: impl FnOnce(&mut Site)) -> Report {
    let mut scratch = Scratch::new();
    change(&mut scratch.site);
    scratch.scan(&fixture(name))
}

fn found(report: &Report, check: &str) -> usize {
    report.findings.iter().filter(|reported| reported.finding.check == check).count()
}

#[test]
fn the_search_is_left_alone_where_the_operator_says_so() {
    assert_eq!(found(&scan("search-miss/fires", |_| ()), "search-miss"), 2);
    assert_eq!(found(&scan("search-miss/fires", |site| site.search = false), "search-miss"), 0);
    let exclude = regex::Regex::new(r"/search/\?").expect("a good pattern");
    assert_eq!(found(&scan("search-miss/fires", |site| site.exclude.push(exclude)), "search-miss"), 0);
}

#[test]
fn a_home_page_with_https_is_asked_for_without_it() {
    let https = Address::parse("https://fixture.example.gov.cn/").expect("a good address");
    let at = |site: &mut Site| *site = Site::at(&https, &[]);
    assert_eq!(found(&scan("publish-time/quiet", at), "plain-http"), 1);
    assert_eq!(found(&scan("plain-http/quiet", at), "plain-http"), 0);
}

#[test]
fn a_registered_column_is_one_whatever_it_looks_like() {
    let report = scan("publish-time/quiet", |site| {
        let address = site.home.resolve("/map.html", encoding_rs::UTF_8).expect("a good address");
        site.columns.push(Column { name: "导航".to_owned(), address, kind: None, cycle_days: None });
    });
    let registered = report.kinds.iter().find(|sample| sample.reason == "registered as a column");
    let registered = registered.expect("the register decides");
    assert_eq!((registered.kind, registered.pages), (PageKind::Column, 1));
}
