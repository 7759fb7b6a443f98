//! The documents that people hand in: what was read on a day, weekly and monthly reports, the quarterly self-check, the
//! analysis of how a site ran, summaries, reports of faults, proofs of full scans.
//!
//! [`compose`] is a plain function of what the record holds and of `now`: the same [`Material`] gives the same
//! [`Document`], and every figure in it is one that [`ledger`](crate::ledger), [`score`](crate::score) or the record
//! itself has computed. Gathering belongs to [`duty`](crate::duty). What the record does not keep is said, never made up.

mod alarms;
mod chart;
mod contract;
mod document;
mod docx;
mod fault;
mod full_scan;
mod html;
mod ipv6;
mod lives;
mod material;
mod quality;
mod sections;
mod self_check;
#[cfg(test)]
mod tests;
mod work;

pub use chart::{Chart, Series, Shape};
pub use document::{Column, Document, NOTHING, Part, Section, Table};
pub use docx::docx;
pub use html::{STYLE, body, html};
pub use lives::Tracked;
pub use material::{About, Answers, FaultStory, IncidentStory, Material, Proven};

use super::figures;
use crate::paper::Kind;
use document::pair;

/// Who signs a document.
const SIGNED_BY: &[&str] = &["编制人（签字）", "审核人（签字）", "编制单位（签章）", "提交日期"];

/// Makes a document of what was gathered.
pub fn compose(kind: Kind, material: &Material<'_>) -> Document {
    let mut document = head(kind, material);
    match kind {
        Kind::Daily => work::daily(&mut document, material),
        Kind::Work => work::report(&mut document, material),
        Kind::Summary => work::summary(&mut document, material),
        Kind::SelfCheck => self_check::fill(&mut document, material),
        Kind::Quality => quality::fill(&mut document, material),
        Kind::Fault => fault::fill(&mut document, material),
        Kind::FullScan => full_scan::fill(&mut document, material),
        Kind::Ipv6 => ipv6::fill(&mut document, material),
        Kind::Contract => contract::fill(&mut document, material),
    }
    document
}

fn head(kind: Kind, material: &Material<'_>) -> Document {
    let mut facts = vec![
        pair("网站名称", material.name()),
        pair("首页", material.site.home.as_str()),
        pair("报告期", figures::period(material.period)),
    ];
    if let Some(code) = &material.site.id_code {
        facts.insert(2, pair("网站标识码", code));
    }
    let until = material.span().end().min(material.now);
    facts.push(pair("统计截至（北京时间）", figures::moment(until)));
    facts.push(pair("生成时间（北京时间）", figures::moment(material.now)));
    let is_running = material.now < material.span().end();
    let provisional = match (is_running, material.statement.whole.provisional) {
        (true, _) => Some("报告期尚未结束，数值为截至统计时刻的暂定值。".to_owned()),
        (false, true) => Some("报告期内开始的故障仍在持续，相关数值暂定。".to_owned()),
        (false, false) => None,
    };
    Document {
        kind,
        name: format!("{}-{kind}-{}", material.site.id, material.period),
        title: kind.title(material.period).to_owned(),
        subject: material.name().to_owned(),
        facts,
        said: Vec::new(),
        provisional,
        sections: Vec::new(),
    }
}
