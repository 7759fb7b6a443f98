//! What was done: on a day, in a week or a month, in half a year or a year.

use super::SIGNED_BY;
use super::chart::{Chart, Series, Shape};
use super::document::{Document, Part};
use super::material::Material;
use super::sections::{
    availability, availability_said, exclusions, fixed, found, inspected_said, movement, movement_said, open,
    readings, scans, tickets, tickets_said,
};
use crate::report::figures;

/// What was read on a day, and what was found.
pub(super) fn daily(document: &mut Document, material: &Material<'_>) {
    let pages: u64 = material.readings.iter().map(|row| row.coverage.pages).sum();
    let looked = match material.readings.len() {
        0 => "当日没有读网记录。".to_owned(),
        times => format!("当日读网 {times} 次，检查页面 {} 页次。", figures::count(pages)),
    };
    document.said = vec![looked, movement_said(material), availability_said(material)];
    document.add("读网情况", vec![readings(material), scans(material)]);
    document.add("发现的问题", vec![found(material)]);
    document.add("当日修复的问题", vec![fixed(material)]);
    document.add("可用性", availability(material));
    document.add("值班签字", vec![Part::Blanks(&["读网人（签字）", "复核人（签字）", "处置意见"])]);
}

/// What was done in a week or a month.
pub(super) fn report(document: &mut Document, material: &Material<'_>) {
    document.said = said(material);
    document.add("巡检与监测", vec![scans(material), readings(material)]);
    document.add("可用性与故障", availability(material));
    document.add("报障处置", tickets(material));
    document.add("问题发现与整改", movement(material));
    document.add("本期修复", vec![fixed(material)]);
    document.add("遗留问题", vec![open(material)]);
    document.add("维护和免责", vec![exclusions(material)]);
    by_hand(document, &["系统变更与升级", "漏洞通报与修补", "下期工作安排"]);
}

/// What was done in half a year or a year.
pub(super) fn summary(document: &mut Document, material: &Material<'_>) {
    document.said = said(material);
    document.add("全量监测", vec![scans(material)].into_iter().chain(points(material)).collect());
    document.add("可用性与故障", availability(material));
    document.add("报障处置", tickets(material));
    document.add("问题发现与整改", movement(material));
    document.add("遗留问题", vec![open(material)]);
    document.add("维护和免责", vec![exclusions(material)]);
    by_hand(document, &["主要工作", "存在的不足", "下阶段工作安排"]);
}

fn said(material: &Material<'_>) -> Vec<String> {
    vec![
        inspected_said(material),
        availability_said(material),
        movement_said(material),
        tickets_said(material),
    ]
}

/// What no machine knows, and room for it.
fn by_hand(document: &mut Document, blanks: &'static [&'static str]) {
    let note = "以下内容不在监测记录之内，由编制人填写。".to_owned();
    document.add("补充说明", vec![Part::Note(note), Part::Blanks(blanks)]);
    document.add("签字", vec![Part::Blanks(SIGNED_BY)]);
}

/// The points of the full scans, one after the other.
fn points(material: &Material<'_>) -> Option<Part> {
    let results: Vec<_> = material.results().collect();
    let chart = Chart {
        caption: "历次全量监测得分（单项否决候选未排除的不计）".to_owned(),
        shape: Shape::Lines,
        labels: results.iter().map(|(row, _)| format!("第 {} 次", row.id)).collect(),
        series: vec![Series {
            name: "得分",
            values: results.iter().map(|(_, result)| result.score.total).collect(),
        }],
    };
    (results.len() > 1).then_some(Part::Chart(chart))
}
