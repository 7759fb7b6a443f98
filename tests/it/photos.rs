//! Pictures of findings: they show what was kept, load what belongs to the site and nothing else, and are never missed.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use sha2::{Digest as _, Sha256};
use sitewarden::browser;
use sitewarden::config::{Pictured, Settings};
use sitewarden::picture::{Concealment, Sight};
use sitewarden::report::{Photo, Report, html};
use sitewarden::scan::{Photographed, Scanned};

use crate::server::{Asked, Reply, Routes, Server};

const STYLE: &str = ".kept { display: none }";

/// A site with a hidden link, which shows browsers a clean page.
fn site(stranger: &str) -> Routes {
    let page = format!(
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>示例市生态环境局</title>\
         <link rel=stylesheet href=/style.css></head><body><h1>示例市生态环境局</h1>\
         <img src='{stranger}tracker.png' alt=统计><img src='http://10.0.0.1/a.png' alt=内网>\
         <div class=kept><a href='http://casino.example/'>澳门赌场 真人博彩 开户送彩金</a></div></body></html>"
    );
    let clean = |asked: &Asked| {
        let is_browser = asked.head.contains("Chrome/") && asked.target == "/";
        is_browser.then(|| Reply::page("<h1>本页正常</h1>"))
    };
    Routes::default()
        .at("/", Reply::page(page))
        .at("/style.css", Reply::file("text/css", STYLE))
        .eyeing(clean)
}

/// Scans the site and takes pictures; also what was asked of the site meanwhile.
fn photograph(server: &Server, change: impl FnOnce(&mut Settings)) -> (Report, Photographed, Vec<String>) {
    let data = tempfile::tempdir().expect("a scratch folder");
    let (scanner, transport) = server.scanner(data.path(), change).expect("everything opens");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let scanned = scanner.scan(transport.clone(), &(), std::future::pending()).await;
        let Ok(Scanned::Done(mut report)) = scanned else { panic!("the scan does its work") };
        let before = server.log().len();
        let stop = Arc::new(AtomicBool::new(false));
        let done = tokio::task::block_in_place(|| {
            scanner.photograph(&report.findings, &*transport.fetch, stop).expect("the record works")
        });
        report.pictures = scanner.pictures(&report.findings).expect("the record works");
        let asked = server.log().split_off(before).into_iter().map(|asked| asked.target).collect();
        (*report, done, asked)
    })
}

#[test]
fn a_hidden_link_is_shown_as_it_was_kept() {
    let stranger = Server::start(Routes::default().at("/tracker.png", Reply::status("404 Not Found")));
    let server = Server::start(site(&stranger.home()));
    let before_pictures = |settings: &mut Settings| settings.screenshots.mode = Pictured::On;
    let (report, done, asked) = photograph(&server, before_pictures);
    if browser::find().is_none() {
        assert!(matches!(done, Photographed::Without(_)), "{done:?}");
        return println!("skipped: chromium is not installed");
    }
    assert!(matches!(done, Photographed::Done { taken: 1.., failed: 0, left: 0 }), "{done:?}");
    assert_eq!(asked, ["/style.css"], "the page is the one that was kept; only its parts are fetched");
    let is_link = |photo: &&Photo| photo.kept.sight == Sight::Hidden(Concealment::Display);
    let photo = report.pictures.values().find(is_link).expect("the link is hidden on its picture");
    assert!(photo.jpeg.starts_with(&[0xff, 0xd8]) && photo.jpeg.len() < 1 << 20);
    let digest: [u8; 32] = Sha256::digest(&photo.jpeg).into();
    assert_eq!(photo.kept.image.0, digest, "on record");
    let finding = report.findings.iter().find(|reported| reported.id == photo.kept.finding);
    let original = finding.and_then(|reported| reported.finding.proof.original.clone());
    assert_eq!(original, Some(photo.kept.original.to_string()));
    // A crawl asks whether pictures of others are there; for a picture nobody does.
    let by_browser = stranger.log().into_iter().filter(|asked| asked.head.contains("Chrome/")).count();
    assert_eq!(by_browser, 0);
    let page = html::render(&report);
    assert!(page.contains("<img src=\"data:image/jpeg;base64,"), "the report shows it");
}

#[test]
fn only_what_is_wanted_is_pictured() {
    let server = Server::start(site("http://127.0.0.1:9/"));
    for change in [
        (|settings| settings.screenshots.mode = Pictured::Off) as fn(&mut Settings),
        |settings| settings.screenshots.per_scan = 0,
        |settings| {
            settings.screenshots.groups.clear();
            settings.only = Some(vec!["missing-tag".to_owned()]);
        },
    ] {
        let (report, done, asked) = photograph(&server, change);
        assert!(matches!(done, Photographed::Nothing), "{done:?}");
        assert!(report.pictures.is_empty() && asked.is_empty());
    }
}

#[test]
fn who_asks_for_a_sandbox_gets_one_or_no_picture() {
    let server = Server::start(site("http://127.0.0.1:9/"));
    let (_, done, _) = photograph(&server, |settings| settings.screenshots.sandbox_required = true);
    match (browser::find(), browser::confinement()) {
        (Some(_), browser::Confinement::Kept) => assert!(matches!(done, Photographed::Done { .. })),
        _ => assert!(matches!(done, Photographed::Without(_)), "{done:?}"),
    }
}
