//! A working day at the dashboard, in a real browser, with the real daemon and the demo site: from the set-up page to a
//! finding that is mended, proven and handed in; and one that is dismissed without a mouse.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::Body;
use axum::extract::State;
use axum::http::{Response, Uri, header};
use calamine::{Reader as _, Xlsx};
use serde_json::json;
use sitewarden::demo;
use sitewarden::document::{self, Hint, Limits};

use super::browser::Browser;
use super::dashboard::PASSWORD;
use super::rendered::AUDIT;
use crate::daemon::stage::{Daemon, wait_for};

/// A link of the demo site that leads nowhere, as its page has it, and the page without it.
const DEAD: (&str, &str) =
    ("<a href=\"/xwdt/gzdt/202505/t20250506_9001.html\">岚河治理工作纪实</a>", "岚河治理工作纪实");

/// The demo site behind an address of its own, so that somebody can mend one of its pages.
struct Desk {
    address: std::net::SocketAddr,
    is_mended: Arc<AtomicBool>,
    _runtime: tokio::runtime::Runtime,
    _demo: demo::Served,
}

/// What passes a page on.
#[derive(Clone)]
struct Relay {
    from: String,
    to: String,
    is_mended: Arc<AtomicBool>,
    client: reqwest::Client,
}

impl Desk {
    fn start() -> Desk {
        // An error means that one is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        let runtime = runtime.expect("a runtime");
        let demo = runtime.block_on(demo::serve()).expect("loopback has free ports");
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let is_mended = Arc::new(AtomicBool::new(false));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let relay = Relay {
            from: demo.address.to_string(),
            to: address.to_string(),
            is_mended: is_mended.clone(),
            client: client.build().expect("a client needs nothing special"),
        };
        let router = axum::Router::new().fallback(pass).with_state(relay);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Desk { address, is_mended, _runtime: runtime, _demo: demo }
    }
}

async fn pass(State(relay): State<Relay>, uri: Uri) -> Response<Body> {
    let address = format!("http://{}{uri}", relay.from);
    let answer = relay.client.get(address).send().await.expect("the demo site answers");
    let mut response = Response::builder().status(answer.status());
    for name in [header::CONTENT_TYPE, header::LOCATION] {
        if let Some(value) = answer.headers().get(&name).and_then(|value| value.to_str().ok()) {
            response = response.header(name, value.replace(&relay.from, &relay.to));
        }
    }
    let bytes = answer.bytes().await.expect("a whole answer");
    // What is no text is passed on as it is.
    let body = match std::str::from_utf8(&bytes) {
        Ok(text) if relay.is_mended.load(Ordering::SeqCst) => {
            Body::from(text.replace(&relay.from, &relay.to).replace(DEAD.0, DEAD.1))
        }
        Ok(text) => Body::from(text.replace(&relay.from, &relay.to)),
        Err(_) => Body::from(bytes),
    };
    response.body(body).expect("a good answer")
}

fn configuration(desk: &Desk) -> String {
    format!(
        "[crawl]\nrate = 8\nconfirm_spacing = \"50ms\"\nquery_budget = 24\ntemplate_budget = 60\n\
         allow_private = [\"127.0.0.0/8\"]\n\
         [probe]\nreferences = []\n\
         [[site]]\nid = \"demo\"\nname = \"示例省生态环境厅\"\nhome = \"http://{}/\"\n\
         [site.schedule]\nread_interval = \"720h\"\nipv6_interval = \"720h\"\n",
        desk.address
    )
}

fn log_in(browser: &mut Browser, base: &str) {
    browser.open(&format!("{base}/login"));
    browser.fill("[name=login]", "zhang");
    browser.fill("[name=password]", PASSWORD);
    browser.press("form button");
}

#[test]
fn from_the_set_up_page_to_a_proof_that_it_is_mended() {
    let Some(mut browser) = Browser::start() else {
        return println!("skipped: chromium is not installed");
    };
    let desk = Desk::start();
    let mut daemon = Daemon::new(&configuration(&desk));
    daemon.start();
    wait_for("the set-up code", || {
        fs::read_to_string(daemon.file("data/setup-code")).is_ok_and(|code| !code.is_empty())
    });
    let base = daemon.base();
    wait_for("the dashboard", || std::net::TcpStream::connect(base.trim_start_matches("http://")).is_ok());

    set_up(&mut browser, &daemon, &base);
    watch_the_scan(&mut browser, &base);
    let finding = mend(&mut browser, &base, &desk);
    see_the_picture(&mut browser, &base);
    hand_in(&mut browser, &base);
    browser.look(360, "light");
    browser.open(&finding);
    assert_eq!(browser.evaluate(AUDIT), json!([]), "on a phone");
    browser.look(1366, "light");
    dismiss_by_keys(&mut browser, &base);
    assert_eq!(browser.complaints, [""; 0], "the console is quiet");
    assert_eq!(daemon.stop(), Some(0));
}

fn set_up(browser: &mut Browser, daemon: &Daemon, base: &str) {
    let code = fs::read_to_string(daemon.file("data/setup-code")).expect("the code is there");
    browser.open(&format!("{base}/"));
    let fields = [
        ("code", code.trim()),
        ("login", "zhang"),
        ("name", "张三"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    for (name, value) in fields {
        browser.fill(&format!("[name={name}]"), value);
    }
    browser.press("form button");
    log_in(browser, base);
    assert!(browser.text("main").contains("示例省生态环境厅"), "{}", browser.text("main"));
}

/// A site that was never scanned is scanned at once, and the page tells how far it is, without being loaded again.
fn watch_the_scan(browser: &mut Browser, base: &str) {
    const TOLD: &str = "document.querySelector('[data-events]').textContent";
    let progress = format!("{base}/sites/demo/progress");
    browser.open(&progress);
    browser.wait_until(&format!("{TOLD}.startsWith('已检查')"), Some(&progress));
    browser.evaluate("window.isTheSame = true");
    let first = browser.evaluate(TOLD);
    browser.wait_until(&format!("{TOLD}.startsWith('已检查') && {TOLD} !== {first}"), None);
    browser.wait_until(&format!("{TOLD} === '当前没有正在进行的扫描'"), None);
    assert_eq!(browser.evaluate("window.isTheSame"), json!(true), "told by events, not by loading");
}

/// Assigns a dead link, takes it out of its page, has it looked at again, and sees that it is fixed.
fn mend(browser: &mut Browser, base: &str, desk: &Desk) -> String {
    browser.open(&format!("{base}/findings?check=dead-link&text=t20250506_9001.html"));
    browser.press("td a[href^='/findings/']");
    let finding = browser.evaluate("location.href").as_str().expect("an address").to_owned();
    browser.fill("[name=office]", "宣教中心");
    browser.press("button[value=assign]");
    assert!(browser.text(".trail").contains("指派给 宣教中心"), "{}", browser.text(".trail"));
    desk.is_mended.store(true, Ordering::SeqCst);
    browser.fill("[name=text]", "已删除失效链接");
    browser.press("button[value=mended]");
    assert!(browser.text("main").contains("已整改待复查"));
    browser.wait_until("document.querySelector('.trail').textContent.includes('已修复')", Some(&finding));
    finding
}

/// A dark link has a picture, once it was taken.
fn see_the_picture(browser: &mut Browser, base: &str) {
    browser.open(&format!("{base}/findings?check=dark-link"));
    browser.press("td a[href^='/findings/']");
    let finding = browser.evaluate("location.href").as_str().expect("an address").to_owned();
    let is_shown =
        "[...document.querySelectorAll('.photo img')].some((img) => img.complete && img.naturalWidth > 1000)";
    browser.wait_until("document.querySelector('.photo img') !== null", Some(&finding));
    browser.evaluate("document.querySelector('.photo img').scrollIntoView()");
    browser.wait_until(is_shown, None);
}

/// Saves the list of findings and the proof of the scan, and reads in them what the pages say.
fn hand_in(browser: &mut Browser, base: &str) {
    let folder = tempfile::tempdir().expect("a scratch folder");
    browser.open(&format!("{base}/findings"));
    let note = browser.text("main .note");
    let (_, total) = note.split_once("共 ").expect("how many there are");
    let total: usize = total.split(' ').next().and_then(|total| total.parse().ok()).expect("a number");
    let bytes = browser.save("a[href*='findings.xlsx']", folder.path());
    let mut workbook: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let sheet = workbook.worksheet_range("问题清单").expect("its sheet");
    assert_eq!(sheet.rows().count(), total + 1, "a row for each, below the names of the columns");
    let first = browser.text("tbody tr td[data-label=问题] small");
    let shows_first = sheet.rows().any(|row| row.iter().any(|cell| cell.to_string() == first));
    assert!(shows_first, "{first}");

    browser.open(&format!("{base}/sites/demo/reports"));
    browser.press("a[href^='/reports/full-scan']");
    let cells = "[...document.querySelectorAll('main td, main dd')].map((cell) => cell.textContent.trim()).filter((text) => text)";
    let before = browser.evaluate(cells);
    let bytes = browser.save("a[href$='docx']", folder.path());
    let here = browser.evaluate("location.href");
    browser.open(here.as_str().expect("an address"));
    let after = browser.evaluate(cells);
    let hint = Hint { name: "proof.docx", content_type: None };
    let words = document::text(&bytes, hint, Limits::default());
    let fold = |text: &str| text.split_whitespace().collect::<String>();
    let words: String = words.parts.iter().map(|part| fold(&part.text)).collect();
    // When it was made is another moment in each; what says the same before and after is in the document, too.
    let lasting = |cell: &&str| after.as_array().is_some_and(|after| after.iter().any(|other| other == cell));
    let cells = before.as_array().expect("cells").iter().filter_map(|cell| cell.as_str());
    let cells: Vec<&str> = cells.filter(lasting).collect();
    assert!(cells.len() > 20, "{cells:?}");
    let missing: Vec<&&str> = cells.iter().filter(|cell| !words.contains(&fold(cell))).collect();
    assert!(missing.is_empty(), "on the page, not in the document: {missing:?}");
}

/// From the login to a finding that is dismissed, with the tabulator and Enter alone.
fn dismiss_by_keys(browser: &mut Browser, base: &str) {
    browser.open(&format!("{base}/account"));
    browser.press("form[action='/logout'] button");
    browser.open(&format!("{base}/login"));
    browser.tab_to("[name=login]");
    browser.type_in("zhang");
    browser.tab_to("[name=password]");
    browser.type_in(PASSWORD);
    browser.enter();
    browser.tab_to("a[href='/findings']");
    browser.enter();
    browser.tab_to("td a[href^='/findings/']");
    browser.enter();
    browser.tab_to("form[action$='/decide'] [name=text]");
    browser.type_in("历史专题，按规定保留");
    browser.tab_to("button[value=dismiss]");
    browser.enter();
    assert!(browser.text(".trail").contains("已忽略"), "{}", browser.text(".trail"));
}
