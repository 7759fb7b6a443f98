//! Columns that are in time only by items that fill others as well.

use std::collections::{BTreeSet, HashMap};

use super::{About, Check, Context, Findings, check};
use crate::column::{ColumnState, Judged};
use crate::facts::PageFacts;
use crate::finding::Confidence;
use crate::snapshot::Snapshot;

check! {
    /// A column is up to date only because of items that stand in several other columns, too.
    ///
    /// Without them its newest item would be older than its cycle. Columns above and below each other share items by
    /// their nature and are not compared.
    ///
    /// ## Why it matters
    /// Inspectors look at what an update is. The same news in one column after the other updates none of them.
    ///
    /// ## What to do
    /// Publish what belongs into the column, or merge columns that have nothing of their own.
    SharedItem, id: "shared-item", name: "同一信息充当多个栏目更新", category: Columns, severity: Low,
    advice: "请发布与栏目内容相符的信息；没有自有内容的栏目，建议合并或者撤下。"
}

impl Check for SharedItem {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn needs_whole_site(&self) -> bool {
        true
    }

    fn site(&self, snapshot: &dyn Snapshot, context: &Context<'_>, found: &mut Findings<'_>) {
        let columns: Vec<(&Judged, PageFacts)> = context
            .columns(snapshot)
            .iter()
            .filter_map(|judged| Some((judged, snapshot.page(judged.page)?)))
            .collect();
        let mut places: HashMap<&str, BTreeSet<usize>> = HashMap::new();
        for (at, (judged, page)) in columns.iter().enumerate() {
            // Topics and other collections repeat by their nature what stands elsewhere.
            let items = if judged.column.cycle.is_some() { page.items.as_slice() } else { &[] };
            for item in items {
                places.entry(&item.title).or_default().insert(at);
            }
        }
        let least = context.rules.publishing().sharing.columns;
        for (at, (judged, page)) in columns.iter().enumerate() {
            let (ColumnState::Fresh { newest } | ColumnState::Warn { newest, .. }) = judged.state else {
                continue;
            };
            let Some(cycle) = judged.column.cycle else { continue };
            let others = |title: &str| {
                let of = places.get(title).into_iter().flatten().copied();
                of.filter(|other| *other != at && !are_nested(page, &columns[*other].1)).collect::<Vec<_>>()
            };
            let is_shared = |title: &str| others(title).len() + 1 >= least;
            let own = page.items.iter().filter(|item| {
                item.date.is_some_and(|date| date <= context.today) && !is_shared(&item.title)
            });
            if own.filter_map(|item| item.date).max().is_some_and(|own| cycle.due(own) >= context.today) {
                continue;
            }
            let Some(item) =
                page.items.iter().find(|item| item.date == Some(newest) && is_shared(&item.title))
            else {
                continue;
            };
            let names: BTreeSet<&str> =
                others(&item.title).into_iter().map(|other| columns[other].0.column.name.as_str()).collect();
            let names: Vec<&str> = names.into_iter().collect();
            let evidence = format!(
                "栏目“{}”在更新周期（{cycle}）内的信息也都列在其他多个栏目，如“{}”（{newest}）同时列在：{}",
                judged.column.name,
                item.title,
                names.join("、")
            );
            found
                .add(&judged.address, judged.column.name.as_str(), evidence)
                .kind(judged.kind)
                .confidence(Confidence::Note);
        }
    }
}

/// Whether one column stands below the other.
fn are_nested(one: &PageFacts, other: &PageFacts) -> bool {
    let [one, other] =
        [one, other].map(|page| page.address.rsplit_once('/').map_or("", |(folder, _)| folder));
    let is_below =
        |below: &str, above: &str| below.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
    is_below(one, other) || is_below(other, one)
}
