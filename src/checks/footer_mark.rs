//! Marks at the bottom of the home page that are there and wrong.

use std::collections::BTreeSet;

use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind};
use crate::finding::Confidence;
use crate::indicators::{Mark, Must, Pattern};
use crate::page::{Link, LinkKind, Page};

check! {
    /// A mark at the bottom of the home page is there, but not what it must be: a record number with too few digits
    /// or without a link to its register, the mark of another kind of body, the identity code of another site.
    ///
    /// ## Why it matters
    /// Inspectors' tools read each mark as a field of its own. A code copied from another site sends the reports of
    /// visitors to somebody else.
    ///
    /// ## What to do
    /// Take number, code and link from the certificate of registration, and correct the footer template.
    FooterMark, id: "footer-mark", name: "底部标识不规范", category: Layout, severity: Low,
    advice: "请对照备案证明和网站标识码，更正底部模板中的编号、代码和链接。"
}

/// Marks of one kind that are looked at. No footer has more.
const MARKS: usize = 20;
/// Characters of a mark that evidence quotes.
const QUOTED: usize = 60;

impl Check for FooterMark {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        if page.kind != PageKind::Home || page.oddities.iter().any(Oddity::hides_content) {
            return;
        }
        let own_code = own_code(page, context);
        for mark in context.rules.marks() {
            let Some(fault) = fault(mark, page, own_code) else { continue };
            let asked = mark.confidence.is_requirement();
            let mut draft = found
                .add(page.address.as_str(), fault.what(mark), fault.evidence)
                .confidence(if asked { Confidence::Probable } else { Confidence::Note });
            if let Some(target) = fault.target {
                draft = draft.target(target);
            }
            drop(draft);
        }
    }
}

/// What is wrong with a mark.
#[derive(Debug, PartialEq, Eq)]
struct Fault<'a> {
    /// The mark as it stands, where that is what is wrong.
    seen: Option<&'a str>,
    /// Where it leads instead.
    target: Option<&'a str>,
    evidence: String,
}

impl Fault<'_> {
    fn what(&self, mark: &Mark) -> String {
        match self.seen {
            Some(seen) => format!("{} {seen}", mark.id),
            None => mark.id.clone(),
        }
    }
}

fn fault<'a>(mark: &'a Mark, page: &'a Page, own_code: Option<&str>) -> Option<Fault<'a>> {
    let standing = standing(mark, page);
    let wrong = |seen: &'a str| {
        let quoted: String = seen.chars().take(QUOTED).collect();
        Fault {
            seen: Some(seen),
            target: None,
            evidence: format!("{}“{quoted}”，应{}", mark.name, mark.expects),
        }
    };
    match &mark.must {
        Must::Match(form) => standing.into_iter().find(|seen| !form.is_in(seen)).map(wrong),
        Must::BeOwnCode => {
            let own = own_code?;
            let other = standing.into_iter().find(|code| !code.eq_ignore_ascii_case(own))?;
            let mut fault = wrong(other);
            fault.evidence.push_str(&format!("（本网站为 {own}）"));
            Some(fault)
        }
        Must::BeAbsent => standing.into_iter().next().map(wrong),
        Must::LeadTo(places) => {
            let leads = |link: &Link| places.iter().any(|place| place.is_in(&link.raw));
            if standing.is_empty()
                || page.links.iter().any(leads)
                || places.iter().any(|place| place.is_in(&page.source))
            {
                return None;
            }
            let bears = |link: &&Link| {
                link.kind == LinkKind::Anchor && mark.text.iter().any(|form| form.is_in(&link.text))
            };
            let elsewhere = page.links.iter().find(bears).map(|link| link.raw.as_str());
            let seen = match elsewhere {
                Some(raw) => format!("链接到 {}", raw.chars().take(QUOTED).collect::<String>()),
                None => "没有链接".to_owned(),
            };
            let evidence = format!("{}{seen}，应{}", mark.name, mark.expects);
            Some(Fault { seen: None, target: elsewhere, evidence })
        }
    }
}

/// Every form in which a mark stands on a page.
fn standing<'a>(mark: &'a Mark, page: &'a Page) -> BTreeSet<&'a str> {
    let texts =
        || [page.text.visible.as_str()].into_iter().chain(page.links.iter().map(|link| link.text.as_str()));
    let addresses = || page.links.iter().map(|link| link.raw.as_str());
    let in_texts = mark.text.iter().flat_map(|form| texts().flat_map(|text| pieces(form, text)));
    let in_addresses = mark.address.iter().flat_map(|form| addresses().flat_map(|raw| pieces(form, raw)));
    let in_source = mark.source.iter().flat_map(|form| pieces(form, &page.source));
    in_texts.chain(in_addresses).chain(in_source).collect()
}

fn pieces<'a>(form: &'a Pattern, text: &'a str) -> impl Iterator<Item = &'a str> {
    form.all_in(text).take(MARKS).map(str::trim)
}

/// The identity code of the site: as configured, or as its tag says. A tag that was never filled is none.
fn own_code<'a>(page: &'a Page, context: &'a Context<'_>) -> Option<&'a str> {
    let tagged = page.tags.iter().filter(|tag| tag.name.eq_ignore_ascii_case("SiteIDCode"));
    let tagged = tagged.map(|tag| tag.value.as_str()).find(|value| is_code(value));
    context.site.id_code.as_deref().or(tagged)
}

fn is_code(text: &str) -> bool {
    let digits = match text.get(..2) {
        Some(prefix) if prefix.eq_ignore_ascii_case("bm") => (&text[2..], 8),
        _ => (text, 10),
    };
    digits.0.len() == digits.1 && digits.0.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Address;
    use crate::indicators::RuleSet;
    use crate::page::{Source, parse};

    /// Ids of the marks that are wrong in a footer, for a site with the code 5100000099.
    #[track_caller]
    fn check(footer: &str, expected: &[&str]) {
        let address = Address::parse("http://www.example.gov.cn/").expect("a good address");
        let source = Source { address: &address, content_type: None, body: footer.as_bytes(), is_home: true };
        let page = parse(source);
        let rules = RuleSet::built_in();
        let wrong: Vec<&str> = rules
            .marks()
            .iter()
            .filter(|mark| fault(mark, &page, Some("5100000099")).is_some())
            .map(|mark| mark.id.as_str())
            .collect();
        assert_eq!(wrong, expected, "{footer}");
    }

    #[test]
    fn record_numbers_have_a_form_and_a_register() {
        let miit = |text: &str| format!("<a href=\"https://beian.miit.gov.cn/\">{text}</a>");
        for fine in ["蜀ICP备05000000号-1", "ICP备案号：陇ICP备05000000号", "蜀 ICP 备 2021000000号"]
        {
            check(&miit(fine), &[]);
        }
        for wrong in ["ICP备05000000号", "蜀ICP备05000000", "蜀ICP备05号"] {
            check(&miit(wrong), &["icp-number"]);
        }
        check("蜀ICP备05000000号", &["icp-link"]);
        check("<a href=\"https://www.example.com/\">蜀ICP备05000000号</a>", &["icp-link"]);
        check("<a href=\"http://www.miitbeian.gov.cn\">蜀ICP备05000000号</a>", &[]);
        let police = "https://beian.mps.gov.cn/#/query/webSearch?code=51000000000000";
        check(&format!("<a href=\"{police}\">川公网安备 51000000000000号</a>"), &[]);
        check(&format!("<a href=\"{police}\">川公网安备510000000000号</a>"), &["police-number"]);
        check("川公网安备51000000000000号", &["police-link"]);
    }

    #[test]
    fn the_mark_of_the_organs_is_red_and_registered() {
        check(
            "<a href=\"http://bszs.conac.cn/sitename?method=show&id=1\"><img src=a.png alt=党政机关网站标识></a>",
            &[],
        );
        check(
            "<p>党政机关网站标识</p><script>document.write(\"%3Cscript src='//dcs.conac.cn/js/1.js'\")</script>",
            &[],
        );
        check("<img src=a.png alt=党政机关网站标识>", &["party-mark-link"]);
        check("<img src=\"https://dcs.conac.cn/image/blue.png\">", &["blue-mark"]);
        check("<img src=\"https://dcs.conac.cn/image/red.png\">", &[]);
    }

    #[test]
    fn codes_are_the_site_s_own() {
        let report = "https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=";
        check(&format!("<a href=\"{report}5100000099&url=x\">找错</a>"), &[]);
        check(&format!("<a href=\"{report}5100000098&url=x\">找错</a>"), &["error-report-code"]);
        check(
            "<script id=_jiucuo_ sitecode='5100000099' src='//zfwzgl.www.gov.cn/exposure/jiucuo.js'></script>",
            &[],
        );
        check(
            "<script id=_jiucuo_ sitecode='bm17000099' src='//zfwzgl.www.gov.cn/exposure/jiucuo.js'></script>",
            &["error-report-code"],
        );
        check("<script>var siteCode='5100000098'</script>", &[]);
        for (text, expected) in
            [("5100000099", true), ("bm17000099", true), ("政府网站标识码", false), ("", false)]
        {
            assert_eq!(is_code(text), expected, "{text}");
        }
    }
}
