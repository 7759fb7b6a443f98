//! Private data of people.

mod cells;

use std::{cmp::Reverse, collections::HashMap};

use super::{About, Check, Context, Findings, check};
use crate::finding::{Confidence, Severity};
use crate::page::Page;
use crate::privacy::{Figures, Kind, Sighting, excerpt, find};
use crate::text::Frame;

check! {
    /// A page, or a file that it offers, shows private data of people: numbers of identity cards, mobile phones or bank cards, dwellings, lists that
    /// tell several things of one person, or masks that leave too much to see.
    ///
    /// ## Why it matters
    /// What was published once is copied within hours, and fraud begins with a name and a number. The law wants private
    /// data de-identified before publication, and circulars name the bodies that did not.
    ///
    /// ## What to do
    /// Take the page down or mask the data (`138****1234`, `35*************123`, addresses down to the township), in the
    /// attachments and earlier versions as well, and tell the people concerned. Reports show masked numbers only. Where a
    /// number is published lawfully, add `private-data:<masked form>` to the site's `allow` list.
    PrivateData, id: "private-data", name: "个人隐私信息", category: Text, severity: High,
    advice: "请立即撤下或作去标识化处理（如138****1234、35*************123，住址只到乡镇、街道），并通知当事人；确属依法公开的，可加入本站点的允许清单。"
}

/// Findings of single sightings on one page at most. One more says how many there are besides.
const SINGLE: usize = 20;
/// Characters of a title that may say what a page lists.
const TITLE: usize = 200;
/// Characters shown on either side of a number.
const AROUND: usize = 20;

impl Check for PrivateData {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let figures = &context.rules.privacy().figures;
        let title: String = page.title.chars().take(TITLE).collect();
        let text = &page.text.visible;
        let mut sightings = find(text, &cells::of(page), &title, figures, context.today);
        sightings.sort_by_key(|sighting| Reverse(sighting.severity));
        let mut identities = Identities::default();
        for sighting in sightings.iter().take(SINGLE) {
            let mut place = page.text_place(sighting.start, sighting.end);
            if sighting.kind == Kind::Address {
                // No mask hides words.
                place.context = None;
            }
            let hidden = if page.is_hidden(sighting.start) { "隐藏文字中的" } else { "" };
            let evidence = format!("{hidden}{}", evidence(text, sighting));
            found
                .add(page.address.as_str(), identities.of(sighting), evidence)
                .severity(sighting.severity)
                .confidence(sighting.confidence)
                .place(place);
        }
        if let Some(rest) = sightings.get(SINGLE..).filter(|rest| !rest.is_empty()) {
            let severity = rest.iter().map(|sighting| sighting.severity).max().unwrap_or(Severity::Low);
            let confidence =
                rest.iter().map(|sighting| sighting.confidence).max().unwrap_or(Confidence::Note);
            found
                .add(
                    page.address.as_str(),
                    "其余各处",
                    format!("本页另有个人信息 {} 处，未逐一列出。", rest.len()),
                )
                .severity(severity)
                .confidence(confidence);
        }
        asides(page, &title, figures, context, &mut identities, found);
    }
}

/// What stands beside the text, such as in `title` and `alt`. A number of the text that stands there as well is one
/// leak, not two.
fn asides(
    page: &Page,
    title: &str,
    figures: &Figures,
    context: &Context<'_>,
    identities: &mut Identities,
    found: &mut Findings<'_>,
) {
    let text = page.asides.text();
    let sightings = find(text, &[], title, figures, context.today).into_iter();
    let news = sightings.filter(|sighting| !page.text.visible.contains(&text[sighting.start..sighting.end]));
    for sighting in news.take(SINGLE) {
        let Some(aside) = page.asides.at(sighting.start) else { continue };
        let evidence = format!("{}中的{}", aside.spot.chinese(), evidence(text, &sighting));
        found
            .add(page.address.as_str(), identities.of(&sighting), evidence)
            .severity(sighting.severity)
            .confidence(sighting.confidence)
            .place(page.place(aside.node));
    }
}

/// Tells equal sightings of a page apart, without their numbers.
#[derive(Default)]
struct Identities(HashMap<String, usize>);

impl Identities {
    /// The masked form; from the second one of the same form on, with its place among these.
    fn of(&mut self, sighting: &Sighting) -> String {
        let name = match sighting.kind {
            Kind::Address | Kind::Column | Kind::Combination => {
                format!("{}：{}", sighting.kind.chinese(), sighting.masked)
            }
            _ => sighting.masked.clone(),
        };
        let number = self.0.entry(name.clone()).or_default();
        *number += 1;
        if *number == 1 { name } else { format!("{name}（{number}）") }
    }
}

/// What was seen: `身份证号码：……公民身份号码【51*************123】……（同列共 3 处，涉及 3 人）`.
fn evidence(text: &str, sighting: &Sighting) -> String {
    let kind = sighting.kind.chinese();
    let extent = if sighting.times > 1 || sighting.persons > 1 {
        format!("（同列共 {} 处，涉及 {} 人）", sighting.times, sighting.persons)
    } else {
        String::new()
    };
    match sighting.kind {
        Kind::Combination => {
            return format!("{kind}：同一行中有{}（涉及 {} 人）", sighting.masked, sighting.persons);
        }
        Kind::Address => return format!("{kind}：住址精确到门牌（{}）{extent}", sighting.masked),
        Kind::Column => return format!("{kind}：名单中有“{}”一列{extent}", sighting.masked),
        _ => {}
    }
    let (start, end) = (sighting.start, sighting.end);
    let frame = Frame::new(text, start, end, AROUND);
    let left = excerpt(text, start - frame.before.len(), start);
    let right = excerpt(text, end, end + frame.after.len());
    format!("{kind}：{left}【{}】{right}{extent}", sighting.masked).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_and_identity_hold_no_number() {
        let text = "身份证号11010519491231002X，电话13800001234";
        let sighting = Sighting {
            kind: Kind::Identity,
            start: text.find('1').unwrap(),
            end: text.find('，').unwrap(),
            confidence: Confidence::Confirmed,
            severity: Severity::High,
            masked: "11*************02X".to_owned(),
            times: 1,
            persons: 1,
        };
        let shown = evidence(text, &sighting);
        assert_eq!(shown, "身份证号码：身份证号【11*************02X】，电话138****1234");
        let mut identities = Identities::default();
        assert_eq!(identities.of(&sighting), "11*************02X");
        assert_eq!(identities.of(&sighting), "11*************02X（2）");
    }
}
