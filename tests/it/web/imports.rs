//! Registers, from the template to the record.

use reqwest::StatusCode;
use sitewarden::people::Role;
use sitewarden::registers::{self, Rows};
use sitewarden::store::ActionFilter;

use super::check::send;
use super::dashboard::{Dashboard, Person};

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
