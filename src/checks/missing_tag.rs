//! Page tags (网页标签) that are absent or say nothing.

use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, PageKind, Tag};
use crate::finding::Confidence;
use crate::indicators::{TagSet, TagState, Tags};
use crate::page::Page;

check! {
    /// A page lacks required tags, or has them without a value.
    ///
    /// ## Why it matters
    /// Inspectors' tools and search services read the page tags; pages without them cost points. Home pages need
    /// 3 tags, column pages 7, articles 10.
    ///
    /// ## What to do
    /// Complete the tags in the template of the page kind. Where only the value is missing, fill in the field of
    /// the content management system that the template takes it from.
    MissingTag, id: "missing-tag", name: "页面标签缺失", category: Tags, severity: Medium,
    advice: "请在页面模板的 head 中补全所列标签，并确保标签有值。"
}

impl Check for MissingTag {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        let rules = context.rules.tags();
        if page.oddities.iter().any(Oddity::replaces_page) {
            return;
        }
        let Some(mut confidence) = grounds(page.kind, &page.tags, page.published.is_some(), rules) else {
            return;
        };
        let Some(missing) = missing(page.kind, &page.tags, rules) else { return };
        // Inspectors' tools read the page as received, too; but the kind of such a page is hard to tell.
        if page.oddities.contains(&Oddity::ScriptBuilt) {
            confidence = Confidence::Probable;
        }
        found.add(page.address.as_str(), missing.names, missing.evidence).confidence(confidence);
    }
}

/// Whether the tags of a page are judged at all, and how sure that is.
///
/// Home pages, columns and articles are what the regulation lists and what inspectors sample. Of other kinds, many
/// are parts of systems of their own (search, mailboxes, forms, frames, print views) that nobody asks for tags. They
/// are judged only if they carry a tag, which shows that they come from a template of the site; and so is, with less
/// certainty, a page of no known kind with a publication date, which must be something that was published.
fn grounds(kind: PageKind, tags: &[Tag], is_dated: bool, rules: &Tags) -> Option<Confidence> {
    match kind {
        PageKind::Home | PageKind::Column | PageKind::Article => Some(Confidence::Confirmed),
        _ if rules.required(PageKind::Article).any(|rule| stands(tags, &rule.name, rules)) => {
            Some(Confidence::Confirmed)
        }
        PageKind::Other if is_dated => Some(Confidence::Probable),
        PageKind::Service | PageKind::Message | PageKind::Search | PageKind::Other => None,
    }
}

/// What a page lacks.
#[derive(Debug, PartialEq, Eq)]
struct Missing {
    /// Names of the tags, sorted, joined by commas.
    names: String,
    /// The same by set, in Chinese.
    evidence: String,
}

/// The required tags that have no value anywhere on the page.
fn missing(kind: PageKind, tags: &[Tag], rules: &Tags) -> Option<Missing> {
    let missing: Vec<_> =
        rules.required(kind).filter(|rule| rules.state(tags, &rule.name) != TagState::Filled).collect();
    if missing.is_empty() {
        return None;
    }
    let mut names: Vec<_> = missing.iter().map(|rule| rule.name.as_str()).collect();
    names.sort_unstable();
    let sets = TagSet::ALL.iter().filter_map(|set| {
        let tags: Vec<_> = missing
            .iter()
            .filter(|rule| rule.set == *set)
            .map(|rule| {
                let state = if stands(tags, &rule.name, rules) { "为空" } else { "缺失" };
                format!("{}（{}，{state}）", rule.name, rule.label)
            })
            .collect();
        (!tags.is_empty()).then(|| format!("{} {}", set.name(), tags.join("、")))
    });
    Some(Missing { names: names.join(","), evidence: sets.collect::<Vec<_>>().join("；") })
}

/// Whether a tag is there, with or without a value.
fn stands(tags: &[Tag], name: &str, rules: &Tags) -> bool {
    rules.state(tags, name) != TagState::Absent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    fn tags(pairs: &[(&str, &str)]) -> Vec<Tag> {
        let tag = |(name, value): &(&str, &str)| Tag {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            in_head: true,
        };
        pairs.iter().map(tag).collect()
    }

    const SITE: [(&str, &str); 3] = [
        ("SiteName", "示例市生态环境局"),
        ("sitedomain", "www.example.gov.cn"),
        ("SITEIDCODE", "5100000099"),
    ];
    const COLUMN: [(&str, &str); 4] = [
        ("ColumnName", "要闻"),
        ("ColumnDescription", "要闻"),
        ("ColumnKeywords", "要闻"),
        ("ColumnType", "工作动态"),
    ];

    #[test]
    fn each_kind_needs_its_sets() {
        let rules = RuleSet::built_in();
        let check = |kind: PageKind, pairs: &[(&str, &str)], expected: &str| {
            let names =
                missing(kind, &tags(pairs), rules.tags()).map(|missing| missing.names).unwrap_or_default();
            assert_eq!(names, expected, "{kind:?} {pairs:?}");
        };
        let both = [&SITE[..], &COLUMN[..]].concat();
        check(PageKind::Home, &SITE, "");
        check(PageKind::Home, &SITE[..1], "SiteDomain,SiteIDCode");
        check(PageKind::Column, &SITE, "ColumnDescription,ColumnKeywords,ColumnName,ColumnType");
        check(PageKind::Column, &both, "");
        check(PageKind::Article, &both, "ArticleTitle,ContentSource,PubDate");
        check(PageKind::Other, &SITE, "");
        check(PageKind::Other, &SITE[1..], "SiteName");
        check(PageKind::Home, &[&SITE[..2], &[("SiteIDCode", "政府网站标识码")]].concat(), "SiteIDCode");
        check(
            PageKind::Home,
            &[&SITE[..2], &[("SiteIDCode", ""), ("SiteIDCode", "5100000099")]].concat(),
            "",
        );
    }

    #[test]
    fn the_evidence_names_set_tag_and_state() {
        let rules = RuleSet::built_in();
        let seen = missing(
            PageKind::Column,
            &tags(&[&SITE[1..], &[("ColumnType", "")], &COLUMN[..3]].concat()),
            rules.tags(),
        );
        let evidence = "站点标签 SiteName（网站名称，缺失）；栏目标签 ColumnType（栏目类别，为空）";
        assert_eq!(
            seen,
            Some(Missing { names: "ColumnType,SiteName".to_owned(), evidence: evidence.to_owned() })
        );
    }

    #[test]
    fn pages_of_other_systems_are_left_alone() {
        let rules = RuleSet::built_in();
        let check = |kind: PageKind, pairs: &[(&str, &str)], is_dated: bool, expected: Option<Confidence>| {
            assert_eq!(grounds(kind, &tags(pairs), is_dated, rules.tags()), expected, "{kind:?} {pairs:?}");
        };
        check(PageKind::Home, &[], false, Some(Confidence::Confirmed));
        check(PageKind::Article, &[], true, Some(Confidence::Confirmed));
        check(PageKind::Search, &[], true, None);
        check(PageKind::Other, &[("viewport", "width=device-width")], false, None);
        check(PageKind::Other, &[("viewport", "width=device-width")], true, Some(Confidence::Probable));
        check(PageKind::Other, &SITE[..1], false, Some(Confidence::Confirmed));
        check(PageKind::Service, &SITE[..1], false, Some(Confidence::Confirmed));
    }
}
