//! Facts: what outlives a page. Compact rows, plain data, the vocabulary of everything that judges a whole site.

mod echo;
mod listing;

use std::fmt;
use std::str::FromStr;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::digest::hex;
use crate::fetch::{BodyEnd, FailureKind, Hop, TlsWeakness};
use crate::likeness::Likeness;
use crate::link::Verdict;

pub use echo::Echo;
pub use listing::{Listing, ListingFile, Mention, Named};

/// Number of an address within one crawl state. Addresses are interned once and known by this number.
pub type TargetId = u32;

/// The home page is always the first target.
pub const HOME: TargetId = 0;

/// Name of a body in the evidence store: SHA-256 of the uncompressed bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BlobId(pub [u8; 32]);

impl fmt::Display for BlobId {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl FromStr for BlobId {
    type Err = NoBlobId;

    fn from_str(text: &str) -> Result<BlobId, NoBlobId> {
        let mut bytes = [0; 32];
        if text.len() != 2 * bytes.len() || !text.is_ascii() {
            return Err(NoBlobId);
        }
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).map_err(|_| NoBlobId)?;
        }
        Ok(BlobId(bytes))
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a body: 64 hexadecimal digits are expected")]
pub struct NoBlobId;

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

/// What a link is to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// `a`, `area`: a person may follow it.
    Anchor,
    /// `img`, `srcset`, `input type=image`, poster, lazy-load attributes, CSS `url()` of an image.
    Image,
    /// `iframe`, `frame`, meta refresh: loads or becomes a page by itself.
    Frame,
    /// Style sheets.
    Style,
    /// Scripts.
    Script,
    /// Video, audio, object, embed.
    Media,
    /// Generated page numbers of a known pagination (TRS, Hanweb).
    Pagination,
    /// A guess: `onclick`, `option value`, a string in a script. Never called broken without a second source.
    Speculative,
    /// `canonical`, `alternate`, icons, `prefetch` and other `link` elements; form actions.
    Other,
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

/// What is odd about a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Oddity {
    /// Cut at a cap before parsing; the text names the cap, in Chinese.
    Limited(String),
    /// The declared encoding is not the one the bytes are in.
    WrongCharset {
        /// What the page declares.
        declared: String,
        /// What it is.
        actual: String,
    },
    /// Nothing declares an encoding.
    NoCharset,
    /// NUL bytes in the body.
    NulBytes,
    /// More than one `html`, `body` or `title`.
    SeveralDocuments,
    /// A shell filled by scripts: hardly any text, no list, scripts present. Not to be called empty.
    ScriptBuilt,
    /// A JavaScript challenge or a block page of a firewall; not a page of the site.
    Challenge,
    /// Only redirects (meta refresh or `location`).
    RedirectsOnly,
}

impl Oddity {
    /// Whether what was received stands in the place of a page of the site, so that nothing may be asked of it.
    pub fn replaces_page(&self) -> bool {
        matches!(self, Oddity::Challenge | Oddity::RedirectsOnly)
    }

    /// Whether a visitor may see more than was received, so that nothing may be called missing: the page is another, a
    /// script fills it, or it was cut.
    pub fn hides_content(&self) -> bool {
        self.replaces_page() || matches!(self, Oddity::ScriptBuilt | Oddity::Limited(_))
    }
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
    pub items: Vec<ItemFact>,
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

/// One reference from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OutLink {
    /// Where to.
    pub target: TargetId,
    /// How.
    pub kind: LinkKind,
}

/// An address known to the crawl.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Its number.
    pub id: TargetId,
    /// The request URL as first met.
    pub address: String,
    /// Whether it belongs to the site.
    pub own: bool,
    /// Clicks from home.
    pub depth: u16,
    /// The page that first linked it; `None` for seeds and sitemap entries.
    pub found_on: Option<TargetId>,
    /// How it was first linked.
    pub found_as: LinkKind,
}

/// What came of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The target.
    pub id: TargetId,
    /// The judgement.
    pub verdict: Verdict,
    /// Why, in Chinese, for the report: `404 未找到`, `附件为空（0 字节）`.
    pub reason: String,
    /// Status of the last answer.
    pub status: Option<u16>,
    /// Kind of the last failure, where there was no answer.
    pub failure: Option<FailureKind>,
    /// The address that answered, where it differs from the target.
    pub landed: Option<String>,
    /// Redirects on the way.
    pub hops: Vec<Hop>,
    /// `Content-Type` as received.
    pub content_type: Option<String>,
    /// What its headers say of where the page is.
    pub announced: Announced,
    /// Body bytes.
    pub bytes: u64,
    /// How the body ended.
    pub end: Option<BodyEnd>,
    /// Weaknesses of the connection.
    pub tls: Vec<TlsWeakness>,
    /// The last day of the certificate, where there was one that could be read.
    pub certificate_until: Option<Date>,
    /// Milliseconds, redirects included.
    pub millis: u32,
    /// Every try, oldest first, the last one included.
    pub tries: Vec<Try>,
    /// When it was seen last.
    pub at: Timestamp,
    /// The body in the evidence store, where it was kept; of an attachment, its words.
    pub body: Option<BlobId>,
    /// What a picture looks like by which visitors know the site.
    pub likeness: Option<Likeness>,
}

/// Headers that say of a page what elements of its head may say as well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    /// `Refresh`: where the visitor is sent.
    pub refresh: Option<String>,
    /// `Link`: what stands for the page elsewhere.
    pub link: Option<String>,
}

/// One try at a target that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// When.
    pub at: Timestamp,
    /// Status, where there was an answer.
    pub status: Option<u16>,
    /// Failure, where there was none.
    pub failure: Option<FailureKind>,
}

/// Why some of the words of a file were not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gap {
    /// It is larger than is read, unpacks to more, nests deeper or takes more steps.
    TooLarge,
    /// It wants a password.
    Locked,
    /// It is a picture of text, or its letters cannot be told.
    NoText,
    /// Its structure is broken.
    Damaged,
    /// Nobody here reads its format.
    Foreign,
}

/// What is kept of a file whose words were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentFacts {
    /// The address it was asked for by.
    pub id: TargetId,
    /// Why some of its words were not read.
    pub gap: Option<Gap>,
}

/// Why an address was not visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Skip {
    /// robots.txt.
    Robots,
    /// The page budget of the scan.
    PageBudget,
    /// A template, directory or query has more members than its budget.
    TrapBudget,
    /// Repeats in its path, or longer than any honest address.
    TrapShape,
    /// Its host is down: one finding stands for all.
    HostDown,
    /// Excluded by configuration.
    Excluded,
    /// Not what a reading is about.
    Unread,
}

/// A host whose links stand or fall together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostDown {
    /// Host and port.
    pub authority: String,
    /// Whether it belongs to the site.
    pub own: bool,
    /// Why, in Chinese.
    pub reason: String,
}

/// The answer to an address that cannot exist: what this part of a host says of a missing page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Host and port.
    pub authority: String,
    /// Directory that was probed, with its slashes: `/art/`.
    pub directory: String,
    /// Status. Anything but 200 means that missing pages are told properly.
    pub status: u16,
    /// The address that was asked for.
    pub asked: String,
    /// The address that answered.
    pub landed: String,
    /// Title of the answer.
    pub title: String,
    /// Content keys of the answer.
    pub content: ContentKeys,
}

/// A question to the site's own search, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// The title that was searched for.
    pub title: String,
    /// The page that has it.
    pub wanted: String,
    /// The address that was asked.
    pub asked: String,
    /// What came of it.
    pub outcome: SearchOutcome,
}

/// What came of a question to a search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SearchOutcome {
    /// The first page of results has it.
    Found,
    /// There are results, or it says that there are none, and this one is not among them.
    Missed,
    /// The search itself failed; how, in Chinese.
    Failed(String),
    /// Nothing can be said: a script shows the results, or we were refused; why, in Chinese.
    Unclear(String),
}

/// A check that panicked: it could not run, which the report says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouldNotRun {
    /// Id of the check.
    pub check: String,
    /// The page it was looking at, if any.
    pub page: Option<String>,
}

/// What a scan saw and what not: partial must never be mistaken for complete.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// Addresses known.
    pub known: u64,
    /// Addresses visited.
    pub visited: u64,
    /// Pages parsed and checked.
    pub pages: u64,
    /// Pages per kind.
    pub pages_by_kind: std::collections::BTreeMap<PageKind, u64>,
    /// Addresses not visited, per reason.
    pub skipped: std::collections::BTreeMap<Skip, u64>,
    /// Visits per verdict.
    pub verdicts: std::collections::BTreeMap<Verdict, u64>,
    /// Failures per kind, of final tries.
    pub failures: std::collections::BTreeMap<FailureKind, u64>,
    /// Pages cut at a cap.
    pub limited: u64,
    /// Attachments whose words were wanted.
    #[serde(default)]
    pub attachments: u64,
    /// Those of which some or all words were not read, per reason.
    #[serde(default)]
    pub attachments_limited: std::collections::BTreeMap<Gap, u64>,
    /// Scripts in files of their own that were read.
    #[serde(default)]
    pub programs: u64,
    /// Those of which only the beginning was read.
    #[serde(default)]
    pub programs_cut: u64,
    /// Those that were not read, as so many had been before.
    #[serde(default)]
    pub programs_unread: u64,
    /// Hosts of others whose pages behind links were looked at.
    #[serde(default)]
    pub landings: u64,
    /// Those that showed us nothing to judge.
    #[serde(default)]
    pub landings_unobservable: u64,
    /// Pages that were looked at as search engines do, too.
    #[serde(default)]
    pub views: u64,
    /// Those of which nothing can be said, as a firewall refused us.
    #[serde(default)]
    pub views_unobservable: u64,
    /// Templates whose budget was reached, as `https://host/a/#.html (500)`.
    pub budgets_hit: Vec<String>,
    /// Requests sent, tries and redirects included.
    pub requests: u64,
    /// Body bytes received.
    pub bytes: u64,
    /// Addresses listed in sitemaps.
    pub sitemap_urls: u64,
    /// Whether the scan ran to its end, as opposed to having been stopped.
    pub finished: bool,
}
