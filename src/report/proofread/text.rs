//! For reading: each finding framed in its sentence, the frames below each other.

use super::super::columns::{pad, pad_left};
use super::super::{escape, wording};
use super::{AROUND, Checked, frame};
use crate::editor::TextFinding;

/// Columns of line and column.
const POSITION: usize = 9;
/// Columns of how bad it is.
const SEVERITY: usize = 4;
/// Columns of what is wrong.
const CLASS: usize = 16;
/// Columns before the words: what stands before them, in Chinese characters of two columns, and the ellipsis.
const BEFORE: usize = 2 * AROUND + 4;

pub(super) fn render(checked: &[Checked]) -> String {
    let mut out = String::new();
    for one in checked {
        let mut part = None;
        for finding in &one.findings {
            if part != Some(finding.part) {
                let place = &one.document.parts[finding.part].place;
                out.push_str(&format!("{}  {}\n", escape::terminal(&one.name), escape::terminal(place)));
                part = Some(finding.part);
            }
            out.push_str(&lines(one, finding));
        }
        if let Some(limited) = &one.document.limited {
            out.push_str(&format!(
                "{}  注意：{}\n",
                escape::terminal(&one.name),
                escape::terminal(&limited.why)
            ));
        }
    }
    let findings: usize = checked.iter().map(|one| one.findings.len()).sum();
    match findings {
        0 => out.push_str(&format!("检查 {} 个文件，没有发现问题。\n", checked.len())),
        _ => out.push_str(&format!("检查 {} 个文件，发现 {findings} 处问题。\n", checked.len())),
    }
    out
}

fn lines(checked: &Checked, finding: &TextFinding) -> String {
    let frame = frame(checked, finding, AROUND);
    let ellipsis = |is_cut| if is_cut { "……" } else { "" };
    let before = format!("{}{}", ellipsis(frame.is_cut_before), escape::visible(frame.before));
    let position = format!("{}:{}", finding.position.line, finding.position.column);
    let severity = pad(wording::severity(finding.tier.severity()).label, SEVERITY);
    let head = format!("  {}{severity}  {}", pad(&position, POSITION), pad(finding.class, CLASS));
    let mut out = format!(
        "{head}{}【{}】{}{}\n",
        pad_left(&before, BEFORE),
        escape::visible(frame.words),
        escape::visible(frame.after),
        ellipsis(frame.is_cut_after)
    );
    if let Some(advice) = finding.advice() {
        out.push_str(&format!("  {}{}\n", pad("", POSITION), escape::terminal(&advice)));
    }
    out
}
