//! The last assessment of IPv6 support.

use super::SIGNED_BY;
use super::document::{Document, NOTHING, Part, Table, number, pair, text};
use super::material::{About, Material};
use crate::ipv6::{Assessment, Standing};
use crate::report::figures;
use crate::report::ipv6::{evidence, footing, points, vantage, verdict};

/// Fills it in.
pub(super) fn fill(document: &mut Document, material: &Material<'_>) {
    let About::Ipv6(Some(assessment)) = &material.about else {
        document.said = vec![format!("{NOTHING}：报告期内没有 IPv6 支持度评测。")];
        return;
    };
    let of = |wanted: Standing| assessment.lines.iter().filter(|line| line.standing == wanted).count();
    document.said = vec![
        format!("{}。", verdict(assessment)),
        format!(
            "{} 项中：达标 {} 项，部分达标 {} 项，未达标 {} 项，未知 {} 项。",
            assessment.lines.len(),
            of(Standing::Met),
            of(Standing::Partial),
            of(Standing::Failed),
            of(Standing::Unknown)
        ),
    ];
    document.said.extend(assessment.gate.clone());
    document.add("评测概况", vec![Part::Pairs(overview(assessment)), Part::Note(footing(assessment))]);
    document.add("逐项结果", vec![lines(assessment)]);
    let views = assessment.views.iter().map(|view| {
        let columns = vec![text("项目", 5), text("状态", 2), text("实测", 6)];
        let rows = view
            .rows
            .iter()
            .map(|row| vec![row.name.clone(), row.standing.chinese().to_owned(), row.measured.clone()]);
        Part::Table(Table::of(&view.name, columns, rows))
    });
    document.add("按其他指标体系查看（不计分）", views.collect());
    let tables = evidence(&assessment.measured).into_iter().map(|table| {
        let columns = table.head.iter().map(|head| text(head, 1)).collect();
        Part::Table(Table::of(format!("{}　{}", table.name, table.note), columns, table.rows))
    });
    document.add("证据", tables.collect());
    document.add("签字", vec![Part::Blanks(SIGNED_BY)]);
}

fn overview(assessment: &Assessment) -> Vec<(String, String)> {
    let measured = &assessment.measured;
    vec![
        pair("首页", &measured.home),
        pair("评测时间（北京时间）", {
            format!("{} 至 {}", figures::moment(measured.started), figures::moment(measured.ended))
        }),
        pair("监测端 IPv6", vantage(measured)),
        pair("规则版本", &assessment.rules_version),
    ]
}

fn lines(assessment: &Assessment) -> Part {
    let columns = vec![
        text("编号", 2),
        text("指标", 4),
        text("期望", 4),
        text("实测", 5),
        text("状态", 2),
        number("得分"),
        text("建议", 4),
    ];
    let rows = assessment.lines.iter().map(|line| {
        vec![
            line.id.clone(),
            line.name.clone(),
            line.expectation.clone(),
            line.measured.clone(),
            line.standing.chinese().to_owned(),
            points(line),
            line.advice.clone().unwrap_or_else(|| "—".to_owned()),
        ]
    });
    Part::Table(Table::of("逐项", columns, rows))
}
