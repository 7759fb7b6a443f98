//! What the bottom of the home page must show and does not.

use super::elements::missing;
use super::{About, Check, Context, Findings, check};
use crate::finding::Confidence;
use crate::indicators::ElementPlace;
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
        // Without any footer in the page as received, the footer may come by frame or script.
        let has_footer = page.text.blocks.iter().any(|block| block.region == Region::Footer);
        for element in missing(page, context, ElementPlace::Footer) {
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
