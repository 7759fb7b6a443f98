//! The page tags as the rule files list them: which must be there, and what their values must be.

use serde::Deserialize;

use super::Pattern;
use crate::facts::{PageKind, Tag};

/// The page tags.
#[derive(Debug, Clone)]
pub struct Tags {
    pub(super) tags: Vec<TagRule>,
    pub(super) blanks: Vec<String>,
}

/// A page tag.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagRule {
    /// Its name.
    pub name: String,
    /// Its name in Chinese.
    pub label: String,
    /// Which set it belongs to.
    pub set: TagSet,
    /// 必选 or 可选.
    pub required: bool,
    /// Whether it may stand twice with different values, as HTML itself has a meaning for its name.
    #[serde(default)]
    pub may_repeat: bool,
    /// What its value must be; `None`: free text.
    #[serde(default)]
    pub value: Option<ValueRule>,
}

/// What the value of a tag must be.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ValueRule {
    /// The host of the page.
    Host,
    /// The code that the site is registered under.
    Code {
        /// What such codes look like.
        forms: Vec<Pattern>,
        /// How the bottom of a page shows one; the first group is the code.
        shown: Pattern,
    },
    /// A date that has come.
    Date {
        /// Forms that are right besides those that the program can read.
        #[serde(default)]
        forms: Vec<Pattern>,
        /// Days that it may lie ahead.
        days_ahead: u16,
    },
    /// The title of the page.
    Title {
        /// Characters in a row that it shares with the page at the least.
        shared_chars: usize,
    },
    /// One of the names that the page shows as the way to itself (当前位置).
    Position {
        /// Words before that way.
        after: Vec<String>,
        /// What stands between its names.
        between: Vec<char>,
        /// Names on it from which it says where the page is: the first is mostly 首页.
        least_names: usize,
    },
}

/// The three sets of page tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TagSet {
    /// 站点标签.
    Site,
    /// 栏目标签.
    Column,
    /// 内容标签.
    Article,
}

impl TagSet {
    /// The sets, in the order of the regulation.
    pub const ALL: [TagSet; 3] = [TagSet::Site, TagSet::Column, TagSet::Article];

    /// Its name in Chinese.
    pub fn name(self) -> &'static str {
        match self {
            TagSet::Site => "站点标签",
            TagSet::Column => "栏目标签",
            TagSet::Article => "内容标签",
        }
    }

    /// Whether a page of this kind must carry it. The regulation speaks of 首页, 栏目页 and 内容页; other kinds are
    /// pages of the site, too, but of no column.
    pub fn is_on(self, kind: PageKind) -> bool {
        match self {
            TagSet::Site => true,
            TagSet::Column => matches!(kind, PageKind::Column | PageKind::Article),
            TagSet::Article => kind == PageKind::Article,
        }
    }
}

/// How a page carries a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TagState {
    /// It is not there.
    Absent,
    /// It is there and says nothing.
    Empty,
    /// It has a value.
    Filled,
}

impl Tags {
    /// All tags, in the order of the regulation.
    pub fn all(&self) -> &[TagRule] {
        &self.tags
    }

    /// The tags that a page of this kind must carry.
    pub fn required(&self, kind: PageKind) -> impl Iterator<Item = &TagRule> {
        self.tags.iter().filter(move |tag| tag.required && tag.set.is_on(kind))
    }

    /// Whether a value says nothing: empty, or left-over template text.
    pub fn is_blank(&self, value: &str) -> bool {
        let value = value.trim();
        value.is_empty()
            || self.blanks.iter().any(|blank| match blank.strip_suffix('*') {
                Some(start) => value.starts_with(start),
                None => value.eq_ignore_ascii_case(blank),
            })
    }

    /// How a page with these `tags` carries the one called `name`. One that occurs twice has a value if either has:
    /// `Keywords` and `Description` often stand once for search engines and once as a page tag.
    pub fn state(&self, tags: &[Tag], name: &str) -> TagState {
        let states = named(tags, name).map(|tag| match self.is_blank(&tag.value) {
            true => TagState::Empty,
            false => TagState::Filled,
        });
        states.max().unwrap_or(TagState::Absent)
    }

    /// The tags of this name that say something, those in the head before those in the body.
    pub fn filled<'a>(&'a self, tags: &'a [Tag], name: &'a str) -> impl Iterator<Item = &'a Tag> {
        let of = move |in_head: bool| {
            named(tags, name).filter(move |tag| tag.in_head == in_head && !self.is_blank(&tag.value))
        };
        of(true).chain(of(false))
    }
}

fn named<'a>(tags: &'a [Tag], name: &'a str) -> impl Iterator<Item = &'a Tag> {
    tags.iter().filter(move |tag| tag.name.trim().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn left_over_template_text_is_blank() {
        let rules = RuleSet::built_in();
        let check = |value: &str, blank: bool| assert_eq!(rules.tags().is_blank(value), blank, "{value:?}");
        check("", true);
        check(" \u{a0}", true);
        check("NULL", true);
        check("政府网站标识码", true);
        check("${site.name}", true);
        check("<CMSPRO_DOCUMENT>", true);
        check("示例市生态环境局", false);
        check("5100000062", false);
    }

    #[test]
    fn a_tag_that_stands_twice_has_the_better_state() {
        let rules = RuleSet::built_in();
        let check = |pairs: &[(&str, &str, bool)], state: TagState, values: &[&str]| {
            let tag = |&(name, value, in_head): &(&str, &str, bool)| Tag {
                name: name.to_owned(),
                value: value.to_owned(),
                in_head,
            };
            let tags: Vec<Tag> = pairs.iter().map(tag).collect();
            assert_eq!(rules.tags().state(&tags, "ColumnName"), state, "{pairs:?}");
            let filled: Vec<&str> =
                rules.tags().filled(&tags, "ColumnName").map(|tag| tag.value.as_str()).collect();
            assert_eq!(filled, values, "{pairs:?}");
        };
        check(&[], TagState::Absent, &[]);
        check(&[("ColumnNames", "a", true)], TagState::Absent, &[]);
        check(&[("columnname", "栏目名称", true)], TagState::Empty, &[]);
        check(&[("columnname ", "", true), ("ColumnName", "要闻", true)], TagState::Filled, &["要闻"]);
        check(
            &[("ColumnName", "公共头", false), ("ColumnName", "要闻", true)],
            TagState::Filled,
            &["要闻", "公共头"],
        );
    }
}
