//! The site's own search does not find what is on the site.

use super::{About, Check, Context, Findings, check};
use crate::facts::{HOME, SearchOutcome};
use crate::finding::Confidence;
use crate::snapshot::Snapshot;

check! {
    /// The site's own search was asked for the title of one of its pages, and its first page of results does not have
    /// it.
    ///
    /// ## Why it matters
    /// Inspectors search for four titles; each that is not on the first page of results costs points. Visitors take
    /// what is not found for not published.
    ///
    /// ## What to do
    /// Have the index of the search rebuilt, and updated whenever something is published. Titles that match as a whole
    /// belong on top.
    SearchMiss, id: "search-miss", name: "站内搜索搜不到", category: Services, severity: Medium,
    advice: "请检查站内搜索的索引范围和更新频率，标题完全匹配的信息应排在结果最前。"
}

impl Check for SearchMiss {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, _: &Context<'_>, found: &mut Findings<'_>) {
        let Some(home) = snapshot.page(HOME) else { return };
        for search in snapshot.searches() {
            let seen = match &search.outcome {
                SearchOutcome::Found | SearchOutcome::Unclear(_) => continue,
                SearchOutcome::Missed => "结果第一页没有这条信息".to_owned(),
                SearchOutcome::Failed(reason) => format!("搜索页面出错：{reason}"),
            };
            let evidence = format!("用标题“{}”搜索（{}），{seen}", search.title, search.wanted);
            // How results are shown is the site's own affair; a person looks once more.
            found.add(&home.address, search.title, evidence).confidence(Confidence::Probable);
        }
    }
}
