//! Findings worked on through the dashboard, from the scan that found them to the proof that they are mended.

use std::io::Cursor;

use calamine::{Reader as _, Xlsx};
use reqwest::StatusCode;
use sitewarden::people::Role;

use super::dashboard::Dashboard;
use super::seed;

#[tokio::test]
async fn a_finding_is_worked_on_and_remembers_it() {
    let dashboard = Dashboard::start().await;
    let ids = seed::scan(&dashboard.app, "sthjt", 4).await;
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let wang = dashboard.person("wang", Role::Manager, &[]).await;
    let path = format!("/findings/{}", ids[1]);
    let work = format!("{path}/work");
    let decide = format!("{path}/decide");

    let page = zhang.read(&path).await;
    assert!(page.contains("附件1") && page.contains("首次发现") && page.contains("LINK-01"), "{page}");
    let assigned = zhang.submit(&work, &[("deed", "assign"), ("office", "办公室"), ("text", "请核实")]).await;
    assert_eq!(assigned.headers()["location"], path.as_str());
    let page = zhang.read(&path).await;
    assert!(page.contains("指派给 办公室，期限") && page.contains("请核实"));
    assert!(zhang.read("/findings?held=office%3A%E5%8A%9E%E5%85%AC%E5%AE%A4").await.contains("共 1 条"));

    assert_eq!(zhang.submit(&work, &[("deed", "recheck")]).await.status(), StatusCode::SEE_OTHER);
    zhang.submit(&work, &[("deed", "mended"), ("text", "已更正")]).await;
    assert_eq!(dashboard.asked(), ["read sthjt", "read sthjt"]);
    assert!(zhang.read(&path).await.contains("已整改待复查"));
    assert!(zhang.read("/findings?state=mended").await.contains("共 1 条"));

    let dismissal = [("deed", "dismiss"), ("until", "2999-12-31"), ("text", "历史专题")];
    assert_eq!(zhang.submit(&decide, &dismissal).await.status(), StatusCode::FORBIDDEN);
    let refused = wang.submit(&decide, &[("deed", "dismiss"), ("until", "2999-12-31")]).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert!(refused.text().await.unwrap().contains("请填写忽略的理由"));
    let past = wang.submit(&decide, &[("deed", "dismiss"), ("until", "2001-01-01"), ("text", "x")]).await;
    assert!(past.text().await.unwrap().contains("须晚于今天"));
    assert_eq!(wang.submit(&decide, &dismissal).await.status(), StatusCode::SEE_OTHER);
    assert!(wang.read("/findings?state=dismissed").await.contains("共 1 条"));
    let page = wang.read(&path).await;
    assert!(page.contains("已忽略") && page.contains("撤销裁定"));
    wang.submit(&decide, &[("deed", "withdraw")]).await;
    zhang.submit(&work, &[("deed", "acknowledge")]).await;
    assert!(zhang.read(&path).await.contains("已知悉"));

    let log = wang.read(&format!("/audit?what=finding.&subject={}", ids[1])).await;
    for what in ["assign", "recheck", "mended", "dismiss", "withdraw", "acknowledge"] {
        assert!(log.contains(&format!("finding.{what}")), "{what}");
    }
}

#[tokio::test]
async fn many_findings_are_worked_on_at_once() {
    let dashboard = Dashboard::start().await;
    let ids = seed::scan(&dashboard.app, "sthjt", 4).await;
    let zhang = dashboard.person("zhang", Role::Operator, &["sthjt"]).await;
    dashboard.person("li", Role::Editor, &["other"]).await;
    let two = [("finding", ids[1].as_str()), ("finding", ids[2].as_str())];
    let with = |more: &[(&'static str, &'static str)]| [&two[..], more].concat();
    let done = zhang
        .submit(
            "/findings/work",
            &with(&[("deed", "assign"), ("to", "zhang"), ("back", "/findings?held=me")]),
        )
        .await;
    assert_eq!(done.headers()["location"], "/findings?held=me");
    assert!(zhang.read("/findings?held=me").await.contains("共 2 条"));
    assert!(zhang.read("/findings?held=nobody&severity=critical").await.contains("共 1 条"));
    let stranger = zhang.submit("/findings/work", &with(&[("deed", "assign"), ("to", "li")])).await;
    assert_eq!(stranger.status(), StatusCode::BAD_REQUEST, "li does not see the site");
    let none = zhang.submit("/findings/work", &[("deed", "acknowledge")]).await;
    assert!(none.text().await.unwrap().contains("请先勾选问题"));
    let away = zhang
        .submit("/findings/work", &with(&[("deed", "acknowledge"), ("back", "https://evil.test/")]))
        .await;
    assert_eq!(away.headers()["location"], "/", "nobody is led elsewhere");
}

#[tokio::test]
async fn lists_are_filtered_paged_and_taken_away() {
    let dashboard = Dashboard::start().await;
    seed::scan(&dashboard.app, "sthjt", 121).await;
    let zhang = dashboard.person("zhang", Role::Auditor, &[]).await;
    let page = zhang.read("/findings").await;
    assert!(page.contains("共 121 条，第 1 / 3 页") && page.contains("page=2"));
    assert!(zhang.read("/findings?page=3").await.contains("第 3 / 3 页"));
    assert!(zhang.read("/findings?page=99").await.contains("没有符合条件的问题"));
    assert!(zhang.read("/findings?text=T120.HTML").await.contains("共 1 条"));
    assert!(zhang.read("/findings?group=images").await.contains("共 0 条"));
    assert!(zhang.read("/findings?group=links&severity=high").await.contains("共 40 条"));
    assert!(zhang.read("/sites/other/findings").await.contains("共 0 条"));
    let csv = zhang.read("/findings/download/findings.csv?severity=high").await;
    assert_eq!(csv.lines().count(), 41);
    let sheet = zhang.get("/findings/download/findings.xlsx").await;
    assert!(sheet.headers()["content-disposition"].to_str().unwrap().contains("findings.xlsx"));
    assert!(sheet.bytes().await.unwrap().starts_with(b"PK"));
    assert_eq!(zhang.get("/findings/download/findings.exe").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_filtered_is_taken_away_with_the_work_on_it() {
    let dashboard = Dashboard::start().await;
    let ids = seed::scan(&dashboard.app, "sthjt", 7).await;
    let zhang = dashboard.person("zhang", Role::Operator, &[]).await;
    let work = |number: usize| format!("/findings/{}/work", ids[number]);
    let office = [("deed", "assign"), ("office", "办公室"), ("due", "2026-12-01"), ("text", "=1+1")];
    zhang.submit(&work(1), &office).await;
    let person = [("deed", "assign"), ("to", "zhang"), ("due", "2026-12-02"), ("text", "请核实")];
    zhang.submit(&work(2), &person).await;
    zhang.submit(&work(2), &[("deed", "mended"), ("text", "链接已更正")]).await;
    zhang.submit(&work(2), &[("deed", "acknowledge")]).await;

    let all = zhang.read("/findings/download/findings.csv").await;
    assert_eq!(all.lines().count(), 8, "a heading and all of them");
    let mine = zhang.read("/findings/download/findings.csv?held=me").await;
    let [heading, row] = mine.lines().collect::<Vec<_>>()[..] else { panic!("one finding: {mine}") };
    for column in ["状态", "责任人", "责任处室", "整改期限", "最近备注"] {
        assert!(heading.contains(&format!("\"{column}\"")), "{column}");
    }
    assert!(row.contains("链接 2 应答 404") && row.contains("\"已知悉\""), "{row}");
    assert!(row.contains("\"zhang\",\"\",\"2026-12-02\"") && row.contains("\"链接已更正\""), "{row}");

    let sheet = zhang.get("/findings/download/findings.xlsx?held=office%3A%E5%8A%9E%E5%85%AC%E5%AE%A4").await;
    let bytes = Cursor::new(sheet.bytes().await.unwrap());
    let mut book: Xlsx<_> = Xlsx::new(bytes).expect("a spreadsheet");
    let range = book.worksheet_range("问题清单").expect("its sheet");
    let rows: Vec<Vec<String>> =
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    let cell = |column: &str| {
        let place = rows[0].iter().position(|heading| heading == column);
        rows[1][place.unwrap_or_else(|| panic!("no {column}"))].as_str()
    };
    assert_eq!((cell("责任处室"), cell("责任人"), cell("整改期限")), ("办公室", "", "2026-12-01"));
    assert_eq!(cell("最近备注"), "'=1+1", "text, and no formula");
    let formulas = book.worksheet_formula("问题清单").expect("readable");
    assert!(formulas.used_cells().next().is_none());
}

#[tokio::test]
async fn hostile_text_stays_text() {
    let dashboard = Dashboard::start().await;
    let ids = seed::scan(&dashboard.app, "sthjt", 2).await;
    let wang = dashboard.person("wang", Role::Admin, &[]).await;
    for path in ["/findings", &format!("/findings/{}", ids[0]), "/sites/sthjt", "/sites/sthjt/scans/1"] {
        let page = wang.read(path).await;
        for forbidden in
            ["<script>alert", "<img src=x", "\u{202e}", "\u{7}", "href=\"javascript:", "href=\"data:text"]
        {
            assert!(!page.contains(forbidden), "{path}: {forbidden:?}");
        }
        assert!(page.len() < 200_000, "{path}: {} bytes", page.len());
    }
    let page = wang.read(&format!("/findings/{}", ids[0])).await;
    assert!(page.contains("页面源码") && !page.contains("11010519491231002X"), "private data are masked");
}
