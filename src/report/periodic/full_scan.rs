//! The proof of one full scan: when, how much, what failed, what was found, and room to sign for it.

use super::document::{Document, NOTHING, Part, Table, pair, text};
use super::material::{About, Material, Proven};
use crate::finding::Finding;
use crate::report::completeness::Completeness;
use crate::report::dossier::{self, SIGNATURES};
use crate::report::{figures, wording};
use crate::score::{ColumnTally, Facts};

/// Fills it in.
pub(super) fn fill(document: &mut Document, material: &Material<'_>) {
    let About::Scan(Some(proven)) = &material.about else {
        document.said = vec![format!("{NOTHING}：报告期内没有完成的全量监测。")];
        return;
    };
    let completeness = Completeness::of(&proven.result.coverage, 0);
    document.name = format!("{}-{}-{}", material.site.id, document.kind, proven.row.id);
    document.title = format!("{}（第 {} 次）", document.title, proven.row.id);
    document.said = vec![
        format!(
            "{} 至 {} 对全站进行全量监测，检查页面 {} 页，发现问题 {} 个。",
            figures::moment(proven.row.started),
            figures::moment(proven.result.finished),
            figures::count(proven.result.coverage.pages),
            figures::count(proven.findings.len() as u64)
        ),
        completeness.sentence(),
        proven.result.score.verdict.clone(),
    ];
    document.add("监测情况", vec![Part::Pairs(conduct(proven)), columns(material, proven.facts.as_ref())]);
    for block in dossier::proof(&proven.result.coverage, &completeness) {
        let rows: Vec<_> = block.rows.into_iter().map(|(label, value)| (label, value.words())).collect();
        let part = if rows.is_empty() { Part::Text("无".to_owned()) } else { Part::Pairs(rows) };
        document.add(block.heading, vec![part]);
    }
    document.add("发现的问题", vec![findings(&proven.findings), Part::Note(NOT_KEPT.to_owned())]);
    document.add("签收", vec![Part::Blanks(&SIGNATURES)]);
}

/// What a document made later cannot say.
const NOT_KEPT: &str = "逐页响应用时、逐条证据原文、未看到的登记栏目和未能运行的检查不在台账中保存，见该次监测当时生成的报告；\
                        证据原件按其 SHA-256 存于证据库。";

fn conduct(proven: &Proven) -> Vec<(String, String)> {
    let Proven { row, result, .. } = proven;
    vec![
        pair("监测编号", row.id.to_string()),
        pair("首页", &row.home),
        pair("开始时间（北京时间）", figures::moment(row.started)),
        pair("结束时间（北京时间）", figures::moment(result.finished)),
        pair("用时", figures::span(row.started, result.finished)),
        pair("指标口径", format!("{} {}", result.score.scale, result.score.scale_name)),
        pair("规则版本", &row.rules_version),
        pair("得分", result.score.total.map_or_else(|| "不计".to_owned(), figures::points)),
    ]
}

/// How the columns stand against the register.
fn columns(material: &Material<'_>, facts: Option<&Facts>) -> Part {
    let registered = match material.site.columns.len() {
        0 => "未登记，按名称识别".to_owned(),
        number => format!("{number} 个（按现行配置）"),
    };
    let mut pairs = vec![pair("登记的栏目", registered)];
    pairs.push(pair(
        "看到的栏目",
        match facts {
            Some(facts) => {
                let ColumnTally { fresh, warn, stale, empty, unclear } = facts.columns;
                format!(
                    "{} 个：按期 {fresh}，临近到期 {warn}，超期 {stale}，空白 {empty}，不作判断 {unclear}",
                    figures::count(facts.columns.all())
                )
            }
            None => "该次监测没有保存".to_owned(),
        },
    ));
    Part::Pairs(pairs)
}

fn findings(findings: &[Finding]) -> Part {
    let columns = vec![
        text("严重程度", 2),
        text("可信度", 2),
        text("检查", 3),
        text("页面", 6),
        text("问题", 7),
        text("对应指标", 3),
    ];
    let mut worst: Vec<&Finding> = findings.iter().collect();
    worst.sort_by_key(|finding| std::cmp::Reverse((finding.severity, finding.confidence)));
    let rows = worst.into_iter().map(|finding| {
        vec![
            wording::severity(finding.severity).label.to_owned(),
            wording::confidence(finding.confidence).label.to_owned(),
            wording::check_name(&finding.check).to_owned(),
            finding.page.clone(),
            finding.evidence.clone(),
            finding.indicators.join("、"),
        ]
    });
    Part::Table(Table::of("问题清单，重者在前", columns, rows))
}
