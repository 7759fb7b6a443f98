//! Documents that are handed in, as pages and as files.

use reqwest::StatusCode;
use sitewarden::indicators::Category;
use sitewarden::paper::Kind;
use sitewarden::people::Role;
use sitewarden::store::{ActionFilter, NewTicket};

use super::dashboard::Dashboard;

#[tokio::test]
async fn every_document_is_a_page_and_nobody_sees_those_of_other_sites() {
    let dashboard = Dashboard::start().await;
    let zhang = dashboard.person("zhang", Role::Auditor, &["sthjt"]).await;
    let list = zhang.read("/reports").await;
    assert!(list.contains("示例站点 sthjt") && !list.contains("示例站点 other"), "{list}");
    assert!(zhang.read("/sites/sthjt/reports").await.contains("合同考核表"));
    for kind in Kind::ALL {
        assert!(list.contains(kind.chinese()), "{kind}");
        let page = zhang.read(&format!("/reports/{kind}?site=sthjt")).await;
        assert!(page.contains("class=\"handout\"") && page.contains("没有"), "{kind}");
        // The policy of the dashboard forbids both.
        assert!(
            !page.contains("<style") && !page.contains(" style=") && page.matches("<script").count() == 1
        );
        let foreign = zhang.get(&format!("/reports/{kind}?site=other")).await;
        assert_eq!(foreign.status(), StatusCode::NOT_FOUND, "{kind}");
    }
    assert_eq!(zhang.get("/sites/other/reports").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(zhang.get("/reports/novel").await.status(), StatusCode::NOT_FOUND);
    for wrong in ["daily?period=2026", "work?period=soon", "full-scan?scan=99", "work?scan=nine"] {
        assert_eq!(
            zhang.get(&format!("/reports/{wrong}")).await.status(),
            StatusCode::BAD_REQUEST,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_document_is_downloaded_as_a_file() {
    let dashboard = Dashboard::start().await;
    let opened = "2026-11-08T03:10:00Z".parse().expect("a moment");
    let ticket = NewTicket {
        site: "sthjt".to_owned(),
        category: Category::General,
        system: "门户".to_owned(),
        what: "<script>alert(1)</script>".to_owned(),
        opened,
        opened_by: "王五".to_owned(),
    };
    dashboard.app.store.open_ticket(&ticket, None).expect("the record works");
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let page = zhang.read("/reports/work?site=sthjt&period=2026-11").await;
    assert!(page.contains("&#60;script&#62;alert(1)") && !page.contains("<script>alert"));
    let place = "/reports/work?site=sthjt&amp;period=2026-11&amp;format=";
    let escaped = page.contains(place) || page.contains(&place.replace("&amp;", "&#38;"));
    assert!(escaped, "{page}");
    let get = |format: &'static str| {
        let zhang = &zhang;
        async move { zhang.get(&format!("/reports/work?site=sthjt&period=2026-11&format={format}")).await }
    };
    for (format, head) in [("docx", &b"PK"[..]), ("html", &b"<!DOCTYPE html>"[..])] {
        let answer = get(format).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let saved = answer.headers()["content-disposition"].to_str().unwrap().to_owned();
        assert_eq!(saved, format!("attachment; filename=\"sthjt-work-2026-11.{format}\""));
        assert!(answer.bytes().await.unwrap().starts_with(head), "{format}");
    }
    let printed = get("pdf").await;
    match printed.status() {
        StatusCode::OK => assert!(printed.bytes().await.unwrap().starts_with(b"%PDF-")),
        refused => {
            assert_eq!(refused, StatusCode::BAD_REQUEST);
            assert!(printed.text().await.unwrap().contains("没有安装 Chromium"));
        }
    }
}

#[tokio::test]
async fn handing_in_is_entered_by_who_works_and_withdrawn_by_who_decides() {
    let dashboard = Dashboard::start().await;
    let operator = dashboard.person("zhang", Role::Operator, &["sthjt"]).await;
    let auditor = dashboard.person("li", Role::Auditor, &["sthjt"]).await;
    let manager = dashboard.person("zhao", Role::Manager, &[]).await;
    let form = |kind: &'static str, period: &'static str| {
        [("kind", kind), ("period", period), ("at", "2026-07-06 10:00"), ("by", "<b>王五"), ("to", "李四")]
    };
    let place = "/sites/sthjt/documents";
    assert_eq!(auditor.submit(place, &form("summary", "2026-H1")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(operator.submit(place, &form("summary", "2026-11")).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(operator.submit(place, &form("fault", "2026")).await.status(), StatusCode::BAD_REQUEST);
    let elsewhere = operator.submit("/sites/other/documents", &form("summary", "2026-H1")).await;
    assert_eq!(elsewhere.status(), StatusCode::NOT_FOUND);
    let entered = operator.submit(place, &form("summary", "2026-H1")).await;
    assert_eq!(entered.status(), StatusCode::SEE_OTHER);
    let page = operator.read("/sites/sthjt/reports").await;
    assert!(page.contains("网站监测运维半年总结") && page.contains("&#60;b&#62;王五"), "{page}");
    let number = dashboard.app.store.handed_in("sthjt").expect("the record works")[0].number;
    let withdraw = format!("{place}/{number}/withdraw");
    let reason = [("reason", "登记有误")];
    assert_eq!(auditor.submit(&withdraw, &reason).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(manager.submit(&withdraw, &[("reason", "")]).await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(manager.submit(&withdraw, &reason).await.status(), StatusCode::SEE_OTHER);
    assert!(operator.read("/sites/sthjt/reports").await.contains("由 zhao 撤销：登记有误"));
    let noted = dashboard.app.store.actions(&ActionFilter::last(2)).expect("the record works");
    let noted: Vec<&str> = noted.iter().map(|(_, action)| action.what.as_str()).collect();
    assert_eq!(noted, ["document.withdraw", "document.hand-in"]);
}
