//! Availability, tickets, contracts: as people on duty use them.

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use sitewarden::ledger::{Sign, State, Target};
use sitewarden::people::Role;
use sitewarden::store::ActionFilter;

use super::dashboard::{Dashboard, Person};

/// An hour up, ten minutes down, then up again.
fn ledger(dashboard: &Dashboard) {
    let now = Timestamp::now();
    let ago = |minutes: i64| now - SignedDuration::from_mins(minutes);
    let store = &dashboard.app.store;
    for minutes in (0..=70).rev() {
        store.mark_alive(ago(minutes), SignedDuration::from_mins(3)).expect("the record works");
        let state = if (20..30).contains(&minutes) { State::Down } else { State::Up };
        let name = "http://sthjt.example.gov.cn/ <script>".to_owned();
        let target = Target { site: "sthjt".to_owned(), name };
        let sign = Sign { target, cause: "http".to_owned(), state, since: ago(minutes), at: ago(minutes) };
        store.observe(&[sign]).expect("the record works");
    }
}

async fn refused(person: &Person, path: &str, fields: &[(&str, &str)], expected: StatusCode) {
    assert_eq!(person.submit(path, fields).await.status(), expected, "{path} {fields:?}");
}

#[tokio::test]
async fn a_fault_is_seen_and_excused() {
    let dashboard = Dashboard::start().await;
    ledger(&dashboard);
    let manager = dashboard.person("guanli", Role::Manager, &["sthjt"]).await;
    let year = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).year();
    for period in ["", "?period=", &format!("?period={year}"), "?period=2026-W47", "?period=2026-11-22"] {
        let page = manager.read(&format!("/sites/sthjt/availability{period}")).await;
        assert!(page.contains("可用性") && !page.contains("<script>\""), "{period}");
    }
    let page = manager.read("/sites/sthjt/availability").await;
    assert!(page.contains("class=\"down\"") && page.contains("10 分"), "{page}");
    assert!(page.contains("&#60;script&#62;") || page.contains("&lt;script&gt;"), "{page}");
    assert_eq!(manager.get("/sites/other/availability").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(manager.get("/sites/sthjt/availability?period=x").await.status(), StatusCode::BAD_REQUEST);

    let path = "/sites/sthjt/exclusions";
    let excused = [
        ("from", "2026-01-01 00:00"),
        ("until", "2026-01-01 04:00"),
        ("kind", "not-ours"),
        ("reason", "机房断电"),
        ("approved_by", "李四"),
    ];
    assert_eq!(manager.submit(path, &excused).await.status(), StatusCode::SEE_OTHER);
    let page = manager.read("/sites/sthjt/availability").await;
    assert!(page.contains("机房断电") && page.contains("李四 批准") && page.contains("guanli"), "{page}");
    let backwards =
        [("from", "2026-01-02 00:00"), ("until", "2026-01-01 00:00"), ("kind", "not-ours"), ("reason", "x")];
    refused(&manager, path, &backwards, StatusCode::BAD_REQUEST).await;
    refused(&manager, "/sites/other/exclusions", &excused, StatusCode::NOT_FOUND).await;
    let operator = dashboard.person("zhiban", Role::Operator, &["sthjt"]).await;
    refused(&operator, path, &excused, StatusCode::FORBIDDEN).await;
    let done = dashboard.app.store.actions(&ActionFilter::last(50)).expect("the record works");
    assert!(done.iter().any(|(_, action)| action.what == "exclusion.add" && action.actor == "guanli"));
}

#[tokio::test]
async fn a_ticket_is_opened_and_solved() {
    let dashboard = Dashboard::start().await;
    let operator = dashboard.person("zhiban", Role::Operator, &["sthjt"]).await;
    let ticket = [
        ("site", "sthjt"),
        ("category", "system-down"),
        ("system", "门户<b>网站"),
        ("what", "首页打不开"),
        ("opened", "2026-01-05 08:30"),
        ("opened_by", "王五"),
    ];
    assert_eq!(operator.submit("/tickets", &ticket).await.status(), StatusCode::SEE_OTHER);
    let page = operator.read("/tickets").await;
    assert!(page.contains("首页打不开") && page.contains("处理中") && !page.contains("门户<b>"), "{page}");
    let step = [("kind", "solved"), ("at", "2026-01-05 09:30"), ("person", "张三"), ("note", "重启")];
    assert_eq!(operator.submit("/sites/sthjt/tickets/1", &step).await.status(), StatusCode::SEE_OTHER);
    assert!(operator.read("/tickets").await.contains("已解决"));
    refused(&operator, "/sites/sthjt/tickets/77", &step, StatusCode::NOT_FOUND).await;
    refused(&operator, "/sites/other/tickets/1", &step, StatusCode::NOT_FOUND).await;
    refused(&operator, "/sites/sthjt/tickets/1", &[("kind", "danced")], StatusCode::BAD_REQUEST).await;
    let auditor = dashboard.person("shenji", Role::Auditor, &[]).await;
    assert!(!auditor.read("/tickets").await.contains("登记报障单"));
    refused(&auditor, "/tickets", &ticket, StatusCode::FORBIDDEN).await;
    let other = dashboard.person("other", Role::Operator, &["other"]).await;
    assert!(!other.read("/tickets").await.contains("首页打不开"));
}

#[tokio::test]
async fn a_contract_is_assessed_line_by_line() {
    let dashboard = Dashboard::start().await;
    ledger(&dashboard);
    let manager = dashboard.person("guanli", Role::Manager, &[]).await;
    let rules = dashboard.app.current().rules;
    for contract in rules.contracts() {
        let page = manager.read(&format!("/contract/{}?site=sthjt&period=2026-Q4", contract.id)).await;
        for line in &contract.line {
            assert!(page.contains(&line.id), "{}: {}", contract.id, line.id);
        }
    }
    assert_eq!(manager.get("/contract/no-such").await.status(), StatusCode::NOT_FOUND);
    let scoped = dashboard.person("scoped", Role::Manager, &["other"]).await;
    let path = format!("/contract/{}?site=sthjt", rules.contracts()[0].id);
    assert_eq!(scoped.get(&path).await.status(), StatusCode::NOT_FOUND);
}
