//! Words that are written wrongly.

use super::{About, Check, Context, Findings, check, words};
use crate::page::Page;
use crate::text::Class;

check! {
    /// On a page, or in a file that it offers, a word, a fixed expression or an official name is written wrongly, or text
    /// is garbled or was never filled in.
    ///
    /// ## Why it matters
    /// A serious wrong expression, such as a wrong name of the country, fails the site by itself; every other slip costs
    /// points and trust.
    ///
    /// ## What to do
    /// Correct the text. Where a word is right in its place, add `misspelling:<word>` to the site's `allow` list.
    Misspelling, id: "misspelling", name: "错别字与错误表述", category: Text, severity: Medium,
    advice: "请核对原文并更正；确属正确用法的，可将该词加入本站点的允许清单。"
}

impl Check for Misspelling {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        words::report(page, context, found, Class::is_misspelling);
    }
}
