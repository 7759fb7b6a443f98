//! The sheet of a contract: what was promised, what was measured, whether it was kept.

use super::SIGNED_BY;
use super::document::{Document, Part, Table, pair, text};
use super::material::{About, Material};
use super::sections::{availability, availability_said, exclusions};
use crate::contract::{Assessed, Sheet, Verdict};
use crate::indicators::Certainty;
use crate::report::contract::{basis, bound, earned, limit, measured, provisional, verdict};
use crate::report::documents::row;
use crate::report::wording;

/// Fills it in.
pub(super) fn fill(document: &mut Document, material: &Material<'_>) {
    let About::Contract(sheet) = &material.about else { return };
    // Ids of contracts are whatever their rules call them; a name of a file is not.
    let id: String = sheet.contract.id.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    document.name = format!("{}-{id}", document.name);
    let of = |wanted: fn(&Verdict) -> bool| {
        sheet.lines.iter().filter(|assessed| wanted(&assessed.verdict)).count()
    };
    document.said = vec![
        format!(
            "共 {} 项：达标 {} 项，不达标 {} 项，不适用 {} 项，不作结论 {} 项。",
            sheet.lines.len(),
            of(|verdict| *verdict == Verdict::Met),
            of(|verdict| *verdict == Verdict::NotMet),
            of(|verdict| *verdict == Verdict::NotApplicable),
            of(|verdict| matches!(verdict, Verdict::NotStated(_))),
        ),
        availability_said(material),
    ];
    document.add("考核依据", vec![Part::Pairs(footing(sheet))]);
    document.add("逐项结果", vec![lines(sheet)]);
    if !sheet.owed.is_empty() {
        document.add("应提交的文件", vec![owed(sheet)]);
    }
    document.add("可用性与故障", availability(material));
    document.add("维护和免责", vec![exclusions(material)]);
    document.add("签字", vec![Part::Blanks(SIGNED_BY)]);
}

fn footing(sheet: &Sheet<'_>) -> Vec<(String, String)> {
    let contract = sheet.contract;
    let mut pairs = vec![
        pair("合同", &contract.name),
        pair("依据", format!("{}〔{}〕", contract.authority, footed(contract.confidence))),
        pair("结论所按界限", format!("{}〔{}〕", bound(contract.bound), footed(contract.bound_confidence))),
    ];
    if sheet.holidays_unknown {
        pairs.push(pair("工作日", "部分年份的节假日安排未登记，工作日按周一至周五计算"));
    }
    pairs
}

/// How sure a figure is, for people.
fn footed(confidence: Certainty) -> &'static str {
    wording::footing(&confidence.to_string()).label
}

fn lines(sheet: &Sheet<'_>) -> Part {
    let columns = vec![
        text("编号", 2),
        text("指标", 4),
        text("约定", 3),
        text("实测", 5),
        text("结论", 4),
        text("计分", 2),
        text("依据记录", 4),
    ];
    Part::Table(Table::of("考核表", columns, sheet.lines.iter().map(line)))
}

fn owed(sheet: &Sheet<'_>) -> Part {
    let columns =
        vec![text("文件", 5), text("起算", 3), text("最迟提交", 2), text("提交", 3), text("结论", 4)];
    Part::Table(Table::of("应提交的文件", columns, sheet.owed.iter().map(|owed| row(owed).into())))
}

fn line(assessed: &Assessed<'_>) -> Vec<String> {
    let uncertain = assessed.line.confidence.filter(|confidence| !confidence.is_requirement());
    let mark = uncertain.map_or_else(String::new, |confidence| format!("〔{}〕", footed(confidence)));
    let from: Vec<String> = assessed.from.iter().map(basis).collect();
    vec![
        assessed.line.id.clone(),
        assessed.line.name.clone(),
        format!("{}{mark}", limit(assessed)),
        measured(&assessed.value),
        format!("{}{}", verdict(assessed), provisional(assessed)),
        assessed.points.map_or_else(|| "—".to_owned(), earned),
        if from.is_empty() { "—".to_owned() } else { from.join("、") },
    ]
}
