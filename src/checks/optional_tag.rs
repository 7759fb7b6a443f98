//! Optional page tags (可选标签) that hardly any article carries.

use super::{About, Check, Context, Findings, check};
use crate::finding::Confidence;
use crate::snapshot::Snapshot;

check! {
    /// Few articles of the site carry the tags that need not be there: Keywords, Author, Description, Image, Url.
    ///
    /// Said once for the whole site, with the figures of each tag; nothing is counted against it.
    ///
    /// ## Why it matters
    /// Search services show an article by these tags. They cost no points, so their absence must not bury what does.
    ///
    /// ## What to do
    /// Let the template of the article take them from the fields of the content management system.
    OptionalTag, id: "optional-tag", name: "可选标签较少", category: Tags, severity: Low,
    advice: "可选标签不作硬性要求；建议在内容页模板中由发布系统自动填写。"
}

impl Check for OptionalTag {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let rules = &context.rules.publishing().optional_tags;
        let mut counts = context.rules.tags().counts(|each| snapshot.pages(each));
        counts.retain(|count| !count.required && count.pages() >= rules.least_pages);
        let Some(rarest) = counts.iter().min_by_key(|count| count.filled) else { return };
        if rarest.filled * 100 >= rarest.pages() * rules.percent {
            return;
        }
        let shares: Vec<String> = counts
            .iter()
            .map(|count| format!("{}（{}）{} 页", count.tag, count.label, count.filled))
            .collect();
        let evidence = format!("{} 个内容页中有值的可选标签：{}", rarest.pages(), shares.join("、"));
        let missing = rarest.pages() - rarest.filled;
        found
            .add(context.site.home.as_str(), "optional-tags", evidence)
            .kind(rarest.kind)
            .confidence(Confidence::Note)
            .site_wide(missing, Vec::new());
    }
}
