//! Service guides that leave open what must be brought.

use super::guide_element::materials;
use super::{About, Check, Context, Findings, check};
use crate::finding::Confidence;
use crate::indicators::Vague;
use crate::page::Page;
use crate::privacy::excerpt;

check! {
    /// The materials that a service guide asks for are left open: "other relevant materials".
    ///
    /// ## Why it matters
    /// Who comes with everything that is listed must not be sent away. Each such wording costs points.
    ///
    /// ## What to do
    /// Name every document, with its form and number of copies, or take the line out.
    VagueWording, id: "vague-wording", name: "办事材料表述含糊", category: Services, severity: Medium,
    advice: "请逐项写明材料的名称、形式和份数，删去“其他相关材料”一类兜底表述。"
}

impl Check for VagueWording {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let services = context.rules.services();
        let mut seen: Vec<&str> = Vec::new();
        for part in materials(page, context) {
            for (wording, around) in services.vague.iter().flat_map(|vague| vague_in(part, vague)) {
                if seen.contains(&wording) {
                    continue;
                }
                seen.push(wording);
                let evidence = format!("办理材料中有含糊表述“{wording}”：{around}");
                found.add(page.address.as_str(), wording, evidence).confidence(Confidence::Probable);
                if seen.len() >= WORDINGS {
                    return;
                }
            }
        }
    }
}

/// Different wordings that are reported of a page: no honest guide has more.
const WORDINGS: usize = 10;

/// The vague wordings in a text, each with the line around it.
fn vague_in<'a>(text: &'a str, vague: &'a Vague) -> impl Iterator<Item = (&'a str, String)> + 'a {
    let hits = vague.pattern.iter().flat_map(move |pattern| pattern.places_in(text));
    hits.filter_map(move |(start, end)| {
        // What explains a wording stands right before it, in the same line.
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let near = line.max(text.floor_char_boundary(start.saturating_sub(CONTEXT_BYTES)));
        if vague.unless.iter().any(|pattern| pattern.is_in(&text[near..start])) {
            return None;
        }
        let rest = &text[end..text.floor_char_boundary((end + CONTEXT_BYTES).min(text.len()))];
        let after = rest.split('\n').next().unwrap_or_default();
        let (before, after) = (excerpt(text, near, start), excerpt(text, end, end + after.len()));
        Some((&text[start..end], format!("{before}【{}】{after}", &text[start..end])))
    })
}

/// Bytes before and after a wording that are shown and looked at: 20 characters.
const CONTEXT_BYTES: usize = 60;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn wording_is_vague_unless_explained() {
        let rules = RuleSet::built_in();
        let check = |text: &str, expected: &[&str]| {
            let vague = rules.services().vague.iter();
            let seen: Vec<&str> =
                vague.flat_map(|vague| vague_in(text, vague)).map(|(word, _)| word).collect();
            assert_eq!(seen, expected, "{text}");
        };
        check("3.其他相关材料", &["其他相关材料"]);
        check("法律法规规定的其他材料。", &["法律法规规定的其他材料"]);
        check("身份证明等有关材料", &["等有关材料"]);
        check("营业执照复印件一份", &[]);
        check("除上述材料外，无需提交其他材料", &[]);
        check("申请人不需要提供其他材料", &[]);
        check("无需预约\n其他材料", &["其他材料"]);
    }
}
