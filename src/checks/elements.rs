//! Elements of the home page: what the checks of the footer and of the rest of the page have in common.

use super::Context;
use crate::facts::{Oddity, PageKind};
use crate::indicators::{ElementPlace, HomeElement};
use crate::page::Page;

/// The elements that must stand in this place of the home page and do not.
pub(super) fn missing<'a>(page: &Page, context: &Context<'a>, place: ElementPlace) -> Vec<&'a HomeElement> {
    if page.kind != PageKind::Home || page.oddities.iter().any(Oddity::hides_content) {
        return Vec::new();
    }
    let view = View {
        text: &page.text.visible,
        link_texts: page.links.iter().map(|link| link.text.as_str()).collect(),
        addresses: page.links.iter().map(|link| link.raw.as_str()).collect(),
        source: &page.source,
        metas: page.tags.iter().map(|tag| tag.name.as_str()).collect(),
    };
    context.rules.elements(place).filter(|element| !view.shows(element)).collect()
}

/// What of a page may show an element. Regions are not asked for: where a footer begins is a guess, and an element
/// that stands elsewhere on the page is still there.
struct View<'a> {
    text: &'a str,
    link_texts: Vec<&'a str>,
    addresses: Vec<&'a str>,
    source: &'a str,
    metas: Vec<&'a str>,
}

impl View<'_> {
    fn shows(&self, element: &HomeElement) -> bool {
        element
            .text
            .iter()
            .any(|pattern| pattern.is_in(self.text) || self.link_texts.iter().any(|text| pattern.is_in(text)))
            || element
                .address
                .iter()
                .any(|pattern| self.addresses.iter().any(|address| pattern.is_in(address)))
            || element.source.iter().any(|snippet| self.source.contains(snippet))
            || element.meta.iter().any(|meta| self.metas.iter().any(|name| name.eq_ignore_ascii_case(meta)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn elements_are_known_by_text_link_or_snippet() {
        let rules = RuleSet::built_in();
        let elements =
            || [ElementPlace::Footer, ElementPlace::Home].into_iter().flat_map(|place| rules.elements(place));
        let check = |id: &str, text: &str, address: &str, source: &str, expected: bool| {
            let element = elements().find(|element| element.id == id).expect("there is such an element");
            let view =
                View { text, link_texts: Vec::new(), addresses: vec![address], source, metas: Vec::new() };
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
        check("accessibility", "无障碍浏览", "", "", true);
        check("accessibility", "", "", "<img src='/images/wza.png'>", true);
        check("accessibility", "要闻动态", "/xwdt/", "", false);
        check("script-switch", "繁體版", "", "", true);
        check("script-switch", "简 | 繁", "", "", true);
        check("script-switch", "简历", "", "", false);
        check("yearly-report", "政府网站工作年度报表", "", "", true);
        check("yearly-report", "政府网站年度报表（2025年）", "", "", true);
        check("yearly-report", "政府信息公开年报", "", "", false);
        check("state-council", "", "https://www.gov.cn/", "", true);
        check("state-council", "", "https://www.example.gov.cn/", "", false);
    }
}
