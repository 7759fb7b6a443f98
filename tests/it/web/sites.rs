//! The pages of a site, and what may be asked of the daemon there.

use reqwest::StatusCode;
use sitewarden::people::Role;

use super::dashboard::Dashboard;
use super::seed;

#[tokio::test]
async fn a_site_tells_how_it_stands() {
    let dashboard = Dashboard::start().await;
    seed::scan(&dashboard.app, "sthjt", 4).await;
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let overview = zhang.read("/").await;
    assert!(overview.contains("示例站点 sthjt") && overview.contains("未监测") && overview.contains("4 个"));
    assert!(overview.contains("尚未扫描"), "of the other one");
    assert!(zhang.read("/wall").await.contains("http-equiv=\"refresh\""));
    let page = zhang.read("/sites/sthjt").await;
    for part in [
        "离单项否决还有多远",
        "扣分指标",
        "原文已核",
        "通知公告类",
        "ArticleTitle",
        "/sites/sthjt/scans/1",
        "4 个",
    ] {
        assert!(page.contains(part), "{part}");
    }
    let scan = zhang.read("/sites/sthjt/scans/1").await;
    assert!(scan.contains("覆盖证明") && scan.contains("12 / 12（100%）"));
    for nowhere in ["/sites/sthjt/scans/9", "/sites/other/scans/1", "/sites/none", "/sites/sthjt/scans/x"] {
        assert!(zhang.get(nowhere).await.status().is_client_error(), "{nowhere}");
    }
    assert!(zhang.read("/sites/sthjt/links").await.contains("没有外部主机"));
    assert!(zhang.read("/sites/sthjt/baselines").await.contains("没有待处理的变化"));
}

#[tokio::test]
async fn scans_and_readings_are_asked_for() {
    let dashboard = Dashboard::start().await;
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let auditor = dashboard.person("auditor", Role::Auditor, &[]).await;
    let begun = zhang.submit("/sites/sthjt/scan", &[]).await;
    assert_eq!(begun.headers()["location"], "/sites/sthjt/progress");
    zhang.submit("/sites/other/read", &[]).await;
    assert_eq!(auditor.submit("/sites/sthjt/scan", &[]).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(dashboard.asked(), ["scan sthjt", "read other"]);
    assert!(zhang.read("/sites/sthjt/progress").await.contains("没有正在进行的扫描"));
    let events = zhang.client.get(format!("{}/sites/sthjt/progress", zhang.base));
    let events = events.header("accept", "text/event-stream").send().await.unwrap();
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    assert_eq!(events.text().await.unwrap(), "data: 当前没有正在进行的扫描\n\n", "and ends, as nothing runs");
}
