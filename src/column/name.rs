//! The name of a column, and what in it tells the kind.

use crate::facts::PageFacts;
use crate::indicators::{ColumnKind, Columns};

/// What stands between the parts of a title: `工作动态 - 示例市生态环境局`.
const SEPARATORS: [char; 13] = ['-', '_', '|', '—', '–', '·', '>', '»', ':', '：', '－', '/', '丨'];

/// Longer than any honest name of a column; the rest is cut.
const NAME_CHARS: usize = 40;

/// The name of a column.
pub(super) struct Name {
    pub(super) text: String,
    /// Whether it is the value of `ColumnName`, as opposed to a part of the title.
    pub(super) from_tag: bool,
    column_type: Option<String>,
}

/// The first non-empty value of a tag, that in the head before one that a header fragment brought into the body.
pub(super) fn filled<'a>(facts: &'a PageFacts, name: &str) -> Option<&'a str> {
    let mut values =
        facts.tags.iter().filter(|tag| tag.name.eq_ignore_ascii_case(name) && !tag.value.is_empty());
    let first = values.clone().next();
    values.find(|tag| tag.in_head).or(first).map(|tag| tag.value.as_str())
}

/// The name of the column a page is: its `ColumnName`, else the part of its title that tells a kind, else the first
/// part that is not the name of the site.
pub(super) fn of(facts: &PageFacts, rules: &Columns) -> Name {
    let column_type = filled(facts, "ColumnType").map(str::to_owned);
    if let Some(name) = filled(facts, "ColumnName") {
        return Name { text: shortened(name), from_tag: true, column_type };
    }
    let site = filled(facts, "SiteName").unwrap_or_default();
    let parts: Vec<_> = facts
        .title
        .split(SEPARATORS)
        .map(str::trim)
        .filter(|part| !part.is_empty() && *part != site && *part != "首页")
        .collect();
    let telling = parts.iter().find(|part| rules.classify(part).is_some());
    let text = telling.or(parts.first()).copied().unwrap_or(&facts.title);
    Name { text: shortened(text), from_tag: false, column_type }
}

fn shortened(text: &str) -> String {
    text.trim().chars().take(NAME_CHARS).collect()
}

impl Name {
    /// The kind of the column, and what told it, in Chinese: the name itself or, where that is silent, `ColumnType`.
    pub(super) fn told<'a>(&self, rules: &'a Columns) -> Option<(&'a ColumnKind, String)> {
        if let Some((kind, word)) = rules.classify(&self.text) {
            return Some((kind, format!("名称含“{word}”")));
        }
        let column_type = self.column_type.as_deref()?;
        let (kind, word) = rules.classify(column_type)?;
        Some((kind, format!("ColumnType 含“{word}”")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::tests::column_page;
    use crate::facts::Tag;
    use crate::indicators::RuleSet;

    #[test]
    fn the_tag_names_a_column_before_its_title() {
        let rules = RuleSet::built_in();
        let check = |title: &str, tags: &[(&str, &str, bool)], expected: &str, kind: Option<&str>| {
            let mut facts = column_page("", &[]);
            facts.title = title.to_owned();
            facts.tags = tags
                .iter()
                .map(|(name, value, in_head)| Tag {
                    name: (*name).to_owned(),
                    value: (*value).to_owned(),
                    in_head: *in_head,
                })
                .collect();
            let name = of(&facts, rules.columns());
            assert_eq!(name.text, expected, "{title}");
            let told = name.told(rules.columns()).map(|(kind, _)| kind.id.as_str());
            assert_eq!(told, kind, "{title}");
        };
        check("要闻", &[("columnname", "通知公告", true)], "通知公告", Some("notice"));
        check(
            "要闻",
            &[("ColumnName", "公共头", false), ("ColumnName", "公示", true)],
            "公示",
            Some("notice"),
        );
        check("要闻", &[("ColumnName", "", true)], "要闻", Some("news"));
        check("示例市局_工作动态", &[("SiteName", "示例市局", true)], "工作动态", Some("news"));
        check("工作动态 - 示例市政府", &[], "工作动态", Some("news"));
        check("甲栏 | 示例市局", &[], "甲栏", None);
        check("甲栏", &[("ColumnType", "政策文件", true)], "甲栏", Some("policy"));
        check("", &[], "", None);
    }
}
