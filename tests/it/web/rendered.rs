//! The dashboard as people see it: in a real browser, on a desk and on a phone, in light and dark.

use serde_json::json;
use sitewarden::people::Role;
use sitewarden::web::routes;

use super::browser::Browser;
use super::dashboard::{Dashboard, PASSWORD};
use super::seed;

/// Tells what is wrong with the page that is shown.
pub(super) const AUDIT: &str = include_str!("audit.js");

fn log_in(browser: &mut Browser, base: &str) {
    browser.open(&format!("{base}/login"));
    browser.fill("[name=login]", "admin");
    browser.fill("[name=password]", PASSWORD);
    browser.press("form button");
}

#[test]
fn the_audit_sees_what_is_wrong() {
    let Some(mut browser) = Browser::start() else {
        return println!("skipped: chromium is not installed");
    };
    browser.look(360, "light");
    browser.open(concat!(
        "data:text/html,<main><h1>a</h1><h1>b</h1><input><button></button><table><tr><td>x</table><svg></svg>",
        "<p style='width:900px;color:silver'>pale</p><script>null</script></main>"
    ));
    let told = browser.evaluate(AUDIT).to_string();
    for wrong in [
        "no lang",
        "2 h1",
        "no title",
        "sideways",
        "no label",
        "no name",
        "no text",
        "no headers",
        "contrast",
        "inline script",
        "style:",
    ] {
        assert!(told.contains(wrong), "{wrong}: {told}");
    }
    browser.evaluate("console.error('x'), setTimeout(() => { throw new Error('loud') })");
    // The fault comes with the page's next turn; whatever is asked meanwhile brings it along.
    let is_heard = |browser: &mut Browser| browser.complaints.iter().any(|one| one.contains("loud"));
    for _ in 0..2_000 {
        if is_heard(&mut browser) {
            return;
        }
        browser.evaluate("null");
    }
    panic!("not heard: {:?}", browser.complaints);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_assigns_a_finding_and_sees_it_in_the_list() {
    let dashboard = Dashboard::start().await;
    seed::scan(&dashboard.app, "sthjt", 4).await;
    dashboard.person("admin", Role::Admin, &[]).await;
    let base = dashboard.base.clone();
    let seen = tokio::task::spawn_blocking(move || {
        let mut browser = Browser::start()?;
        log_in(&mut browser, &base);
        browser.press("a[href='/findings']");
        browser.press("td a[href^='/findings/']");
        let dialogs =
            browser.evaluate("document.querySelectorAll('main script, main img, main [onerror]').length");
        assert_eq!(dialogs, json!(0), "text of the site stays text");
        browser.fill("[name=office]", "办公室");
        browser.press("button[value=assign]");
        let trail = browser.evaluate("document.querySelector('.trail').textContent");
        assert!(trail.as_str().is_some_and(|trail| trail.contains("指派给 办公室")), "{trail}");
        browser.press("a[href='/findings']");
        let row = browser.evaluate("document.querySelector('tbody tr').textContent");
        assert!(row.as_str().is_some_and(|row| row.contains("办公室")), "{row}");
        assert_eq!(browser.complaints, [""; 0]);
        Some(())
    });
    if seen.await.expect("the browser does as it is told").is_none() {
        println!("skipped: chromium is not installed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_type_and_dark_colours_are_chosen_by_a_button_and_remembered() {
    const GROUND: &str = "getComputedStyle(document.body).backgroundColor";
    let dashboard = Dashboard::start().await;
    seed::scan(&dashboard.app, "sthjt", 4).await;
    dashboard.person("admin", Role::Admin, &[]).await;
    let base = dashboard.base.clone();
    let seen = tokio::task::spawn_blocking(move || {
        let mut browser = Browser::start()?;
        log_in(&mut browser, &base);
        let (light, dark) = (json!("rgb(246, 247, 248)"), json!("rgb(20, 23, 27)"));
        for (system, follows, chosen) in [("light", &light, &dark), ("dark", &dark, &light)] {
            browser.look(1366, system);
            browser.open(&format!("{base}/findings"));
            assert_eq!(browser.evaluate(GROUND), *follows, "as the system is");
            browser.evaluate("document.getElementById('dark').click()");
            assert_eq!(browser.evaluate(GROUND), *chosen);
            assert_eq!(browser.evaluate(AUDIT), json!([]), "{system}, chosen otherwise");
            browser.open(&format!("{base}/"));
            assert_eq!(browser.evaluate(GROUND), *chosen, "remembered");
            browser.evaluate("localStorage.removeItem('dark')");
        }
        browser.evaluate("document.getElementById('large').click()");
        browser.open(&format!("{base}/account"));
        assert_eq!(browser.evaluate("getComputedStyle(document.documentElement).fontSize"), json!("20px"));
        let pressed = "document.getElementById('large').getAttribute('aria-pressed')";
        assert_eq!(browser.evaluate(pressed), json!("true"));
        browser.look(360, "light");
        assert_eq!(browser.evaluate(AUDIT), json!([]), "large on a phone");
        assert_eq!(browser.complaints, [""; 0]);
        Some(())
    });
    if seen.await.expect("the browser does as it is told").is_none() {
        println!("skipped: chromium is not installed");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_reads_well_on_a_phone_and_in_the_dark() {
    let dashboard = Dashboard::start().await;
    let ids = seed::scan(&dashboard.app, "sthjt", 4).await;
    let admin = dashboard.person("admin", Role::Admin, &[]).await;
    let mut pages = Vec::new();
    for route in routes() {
        let path = route
            .path
            .replace("{id}", "sthjt")
            .replace("{fingerprint}", &ids[0])
            .replace("{scan}", "1")
            .replace("{login}", "admin");
        let answer = admin.get(&path).await;
        let is_html = answer
            .headers()
            .get("content-type")
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if answer.status().is_success() && is_html {
            pages.push(format!("{}{path}", dashboard.base));
        }
    }
    let base = dashboard.base.clone();
    let seen = tokio::task::spawn_blocking(move || {
        let mut browser = Browser::start()?;
        log_in(&mut browser, &base);
        let mut wrong = Vec::new();
        for (width, scheme) in [(360, "light"), (1366, "dark")] {
            browser.look(width, scheme);
            for page in &pages {
                browser.open(page);
                let found = browser.evaluate(AUDIT);
                let found = found.as_array().into_iter().flatten();
                wrong.extend(found.map(|one| format!("{page} at {width}, {scheme}: {one}")));
            }
        }
        wrong.extend(std::mem::take(&mut browser.complaints));
        Some((pages.len(), wrong))
    });
    let Some((pages, wrong)) = seen.await.expect("the browser does as it is told") else {
        return println!("skipped: chromium is not installed");
    };
    assert!(pages >= 15, "only {pages} pages");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
