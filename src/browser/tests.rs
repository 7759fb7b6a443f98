//! With the Chromium of the system, where there is one.

use super::*;

/// A browser, or nothing where Chromium is not installed.
fn browser() -> Option<Browser> {
    match Browser::start(&Limits::default()) {
        Ok(browser) => Some(browser),
        Err(BrowserError::Missing) => {
            println!("skipped: chromium is not installed");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_document_of_ours_is_shown() {
    let Some(mut browser) = browser() else { return };
    let tab = browser.open_tab().unwrap();
    browser.show(&tab, "<!DOCTYPE html><title>标题</title><p>正文").unwrap();
    assert_eq!(browser.evaluate(&tab, "document.title").unwrap(), json!("标题"));
    assert_eq!(browser.evaluate_apart(&tab, "document.body.textContent").unwrap(), json!("正文"));
    browser.close_tab(tab).unwrap();
}

#[test]
fn it_connects_to_nobody_by_itself() {
    let Some(mut browser) = browser() else { return };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let tab = browser.open_tab().unwrap();
    let answer = browser.call(&tab, "Page.navigate", json!({ "url": address })).unwrap();
    assert!(answer["errorText"].is_string(), "{answer}");
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn a_page_that_never_rests_ends_by_its_deadline() {
    let Some(mut browser) = browser() else { return };
    let tab = browser.open_tab().unwrap();
    browser.allow(Duration::from_millis(300));
    let error = browser.evaluate(&tab, "for (;;) {}").unwrap_err();
    assert!(matches!(error, BrowserError::TooSlow), "{error}");
}

#[test]
fn nothing_is_left_of_it() {
    let Some(mut browser) = browser() else { return };
    let tab = browser.open_tab().unwrap();
    browser.show(&tab, "<p>x").unwrap();
    let members = browser.process.members();
    assert!(members.len() > 1, "{members:?}");
    let profile = browser.process.profile().to_owned();
    drop(browser);
    let is_left = |pid: &u32| {
        // Killed and not yet taken note of by its parent: dead all the same.
        std::fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
    };
    let until = Instant::now() + Duration::from_secs(10);
    while members.iter().any(is_left) {
        assert!(Instant::now() < until, "still there: {members:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(!profile.exists());
}

#[test]
fn who_is_not_wanted_any_more_ends_at_once() {
    let Some(mut browser) = browser() else { return };
    let tab = browser.open_tab().unwrap();
    browser.stop.store(true, Ordering::Relaxed);
    assert!(matches!(browser.evaluate(&tab, "1"), Err(BrowserError::Stopped)));
}
