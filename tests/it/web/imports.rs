//! Registers, from the template to the record.

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sitewarden::people::{Role, Token};
use sitewarden::registers::{self, Rows};
use sitewarden::store::{self, ActionFilter, Filter, NewToken};

use super::check::send;
use super::dashboard::{Dashboard, Person, account, nobody};
use crate::daemon::stage::{Daemon, QUICK, wait_for};
use crate::server::{Reply, Routes, Server};

async fn upload(admin: &Person, kind: &str, site: &str, file: (&str, &[u8])) -> (StatusCode, String) {
    let answer = send(admin, "/imports", &[("site", site), ("kind", kind)], Some(file)).await;
    (answer.status(), answer.text().await.expect("a whole page"))
}

/// The value of a hidden field, as a browser sends it back.
fn field(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("the field is there");
    let value = rest.split('"').next().expect("a value");
    value.replace("&#34;", "\"").replace("&#60;", "<").replace("&#62;", ">").replace("&#38;", "&")
}

#[tokio::test]
async fn a_template_goes_all_the_way_into_the_record() {
    let dashboard = Dashboard::start().await;
    let admin = dashboard.person("admin", Role::Admin, &[]).await;
    for kind in ["columns", "allow", "roster", "messages"] {
        let template = admin.read(&format!("/imports/{kind}/template")).await;
        let (status, page) = upload(&admin, kind, "sthjt", ("模板.csv", template.as_bytes())).await;
        assert!(status == StatusCode::OK && page.contains("核对通过，共 1 行"), "{kind}: {page}");
        assert!(
            dashboard
                .app
                .store
                .registers()
                .expect("the record works")
                .iter()
                .all(|r| r.rows.kind().word() != kind)
        );
        let csv = field(&page, "csv");
        let fields = [("site", "sthjt"), ("kind", kind), ("file", "模板.csv"), ("csv", csv.as_str())];
        assert_eq!(admin.submit("/imports/accept", &fields).await.status(), StatusCode::SEE_OTHER);
    }
    let page = admin.read("/imports").await;
    assert!(page.contains("栏目登记") && page.contains("模板.csv"));
    let registers = dashboard.app.store.registers().expect("the record works");
    assert_eq!(registers.len(), 4);
    let settings = registers::apply(&dashboard.app.current().settings, &registers);
    let site = settings.sites.iter().find(|site| site.id == "sthjt").expect("it is configured");
    assert_eq!(site.columns[0].address.as_str(), "http://sthjt.example.gov.cn/xxgk/tzgg/");
    assert_eq!(site.allow, ["misspelling:帐户"]);
    assert!(registers.iter().any(|register| matches!(register.rows, Rows::Messages(_))));
    let (_, action) = &dashboard.app.store.actions(&ActionFilter::last(1)).expect("the record works")[0];
    assert_eq!((action.what.as_str(), action.actor.as_str()), ("register.accept", "admin"));
}

#[tokio::test]
async fn what_is_wrong_is_told_at_once_and_nothing_is_kept() {
    let dashboard = Dashboard::start().await;
    let admin = dashboard.person("admin", Role::Admin, &["sthjt"]).await;
    let wrong = "栏目名称,栏目地址,栏目类型\n<b>,javascript:alert(1),\n,/b/,\n要闻,/yw/,没有的类型\n";
    let (status, page) = upload(&admin, "columns", "sthjt", ("坏.csv", wrong.as_bytes())).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("有 3 处问题") && page.contains("第 3 行：没有填写栏目名称"), "{page}");
    assert!(!page.contains("<b>") && !page.contains("确认导入"));
    let forged = [("site", "sthjt"), ("kind", "columns"), ("file", "x"), ("csv", wrong)];
    assert_eq!(admin.submit("/imports/accept", &forged).await.status(), StatusCode::BAD_REQUEST);
    let hostile: [&[u8]; 3] = [b"PK\x03\x04cut", &[0; 4096], "栏目名称,栏目地址\n\"要闻".as_bytes()];
    for bytes in hostile {
        let (status, page) = upload(&admin, "columns", "sthjt", ("x.xlsx", bytes)).await;
        assert!(status == StatusCode::OK && page.contains("处问题"), "{page}");
    }
    assert_eq!(upload(&admin, "columns", "other", ("x.csv", b"a")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(upload(&admin, "secrets", "sthjt", ("x.csv", b"a")).await.0, StatusCode::BAD_REQUEST);
    assert!(dashboard.app.store.registers().expect("the record works").is_empty());
    let manager = dashboard.person("guanli", Role::Manager, &[]).await;
    assert_eq!(upload(&manager, "columns", "sthjt", ("x.csv", b"a")).await.0, StatusCode::FORBIDDEN);
}

#[test]
fn an_imported_leader_is_looked_for_in_drafts_and_by_the_next_reading() {
    const SLIP: &str = "示例市生态环境局局长甘晓豪调研大气污染防治。";
    let home = Reply::page(format!("<title>示例市生态环境局</title><p>{SLIP}</p>"));
    let site = Server::start(Routes::default().at("/", home));
    let mut daemon = Daemon::new(&format!("{QUICK}[[site]]\nid = \"demo\"\nhome = \"{}\"\n", site.home()));
    let record = format!("sqlite:{}", daemon.file("data/record.db").display());
    let token = Token::random();
    let program = NewToken {
        hash: token.hash(),
        name: "编辑器".to_owned(),
        role: Role::Editor,
        sites: Vec::new(),
        until: Timestamp::now() + SignedDuration::from_hours(1),
    };
    let store = store::open(&record).expect("a record");
    store.add_account(&account("admin", Role::Admin, &[]), &nobody("account.add")).expect("the first");
    store.add_token(&program, &nobody("token.add")).expect("the first");
    drop(store);
    let is_found = || {
        let reader = store::open_reader(&record).expect("a record");
        let found = reader.findings(&Filter::default()).expect("the record works");
        found.iter().any(|reported| reported.finding.what == "甘晓豪")
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let base = daemon.base();
    let check = || {
        let admin = Person::at(&base);
        let request =
            admin.client.post(format!("{}/api/v1/check-text", admin.base)).bearer_auth(token.expose());
        let request = request.header("content-type", "application/json");
        let draft = json!({ "text": SLIP }).to_string();
        let told = runtime.block_on(async { request.body(draft).send().await?.text().await });
        let told: Value = serde_json::from_str(&told.expect("it answers")).expect("JSON");
        told["findings"].to_string().contains("甘晓毫")
    };

    daemon.start();
    wait_for("the first scan", || daemon.figure("sitewarden_scans_total") == Some(1.0));
    assert!(!check() && !is_found(), "nobody knows the name yet");
    let admin = runtime.block_on(Person::at(&base).entered("admin"));
    runtime.block_on(async {
        let template = admin.read("/imports/roster/template").await;
        let heads = template.lines().next().expect("its headings");
        let roster = format!("{heads}\r\n甘晓毫,示例市生态环境局局长,2024-03-01,\r\n");
        let (status, page) = upload(&admin, "roster", "demo", ("名册.csv", roster.as_bytes())).await;
        assert!(status == StatusCode::OK && page.contains("核对通过，共 1 行"), "{page}");
        let csv = field(&page, "csv");
        let fields = [("site", "demo"), ("kind", "roster"), ("file", "名册.csv"), ("csv", csv.as_str())];
        assert_eq!(admin.submit("/imports/accept", &fields).await.status(), StatusCode::SEE_OTHER);
    });
    wait_for("the name in drafts", check);
    runtime.block_on(async {
        assert_eq!(admin.submit("/sites/demo/read", &[]).await.status(), StatusCode::SEE_OTHER);
    });
    wait_for("the finding", is_found);
    assert_eq!(daemon.stop(), Some(0), "{}", daemon.log());
}
