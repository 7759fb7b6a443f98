//! What heads the list of problems, whatever its format: which site, when, with what result, how far from failing, and
//! the proof of what the scan covered. Rows of a label and a value; formats only lay them out.

use std::collections::BTreeMap;

use super::completeness::{Completeness, share, unaccounted};
use super::outline::Counts;
use super::prospects::{self, Veto};
use super::wording::{self, CONFIDENCES, SEVERITIES};
use super::{Report, figures};
use crate::facts::Coverage;
use crate::link::failure_wording;

/// Rows of one list that has no end of its own; the JSON report has all of them.
const LISTED: usize = 1_000;

/// What a person writes under it by hand: without it a scan is not accepted as one.
pub(super) const SIGNATURES: [&str; 4] = ["监测单位（签章）", "监测人（签字）", "复核人（签字）", "签收日期"];

/// Rows below a heading.
pub(super) struct Block {
    /// The heading.
    pub(super) heading: &'static str,
    /// Label and value.
    pub(super) rows: Vec<(String, Value)>,
}

/// What stands beside a label.
pub(super) enum Value {
    /// Text of ours or of a site.
    Text(String),
    /// A number that can be added up.
    Count(u64),
    /// An address that a reader may follow.
    Address(String),
}

impl Value {
    /// For a cell that holds words only.
    pub(super) fn words(&self) -> String {
        match self {
            Value::Text(text) | Value::Address(text) => text.clone(),
            Value::Count(number) => figures::count(*number),
        }
    }
}

/// Everything, in the order in which it is read.
pub(super) fn blocks(report: &Report) -> Vec<Block> {
    let completeness = Completeness::of(&report.coverage, report.could_not_run.len());
    let mut dossier = Dossier::default();
    site(&mut dossier, report);
    result(&mut dossier, report, &completeness);
    prospects(&mut dossier, report);
    coverage(&mut dossier, &report.coverage, &completeness);
    conduct(&mut dossier, report);
    faults(&mut dossier, report);
    legend(&mut dossier);
    dossier.blocks
}

/// The proof of what a scan covered.
pub(super) fn proof(coverage: &Coverage, completeness: &Completeness) -> Vec<Block> {
    let mut dossier = Dossier::default();
    self::coverage(&mut dossier, coverage, completeness);
    dossier.blocks
}

#[derive(Default)]
struct Dossier {
    blocks: Vec<Block>,
}

impl Dossier {
    fn heading(&mut self, heading: &'static str) {
        self.blocks.push(Block { heading, rows: Vec::new() });
    }

    fn row(&mut self, label: impl Into<String>, value: Value) {
        let block = self.blocks.last_mut().expect("every row follows a heading");
        block.rows.push((label.into(), value));
    }

    fn said(&mut self, label: impl Into<String>, text: impl Into<String>) {
        self.row(label, Value::Text(text.into()));
    }

    fn counted(&mut self, label: impl Into<String>, number: u64) {
        self.row(label, Value::Count(number));
    }

    fn tallied<K: Copy>(&mut self, map: &BTreeMap<K, u64>, word: impl Fn(K) -> &'static str) {
        for (key, number) in map {
            self.counted(format!("　{}", word(*key)), *number);
        }
    }

    /// Rows of a list without an end of its own.
    fn listed(&mut self, rows: impl ExactSizeIterator<Item = (String, String)>) {
        let rest = rows.len().saturating_sub(LISTED);
        for (label, text) in rows.take(LISTED) {
            self.said(label, text);
        }
        if rest > 0 {
            self.said(
                "其余",
                format!("另有 {} 条未列出，见 JSON 格式的完整报告", figures::count(rest as u64)),
            );
        }
    }
}

fn site(dossier: &mut Dossier, report: &Report) {
    dossier.heading("网站与扫描");
    dossier.said("网站名称", &report.site_name);
    dossier.row("首页", Value::Address(report.home.clone()));
    dossier.said("站点代号", &report.site);
    dossier.counted("扫描编号", u64::try_from(report.scan).unwrap_or_default());
    dossier.said("开始时间（北京时间）", figures::moment(report.started));
    dossier.said("结束时间（北京时间）", figures::moment(report.finished));
    dossier.said("用时", figures::span(report.started, report.finished));
    dossier.said("判定日期", report.today.to_string());
    let footing = wording::footing(&report.score.scale_confidence).label;
    dossier.said("指标口径", format!("{} {}〔{footing}〕", report.score.scale, report.score.scale_name));
    dossier.said("规则版本", &report.score.rules_version);
}

fn result(dossier: &mut Dossier, report: &Report, completeness: &Completeness) {
    dossier.heading("结论");
    dossier.said("结论", &report.score.verdict);
    let points = report.score.total.map_or_else(|| "不计".to_owned(), figures::points);
    dossier.said("得分", format!("{points}（满分 {}）", figures::points(report.score.full)));
    if report.score.bonus > 0.0 {
        dossier.said("加分", figures::points(report.score.bonus));
    }
    // Where nothing was looked at, "0 problems" would be read as good news.
    if *completeness == Completeness::Failed {
        return;
    }
    let counts = Counts::of(&report.findings);
    dossier.counted("问题总数", counts.problems);
    for (severity, number) in SEVERITIES.into_iter().zip(counts.by_severity) {
        dossier.counted(format!("其中：{}", wording::severity(severity).label), number);
    }
    dossier.counted("新增", counts.new);
    dossier.counted("复发", counts.reopened);
    dossier.counted("已修复", report.fixed.len() as u64);
    dossier.counted("已忽略", counts.dismissed);
}

fn prospects(dossier: &mut Dossier, report: &Report) {
    let vetoes = prospects::vetoes(&report.score);
    if vetoes.is_empty() {
        return;
    }
    dossier.heading("离单项否决还有多远");
    for Veto { line, distances } in vetoes {
        let label = format!("{} {}〔{}〕", line.id, line.name, wording::state(line));
        dossier.said(label, distances.join("；"));
    }
    dossier.heading("失分与风险");
    dossier.listed(prospects::risks(report).into_iter());
}

fn coverage(dossier: &mut Dossier, coverage: &Coverage, completeness: &Completeness) {
    dossier.heading("覆盖证明");
    dossier.said("完整性", completeness.label());
    dossier.said("说明", completeness.sentence());
    dossier.said("是否执行完毕", if coverage.finished { "是" } else { "否" });
    dossier.counted("已知地址", coverage.known);
    dossier.counted("已访问地址", coverage.visited);
    dossier.said("访问比例", share(coverage).as_deref().unwrap_or("—"));
    dossier.counted("网站地图所列地址", coverage.sitemap_urls);
    dossier.counted("请求次数（含重试与跳转）", coverage.requests);
    dossier.said("接收数据", figures::bytes(coverage.bytes));
    dossier.counted("检查页面", coverage.pages);
    dossier.tallied(&coverage.pages_by_kind, wording::page_kind);
    dossier.counted("超出大小上限、只检查前一部分的页面", coverage.limited);
    dossier.counted("检查文字的附件", coverage.attachments);
    dossier.tallied(&coverage.attachments_limited, wording::gap);
    dossier.counted("读取的脚本文件", coverage.programs);
    dossier.counted("其中只读到一部分的脚本", coverage.programs_cut);
    dossier.counted("超出数量上限、未读取的脚本", coverage.programs_unread);

    dossier.heading("未访问的地址");
    dossier.tallied(&coverage.skipped, wording::skip);
    dossier.counted("未处理（扫描提前停止）", unaccounted(coverage));
    dossier.heading("链接判定");
    dossier.tallied(&coverage.verdicts, |verdict| wording::verdict(verdict).label);
    dossier.heading("访问失败");
    dossier.tallied(&coverage.failures, failure_wording);
    dossier.heading("触及的预算");
    if coverage.budgets_hit.is_empty() {
        dossier.said("同类地址预算", "未触及");
    }
    dossier.listed(coverage.budgets_hit.iter().map(|hit| ("同类地址预算".to_owned(), hit.clone())));
}

fn conduct(dossier: &mut Dossier, report: &Report) {
    dossier.heading("监测方式与栏目覆盖");
    for (label, text) in report.conduct.rows() {
        dossier.said(label, text);
    }
    dossier.listed(report.conduct.column_rows().into_iter());
}

fn faults(dossier: &mut Dossier, report: &Report) {
    if report.could_not_run.is_empty() {
        return;
    }
    dossier.heading("未能运行的检查（相关结论缺失）");
    dossier.listed(report.could_not_run.iter().map(|fault| {
        let page = fault.page.as_deref().unwrap_or("整个站点");
        (wording::check_name(&fault.check).to_owned(), page.to_owned())
    }));
}

fn legend(dossier: &mut Dossier) {
    dossier.heading("用语说明");
    let severities = SEVERITIES.map(|severity| ("严重程度", wording::severity(severity)));
    let confidences = CONFIDENCES.map(|confidence| ("可信度", wording::confidence(confidence)));
    for (of, word) in severities.into_iter().chain(confidences) {
        dossier.said(format!("{of}：{}", word.label), word.meaning);
    }
}
