//! The first sheet: which site, when, with what result, and the proof of what the scan covered.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::sheet::{Cell, Column, Looks, Sheet};
use crate::facts::Coverage;
use crate::link::failure_wording;
use crate::report::completeness::{Completeness, share, unaccounted};
use crate::report::outline::Counts;
use crate::report::prospects::{self, Veto};
use crate::report::wording::{self, CONFIDENCES, SEVERITIES};
use crate::report::{Report, figures};

const COLUMNS: [Column; 2] = [("项目", 30), ("内容", 100)];

/// What a person writes under it by hand: without it a scan is not accepted as one.
const SIGNATURES: [&str; 3] = ["监测单位（签章）", "复核人（签字）", "签收日期"];

/// Writes the sheet.
pub(super) fn sheet(report: &Report, looks: &Looks) -> Result<Worksheet, XlsxError> {
    let mut sheet = Sheet::new("概况", &COLUMNS, looks)?;
    let completeness = Completeness::of(report);
    site(&mut sheet, report)?;
    result(&mut sheet, report, &completeness)?;
    prospects(&mut sheet, report)?;
    coverage(&mut sheet, &report.coverage, &completeness)?;
    conduct(&mut sheet, report)?;
    faults(&mut sheet, report)?;
    legend(&mut sheet)?;
    sheet.heading("签收")?;
    for label in SIGNATURES {
        sheet.row([Cell::text(label), Cell::Blank])?;
    }
    Ok(sheet.finish())
}

fn site(sheet: &mut Sheet<'_>, report: &Report) -> Result<(), XlsxError> {
    sheet.heading("网站与扫描")?;
    said(sheet, "网站名称", &report.site_name)?;
    sheet.row([Cell::text("首页"), Cell::Link(&report.home)])?;
    said(sheet, "站点代号", &report.site)?;
    sheet.row([Cell::text("扫描编号"), Cell::Count(u64::try_from(report.scan).unwrap_or_default())])?;
    said(sheet, "开始时间（北京时间）", &figures::moment(report.started))?;
    said(sheet, "结束时间（北京时间）", &figures::moment(report.finished))?;
    said(sheet, "用时", &figures::span(report.started, report.finished))?;
    said(sheet, "判定日期", &report.today.to_string())?;
    let footing = wording::footing(&report.score.scale_confidence).label;
    said(sheet, "指标口径", &format!("{} {}〔{footing}〕", report.score.scale, report.score.scale_name))?;
    said(sheet, "规则版本", &report.score.rules_version)
}

fn result(sheet: &mut Sheet<'_>, report: &Report, completeness: &Completeness) -> Result<(), XlsxError> {
    sheet.heading("结论")?;
    said(sheet, "结论", &report.score.verdict)?;
    let points = report.score.total.map_or_else(|| "不计".to_owned(), figures::points);
    said(sheet, "得分", &format!("{points}（满分 {}）", figures::points(report.score.full)))?;
    // Where nothing was looked at, "0 problems" would be read as good news.
    if *completeness == Completeness::Failed {
        return Ok(());
    }
    let counts = Counts::of(&report.findings);
    counted(sheet, "问题总数", counts.problems)?;
    for (severity, number) in SEVERITIES.into_iter().zip(counts.by_severity) {
        counted(sheet, &format!("其中：{}", wording::severity(severity).label), number)?;
    }
    counted(sheet, "新增", counts.new)?;
    counted(sheet, "复发", counts.reopened)?;
    counted(sheet, "已修复", report.fixed.len() as u64)?;
    counted(sheet, "已忽略", counts.dismissed)
}

fn prospects(sheet: &mut Sheet<'_>, report: &Report) -> Result<(), XlsxError> {
    let vetoes = prospects::vetoes(&report.score);
    if vetoes.is_empty() {
        return Ok(());
    }
    sheet.heading("离单项否决还有多远")?;
    for Veto { line, distances } in vetoes {
        let label = format!("{} {}〔{}〕", line.id, line.name, wording::state(line));
        said(sheet, &label, &distances.join("；"))?;
    }
    sheet.heading("失分与风险")?;
    prospects::risks(report).iter().try_for_each(|(label, text)| said(sheet, label, text))
}

fn conduct(sheet: &mut Sheet<'_>, report: &Report) -> Result<(), XlsxError> {
    sheet.heading("监测方式与栏目覆盖")?;
    report.conduct.rows().iter().try_for_each(|(label, text)| said(sheet, label, text))?;
    report.conduct.column_rows().iter().try_for_each(|(label, text)| said(sheet, label, text))
}

fn coverage(
    sheet: &mut Sheet<'_>,
    coverage: &Coverage,
    completeness: &Completeness,
) -> Result<(), XlsxError> {
    sheet.heading("覆盖证明")?;
    said(sheet, "完整性", completeness.label())?;
    said(sheet, "说明", &completeness.sentence())?;
    said(sheet, "是否执行完毕", if coverage.finished { "是" } else { "否" })?;
    counted(sheet, "已知地址", coverage.known)?;
    counted(sheet, "已访问地址", coverage.visited)?;
    said(sheet, "访问比例", share(coverage).as_deref().unwrap_or("—"))?;
    counted(sheet, "网站地图所列地址", coverage.sitemap_urls)?;
    counted(sheet, "请求次数（含重试与跳转）", coverage.requests)?;
    said(sheet, "接收数据", &figures::bytes(coverage.bytes))?;
    counted(sheet, "检查页面", coverage.pages)?;
    tallied(sheet, &coverage.pages_by_kind, wording::page_kind)?;
    counted(sheet, "超出大小上限、只检查前一部分的页面", coverage.limited)?;

    sheet.heading("未访问的地址")?;
    tallied(sheet, &coverage.skipped, wording::skip)?;
    counted(sheet, "未处理（扫描提前停止）", unaccounted(coverage))?;
    sheet.heading("链接判定")?;
    tallied(sheet, &coverage.verdicts, |verdict| wording::verdict(verdict).label)?;
    sheet.heading("访问失败")?;
    tallied(sheet, &coverage.failures, failure_wording)?;
    sheet.heading("触及的预算")?;
    if coverage.budgets_hit.is_empty() {
        said(sheet, "同类地址预算", "未触及")?;
    }
    for hit in &coverage.budgets_hit {
        said(sheet, "同类地址预算", hit)?;
    }
    Ok(())
}

fn faults(sheet: &mut Sheet<'_>, report: &Report) -> Result<(), XlsxError> {
    if report.could_not_run.is_empty() {
        return Ok(());
    }
    sheet.heading("未能运行的检查（相关结论缺失）")?;
    for fault in &report.could_not_run {
        said(sheet, wording::check_name(&fault.check), fault.page.as_deref().unwrap_or("整个站点"))?;
    }
    Ok(())
}

fn legend(sheet: &mut Sheet<'_>) -> Result<(), XlsxError> {
    sheet.heading("用语说明")?;
    let severities = SEVERITIES.map(|severity| ("严重程度", wording::severity(severity)));
    let confidences = CONFIDENCES.map(|confidence| ("可信度", wording::confidence(confidence)));
    for (of, word) in severities.into_iter().chain(confidences) {
        said(sheet, &format!("{of}：{}", word.label), word.meaning)?;
    }
    Ok(())
}

fn said(sheet: &mut Sheet<'_>, label: &str, text: &str) -> Result<(), XlsxError> {
    sheet.row([Cell::text(label), Cell::text(text)])
}

fn counted(sheet: &mut Sheet<'_>, label: &str, number: u64) -> Result<(), XlsxError> {
    sheet.row([Cell::text(label), Cell::Count(number)])
}

fn tallied<K: Copy>(
    sheet: &mut Sheet<'_>,
    map: &BTreeMap<K, u64>,
    word: impl Fn(K) -> &'static str,
) -> Result<(), XlsxError> {
    map.iter().try_for_each(|(key, number)| counted(sheet, &format!("　{}", word(*key)), *number))
}
