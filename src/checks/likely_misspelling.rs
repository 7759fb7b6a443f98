//! Characters that were probably mistaken for others, where no dictionary lists the slip.

use std::collections::HashSet;

use super::{About, Check, Context, Draft, Findings, check, words};
use crate::finding::Confidence;
use crate::page::Page;
use crate::speller::{Mode, Slip};

check! {
    /// A sentence reads as if one character had been mistaken for another that sounds or looks alike.
    ///
    /// ## Why it matters
    /// A misspelling that no list has costs as much as one that is listed. This is a judgement of probability: the
    /// evidence says how often either form stands in the official texts that the speller has read.
    ///
    /// ## What to do
    /// Read the sentence. Where it is right, add `likely-misspelling:<words>` to the site's `allow` list. The speller
    /// reads only where it is asked to: `scan --speller`, or `speller = true` under `[checks]`.
    LikelyMisspelling, id: "likely-misspelling", name: "疑似错别字", category: Text, severity: Medium,
    advice: "请核对原文；确属正确用法的，可将该词加入本站点的允许清单。"
}

impl Check for LikelyMisspelling {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let Some(speller) = context.speller else { return };
        let text = &page.text.visible;
        if context.lexicons.is_traditional(text) {
            return; // The model has read simplified characters only.
        }
        let mut said = HashSet::new();
        for slip in speller.check(text, Mode::Quiet) {
            let (start, end) = (slip.span.start, slip.span.end);
            if said.insert(slip.identity()) {
                doubt(found, page, &slip, words::framed(text, start..end)).place(page.text_place(start, end));
            }
        }
        for slip in speller.check(&page.title, Mode::Quiet) {
            if said.insert(slip.identity()) {
                let framed = words::framed(&page.title, slip.span.clone());
                doubt(found, page, &slip, format!("页面标题中的{framed}"));
            }
        }
    }
}

fn doubt<'f>(found: &'f mut Findings<'_>, page: &Page, slip: &Slip, framed: String) -> Draft<'f> {
    found
        .add(page.address.as_str(), slip.identity(), format!("疑似错别字：{framed}（{}）", slip.counted()))
        .confidence(Confidence::Probable)
        .suggestion(format!("建议核对是否应将“{}”改为“{}”。", slip.written, slip.meant))
}
