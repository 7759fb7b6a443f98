//! What is kept of a page.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Oddity, Packed, TargetId};

/// What is kept of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageFacts {
    /// The address it was asked for by.
    pub id: TargetId,
    /// What kind of page. Stands early, as it is often all that is wanted.
    pub kind: PageKind,
    /// The address that answered.
    pub address: String,
    /// Why.
    pub kind_reason: String,
    /// Title.
    pub title: String,
    /// Named metas, in document order.
    pub tags: Vec<Tag>,
    /// Rows of its main list, at most 60.
    pub items: Packed<Vec<ItemFact>>,
    /// Publication date: as tagged, else as shown.
    pub published: Option<Date>,
    /// The date that it shows.
    pub shown: ShownDate,
    /// The files that an interpretation (解读) says it is about; empty for any other page.
    pub names: Vec<String>,
    /// Content keys.
    pub content: ContentKeys,
    /// Encoding label, e.g. `UTF-8`.
    pub charset: String,
    /// Oddities.
    pub oddities: Vec<Oddity>,
    /// The words by which the page says of itself that it is gone, in a short text.
    pub gone: Option<String>,
    /// Whether it brought an address of the site of another shape than its own that nobody had met before.
    pub leads_elsewhere: bool,
    /// Whether it was judged without style sheets or scripts of the site that matter to it, as they had not been seen yet.
    pub is_provisional: bool,
}

impl PageFacts {
    /// The title of what the page says itself.
    pub fn own_title(&self) -> &str {
        own_title(&self.title, &self.tags)
    }

    /// The date of publication as a reader takes it: as shown, else as tagged.
    pub fn dated(&self) -> Option<Date> {
        match self.shown {
            ShownDate::Published(date) => Some(date),
            ShownDate::Unlabelled | ShownDate::None => self.published,
        }
    }
}

/// What a page is. Decided from structure, tags and the shape of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageKind {
    /// 首页.
    Home,
    /// 栏目页: lists articles.
    Column,
    /// 内容页.
    Article,
    /// 办事指南.
    Service,
    /// 互动留言.
    Message,
    /// 搜索.
    Search,
    /// Anything else, or cannot tell.
    Other,
}

/// Pages that were taken for one kind for the same reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindSample {
    /// The kind.
    pub kind: PageKind,
    /// Why they are taken for it, a few English words.
    pub reason: String,
    /// How many.
    pub pages: u64,
    /// The first of them, for a person to check.
    pub samples: Vec<String>,
}

/// A meta tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// As written.
    pub name: String,
    /// As written, entities decoded, trimmed (U+00A0 included).
    pub value: String,
    /// Whether it stands in the head; header fragments bring a second set into the body.
    pub in_head: bool,
}

/// Keys of a page's main content, with volatile parts (dates, counters, tokens) masked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ContentKeys {
    /// Exact: xxh3-128 of the masked main text; 0 where there is none.
    pub digest: u128,
    /// Near: 64-bit simhash over character 3-grams of the masked main text, of its first 2,048 characters.
    pub simhash: u64,
    /// Characters of main text.
    pub main_chars: u32,
}

/// A dated row of a column page, for staleness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFact {
    /// Where it leads, if that is an address.
    pub target: Option<TargetId>,
    /// Its title, at most 30 characters.
    pub title: String,
    /// Its date.
    pub date: Option<Date>,
}

/// The date of publication that a page shows to its readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShownDate {
    /// This one, under a label such as 发布时间.
    Published(Date),
    /// A date without such a label: of publication, or of something else.
    Unlabelled,
    /// None at all.
    None,
}

/// What stands between the title of an article and the names of its column and its site.
const TITLE_ENDS: [char; 4] = ['_', '|', '-', '－'];

/// The title of what a page says itself: its `ArticleTitle`, else the first part of its title.
pub fn own_title<'a>(title: &'a str, tags: &'a [Tag]) -> &'a str {
    let tagged = tags
        .iter()
        .find(|tag| tag.name.eq_ignore_ascii_case("ArticleTitle") && !tag.value.is_empty())
        .map(|tag| tag.value.as_str());
    tagged.unwrap_or_else(|| title.split(TITLE_ENDS).next().unwrap_or(title)).trim()
}
