//! Accounts, tokens and the audit log, kept through the dashboard.

use reqwest::StatusCode;
use sitewarden::people::Role;

use super::dashboard::{Dashboard, PASSWORD, Person};

/// What a page shows once.
fn secret(page: &str) -> String {
    let (_, rest) = page.split_once("<code class=\"secret\">").expect("something is shown once");
    rest.split('<').next().unwrap_or_default().to_owned()
}

async fn log_in(dashboard: &Dashboard, login: &str, password: &str) -> (Person, StatusCode) {
    let person = dashboard.stranger();
    let status = person.post("/login", &[("login", login), ("password", password)]).await.status();
    (person, status)
}

#[tokio::test]
async fn an_account_begins_with_a_password_that_must_change() {
    let dashboard = Dashboard::start().await;
    let admin = dashboard.person("admin", Role::Admin, &[]).await;
    let form = [("login", "li"), ("name", "李四"), ("role", "editor"), ("site", "other")];
    let first = secret(&admin.submit("/people/add", &form).await.text().await.unwrap());
    let again = admin.submit("/people/add", &form).await;
    assert!(again.text().await.unwrap().contains("已被使用"));
    let unknown = [("login", "wu"), ("name", "吴"), ("role", "editor"), ("site", "nowhere")];
    assert_eq!(admin.submit("/people/add", &unknown).await.status(), StatusCode::BAD_REQUEST);

    let (li, entered) = log_in(&dashboard, "li", &first).await;
    assert_eq!(entered, StatusCode::SEE_OTHER);
    assert_eq!(li.get("/").await.headers()["location"], "/account/password");
    let change = [("old", first.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
    assert_eq!(li.submit("/account/password", &change).await.status(), StatusCode::SEE_OTHER);
    let (li, _) = log_in(&dashboard, "li", PASSWORD).await;
    let overview = li.read("/").await;
    assert!(overview.contains("示例站点 other") && !overview.contains("示例站点 sthjt"));

    let edit = [("deed", "edit"), ("name", "李四"), ("role", "manager")];
    admin.submit("/people/li/change", &edit).await;
    assert!(li.read("/").await.contains("示例站点 sthjt"), "all sites now");
    let reset = admin.submit("/people/li/change", &[("deed", "password")]).await.text().await.unwrap();
    assert_ne!(secret(&reset), first);
    assert_eq!(li.get("/").await.status(), StatusCode::SEE_OTHER, "his sessions are over");
    admin.submit("/people/li/change", &[("deed", "close")]).await;
    assert_eq!(log_in(&dashboard, "li", &secret(&reset)).await.1, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn somebody_keeps_accounts_always() {
    let dashboard = Dashboard::start().await;
    let admin = dashboard.person("admin", Role::Admin, &[]).await;
    for form in [&[("deed", "close")][..], &[("deed", "edit"), ("name", "x"), ("role", "auditor")]] {
        let refused = admin.submit("/people/admin/change", form).await;
        assert!(refused.text().await.unwrap().contains("至少须保留一个"), "{form:?}");
    }
    assert_eq!(admin.get("/people/nobody").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_token_is_shown_once_and_can_be_revoked() {
    let dashboard = Dashboard::start().await;
    let admin = dashboard.person("admin", Role::Admin, &[]).await;
    let form = [("name", "大屏"), ("role", "auditor"), ("days", "30"), ("site", "other")];
    let token = secret(&admin.submit("/tokens/make", &form).await.text().await.unwrap());
    assert!(!admin.read("/tokens").await.contains(&token));
    let program = dashboard.stranger();
    let ask = || program.client.get(format!("{}/sites/other", program.base)).bearer_auth(&token).send();
    assert_eq!(ask().await.unwrap().status(), StatusCode::OK);
    admin.submit("/tokens/1/revoke", &[]).await;
    assert_eq!(ask().await.unwrap().status(), StatusCode::SEE_OTHER, "to the login");
    for days in ["0", "99999", "x"] {
        let refused =
            admin.submit("/tokens/make", &[("name", "x"), ("role", "auditor"), ("days", days)]).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{days}");
    }
}

#[tokio::test]
async fn the_log_is_filtered_and_keeps_to_ones_sites() {
    let dashboard = Dashboard::start().await;
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let scoped = dashboard.person("scoped", Role::Auditor, &["other"]).await;
    let auditor = dashboard.person("auditor", Role::Auditor, &[]).await;
    zhang.submit("/sites/sthjt/scan", &[]).await;
    zhang.submit("/sites/other/scan", &[]).await;
    let all = auditor.read("/audit?what=site.").await;
    assert_eq!(all.matches("<code>site.scan</code>").count(), 2);
    assert!(auditor.read("/audit?actor=nobody").await.contains("没有记录"));
    let theirs = scoped.read("/audit").await;
    assert_eq!(theirs.matches("<code>site.scan</code>").count(), 1);
    assert!(!theirs.contains("sthjt") && !theirs.contains(">auditor<"));
}
