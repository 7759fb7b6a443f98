//! What the rule files list besides rules: kinds of columns, elements of the home page.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use regex::Regex;
use serde::Deserialize;

/// How sure a figure is: where it was read. Ordered, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// In the rule itself.
    Verified,
    /// In something derived from the rule.
    #[serde(rename = "verified-2nd")]
    VerifiedSecond,
    /// Nowhere: well remembered.
    RecalledHigh,
    /// Nowhere: remembered.
    RecalledMed,
    /// Nowhere: vaguely remembered.
    RecalledLow,
    /// Nowhere: this project's own suggestion.
    Default,
}

impl Certainty {
    /// Whether it may be called a requirement before an inspector.
    pub fn is_requirement(self) -> bool {
        matches!(self, Certainty::Verified | Certainty::VerifiedSecond)
    }
}

impl std::fmt::Display for Certainty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Certainty::Verified => "verified",
            Certainty::VerifiedSecond => "verified-2nd",
            Certainty::RecalledHigh => "recalled-high",
            Certainty::RecalledMed => "recalled-med",
            Certainty::RecalledLow => "recalled-low",
            Certainty::Default => "default",
        })
    }
}

/// A regular expression of a rule file, compiled where it is read.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(Regex);

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Pattern, String> {
        // The message of the library spans lines and draws arrows; its last line says what is wrong.
        let reason = |error: regex::Error| {
            let message = error.to_string();
            format!("not a regular expression: {}", message.lines().last().unwrap_or_default().trim())
        };
        Regex::new(&text).map(Pattern).map_err(reason)
    }
}

impl Pattern {
    /// Where it occurs in `text`, first byte and one past the last.
    pub fn places_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
        self.0.find_iter(text).map(|found| (found.start(), found.end()))
    }

    /// Whether it occurs in `text`.
    pub fn is_in(&self, text: &str) -> bool {
        self.0.is_match(text)
    }

    /// What its first group holds, or the whole of it where it has no group, at each place where it occurs.
    pub fn all_in<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.captures_iter(text).filter_map(|found| found.get(1).or(found.get(0))).map(|part| part.as_str())
    }
}

/// Kinds of columns, and which pages are columns at all.
#[derive(Debug, Clone)]
pub struct Columns {
    pub(super) kinds: Vec<ColumnKind>,
    pub(super) pages: ColumnPages,
}

/// Which pages are columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnPages {
    /// Addresses of the second and later pages of a list.
    pub pagination: Vec<Pattern>,
    /// With fewer characters in its main part and no list a column is blank.
    pub empty_main_chars: u32,
}

/// A kind of column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnKind {
    /// Id, as a registered column names it.
    pub id: String,
    /// Name in Chinese, as evidence words it.
    pub name: String,
    /// How often it must be updated; `None`: no cycle, so never overdue.
    #[serde(default)]
    pub cycle: Option<Cycle>,
    /// Age from which there is a warning, that day included.
    #[serde(default)]
    pub warn: Option<Cycle>,
    /// Whether it must be updated at all.
    pub must_update: bool,
    /// Words in a name that tell this kind.
    pub words: Vec<String>,
    /// The document the cycle rests on.
    pub authority: String,
    /// How sure the cycle is.
    pub confidence: Certainty,
}

/// How long a column may go without an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cycle {
    /// Days.
    Days(u16),
    /// Calendar months.
    Months(u8),
    /// Once a year, by this day of the following one.
    Yearly(MonthDay),
}

/// A day of every year, written `01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl TryFrom<String> for MonthDay {
    type Error = String;

    fn try_from(text: String) -> Result<MonthDay, String> {
        let wrong = || format!("`{text}` is no day of the year");
        let (month, day) = text.split_once('-').ok_or_else(wrong)?;
        let (month, day) = (month.parse().map_err(|_| wrong())?, day.parse().map_err(|_| wrong())?);
        // 29 February does not come every year.
        Date::new(2001, month, day).map(|_| MonthDay { month, day }).map_err(|_| wrong())
    }
}

impl Cycle {
    /// The last day on which a column last updated on `newest` is still in time; it is overdue the day after.
    ///
    /// Months are calendar months: the same day number, or the last day of the month if it has no such day.
    pub fn due(self, newest: Date) -> Date {
        match self {
            Cycle::Days(days) => newest.saturating_add(i64::from(days).days()),
            Cycle::Months(months) => newest.saturating_add(i64::from(months).months()),
            Cycle::Yearly(MonthDay { month, day }) => {
                date(newest.year().saturating_add(1).min(9999), month, day)
            }
        }
    }
}

impl std::fmt::Display for Cycle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cycle::Days(days) => write!(f, "{days} 天"),
            Cycle::Months(months) => write!(f, "{months} 个月"),
            Cycle::Yearly(MonthDay { month, day }) => write!(f, "每年 {month} 月 {day} 日前"),
        }
    }
}

impl Columns {
    /// The kinds, in the order of the file.
    pub fn kinds(&self) -> &[ColumnKind] {
        &self.kinds
    }

    /// A kind by its id.
    pub fn kind(&self, id: &str) -> Option<&ColumnKind> {
        self.kinds.iter().find(|kind| kind.id == id)
    }

    /// The kind that a column's name tells, with the word that decided: the longest that occurs in it.
    pub fn classify(&self, name: &str) -> Option<(&ColumnKind, &str)> {
        let mut best: Option<(&ColumnKind, &str)> = None;
        for kind in &self.kinds {
            for word in kind.words.iter().filter(|word| name.contains(word.as_str())) {
                if best.is_none_or(|(_, longest)| word.chars().count() > longest.chars().count()) {
                    best = Some((kind, word));
                }
            }
        }
        best
    }

    /// Whether an address is that of a second or later page of a list.
    pub fn is_later_page(&self, address: &str) -> bool {
        let address = address.to_ascii_lowercase();
        self.pages.pagination.iter().any(|pattern| pattern.is_in(&address))
    }

    /// With fewer characters in its main part and no list a column is blank.
    pub fn empty_main_chars(&self) -> u32 {
        self.pages.empty_main_chars
    }
}

/// What the home page must show.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HomeElement {
    /// Id.
    pub id: String,
    /// Name in Chinese.
    pub name: String,
    /// Where it must stand.
    pub place: ElementPlace,
    /// How sure it is that it must.
    pub confidence: Certainty,
    /// Whether it is usually written by a script, so that a page as received may not show it.
    #[serde(default)]
    pub by_script: bool,
    /// Looked for in visible text and in the text of links and pictures.
    #[serde(default)]
    pub text: Vec<Pattern>,
    /// Looked for in what links, pictures and scripts refer to.
    #[serde(default)]
    pub address: Vec<Pattern>,
    /// Looked for, literally, in the page as received.
    #[serde(default)]
    pub source: Vec<String>,
    /// Names of metas that show it.
    #[serde(default)]
    pub meta: Vec<String>,
}

/// Where on the home page something must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ElementPlace {
    /// In the part at the bottom (底部功能区).
    Footer,
    /// Anywhere.
    Home,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::RuleSet;

    #[test]
    fn cycles_end_on_the_same_day_number() {
        let check = |cycle: Cycle, newest: Date, expected: Date| assert_eq!(cycle.due(newest), expected);
        check(Cycle::Days(14), date(2026, 11, 7), date(2026, 11, 21));
        check(Cycle::Months(6), date(2026, 5, 21), date(2026, 11, 21));
        check(Cycle::Months(6), date(2026, 8, 31), date(2027, 2, 28));
        check(Cycle::Months(6), date(2027, 8, 31), date(2028, 2, 29));
        check(Cycle::Months(1), date(2026, 12, 31), date(2027, 1, 31));
        check(Cycle::Months(12), date(2024, 2, 29), date(2025, 2, 28));
        let report = Cycle::Yearly("01-31".to_owned().try_into().expect("a day"));
        check(report, date(2026, 1, 28), date(2027, 1, 31));
        check(report, date(2025, 12, 31), date(2026, 1, 31));
        check(Cycle::Days(14), Date::MAX, Date::MAX);
    }

    #[test]
    fn a_name_tells_the_kind_by_its_longest_word() {
        let rules = RuleSet::built_in();
        let check = |name: &str, expected: Option<&str>| {
            let kind = rules.columns().classify(name).map(|(kind, _)| kind.id.as_str());
            assert_eq!(kind, expected, "{name}");
        };
        check("环境要闻", Some("news"));
        check("市州动态", Some("news"));
        check("领导活动", Some("news"));
        check("通知公告", Some("notice"));
        check("行政规范性文件", Some("policy"));
        check("政策解读", Some("interpret"));
        check("人事信息", Some("personnel"));
        check("规划计划", Some("plan"));
        check("政府信息公开年报", Some("report"));
        check("政府信息公开指南", Some("static"));
        check("领导之窗", Some("static"));
        check("机构职能", Some("static"));
        check("新闻发言人", Some("static"));
        check("新闻发布会", Some("survey"));
        check("党史学习教育专题", Some("archive"));
        check("法律法规", Some("static"));
        check("其他", None);
        check("", None);
    }

    #[test]
    fn later_pages_of_a_list_are_told_by_their_address() {
        let rules = RuleSet::built_in();
        let check = |address: &str, later: bool| {
            assert_eq!(rules.columns().is_later_page(address), later, "{address}");
        };
        check("http://www.example.gov.cn/xwdt/index_1.html", true);
        check("http://www.example.gov.cn/xwdt/Index_12.shtml", true);
        check("http://www.example.gov.cn/xwdt/list_2.html", true);
        check("http://www.example.gov.cn/xwdt/?page=2", true);
        check("http://www.example.gov.cn/col/col12/index.html?uid=4&pageNum=3&x=1", true);
        check("http://www.example.gov.cn/xwdt/page/7/", true);
        check("http://www.example.gov.cn/xwdt/list_1.html", false);
        check("http://www.example.gov.cn/xwdt/?page=1", false);
        check("http://www.example.gov.cn/xwdt/", false);
        check("http://www.example.gov.cn/col/col12/index.html", false);
    }

    #[test]
    fn a_day_of_the_year_is_one_that_always_comes() {
        let check =
            |text: &str, fine: bool| assert_eq!(MonthDay::try_from(text.to_owned()).is_ok(), fine, "{text}");
        check("01-31", true);
        check("02-29", false);
        check("13-01", false);
        check("0131", false);
    }
}
