//! How many pages carry each page tag.

use serde::{Deserialize, Serialize};

use super::{TagRule, TagState, Tags};
use crate::facts::{Oddity, PageFacts, PageKind};

/// The kinds of page that the regulation asks tags of.
const KINDS: [PageKind; 3] = [PageKind::Home, PageKind::Column, PageKind::Article];

/// How the pages of one kind carry one tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagCount {
    /// The kind of page.
    pub kind: PageKind,
    /// Name of the tag.
    pub tag: String,
    /// Its name in Chinese.
    pub label: String,
    /// 必选 or 可选.
    pub required: bool,
    /// Pages where it has a value.
    pub filled: u64,
    /// Pages where it is there and says nothing.
    pub empty: u64,
    /// Pages that lack it.
    pub absent: u64,
}

impl TagCount {
    fn new(kind: PageKind, rule: &TagRule) -> TagCount {
        let (tag, label, required) = (rule.name.clone(), rule.label.clone(), rule.required);
        TagCount { kind, tag, label, required, filled: 0, empty: 0, absent: 0 }
    }

    /// Pages of this kind.
    pub fn pages(&self) -> u64 {
        self.filled + self.empty + self.absent
    }
}

impl Tags {
    /// Counts how the pages that `each_page` streams carry their tags: by kind, then in the order of the regulation.
    /// Kinds without a page are left out, and so are pages that stand for none of the site: a firewall's answer, a
    /// mere redirect.
    pub fn counts(&self, each_page: impl FnOnce(&mut dyn FnMut(&PageFacts))) -> Vec<TagCount> {
        let of_kind = |kind: PageKind| {
            self.all()
                .iter()
                .filter(move |rule| rule.set.is_on(kind))
                .map(move |rule| TagCount::new(kind, rule))
        };
        let mut counts: Vec<TagCount> = KINDS.into_iter().flat_map(of_kind).collect();
        each_page(&mut |page| {
            if page.oddities.iter().any(Oddity::replaces_page) {
                return;
            }
            for count in counts.iter_mut().filter(|count| count.kind == page.kind) {
                match self.state(&page.tags, &count.tag) {
                    TagState::Filled => count.filled += 1,
                    TagState::Empty => count.empty += 1,
                    TagState::Absent => count.absent += 1,
                }
            }
        });
        counts.retain(|count| count.pages() > 0);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Tag;
    use crate::indicators::RuleSet;

    #[test]
    fn each_kind_is_asked_for_its_own_tags() {
        let page = |kind: PageKind, tags: &[(&str, &str)], oddities: &[Oddity]| {
            let tag = |&(name, value): &(&str, &str)| Tag {
                name: name.to_owned(),
                value: value.to_owned(),
                in_head: true,
            };
            PageFacts {
                kind,
                tags: tags.iter().map(tag).collect(),
                oddities: oddities.to_vec(),
                ..crate::column::tests::column_page("", &[])
            }
        };
        let pages = [
            page(PageKind::Column, &[("sitename", "某局"), ("ColumnName", "栏目名称")], &[]),
            page(PageKind::Column, &[("SiteName", "某局")], &[]),
            page(PageKind::Article, &[("Keywords", "")], &[]),
            page(PageKind::Article, &[], &[Oddity::Challenge]),
            page(PageKind::Search, &[], &[]),
        ];
        let counts = RuleSet::built_in().tags().counts(|each| pages.iter().for_each(each));
        let of = |kind: PageKind, tag: &str| {
            let count = counts.iter().find(|count| count.kind == kind && count.tag == tag);
            count.map(|count| [count.filled, count.empty, count.absent])
        };
        assert_eq!(of(PageKind::Column, "SiteName"), Some([2, 0, 0]));
        assert_eq!(of(PageKind::Column, "ColumnName"), Some([0, 1, 1]));
        assert_eq!(of(PageKind::Column, "PubDate"), None);
        assert_eq!(of(PageKind::Article, "Keywords"), Some([0, 1, 0]));
        assert_eq!(of(PageKind::Home, "SiteName"), None);
        assert_eq!(of(PageKind::Search, "SiteName"), None);
    }
}
