//! How honestly a site publishes: interpretations of policy files, dates, items that several lists share.

use serde::Deserialize;

use super::{Certainty, Cycle, Pattern};

/// Everything about honest publishing.
#[derive(Debug, Clone)]
pub struct Publishing {
    /// Policy files and their interpretations.
    pub interpretation: Interpretation,
    /// How soon what was written must be published.
    pub disclosure: Disclosure,
    /// Dates that cannot be true.
    pub dating: Dating,
    /// Items that stand in several columns.
    pub sharing: Sharing,
    /// Tags that need not be there.
    pub optional_tags: OptionalTags,
}

/// Policy files and their interpretations (解读).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interpretation {
    /// What tells an interpretation by its title.
    pub title: Vec<Pattern>,
    /// Takes the name of a file out of the title of its page.
    pub file: Vec<Pattern>,
    /// Takes the name of a file out of the title of an interpretation.
    pub about: Vec<Pattern>,
    /// Names with fewer characters are no file's.
    pub least_chars: usize,
    /// Words in column or title of a file that needs an interpretation.
    pub need: Vec<String>,
    /// Working days until it must be there.
    pub working_days: u32,
    /// Only files of this last stretch of time are asked for one.
    pub window: Cycle,
    /// The document it rests on.
    pub authority: String,
    /// How sure the figures are.
    pub confidence: Certainty,
}

/// How soon what was written must be published.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// Working days.
    pub working_days: u32,
    /// The document it rests on.
    pub authority: String,
    /// How sure the figure is.
    pub confidence: Certainty,
}

/// When a date of publication cannot be true.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dating {
    /// Days by which dates may differ.
    pub days: u16,
    /// Days by which an address may speak of a later creation.
    pub address_days: u16,
    /// Numbered rows from which a list has an order.
    pub least_rows: usize,
    /// Rows with lower numbers and later dates from which a row is out of order.
    pub least_later: usize,
    /// Rows out of order, above which there is none.
    pub most_out_of_order: usize,
    /// Articles with old dates that arrive together.
    pub burst: usize,
    /// Articles with changed dates from which on the template may be another.
    pub changed_pages: usize,
    /// The same, of a hundred articles that were known before.
    pub changed_percent: usize,
    /// The document it rests on.
    pub authority: String,
    /// How sure the figures are.
    pub confidence: Certainty,
}

/// Items that stand in several columns.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    /// Columns from which on an item updates none of them.
    pub columns: usize,
    /// The document it rests on.
    pub authority: String,
    /// How sure the figure is.
    pub confidence: Certainty,
}

/// When optional tags are too rare.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionalTags {
    /// Articles from which on a share says something.
    pub least_pages: u64,
    /// Articles of a hundred that carry a tag at least.
    pub percent: u64,
    /// The document it rests on.
    pub authority: String,
    /// How sure the figures are.
    pub confidence: Certainty,
}

/// Names of files that one interpretation speaks about at most.
const NAMES: usize = 4;
/// Characters of such a name at most; more is a bracket that nobody closed.
const NAME_CHARS: usize = 80;

impl Interpretation {
    /// Whether a page with this title interprets a file.
    pub fn is_title(&self, title: &str) -> bool {
        self.title.iter().any(|pattern| pattern.is_in(title))
    }

    /// The files that an interpretation is about: those in 《》 in its title, else what `about` takes out of it and
    /// the first one that its text names, where later ones are mostly what the file rests on.
    pub fn files_of(&self, title: &str, text: &str) -> Vec<String> {
        let in_title: Vec<String> = in_brackets(title).take(NAMES).map(str::to_owned).collect();
        if !in_title.is_empty() {
            return in_title;
        }
        let taken = self.about.iter().find_map(|pattern| pattern.all_in(title).next());
        taken.into_iter().chain(in_brackets(text).next()).map(str::to_owned).collect()
    }

    /// The name of the file on the page with this title, in letters alone; `None` where there is hardly one.
    pub fn name_of(&self, title: &str) -> Option<String> {
        let taken = self.file.iter().find_map(|pattern| pattern.all_in(title).next());
        self.letters(taken.unwrap_or(title))
    }

    /// Whether a title says by itself that the page holds a file.
    pub fn is_file(&self, title: &str) -> bool {
        self.file.iter().any(|pattern| pattern.is_in(title))
    }

    /// A name as it is compared: without marks, spaces, and what stands in brackets at its end (试行).
    pub fn letters(&self, name: &str) -> Option<String> {
        let name = name.trim();
        let bare = name.strip_suffix(['）', ')']).and_then(|name| name.rfind(['（', '(']));
        let letters: String =
            name[..bare.unwrap_or(name.len())].chars().filter(|c| c.is_alphanumeric()).collect();
        (letters.chars().count() >= self.least_chars).then_some(letters)
    }
}

/// What stands in 《》.
fn in_brackets(text: &str) -> impl Iterator<Item = &str> {
    text.split('《').skip(1).filter_map(|rest| {
        let name = &rest[..rest.find('》')?];
        (name.chars().take(NAME_CHARS + 1).count() <= NAME_CHARS).then_some(name)
    })
}

/// The lists as read; of each the last entry holds.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) interpretation: Vec<Interpretation>,
    pub(super) disclosure: Vec<Disclosure>,
    pub(super) dating: Vec<Dating>,
    pub(super) sharing: Vec<Sharing>,
    pub(super) optional_tags: Vec<OptionalTags>,
}

impl Publishing {
    pub(super) fn new(mut lists: Lists) -> Result<Publishing, String> {
        Ok(Publishing {
            interpretation: lists.interpretation.pop().ok_or("no `[[interpretation]]`")?,
            disclosure: lists.disclosure.pop().ok_or("no `[[disclosure]]`")?,
            dating: lists.dating.pop().ok_or("no `[[dating]]`")?,
            sharing: lists.sharing.pop().ok_or("no `[[sharing]]`")?,
            optional_tags: lists.optional_tags.pop().ok_or("no `[[optional_tags]]`")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::indicators::RuleSet;

    #[test]
    fn files_have_one_name_however_they_are_wrapped() {
        let rules = RuleSet::built_in();
        let interpretation = &rules.publishing().interpretation;
        let check = |title: &str, expected: Option<&str>| {
            assert_eq!(interpretation.name_of(title).as_deref(), expected, "{title}");
        };
        check("示例市排污权交易管理办法", Some("示例市排污权交易管理办法"));
        check("示例市排污权交易管理办法（试行）", Some("示例市排污权交易管理办法"));
        check("市局关于印发《示例市排污权交易管理办法》的通知", Some("示例市排污权交易管理办法"));
        check("关于印发示例市排污权交易管理办法的通知", Some("示例市排污权交易管理办法"));
        // Another file than the one it changes.
        check("关于修改《示例市排污权交易管理办法》的决定", Some("关于修改示例市排污权交易管理办法的决定"));
        check("通知", None);
        check("（试行）", None);
        check("", None);
    }

    #[test]
    fn interpretations_name_their_file_in_title_or_text() {
        let rules = RuleSet::built_in();
        let interpretation = &rules.publishing().interpretation;
        let check = |title: &str, text: &str, expected: &[&str]| {
            assert!(interpretation.is_title(title), "{title}");
            assert_eq!(interpretation.files_of(title, text), expected, "{title}");
        };
        check("《排污权交易管理办法》解读", "根据《大气污染防治法》", &["排污权交易管理办法"]);
        check("关于排污权交易管理办法的政策解读", "", &["排污权交易管理办法"]);
        check("一图读懂｜排污权交易管理办法", "", &["排污权交易管理办法"]);
        check("图解：排污权交易管理办法", "", &["排污权交易管理办法"]);
        check(
            "排污权交易新政策解读",
            "《排污权交易管理办法》根据《大气污染防治法》",
            &["排污权交易新", "排污权交易管理办法"],
        );
        check("政策解读", &format!("《{}", "长".repeat(500)), &["政策"]);
        assert!(!interpretation.is_title("排污权交易管理办法"));
    }
}
