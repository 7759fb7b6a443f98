//! The interface for programs, as programs use it.

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, Response, StatusCode, header};
use serde_json::{Value, json};
use sitewarden::people::{Role, Token};
use sitewarden::store::ActionFilter;
use sitewarden::store::NewToken;
use sitewarden::web::routes;

use super::dashboard::{Dashboard, nobody};
use super::record;

/// A program with a token.
struct Program {
    client: Client,
    base: String,
    token: Token,
}

impl Program {
    fn new(dashboard: &Dashboard, role: Role, sites: &[&str], lives: SignedDuration) -> (Program, i64) {
        let token = Token::random();
        let new = NewToken {
            hash: token.hash(),
            name: "集成".to_owned(),
            role,
            sites: sites.iter().map(|&site| site.to_owned()).collect(),
            until: Timestamp::now() + lives,
        };
        let number = dashboard.app.store.add_token(&new, &nobody("token.add")).expect("the record works");
        let person = dashboard.stranger();
        (Program { client: person.client, base: person.base, token }, number)
    }

    fn of(dashboard: &Dashboard, role: Role, sites: &[&str]) -> Program {
        Program::new(dashboard, role, sites, SignedDuration::from_hours(1)).0
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let request = self.client.get(format!("{}/api/v1{path}", self.base));
        read(request.bearer_auth(self.token.expose()).send().await.expect("it answers")).await
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let request = self.client.post(format!("{}/api/v1{path}", self.base));
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        read(request.bearer_auth(self.token.expose()).send().await.expect("it answers")).await
    }
}

async fn read(answer: Response) -> (StatusCode, Value) {
    let status = answer.status();
    let kind = answer.headers()[header::CONTENT_TYPE].to_str().expect("ASCII").to_owned();
    assert!(kind.starts_with("application/json"), "{status}: {kind}");
    (status, serde_json::from_str(&answer.text().await.expect("a whole answer")).expect("JSON"))
}

#[tokio::test]
async fn every_path_answers_as_json_and_stays_in_its_scope() {
    let dashboard = Dashboard::start().await;
    record::scan(&dashboard, "sthjt", &["一", "二"]);
    let program = Program::of(&dashboard, Role::Admin, &["other"]);
    for route in routes() {
        let Some(path) = route.path.strip_prefix("/api/v1") else { continue };
        let foreign = path
            .replace("{id}", "sthjt")
            .replace("{number}", "1")
            .replace("{fingerprint}", &record::fingerprint("sthjt", "一"))
            .replace("{profile}", "sichuan");
        let (status, told) = program.get(&foreign).await;
        match foreign == path {
            true => assert!(matches!(status.as_u16(), 200 | 405), "{path}: {status}"),
            false => assert!(matches!(status.as_u16(), 404 | 405), "{path}: {status} {told}"),
        }
        assert!(status.is_success() || told["error"].is_string(), "{path}: {told}");
        assert!(!told.to_string().contains("示例站点 sthjt"), "{path}: {told}");
    }
    let (status, _) = program.post("/sites/sthjt/scans", &json!({})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let decision = json!({ "ruling": "acknowledge" });
    let path = format!("/findings/{}/decisions", record::fingerprint("sthjt", "一"));
    assert_eq!(program.post(&path, &decision).await.0, StatusCode::NOT_FOUND);
    let (_, sites) = program.get("/sites").await;
    assert_eq!(sites["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(sites["items"][0]["id"], "other");
    assert_eq!(program.get("/no/such").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn findings_come_in_pages_with_filters() {
    let dashboard = Dashboard::start().await;
    let whats: Vec<String> = (0..25).map(|number| format!("what{number}")).collect();
    let whats: Vec<&str> = whats.iter().map(String::as_str).collect();
    record::scan(&dashboard, "sthjt", &whats);
    record::scan(&dashboard, "other", &["elsewhere"]);
    let program = Program::of(&dashboard, Role::Auditor, &[]);
    let (mut seen, mut path) = (Vec::new(), "/sites/sthjt/findings?limit=10".to_owned());
    loop {
        let (status, page) = program.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let items = page["items"].as_array().expect("a list");
        assert!(items.len() <= 10);
        seen.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
        let Some(next) = page["next"].as_i64() else { break };
        path = format!("/sites/sthjt/findings?limit=10&cursor={next}");
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!((seen.len(), once.len()), (25, 25));
    for (query, expected) in [
        ("severity=critical", 0),
        ("severity=medium", 25),
        ("check=dead-link&state=new,open", 25),
        ("check=no-such", 0),
        ("state=fixed", 0),
    ] {
        let (_, page) = program.get(&format!("/sites/sthjt/findings?{query}")).await;
        assert_eq!(page["items"].as_array().map(Vec::len), Some(expected), "{query}");
    }
    for wrong in ["limit=many", "state=asleep", "colour=red", "severity=awful"] {
        let (status, told) = program.get(&format!("/sites/sthjt/findings?{wrong}")).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}: {told}");
    }
    let (_, finding) = program.get(&format!("/findings/{}", record::fingerprint("sthjt", "what3"))).await;
    assert_eq!((&finding["schema"], &finding["site"]), (&json!(1), &json!("sthjt")));
    assert_eq!(finding["history"].as_array().map(Vec::len), Some(1));
    let (_, scans) = program.get("/sites/sthjt/scans").await;
    let number = scans["items"][0]["number"].as_i64().expect("a number");
    let (_, scan) = program.get(&format!("/scans/{number}")).await;
    assert_eq!(scan["state"], "finished");
    assert!(scan["score"]["lines"].is_array() && scan["coverage"]["visited"].is_u64(), "{scan}");
}

#[tokio::test]
async fn decisions_take_the_right_and_leave_a_trace() {
    let dashboard = Dashboard::start().await;
    record::scan(&dashboard, "sthjt", &["一"]);
    let path = format!("/findings/{}/decisions", record::fingerprint("sthjt", "一"));
    let auditor = Program::of(&dashboard, Role::Auditor, &[]);
    let operator = Program::of(&dashboard, Role::Operator, &[]);
    let manager = Program::of(&dashboard, Role::Manager, &[]);
    let known = json!({ "ruling": "acknowledge" });
    let none = json!({ "ruling": "dismiss", "reason": "外链已下线", "until": "2999-01-01T00:00:00Z" });
    assert_eq!(auditor.post(&path, &known).await.0, StatusCode::FORBIDDEN);
    assert_eq!(operator.post(&path, &none).await.0, StatusCode::FORBIDDEN);
    let (status, told) = operator.post(&path, &known).await;
    assert_eq!((status, &told["state"]), (StatusCode::OK, &json!("acknowledged")));
    let (_, told) = manager.post(&path, &none).await;
    assert_eq!(told["state"], "dismissed");
    let past = json!({ "ruling": "dismiss", "reason": "x", "until": "2000-01-01T00:00:00Z" });
    let (status, told) = manager.post(&path, &past).await;
    assert_eq!((status, &told["error"]), (StatusCode::BAD_REQUEST, &json!("忽略的截止日期须晚于今天")));
    assert_eq!(manager.post(&path, &json!({ "ruling": "burn" })).await.0, StatusCode::BAD_REQUEST);
    let actions = dashboard.app.store.actions(&ActionFilter::last(10)).expect("the record works");
    assert_eq!((actions[0].1.what.as_str(), actions[0].1.actor.as_str()), ("finding.dismiss", "token:集成"));
}

#[tokio::test]
async fn a_token_ends_and_can_be_taken_away() {
    let dashboard = Dashboard::start().await;
    let (old, _) = Program::new(&dashboard, Role::Admin, &[], SignedDuration::from_secs(-1));
    assert_eq!(old.get("/sites").await.0, StatusCode::UNAUTHORIZED);
    let (program, number) = Program::new(&dashboard, Role::Admin, &[], SignedDuration::from_hours(1));
    assert_eq!(program.get("/sites").await.0, StatusCode::OK);
    dashboard.app.store.revoke_token(number, &nobody("token.revoke")).expect("the record works");
    assert_eq!(program.get("/sites").await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_changes_nothing_without_the_token_of_its_forms() {
    let dashboard = Dashboard::start().await;
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let url = format!("{}/api/v1/sites/sthjt/scans", zhang.base);
    let forged = zhang.client.post(&url).header("content-type", "application/json").body("{}").send().await;
    let (status, told) = read(forged.expect("it answers")).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{told}");
    let token = zhang.form_token().await;
    let asked = zhang.client.post(&url).header("x-form-token", token).send().await.expect("it answers");
    assert_eq!(read(asked).await.0, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn tickets_and_exclusions_are_entered_and_counted() {
    let dashboard = Dashboard::start().await;
    let operator = Program::of(&dashboard, Role::Operator, &["sthjt"]);
    let new = json!({ "category": "system-down", "system": "门户网站", "what": "打不开",
        "opened": "2026-11-20T01:00:00Z", "opened_by": "王五" });
    let (status, ticket) = operator.post("/sites/sthjt/tickets", &new).await;
    assert_eq!(status, StatusCode::CREATED, "{ticket}");
    let steps = format!("/sites/sthjt/tickets/{}/steps", ticket["number"]);
    let step = json!({ "kind": "answered", "at": "2026-11-20T01:10:00Z", "by": "张三", "note": "电话" });
    let (status, ticket) = operator.post(&steps, &step).await;
    assert_eq!((status, ticket["steps"].as_array().map(Vec::len)), (StatusCode::CREATED, Some(1)));
    for (path, body) in [
        (
            "/sites/sthjt/tickets",
            json!({ "category": "general", "system": " ", "what": "x", "opened_by": "y" }),
        ),
        (
            "/sites/sthjt/tickets",
            json!({ "category": "other", "system": "x", "what": "x", "opened_by": "y" }),
        ),
        (steps.as_str(), json!({ "kind": "danced", "by": "张三" })),
        (steps.as_str(), json!({ "kind": "solved", "by": "张三", "at": "2999-01-01T00:00:00Z" })),
    ] {
        assert_eq!(operator.post(path, &body).await.0, StatusCode::BAD_REQUEST, "{body}");
    }
    assert_eq!(operator.post("/sites/sthjt/tickets/999/steps", &step).await.0, StatusCode::NOT_FOUND);

    let excluded = json!({ "from": "2026-11-20T01:00:00Z", "until": "2026-11-20T02:00:00Z",
        "kind": "not-ours", "reason": "机房断电", "approved_by": "李四" });
    assert_eq!(operator.post("/sites/sthjt/exclusions", &excluded).await.0, StatusCode::FORBIDDEN);
    let manager = Program::of(&dashboard, Role::Manager, &["sthjt"]);
    assert_eq!(manager.post("/sites/sthjt/exclusions", &excluded).await.0, StatusCode::CREATED);
    let (_, list) = manager.get("/sites/sthjt/exclusions").await;
    assert_eq!(list["items"][0]["approved_by"], "李四");

    let (status, ledger) = manager.get("/sites/sthjt/ledger?period=2026-11").await;
    assert_eq!((status, &ledger["period"]), (StatusCode::OK, &json!("2026-11")));
    assert_eq!(manager.get("/sites/sthjt/ledger?period=soon").await.0, StatusCode::BAD_REQUEST);
    let (_, contracts) = manager.get("/contracts").await;
    let id = contracts["items"][0]["id"].as_str().expect("the rules know a contract").to_owned();
    let (status, sheet) = manager.get(&format!("/sites/sthjt/contracts/{id}?period=2026-Q4")).await;
    assert_eq!((status, &sheet["contract"]), (StatusCode::OK, &json!(id)));
}

#[tokio::test]
async fn a_draft_is_checked() {
    let dashboard = Dashboard::start().await;
    let editor = Program::of(&dashboard, Role::Editor, &["other"]);
    let text = "关于召开会议的通知\r\n各单位要认真布署。";
    let (status, told) = editor.post("/check-text", &json!({ "text": text })).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let finding = &told["findings"][0];
    assert_eq!((&finding["check"], &finding["replacement"]), (&json!("misspelling"), &json!("部署")));
    let (start, end) = (finding["span"]["start"].as_u64().unwrap(), finding["span"]["end"].as_u64().unwrap());
    let chars: String = text.chars().skip(start as usize).take((end - start) as usize).collect();
    assert_eq!(chars, "布署", "spans count in what was sent");
    let (_, told) = editor.post("/check-text", &json!({ "html": "<p>认真布署</p>", "mode": "review" })).await;
    assert_eq!(told["found"], 1, "{told}");
    for wrong in [json!({}), json!({ "text": "x", "html": "y" }), json!({ "text": "x", "mode": "loud" })] {
        assert_eq!(editor.post("/check-text", &wrong).await.0, StatusCode::BAD_REQUEST, "{wrong}");
    }
    let long = json!({ "text": "x".repeat(5 << 20) });
    assert_eq!(editor.post("/check-text", &long).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    let stranger = dashboard.stranger();
    let url = format!("{}/api/v1/check-text", stranger.base);
    let refused = stranger.client.post(url).body("{}").send().await.expect("it answers");
    assert_eq!(read(refused).await.0, StatusCode::UNAUTHORIZED);
}
