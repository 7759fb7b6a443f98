//! The quarterly self-check: the indicators in the parts that inspectors know, as the last full scan measured them.

use super::SIGNED_BY;
use super::chart::{Chart, Series, Shape};
use super::document::{Document, Part, Table, count, number, pair, text};
use super::material::Material;
use super::sections::{movement, movement_said, open, scans};
use crate::report::completeness::Completeness;
use crate::report::groups::{Group, grouped};
use crate::report::{figures, wording};
use crate::score::{Line, Standing};
use crate::store::{ScanResult, ScanRow};

/// Fills it in.
pub(super) fn fill(document: &mut Document, material: &Material<'_>) {
    match material.results().next_back() {
        Some((row, result)) => {
            // What was not complete must not look as if it were: the sentence stands first.
            let completeness = Completeness::of(&result.coverage, 0);
            document.said =
                vec![result.score.verdict.clone(), completeness.sentence(), movement_said(material)];
            measured(document, material, row, result);
        }
        None => {
            document.said =
                vec!["本季度没有完成的全量监测，各项指标没有结果，不能据此认为网站合格。".to_owned()];
            document.add("检查概况", vec![scans(material)]);
        }
    }
    document.add("整改情况", movement(material));
    document.add("尚未整改的问题", vec![open(material)]);
    document.add(
        "整改措施与计划",
        vec![
            Part::Note("以下内容不在监测记录之内，由编制人填写。".to_owned()),
            Part::Blanks(&["整改措施", "完成时限", "责任人"]),
        ],
    );
    document.add("签字", vec![Part::Blanks(SIGNED_BY)]);
}

fn measured(document: &mut Document, material: &Material<'_>, row: &ScanRow, result: &ScanResult) {
    let score = &result.score;
    let footing = wording::footing(&score.scale_confidence).label;
    let overview = vec![
        pair("依据的全量监测", format!("第 {} 次", row.id)),
        pair("监测时间（北京时间）", {
            format!("{} 至 {}", figures::minute(row.started), figures::minute(result.finished))
        }),
        pair("检查页面", figures::count(result.coverage.pages)),
        pair("指标口径", format!("{} {}〔{footing}〕", score.scale, score.scale_name)),
        pair("规则版本", &score.rules_version),
        pair("得分", score.total.map_or_else(|| "不计".to_owned(), figures::points)),
    ];
    document.add("检查概况", vec![Part::Pairs(overview), scans(material)]);
    let groups = grouped(&score.lines);
    document.add("分项结果", vec![tally(&groups), lost(&groups)]);
    for group in &groups {
        let note = "写作“参考”的数值未与文件原文核对，不得作为法规条文引用。".to_owned();
        document.add(group.name, vec![lines(group, material), Part::Note(note)]);
    }
}

/// How many lines of each part stand how.
fn tally(groups: &[Group<'_>]) -> Part {
    let columns = vec![
        text("部分", 3),
        number("指标"),
        number("达标"),
        number("预警"),
        number("未达标"),
        number("未检测"),
        number("发现问题"),
        number("扣分"),
    ];
    let rows = groups.iter().map(|group| {
        let standing =
            |wanted: Standing| count(group.lines.iter().filter(|line| line.standing == wanted).count());
        let findings: u64 = group.lines.iter().map(|line| line.findings).sum();
        vec![
            group.name.to_owned(),
            count(group.lines.len()),
            standing(Standing::Met),
            standing(Standing::Warning),
            standing(Standing::Failed),
            standing(Standing::NotMeasured),
            figures::count(findings),
            figures::points(group.lost()),
        ]
    });
    Part::Table(Table::of("各部分", columns, rows))
}

/// The points lost in each line that lost any.
fn lost(groups: &[Group<'_>]) -> Part {
    let lines: Vec<&&Line> =
        groups.iter().flat_map(|group| &group.lines).filter(|line| line.lost > 0.0).collect();
    Part::Chart(Chart {
        caption: "各指标扣分（分）".to_owned(),
        shape: Shape::Bars,
        labels: lines.iter().map(|line| line.id.clone()).collect(),
        series: vec![Series { name: "扣分", values: lines.iter().map(|line| Some(line.lost)).collect() }],
    })
}

/// The lines of a part, with what was repaired of each within the quarter.
fn lines(group: &Group<'_>, material: &Material<'_>) -> Part {
    let span = material.span();
    let repaired = |id: &str| {
        let of_line = material
            .findings
            .iter()
            .filter(|tracked| tracked.reported.finding.indicators.iter().any(|indicator| indicator == id));
        of_line.filter(|tracked| tracked.fixed(span).is_some()).count()
    };
    let columns = vec![
        text("编号", 2),
        text("指标", 3),
        text("要求", 5),
        text("检查结果", 6),
        text("结论", 2),
        number("问题"),
        number("本季整改"),
        number("扣分"),
        text("依据", 4),
    ];
    let rows = group.lines.iter().map(|line| {
        let footing = wording::footing(&line.confidence).label;
        vec![
            line.id.clone(),
            line.name.clone(),
            line.expectation.clone(),
            wording::measured(line),
            wording::state(line).to_owned(),
            figures::count(line.findings),
            count(repaired(&line.id)),
            figures::points(line.lost),
            format!("{}〔{footing}〕", wording::basis(&line.authority, &line.confidence)),
        ]
    });
    Part::Table(Table::of(format!("{}（{}）", group.name, group.tally()), columns, rows))
}
