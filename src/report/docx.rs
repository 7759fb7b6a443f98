//! The list of problems as a document (问题清单): cover, result, score sheet, findings in the parts that inspectors know,
//! proof of what the scan covered, room for signatures.
//!
//! A pure function: the same report gives the same bytes.

mod findings;
pub(super) mod paper;
mod score;

use std::io::{self, Cursor};

use super::dossier::{Block, SIGNATURES, blocks};
use super::{Report, figures};
use paper::{Paper, Tone};

/// Blocks of the dossier that stand before the score sheet; the others prove what the scan covered.
const RESULT: [&str; 4] = ["网站与扫描", "结论", "离单项否决还有多远", "失分与风险"];

/// Renders everything as a `.docx` file.
pub fn render(report: &Report) -> io::Result<Vec<u8>> {
    let mut paper = Paper::new(&figures::moment(report.finished));
    cover(&mut paper, report);
    let (result, proof): (Vec<Block>, Vec<Block>) =
        blocks(report).into_iter().partition(|block| RESULT.contains(&block.heading));
    paper.chapter("一、检查结论");
    result.iter().for_each(|block| self::block(&mut paper, block));
    paper.chapter("二、评分表");
    score::sheet(&mut paper, report);
    paper.chapter("三、问题清单");
    findings::list(&mut paper, report);
    paper.chapter("四、覆盖证明");
    proof.iter().for_each(|block| self::block(&mut paper, block));
    paper.section("签收");
    paper.pairs(SIGNATURES.into_iter().map(|label| (label, String::new())));
    let mut file = Cursor::new(Vec::new());
    paper.finish().pack(&mut file).map_err(io::Error::other)?;
    Ok(file.into_inner())
}

fn cover(paper: &mut Paper, report: &Report) {
    paper.title("政府网站监测问题清单");
    paper.title(&report.site_name);
    for line in [
        report.home.clone(),
        format!("第 {} 次扫描", report.scan),
        format!("{} 至 {}（北京时间）", figures::moment(report.started), figures::moment(report.finished)),
        format!("口径 {}，规则版本 {}", report.score.scale, report.score.rules_version),
    ] {
        paper.centred(&line);
    }
    paper.text("写作“参考”的数值没有任何文本依据，不得作为法规条文引用。", Tone::Quiet);
}

fn block(paper: &mut Paper, block: &Block) {
    paper.section(block.heading);
    if block.rows.is_empty() {
        return paper.text("无", Tone::Quiet);
    }
    paper.pairs(block.rows.iter().map(|(label, value)| (label.as_str(), value.words())));
}

#[cfg(test)]
pub(super) mod tests;
