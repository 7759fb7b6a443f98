//! What the home page must offer besides its footer and does not.

use super::elements::missing;
use super::{About, Check, Context, Findings, check};
use crate::finding::Confidence;
use crate::indicators::ElementPlace;
use crate::page::Page;

check! {
    /// The home page lacks an entry or a declaration that is asked for: accessible or elderly version, switch of
    /// scripts, search, yearly report of the site, the portal of the State Council, the declaration for phones.
    ///
    /// ## Why it matters
    /// Each is an item of its own in some inspection, and each is what a visitor looks for first.
    ///
    /// ## What to do
    /// Add the entry where it is seen at once. An entry that is only a picture needs a text alternative.
    MissingHomeElement, id: "home-element", name: "首页要素缺失", category: Layout, severity: Low,
    advice: "请在首页显著位置补充该要素；用图片表示的，请为图片加上文字说明（alt）。"
}

impl Check for MissingHomeElement {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        for element in missing(page, context, ElementPlace::Home) {
            // An entry may be a picture without words, so a person has to look.
            let asked = element.confidence.is_requirement();
            found
                .add(page.address.as_str(), element.id.as_str(), format!("首页没有找到{}", element.name))
                .confidence(if asked { Confidence::Probable } else { Confidence::Note });
        }
    }
}
