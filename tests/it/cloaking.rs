//! Sites that show every visitor something else, over real connections: who is found out, and who is left alone.

use std::sync::atomic::{AtomicUsize, Ordering};

use sitewarden::finding::Confidence;
use sitewarden::report::Report;

use crate::server::{Asked, Reply, Routes, Server};

const SPAM: &str =
    "<title>百家乐真人荷官_六合彩投注</title><p>真人荷官，百家乐，六合彩，时时彩，注册送彩金。</p>";

/// A home page and two more.
fn plain() -> Routes {
    let page = |name: &str| Reply::page(format!("<title>{name}</title><p>{name}的内容</p>"));
    let home = "<title>示例局</title><p><a href=/ys.html>饮用水源</a> <a href=/kq.html>空气质量</a></p>";
    Routes::default()
        .at("/", Reply::page(home))
        .at("/ys.html", page("饮用水源"))
        .at("/kq.html", page("空气质量"))
}

/// Scans a site that answers as `eye` says, with or without its keepers' consent.
fn scan(authorised: bool, eye: impl Fn(&Asked) -> Option<Reply> + Send + Sync + 'static) -> (Server, Report) {
    let server = Server::start(plain().eyeing(eye));
    let report = server.scan(|settings| {
        settings.sites[0].authorised = authorised;
        settings.only = Some(vec!["cloaking".to_owned()]);
    });
    (server, report)
}

/// Paths and evidence of what was found.
fn found(report: &Report) -> Vec<(String, String)> {
    let findings = report.findings.iter().map(|reported| &reported.finding);
    let path = |page: &str| page.splitn(4, '/').last().map_or_else(String::new, |path| format!("/{path}"));
    findings.map(|finding| (path(&finding.page), finding.evidence.clone())).collect()
}

fn is_spider(asked: &Asked) -> bool {
    asked.head.contains("spider") || asked.head.contains("Spider")
}

#[test]
fn a_page_for_spiders_is_found() {
    let (_server, report) =
        scan(true, |asked| (is_spider(asked) && asked.target == "/ys.html").then(|| Reply::page(SPAM)));
    let found = found(&report);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].0 == "/ys.html" && found[0].1.contains("百度搜索爬虫") && found[0].1.contains("百家乐"));
    assert_eq!(report.findings[0].finding.confidence, Confidence::Confirmed);
    assert_eq!((report.coverage.views, report.coverage.views_unobservable), (4, 0));
}

#[test]
fn a_page_for_those_who_come_from_a_search_is_found() {
    let comes = |asked: &Asked| asked.head.contains("m.baidu.com") && asked.target == "/kq.html";
    let (_server, report) = scan(true, move |asked| comes(asked).then(|| Reply::page(SPAM)));
    let found = found(&report);
    assert!(found.len() == 1 && found[0].1.contains("手机从百度搜索结果进入"), "{found:?}");
}

#[test]
fn pages_that_nobody_made_are_found() {
    let made = |target: &str| matches!(target, "/" | "/ys.html" | "/kq.html");
    let (_server, report) =
        scan(true, move |asked| (is_spider(asked) && !made(&asked.target)).then(|| Reply::page(SPAM)));
    let found = found(&report);
    assert!(found.len() == 1 && found[0].1.starts_with("不存在的地址也返回页面"), "{found:?}");
}

#[test]
fn noise_is_no_difference() {
    let turn = AtomicUsize::new(0);
    let (_server, report) = scan(true, move |asked| {
        let now = turn.fetch_add(1, Ordering::Relaxed);
        let words: String = (0..400)
            .map(|step| char::from_u32(0x4e00 + ((now * 7919 + step * 31) % 9_000) as u32).unwrap())
            .collect();
        let links: String =
            (0..5).map(|link| format!("<a href=http://n{now}x{link}.example/>n</a>")).collect();
        (asked.target == "/ys.html")
            .then(|| Reply::page(format!("<title>{now}</title><p>{words}</p>{links}")))
    });
    assert_eq!(found(&report), []);
}

#[test]
fn a_firewall_is_no_difference_and_coverage_says_so() {
    let (_server, report) = scan(true, |asked| {
        asked.head.contains("baidu").then(|| Reply::Answer("403 Forbidden".to_owned(), SPAM.into()))
    });
    assert_eq!(found(&report), []);
    let (_server, report) = scan(true, |asked| {
        let is_ours = asked.head.contains("sitewarden");
        (!is_ours).then(|| Reply::Answer("412 Precondition Failed".to_owned(), SPAM.into()))
    });
    assert_eq!(found(&report), []);
    assert_eq!((report.coverage.views, report.coverage.views_unobservable), (4, 3));
}

#[test]
fn a_page_for_phones_is_no_difference() {
    let (_server, report) = scan(true, |asked| {
        (asked.head.contains("Mobile") && asked.target == "/ys.html").then(|| Reply::to("/m/ys.html"))
    });
    assert_eq!(found(&report), []);
}

#[test]
fn nobody_is_asked_in_anothers_name_without_consent() {
    let (server, report) = scan(false, |_| None);
    assert_eq!(report.coverage.views, 0);
    assert!(server.log().iter().all(|asked| asked.head.contains("sitewarden")));
}
