//! Page tags (网页标签) that stand twice on a page and say different things.

use super::tag_reading::{said, shown};
use super::{About, Check, Context, Findings, check};
use crate::facts::{Oddity, Tag};
use crate::indicators::Tags;
use crate::page::Page;

check! {
    /// A page tag occurs twice on a page, with different values.
    ///
    /// ## Why it matters
    /// Which of them counts is a matter of luck: some programs take the first, some the last. A second set mostly
    /// comes with a shared fragment, such as the header, that brings tags of its own into the body of each page.
    ///
    /// ## What to do
    /// Keep the tags in the head of the template and take them out of the fragments it includes.
    TagRepeated, id: "tag-repeated", name: "页面标签重复", category: Tags, severity: Low,
    advice: "请只在页面 head 中保留一组标签，删除重复的标签，尤其是公共头等嵌入片段带入的标签。"
}

impl Check for TagRepeated {
    fn about(&self) -> &'static About {
        &Self::ABOUT
    }

    fn page(&self, page: &Page, context: &Context<'_>, found: &mut Findings<'_>) {
        if page.oddities.iter().any(Oddity::replaces_page) {
            return;
        }
        if let Some(repeated) = repeated(&page.tags, context.rules.tags()) {
            found.add(page.address.as_str(), repeated.names, repeated.evidence);
        }
    }
}

/// Values shown of one tag.
const VALUES: usize = 4;

/// What a page has several of.
#[derive(Debug, PartialEq, Eq)]
struct Repeated {
    /// Names of the tags, sorted, joined by commas. The values are no part of it: a fragment clashes with every
    /// column in other words, and is one defect.
    names: String,
    /// The tags with their values, in Chinese.
    evidence: String,
}

/// The tags with several values. Doubles without a value, or with the same in another spelling, harm nobody.
fn repeated(tags: &[Tag], rules: &Tags) -> Option<Repeated> {
    let mut names = Vec::new();
    let mut told = Vec::new();
    for rule in rules.all().iter().filter(|rule| !rule.may_repeat) {
        let mut values: Vec<(String, &Tag)> = Vec::new();
        for tag in rules.filled(tags, &rule.name) {
            let said = said(&tag.value, rule.value.as_ref());
            if values.iter().all(|(other, _)| *other != said) {
                values.push((said, tag));
            }
            if values.len() > VALUES {
                break;
            }
        }
        if values.len() < 2 {
            continue;
        }
        let more = if values.len() > VALUES { "等" } else { "" };
        let each: Vec<String> = values.iter().take(VALUES).map(|(_, tag)| quoted(tag)).collect();
        names.push(rule.name.as_str());
        told.push(format!("{}（{}）的值有{}{more}", rule.name, rule.label, each.join("、")));
    }
    if names.is_empty() {
        return None;
    }
    names.sort_unstable();
    Some(Repeated { names: names.join(","), evidence: told.join("；") })
}

fn quoted(tag: &Tag) -> String {
    let place = if tag.in_head { "" } else { "（在 body 中）" };
    format!("“{}”{place}", shown(&tag.value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    fn check(tags: &[(&str, &str, bool)], names: &str, evidence: &str) {
        let tag = |&(name, value, in_head): &(&str, &str, bool)| Tag {
            name: name.to_owned(),
            value: value.to_owned(),
            in_head,
        };
        let list: Vec<Tag> = tags.iter().map(tag).collect();
        let seen = repeated(&list, RuleSet::built_in().tags());
        let seen = seen.map(|seen| (seen.names, seen.evidence)).unwrap_or_default();
        assert_eq!(seen, (names.to_owned(), evidence.to_owned()), "{tags:?}");
    }

    #[test]
    fn a_second_set_in_the_body_counts() {
        check(
            &[
                ("ColumnType", "工作动态", true),
                ("ColumnName", "要闻", true),
                ("columnname", "公共头", false),
                ("COLUMNTYPE", "其他", false),
            ],
            "ColumnName,ColumnType",
            "ColumnName（栏目名称）的值有“要闻”、“公共头”（在 body 中）；\
             ColumnType（栏目类别）的值有“工作动态”、“其他”（在 body 中）",
        );
    }

    #[test]
    fn many_values_are_not_all_told() {
        let values = ["a", "b", "c", "d", "e", "f"].map(|value| ("ColumnName", value, true));
        check(&values, "ColumnName", "ColumnName（栏目名称）的值有“a”、“b”、“c”、“d”等");
    }

    #[test]
    fn harmless_doubles_are_quiet() {
        check(&[], "", "");
        check(&[("ColumnName", "要闻", true), ("ColumnName", "要闻", false)], "", "");
        check(&[("ColumnName", "要闻", true), ("ColumnName", "", true)], "", "");
        check(&[("ColumnName", "栏目名称", true), ("ColumnName", "要闻", true)], "", "");
        check(&[("SiteDomain", "http://a.gov.cn/", true), ("SiteDomain", "www.a.gov.cn", false)], "", "");
        check(&[("Keywords", "a", true), ("keywords", "b", true)], "", "");
        check(&[("Description", "a", true), ("description", "b", true)], "", "");
        check(&[("author", "某公司", true), ("Author", "某处", true)], "", "");
        check(&[("viewport", "a", true), ("viewport", "b", true)], "", "");
    }
}
