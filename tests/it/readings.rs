//! Readings between two scans: what they see at once, what they leave to a scan, and that they claim nothing else.

use std::fs;
use std::path::Path;

use jiff::Timestamp;
use sitewarden::demo;
use sitewarden::diff::Step;
use sitewarden::fetch::Transport;
use sitewarden::report::Reported;
use sitewarden::scan::{Reading, Scanner, Seen};

use crate::scans::Scratch;

const FURNITURE: &str = "<div class=\"footer\">主办单位：示例市生态环境局 联系方式 网站地图 无障碍浏览 简|繁 站内搜索 \
                         政府网站工作年度报表 中国政府网</div>";

fn page(folder: &Path, name: &str, body: &str) {
    let html = format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>示例市生态环境局</title></head><body>{body}{FURNITURE}</body></html>"
    );
    fs::write(folder.join(name), html).expect("writable");
}

/// The ids of the checks whose findings took this step.
fn checks(reading: &Reading, step: Step) -> Vec<&str> {
    let mut checks: Vec<&str> =
        reading.changes.of(step).map(|Reported { finding, .. }| finding.check.as_str()).collect();
    checks.sort_unstable();
    checks
}

#[test]
fn what_appears_on_the_home_page_is_told_and_what_goes_is_fixed() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let (folder, scratch) = (folder.path(), Scratch::new());
    let menu = "<a href=\"/\">首页</a><a href=\"a.html\">大气环境</a><a href=\"b.html\">水环境</a>";
    page(folder, "index.html", menu);
    page(folder, "a.html", "<p>全市环境空气质量优良天数比例同比上升。</p>");
    page(folder, "b.html", "<p>国控断面水质优良比例保持稳定。</p>");
    scratch.scan(folder);
    assert_eq!(checks(&scratch.read(folder), Step::Opened), [""; 0], "nothing has changed");

    page(
        folder,
        "index.html",
        &format!("{menu}<a href=\"new.html\">土壤环境</a><a href=\"gone.html\">旧闻</a>"),
    );
    page(folder, "new.html", "<p>加强土壤污染防制工作，联系人身份证号110101199003078515。</p>");
    let reading = scratch.read(folder);
    assert!(checks(&reading, Step::Opened).contains(&"dead-link"), "{:?}", checks(&reading, Step::Opened));
    assert!(checks(&reading, Step::Opened).contains(&"private-data"), "{:?}", checks(&reading, Step::Opened));
    assert!(reading.coverage.pages < 4, "pages that were known are not read again: {:?}", reading.coverage);

    page(folder, "index.html", &format!("{menu}<a href=\"new.html\">土壤环境</a>"));
    page(folder, "new.html", "<p>加强土壤污染防治工作。</p>");
    let reading = scratch.read(folder);
    assert_eq!(checks(&reading, Step::Opened), [""; 0]);
    assert!(checks(&reading, Step::Fixed).contains(&"dead-link"), "{:?}", checks(&reading, Step::Fixed));
    assert!(checks(&reading, Step::Fixed).contains(&"private-data"), "{:?}", checks(&reading, Step::Fixed));
}

#[test]
fn a_reading_of_a_site_that_stays_as_it_is_changes_nothing() {
    let data = tempfile::tempdir().expect("a scratch folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let served = runtime.block_on(demo::serve()).expect("loopback has free ports");
    let settings = served.settings(data.path());
    let site = settings.sites[0].clone();
    let transport = || Transport::network(&settings.fetch).expect("the network side needs nothing special");
    let scanner = Scanner::open(settings.clone(), site, Timestamp::now()).expect("everything opens");
    runtime.block_on(scanner.scan(transport(), &(), std::future::pending())).expect("the scan does its work");
    let Ok(Seen::Done(reading)) = runtime.block_on(scanner.read(transport(), &(), std::future::pending()))
    else {
        panic!("the reading does its work")
    };
    let moved: Vec<_> = [Step::Opened, Step::Reopened, Step::Fixed]
        .into_iter()
        .flat_map(|step| reading.changes.of(step).map(move |reported| (step, &reported.finding)))
        .map(|(step, finding)| (step, finding.check.as_str(), finding.page.as_str(), finding.what.as_str()))
        .collect();
    assert!(moved.is_empty(), "{moved:#?}");
}
