//! What the bottom of the home page must show and does not.

use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind};
use crate::finding::Confidence;
use crate::indicators::FooterElement;
use crate::page::{Page, Region};

check! {
    /// The home page lacks an element of the footer: identity code, record numbers, the mark of party and state
    /// organs, sponsor, contact, site map, or the entry for reporting errors.
    ///
    /// ## Why it matters
    /// Inspectors' tools read each element; each missing one costs points.
    ///
    /// ## What to do
    /// Add the element to the footer template. A mark that a script writes is seen if its snippet is in the page.
    MissingFooterElement, id: "footer-element", name: "底部要素缺失", category: Layout, severity: Medium,
    advice: "请在网站底部功能区补充该要素。"
}

impl Check for MissingFooterElement {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        if page.kind != PageKind::Home || page.oddities.iter().any(hides_footer) {
            return;
        }
        let view = View {
            text: &page.text.visible,
            link_texts: page.links.iter().map(|link| link.text.as_str()).collect(),
            addresses: page.links.iter().map(|link| link.raw.as_str()).collect(),
            source: &page.source,
        };
        // Without any footer in the page as received, the footer may come by frame or script.
        let has_footer = page.text.blocks.iter().any(|block| block.region == Region::Footer);
        for element in context.rules.footer().iter().filter(|element| !view.shows(element)) {
            let evidence = format!("首页底部没有找到{}", element.name);
            let sure = has_footer && !element.by_script;
            found.add(page.address.as_str(), element.id.as_str(), evidence).confidence(if sure {
                Confidence::Confirmed
            } else {
                Confidence::Probable
            });
        }
    }
}

/// Whether a page cannot show its footer to somebody who runs no scripts.
fn hides_footer(oddity: &Oddity) -> bool {
    matches!(oddity, Oddity::ScriptBuilt | Oddity::Challenge | Oddity::RedirectsOnly | Oddity::Limited(_))
}

/// What of a page may show an element. Regions are not asked for: where a footer begins is a guess, and an element
/// that stands elsewhere on the page is still there.
struct View<'a> {
    text: &'a str,
    link_texts: Vec<&'a str>,
    addresses: Vec<&'a str>,
    source: &'a str,
}

impl View<'_> {
    fn shows(&self, element: &FooterElement) -> bool {
        element
            .text
            .iter()
            .any(|pattern| pattern.is_in(self.text) || self.link_texts.iter().any(|text| pattern.is_in(text)))
            || element
                .address
                .iter()
                .any(|pattern| self.addresses.iter().any(|address| pattern.is_in(address)))
            || element.source.iter().any(|snippet| self.source.contains(snippet))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn elements_are_known_by_text_link_or_snippet() {
        let rules = RuleSet::built_in();
        let check = |id: &str, text: &str, address: &str, source: &str, expected: bool| {
            let element =
                rules.footer().iter().find(|element| element.id == id).expect("there is such an element");
            let view = View { text, link_texts: Vec::new(), addresses: vec![address], source };
            assert_eq!(view.shows(element), expected, "{id}: {text} {address} {source}");
        };
        check("site-id-code", "网站标识码：5100000099", "", "", true);
        check("site-id-code", "政府网站标识码 bm17000099", "", "", true);
        check("site-id-code", "网站标识码：", "", "", false);
        check("icp", "蜀ICP备05000000号", "", "", true);
        check("icp", "ICP备案号：陇ICP备05000000号-1", "", "", true);
        check("icp", "蜀 ICP 备 05000000号", "", "", true);
        check("icp", "ICP备案", "", "", false);
        check("police", "川公网安备 51010000000000号", "", "", true);
        check("police", "", "https://beian.mps.gov.cn/#/query/webSearch?code=51010000000000", "", true);
        check(
            "police",
            "",
            "http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=51010000000000",
            "",
            true,
        );
        check("police", "", "https://beian.miit.gov.cn/", "", false);
        check("party-mark", "", "http://bszs.conac.cn/sitename?method=show&id=1", "", true);
        check("party-mark", "", "", "unescape(\"%3Cscript src='\" + p + \"dcs.conac.cn/js/99/x.js'\")", true);
        check("error-report", "", "https://zfwzgl.www.gov.cn/exposure/jiucuo.js", "", true);
        check("error-report", "我为政府网站找错", "", "", true);
        check("error-report", "", "", "", false);
        check("sponsor", "主办：示例市生态环境局", "", "", true);
        check("sponsor", "主办单位：示例市生态环境局", "", "", true);
        check("sponsor", "版权所有：示例市生态环境局", "", "", false);
        check("contact", "联系电话：028-80000000", "", "", true);
        check("contact", "电话：（028）80000000", "", "", true);
        check("contact", "地址：示例路1号", "", "", false);
        check("sitemap", "网站地图", "", "", true);
        check("sitemap", "", "/wzdt/", "", true);
        check("sitemap", "", "/xwdt/", "", false);
    }
}
