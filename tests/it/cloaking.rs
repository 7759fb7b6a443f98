//! Sites that show every visitor something else, over real connections: who is found out, and who is left alone.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::date;
use sitewarden::fetch::{Fetch, Fixture, Pending, Request};
use sitewarden::finding::Confidence;
use sitewarden::report::Report;

use crate::scans::Scratch;
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

#[test]
fn a_page_for_one_engine_is_found_on_the_day_of_that_engine() {
    let found_on = |day: i8, status: Option<&'static str>| {
        let server = Server::start(plain().eyeing(move |asked| {
            let is_meant = asked.head.contains("Sogou web spider") && asked.target == "/ys.html";
            is_meant.then(|| match status {
                None => Reply::page(SPAM),
                Some(status) => Reply::Answer(status.to_owned(), SPAM.into()),
            })
        }));
        let report = server.scan(|settings| {
            settings.sites[0].authorised = true;
            // Which engine has which day is told by the name of the site.
            settings.sites[0].id = "sthjt".to_owned();
            settings.only = Some(vec!["cloaking".to_owned()]);
            settings.today = Some(date(2026, 11, day));
        });
        let asked = server.log().iter().any(|asked| asked.head.contains("Sogou web spider"));
        (asked, found(&report))
    };
    let mut days = Vec::new();
    for day in 16..22 {
        let (asked, found) = found_on(day, None);
        assert_eq!(found.len(), usize::from(asked), "{day}: {found:?}");
        if asked {
            assert!(found[0].0 == "/ys.html" && found[0].1.contains("搜狗搜索爬虫"), "{found:?}");
            days.push(day);
        }
    }
    assert_eq!(days.len(), 1, "once in as many days as there are engines");
    assert_eq!(found_on(days[0], Some("403 Forbidden")), (true, Vec::new()), "a firewall says nothing");
}

/// The site at home, and what answers wherever it is none.
struct Elsewhere {
    home: Fixture,
    other: Fixture,
    is_other: fn(&str) -> bool,
}

impl Fetch for Elsewhere {
    fn fetch<'a>(&'a self, request: &'a Request) -> Pending<'a> {
        if (self.is_other)(request.address.as_str()) {
            self.other.fetch(request)
        } else {
            self.home.fetch(request)
        }
    }
}

/// What is found of a site whose other addresses show this page.
fn elsewhere(page: &str, is_other: fn(&str) -> bool) -> Vec<(String, String, Confidence)> {
    let folder = |html: &str| {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let page = format!("<!DOCTYPE html><html><head><meta charset=utf-8>{html}</html>");
        fs::write(folder.path().join("index.html"), page).expect("writable");
        folder
    };
    let (home, other) = (folder(HOME_PAGE), folder(page));
    let mut scratch = Scratch::new();
    scratch.site.authorised = true;
    scratch.settings.only = Some(vec!["cloaking".to_owned()]);
    let fixture = |folder: &tempfile::TempDir| Fixture::new(folder.path()).expect("a readable fixture");
    let home = fixture(&home).only_host("fixture.example.gov.cn");
    let report = scratch.scan_by(Elsewhere { home, other: fixture(&other), is_other });
    let findings = report.findings.iter().map(|reported| &reported.finding);
    findings.map(|one| (one.page.clone(), one.evidence.clone(), one.confidence)).collect()
}

const HOME_PAGE: &str = "<title>示例市生态环境局</title><p>本局负责建立健全生态环境基本制度，负责重大生态环境问题的统筹协调和监督管理，\
    负责监督管理减排目标的落实，负责环境污染防治的监督管理，指导协调和监督生态保护修复工作，负责核与辐射安全的监督管理，\
    负责生态环境准入的监督管理，负责生态环境监测工作，组织开展生态环境保护督察，统一负责生态环境监督执法。</p>";
const OTHER_PAGE: &str = "<title>某某科技有限公司</title><p>我们为中小企业提供主机托管、域名注册、软件开发和系统集成等服务，拥有多年行业经验，\
    客户遍布各地，欢迎来电洽谈合作。产品包括办公系统、客户管理系统、仓库管理系统和在线商城，支持按需定制，价格从优，\
    售后工程师全天候在线，随时解答您在使用中遇到的任何问题，期待与您携手共创美好未来。</p>";

fn is_secure(address: &str) -> bool {
    address.starts_with("https://")
}

fn is_www(address: &str) -> bool {
    address.contains("//www.")
}

/// A name below that of the site, but `www`.
fn is_below(address: &str) -> bool {
    address.contains(".fixture.example.gov.cn") && !is_www(address)
}

#[test]
fn the_other_addresses_of_the_home_page_show_the_same_site() {
    for is_twin in [is_secure, is_www] {
        assert_eq!(elsewhere(HOME_PAGE, is_twin), []);
        let other = elsewhere(OTHER_PAGE, is_twin);
        assert!(other.len() == 1 && other[0].1.contains("内容完全不同"), "{other:#?}");
        assert!(is_twin(other[0].1.split_once("与普通读者所见不同：").expect("where").1), "{other:#?}");
        let spam = elsewhere(SPAM, is_twin);
        assert!(spam.len() == 1 && spam[0].2 == Confidence::Confirmed, "{spam:#?}");
        assert!(spam[0].0.ends_with(".gov.cn/") && spam[0].1.contains("百家乐"), "{spam:#?}");
    }
    let firewall = "<title>安全验证</title><p>您的请求已被拦截</p>";
    assert_eq!(elsewhere(firewall, is_www), []);
}

#[test]
fn a_name_that_nobody_gave_shows_nothing_but_the_site() {
    assert_eq!(elsewhere(HOME_PAGE, is_below), []);
    assert_eq!(elsewhere(OTHER_PAGE, |_| false), [], "no such name");
    let open = elsewhere(OTHER_PAGE, is_below);
    assert_eq!(open.len(), 1, "{open:#?}");
    let (page, evidence, confidence) = &open[0];
    assert!(page.ends_with(".fixture.example.gov.cn/") && evidence.contains("泛域名解析"), "{open:#?}");
    assert_eq!(*confidence, Confidence::Note);
    let spam = elsewhere(SPAM, is_below);
    assert!(spam.len() == 1 && spam[0].2 == Confidence::Confirmed, "{spam:#?}");
    assert!(spam[0].1.contains("百家乐"), "{spam:#?}");
}
