//! Articles that do not show when they were published.

use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind, ShownDate};
use crate::finding::Confidence;
use crate::page::Page;

check! {
    /// An article shows no date of publication.
    ///
    /// ## Why it matters
    /// Readers cannot tell whether what they read still holds, and inspectors count an article without a date as not
    /// updated.
    ///
    /// ## What to do
    /// Show the time of publication below the headline, as `2026-11-21 09:30`.
    PublishTime, id: "publish-time", name: "稿件未显示发布时间", category: Layout, severity: Low,
    advice: "请在稿件标题下方显示发布时间（格式如 2026-11-21 09:30）和来源。"
}

impl Check for PublishTime {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, _: &Context<'_>, found: &mut Findings<'_>) {
        // What a script, a firewall or a cap keeps from us may show a date.
        if page.kind != PageKind::Article || page.oddities.iter().any(Oddity::hides_content) {
            return;
        }
        if page.shown != ShownDate::None {
            return;
        }
        let tagged = page.published.map(|time| format!("（页面标签 PubDate 为 {}）", time.date()));
        let evidence = format!("正文页没有显示任何日期{}", tagged.unwrap_or_default());
        // A date may be part of a picture, or written by a script of one line.
        found.add(page.address.as_str(), "publish-time", evidence).confidence(Confidence::Probable);
    }
}
