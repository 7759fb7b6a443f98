//! Readings between two scans: what they see at once, what they leave to a scan, and that they claim nothing else.

use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use sitewarden::address::Address;
use sitewarden::config::{Column, Site, values};
use sitewarden::demo;
use sitewarden::diff::Step;
use sitewarden::fetch::Transport;
use sitewarden::life::Reported;
use sitewarden::scan::{Reading, Scanner, Seen, Shared};

use crate::scans::Scratch;
use crate::server::{Asked, Reply, Routes, Server};

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

/// A site whose article is what it is told to be, with what its server says of it: the tag of the page, and whether it
/// answers 304 to whoever has that tag. Everything else answers in full.
struct Told {
    server: Server,
    article: Arc<Mutex<(String, &'static str)>>,
}

impl Told {
    fn start(article: &str) -> Told {
        let article = Arc::new(Mutex::new((article.to_owned(), "\"1\"")));
        let told = article.clone();
        let eye = move |asked: &Asked| {
            let (body, tag) = told.lock().expect("nobody panics while holding it").clone();
            if asked.target != "/a.html" {
                return None;
            }
            // The word of the server, true or not.
            if asked.head.contains(&format!("if-none-match: {tag}")) {
                return Some(Reply::Answer(format!("304 Not Modified\r\nETag: {tag}"), Vec::new()));
            }
            let head = format!("200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: {tag}");
            Some(Reply::Answer(head, body.into_bytes()))
        };
        let home = "<title>示例市生态环境局</title><a href=a.html>大气环境</a>";
        let routes = Routes::default().at("/", Reply::page(home)).eyeing(eye);
        Told { server: Server::start(routes), article }
    }

    fn shows(&self, body: &str, tag: &'static str) {
        *self.article.lock().expect("nobody panics while holding it") = (article(body), tag);
    }

    /// How the article was asked for, since so many requests: `true` where by its tag.
    fn asked(&self, since: usize) -> Vec<bool> {
        let log = self.server.log();
        let of_article = log[since..].iter().filter(|asked| asked.target == "/a.html");
        of_article.map(|asked| asked.head.contains("if-none-match")).collect()
    }
}

fn article(body: &str) -> String {
    format!("<title>大气环境_示例市生态环境局</title><h1>大气环境</h1><p>{body}</p>")
}

#[test]
fn a_server_is_believed_that_a_page_has_not_changed_but_not_for_ever() {
    let told = Told::start(&article("全市环境空气质量优良天数比例同比上升。"));
    let data = tempfile::tempdir().expect("a scratch folder");
    let mut settings = crate::scans::settings(data.path());
    settings.fetch.allow_private = vec![values::network("127.0.0.0/8").expect("a network")];
    settings.crawl.trust_unchanged = 2;
    let home = Address::parse(&told.server.home()).expect("a good address");
    let address = home.resolve("a.html", encoding_rs::UTF_8).expect("a good address");
    let column = Column { name: "大气环境".to_owned(), address, kind: None, cycle_days: None };
    let site = Site { columns: vec![column], ..Site::at(&home, &[]) };
    let shared = Shared::open(&settings).expect("everything opens");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let transport = || Transport::network(&settings.fetch).expect("the network side needs nothing special");
    let scanner = || Scanner::sharing(&shared, settings.clone(), site.clone(), Timestamp::now());
    runtime
        .block_on(scanner().scan(transport(), &(), std::future::pending()))
        .expect("the scan does its work");
    let read = || {
        let before = told.server.log().len();
        let Ok(Seen::Done(reading)) =
            runtime.block_on(scanner().read(transport(), &(), std::future::pending()))
        else {
            panic!("the reading does its work")
        };
        let opened: Vec<String> = checks(&reading, Step::Opened).into_iter().map(str::to_owned).collect();
        (told.asked(before), opened)
    };
    let nothing = Vec::<String>::new;
    assert_eq!(read(), (vec![false], nothing()), "nothing is remembered of a scan");
    assert_eq!(read(), (vec![true], nothing()));
    assert_eq!(read(), (vec![true], nothing()));
    assert_eq!(read(), (vec![false], nothing()), "its word was taken twice");
    assert_eq!(read(), (vec![true], nothing()));

    told.shows("联系人身份证号110101199003078515。", "\"2\"");
    assert_eq!(read(), (vec![true], vec!["private-data".to_owned()]), "an honest server says what is new");
    told.shows("全市环境空气质量优良天数比例保持稳定，真人荷官百家乐。", "\"2\"");
    assert_eq!(
        (read(), read()),
        ((vec![true], nothing()), (vec![true], nothing())),
        "one that lies does not"
    );
    let (asked, opened) = read();
    assert!(!asked.contains(&true) && opened.contains(&"sensitive-word".to_owned()), "{asked:?} {opened:?}");
    assert!(!read().0.contains(&true), "and is believed no more");
}
