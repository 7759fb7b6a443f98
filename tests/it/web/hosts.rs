//! Saying of a host that a site links to how it stands.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::date;
use reqwest::StatusCode;
use sitewarden::inventory::ExternalHost;
use sitewarden::link::landing::HostState;
use sitewarden::people::Role;
use sitewarden::store::{ActionFilter, RecheckOutcome};

use super::dashboard::Dashboard;
use super::seed::HOSTILE;

/// Puts a host of others on record.
fn met(dashboard: &Dashboard, name: &str) {
    let day = date(2026, 11, 20);
    let host = ExternalHost {
        host: name.to_owned(),
        class: "unknown".to_owned(),
        first_seen: day,
        last_seen: day,
        pages: 3,
        samples: Vec::new(),
        address: format!("http://{name}/"),
        anchors: vec![HOSTILE.to_owned()],
        state: HostState::Suspicious,
        why: HOSTILE.to_owned(),
        since: day,
        was: None,
        lapsed: false,
        answered: true,
        print: None,
        looked: None,
    };
    let now = Timestamp::now();
    let outcome = RecheckOutcome {
        site: "sthjt".to_owned(),
        started: now,
        finished: now,
        hosts: vec![host],
        findings: Vec::new(),
        seen: Box::new(|_| false),
    };
    dashboard.app.store.finish_recheck(outcome).expect("it is recorded");
}

#[tokio::test]
async fn a_host_is_vouched_for_and_that_is_taken_back() {
    let dashboard = Dashboard::start().await;
    met(&dashboard, "society.example");
    let manager = dashboard.person("guanli", Role::Manager, &["sthjt"]).await;
    let (approve, revoke, list) =
        ("/sites/sthjt/links/approve", "/sites/sthjt/links/revoke", "/sites/sthjt/links");
    let note = format!("协会{HOSTILE}");
    let host = ("host", "society.example");
    let check = async |path: &str, fields: &[(&str, &str)], expected: StatusCode| {
        assert_eq!(manager.submit(path, fields).await.status(), expected, "{path} {fields:?}");
    };
    check(revoke, &[host, ("note", "误登")], StatusCode::NOT_FOUND).await;
    check(approve, &[host], StatusCode::BAD_REQUEST).await;
    check(approve, &[host, ("note", "协会"), ("until", "2020-01-01")], StatusCode::BAD_REQUEST).await;
    check(approve, &[host, ("note", "协会"), ("until", "soon")], StatusCode::BAD_REQUEST).await;
    check(approve, &[("host", "nobody.example"), ("note", "协会")], StatusCode::NOT_FOUND).await;
    assert!(manager.read(list).await.contains(approve));

    check(approve, &[host, ("note", &note), ("until", "2099-12-31")], StatusCode::SEE_OTHER).await;
    let page = manager.read(list).await;
    assert!(page.contains("guanli登记：协会") && page.contains("（至 2099-12-31）") && page.contains(revoke));
    assert!(!page.contains("<script>alert"), "{page}");
    let auditor = dashboard.person("shenji", Role::Auditor, &[]).await;
    assert!(!auditor.read(list).await.contains(revoke));
    let refused = auditor.submit(revoke, &[host, ("note", "误登")]).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);

    check(revoke, &[host, ("note", "域名已转让")], StatusCode::SEE_OTHER).await;
    let page = manager.read(list).await;
    assert!(page.contains("guanli撤销登记：域名已转让") && page.contains("guanli登记：协会"), "{page}");
    let done = dashboard.app.store.actions(&ActionFilter::last(50)).expect("the record works");
    let noted: BTreeSet<(&str, &str)> = done
        .iter()
        .filter(|(_, action)| action.what.starts_with("host."))
        .map(|(_, action)| (action.what.as_str(), action.subject.as_str()))
        .collect();
    let subject = "sthjt/society.example";
    assert_eq!(noted, [("host.approve", subject), ("host.revoke", subject)].into());
}
