//! Baselines as `sitewarden baseline` shows them: plain text, text of the site made harmless.

use super::{escape, figures};
use crate::baseline::{Baseline, Baselines, Difference, Gains, Use};
use crate::privacy::mask_all;

/// Lines of text shown of each side of a difference.
const LINES: usize = 20;
/// Characters shown of a line.
const CHARS: usize = 100;

/// Every key page with its baseline.
pub fn table(baselines: &Baselines) -> String {
    let mut out = String::new();
    for baseline in baselines.pages() {
        let approved = baseline.approval.as_ref().map_or_else(
            || "未经认可".to_owned(),
            |approval| format!("{} 认可于 {}", escape::terminal(&approval.by), figures::minute(approval.at)),
        );
        let waits = if baselines.waiting(&baseline.page).is_some() { "  有变化待处理" } else { "" };
        let (seen, address) = (figures::minute(baseline.seen), escape::terminal(&baseline.address));
        out.push_str(&format!("{seen}  {approved}  {address}{waits}\n"));
    }
    if out.is_empty() {
        out.push_str("没有基线：先扫描一次\n");
    }
    out
}

/// What differs on each page whose change waits.
pub fn differences(differences: &[Difference]) -> String {
    if differences.is_empty() {
        return "没有待处理的变化\n".to_owned();
    }
    differences.iter().map(difference).collect::<Vec<_>>().join("\n")
}

fn difference(found: &Difference) -> String {
    let Difference { before, after, delta, judgement, lines } = found;
    let mut out = format!("{}\n", escape::terminal(&after.address));
    let mut say = |line: String| out.push_str(&format!("  {line}\n"));
    say(format!("变化：{}", judgement.change.chinese()));
    say(original("-", before));
    say(original("+", after));
    for field in &delta.head {
        say(format!("- {}：{}", field.name, shown(&field.before)));
        say(format!("+ {}：{}", field.name, shown(&field.after)));
    }
    hosts("-", &delta.lost).into_iter().chain(hosts("+", &delta.gained)).for_each(&mut say);
    for word in &delta.words {
        say(format!("+ 词语：{}（{}）", shown(&word.words), word.about));
    }
    for picture in &delta.pictures {
        say(format!("+ 图片：{}", shown(&picture.address)));
    }
    say(format!(
        "正文相似度 {:.2}，结构相似度 {:.2}，导航保留 {:.0}%",
        delta.text,
        delta.form,
        delta.menu * 100.0
    ));
    match lines {
        None => say("原件已不在，无法逐行比对".to_owned()),
        Some((gone, new)) => {
            for (sign, lines) in [("-", gone), ("+", new)] {
                lines.iter().take(LINES).for_each(|line| say(format!("{sign} {}", shown(line))));
                if lines.len() > LINES {
                    say(format!("{sign} …… 共 {} 行", lines.len()));
                }
            }
        }
    }
    out
}

fn original(sign: &str, baseline: &Baseline) -> String {
    format!("{sign} 原件 {} {}", figures::minute(baseline.seen), baseline.portrait.body)
}

fn hosts(sign: &str, gains: &Gains) -> Vec<String> {
    let of_use = |(used, hosts): (&Use, &Vec<String>)| {
        format!("{sign} {}主机：{}", used.chinese(), shown(&hosts.join("、")))
    };
    gains.iter().map(of_use).collect()
}

/// The beginning of a text of the site, harmless on a terminal and without numbers of people.
fn shown(text: &str) -> String {
    let text: String = match text.char_indices().nth(CHARS) {
        Some((end, _)) => format!("{}……", &text[..end]),
        None => text.to_owned(),
    };
    escape::terminal(&mask_all(&text))
}
