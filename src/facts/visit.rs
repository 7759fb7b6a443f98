//! Addresses known to a crawl, and what came of asking for them.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{BlobId, TargetId};
use crate::fetch::{BodyEnd, FailureKind, Hop, TlsWeakness};
use crate::likeness::Likeness;
use crate::link::Verdict;

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

/// One reference from a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OutLink {
    /// Where to.
    pub target: TargetId,
    /// How.
    pub kind: LinkKind,
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
