//! Who gets in, and what each may do.

use reqwest::StatusCode;
use sitewarden::config::LoginProxy;
use sitewarden::people::{Permission, Role};
use sitewarden::web::{Need, routes};

use super::dashboard::{Dashboard, PASSWORD};
use super::seed;

#[tokio::test]
async fn the_first_account_needs_the_code() {
    let dashboard = Dashboard::start().await;
    let somebody = dashboard.stranger();
    assert_eq!(somebody.get("/").await.headers()["location"], "/login?next=%2F");
    assert_eq!(somebody.get("/login").await.headers()["location"], "/setup");
    let form = |code: &'static str| {
        [("code", code), ("login", "admin"), ("name", "张三"), ("password", PASSWORD), ("again", PASSWORD)]
    };
    let refused = somebody.post("/setup", &form("guess")).await;
    assert!(refused.text().await.unwrap().contains("初始化口令不正确"));
    assert_eq!(somebody.post("/setup", &form("first")).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(somebody.post("/setup", &form("first")).await.status(), StatusCode::NOT_FOUND, "only once");
    let wrong = somebody.post("/login", &[("login", "admin"), ("password", "something else")]).await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    let entered = somebody.post("/login", &[("login", "admin"), ("password", PASSWORD)]).await;
    assert_eq!(entered.status(), StatusCode::SEE_OTHER);
    let cookie = entered.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    assert!(somebody.read("/").await.contains("示例站点 sthjt"));
    assert_eq!(somebody.submit("/logout", &[]).await.status(), StatusCode::SEE_OTHER);
    assert_eq!(somebody.get("/").await.status(), StatusCode::SEE_OTHER, "the session is over");
}

#[tokio::test]
async fn guessing_locks_and_names_nobody() {
    let dashboard = Dashboard::start().await;
    dashboard.person("zhang", Role::Operator, &[]).await;
    let guesser = dashboard.stranger();
    let mut said = Vec::new();
    for _ in 0..5 {
        let answer = guesser.post("/login", &[("login", "zhang"), ("password", "wrong")]).await;
        said.push(answer.text().await.unwrap());
    }
    let unknown =
        guesser.post("/login", &[("login", "nobody"), ("password", "wrong")]).await.text().await.unwrap();
    assert_eq!(
        said[0].replace("zhang", ""),
        unknown.replace("nobody", ""),
        "an unknown login looks the same"
    );
    assert!(said[4].contains("暂时锁定"));
    let right = guesser.post("/login", &[("login", "zhang"), ("password", PASSWORD)]).await;
    assert_eq!(right.status(), StatusCode::UNAUTHORIZED, "locked for the right password, too");
}

#[tokio::test]
async fn a_session_is_new_with_every_login_and_a_form_belongs_to_it() {
    let dashboard = Dashboard::start().await;
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let before = zhang.form_token().await;
    zhang.post("/login", &[("login", "zhang"), ("password", PASSWORD)]).await;
    let after = zhang.form_token().await;
    assert_ne!(before, after);
    assert_eq!(zhang.post("/logout", &[]).await.status(), StatusCode::FORBIDDEN, "no token");
    assert_eq!(zhang.post("/logout", &[("form_token", &before)]).await.status(), StatusCode::FORBIDDEN);
    let foreign = zhang.client.post(format!("{}/logout", zhang.base)).header("origin", "https://evil.test");
    let foreign = foreign.header("x-form-token", &after).send().await.unwrap();
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "sent by a page of somebody else");
    assert_eq!(zhang.post("/logout", &[("form_token", &after)]).await.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn every_route_lets_through_who_may_and_nobody_else() {
    let dashboard = Dashboard::start().await;
    let mut people = Vec::new();
    for role in Role::ALL {
        people.push((role, dashboard.person(role.word(), role, &[]).await));
    }
    let stranger = dashboard.stranger();
    for route in routes() {
        let path =
            route.path.replace("{file}", "style.css").replace("{id}", "sthjt").replace("{number}", "1");
        let seen = stranger.get(&path).await.status();
        match route.need {
            Need::Nothing => assert_ne!(seen, StatusCode::FORBIDDEN, "{path}"),
            Need::Permission(_) if path.starts_with("/api/") => {
                assert_eq!(seen, StatusCode::UNAUTHORIZED, "{path}")
            }
            Need::Permission(_) => assert_eq!(seen, StatusCode::SEE_OTHER, "{path} sends to the login"),
        }
        let Need::Permission(permission) = route.need else { continue };
        for (role, person) in &people {
            let is_refused = person.get(&path).await.status() == StatusCode::FORBIDDEN;
            assert_eq!(is_refused, !role.may(permission), "{path} as {role:?}");
        }
    }
    assert!(!Role::Auditor.may(Permission::Work));
}

#[tokio::test]
async fn what_is_of_another_site_is_not_there() {
    let dashboard = Dashboard::start().await;
    let ids = seed::scan(&dashboard.app, "sthjt", 3).await;
    let stranger = dashboard.person("stranger", Role::Admin, &["other"]).await;
    let owner = dashboard.person("owner", Role::Admin, &["sthjt"]).await;
    let of_site = routes()
        .into_iter()
        .filter(|route| route.path.contains("{id}") || route.path.contains("{fingerprint}"));
    for route in of_site {
        let path = route.path.replace("{id}", "sthjt").replace("{fingerprint}", &ids[0]);
        let path = path.replace("{scan}", "1").replace("{number}", "1");
        let is_read = owner.get(&path).await.status() != StatusCode::METHOD_NOT_ALLOWED;
        // Programs send JSON; what they may not reach is tried in `api`.
        if !is_read && path.starts_with("/api/") {
            continue;
        }
        let answer = if is_read {
            stranger.get(&path).await
        } else {
            stranger.submit(&path, &[("deed", "recheck")]).await
        };
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    for list in
        ["/", "/wall", "/findings", "/findings?site=sthjt", "/findings/download/findings.csv?site=sthjt"]
    {
        let page = stranger.read(list).await;
        assert!(!page.contains("sthjt.example.gov.cn") && !page.contains("示例站点 sthjt"), "{list}");
    }
    let bulk = stranger.submit("/findings/work", &[("finding", &ids[1]), ("deed", "recheck")]).await;
    assert_eq!(bulk.status(), StatusCode::NOT_FOUND);
    assert!(dashboard.asked().is_empty(), "nothing was done");
}

#[tokio::test]
async fn every_answer_keeps_browsers_from_what_no_page_wants() {
    let dashboard = Dashboard::start().await;
    let zhang = dashboard.person("zhang", Role::Admin, &[]).await;
    for path in ["/", "/login", "/no/such/page", "/static/style.css", "/account/totp"] {
        let answer = zhang.get(path).await;
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn programs_are_told_that_it_lives() {
    let dashboard = Dashboard::start().await;
    let program = dashboard.stranger();
    assert!(program.read("/healthz").await.contains("\"sound\":true"));
    assert!(program.read("/metrics").await.contains("sitewarden_up 1"));
}

#[tokio::test]
async fn a_trusted_proxy_says_who_somebody_is_and_nobody_else_does() {
    let believed = [(Some("127.0.0.0/8"), true), (Some("10.0.0.0/8"), false), (None, false)];
    for (trusted, is_believed) in believed {
        let dashboard = Dashboard::start().await;
        dashboard.person("zhang", Role::Operator, &["sthjt"]).await;
        let mut current = dashboard.app.current();
        let mut settings = (*current.settings).clone();
        settings.web.proxy = trusted.map(|network| LoginProxy {
            header: "x-remote-user".to_owned(),
            trusted: vec![network.parse().expect("a network")],
        });
        current.settings = std::sync::Arc::new(settings);
        dashboard.app.change(current);
        let stranger = dashboard.stranger();
        let ask = async |login: &str| {
            let request = stranger.client.get(format!("{}/account", stranger.base));
            request.header("X-Remote-User", login).send().await.expect("it answers")
        };
        let answer = ask("zhang").await;
        assert_eq!(answer.status() == StatusCode::OK, is_believed, "{trusted:?}");
        assert_eq!(ask("nobody").await.status(), StatusCode::SEE_OTHER);
        if !is_believed {
            continue;
        }
        let page = answer.text().await.expect("a whole page");
        let (_, rest) = page.split_once("name=\"form_token\" value=\"").expect("a form");
        let token = rest.split('"').next().expect("a value");
        let post = async |token: &str| {
            let request = stranger.client.post(format!("{}/api/v1/sites/sthjt/scans", stranger.base));
            let request = request.header("X-Remote-User", "zhang").header("x-form-token", token);
            request.send().await.expect("it answers").status()
        };
        assert_eq!(post("guess").await, StatusCode::FORBIDDEN);
        assert_eq!(post(token).await, StatusCode::ACCEPTED);
    }
}

#[tokio::test]
async fn behind_a_proxy_forms_come_from_the_public_address() {
    let dashboard = Dashboard::start().await;
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let token = zhang.form_token().await;
    let scan = async |origin: &str| {
        let request = zhang.client.post(format!("{}/api/v1/sites/sthjt/scans", zhang.base));
        let request = request.header("origin", origin).header("x-form-token", &token);
        request.send().await.expect("it answers").status()
    };
    let public = "https://warden.example.gov.cn";
    assert_eq!(scan(public).await, StatusCode::FORBIDDEN);
    let mut current = dashboard.app.current();
    let mut settings = (*current.settings).clone();
    settings.web.public_url = Some(public.to_owned());
    current.settings = std::sync::Arc::new(settings);
    dashboard.app.change(current);
    assert_eq!(scan(public).await, StatusCode::ACCEPTED);
    assert_eq!(scan("https://evil.test").await, StatusCode::FORBIDDEN);
    let entered = zhang.post("/login", &[("login", "zhang"), ("password", PASSWORD)]).await;
    assert!(entered.headers()["set-cookie"].to_str().is_ok_and(|cookie| cookie.contains("; Secure")));
}
