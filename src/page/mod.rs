//! One page, parsed once: everything the checks and the crawl want to know of it.
//!
//! [`parse`] always returns a [`Page`]; oddities of the document are part of it. A page knows no network, clock or
//! store, and lives only while it is examined: what outlives it is in [`facts`](crate::facts).

pub use ego_tree::NodeId;
use jiff::civil::{Date, DateTime};
use scraper::Html;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::facts::{ContentKeys, Oddity, PageKind, Tag};
use crate::finding::Place;

/// What [`parse`] is given: an answer with status 200 that claims to be a page.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The address that answered.
    pub address: &'a Address,
    /// `Content-Type` as received.
    pub content_type: Option<&'a str>,
    /// The body, content-decoded.
    pub body: &'a [u8],
    /// Whether this is the home page of the site.
    pub is_home: bool,
}

/// A parsed page.
pub struct Page {
    /// The address that answered.
    pub address: Address,
    /// What relative links are resolved against: `<base href>` or the address.
    pub base: Address,
    /// In which encoding it was read, and why.
    pub charset: Charset,
    /// The decoded source, cut at the cap.
    pub source: String,
    /// The document tree.
    pub dom: Html,
    /// The first non-empty `<title>`, white space folded; empty where there is none.
    pub title: String,
    /// Meta tags of 网页标签规范 and other named metas, in document order, duplicates and all.
    pub tags: Vec<Tag>,
    /// What a reader sees.
    pub text: Text,
    /// Everything that refers to another address, in document order.
    pub links: Vec<Link>,
    /// Dated list items: the rows of a column.
    pub items: Vec<Item>,
    /// Publication time shown on the page or in `PubDate`.
    pub published: Option<DateTime>,
    /// What kind of page it is.
    pub kind: PageKind,
    /// Why it is taken for that kind, a few English words.
    pub kind_reason: &'static str,
    /// Keys of its main content.
    pub content: ContentKeys,
    /// What is odd about the document.
    pub oddities: Vec<Oddity>,
}

/// The encoding of a page.
#[derive(Debug, Clone)]
pub struct Charset {
    /// The encoding it was read in. GB2312 and GBK are read as GB18030.
    pub encoding: &'static encoding_rs::Encoding,
    /// What decided.
    pub source: CharsetSource,
    /// Whether bytes had to be replaced by U+FFFD.
    pub had_errors: bool,
}

/// What decided on an encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CharsetSource {
    /// A byte order mark.
    Bom,
    /// `Content-Type`.
    Header,
    /// A meta element.
    Meta,
    /// The bytes themselves, as nothing was declared or the declaration was wrong.
    Sniffed,
}

/// The visible text of a page, in reading order, with the place of every part.
#[derive(Debug, Default)]
pub struct Text {
    /// All visible text. Inline elements join, block elements are separated by one `\n`; white space is folded.
    pub visible: String,
    /// The blocks of [`Text::visible`], in order, without gaps other than the separators.
    pub blocks: Vec<Block>,
}

/// One block of visible text: a paragraph, a cell, a list item.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// First byte in [`Text::visible`].
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// The innermost block element.
    pub node: NodeId,
    /// Which part of the page it stands in.
    pub region: Region,
}

/// Part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Region {
    /// Head of the page and navigation: dense with links.
    Navigation,
    /// What the page is there for.
    Main,
    /// Bottom of the page.
    Footer,
}

/// A reference to another address, as written.
#[derive(Debug, Clone)]
pub struct Link {
    /// The attribute's value, entities decoded, otherwise as written.
    pub raw: String,
    /// What it is to the page.
    pub kind: LinkKind,
    /// Text a reader clicks on, or `alt`/`title` where there is none; white space folded, at most 80 characters.
    pub text: String,
    /// The element that holds it.
    pub node: NodeId,
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

/// One row of a list.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its title.
    pub title: String,
    /// The link it leads to, an index into [`Page::links`].
    pub link: usize,
    /// The date beside it, if there is one. A date without a year has the year chosen so that it is the latest one
    /// not after the page's other dates; `None` where that cannot be told.
    pub date: Option<Date>,
    /// The element that holds the row.
    pub node: NodeId,
}

/// Parses a page. Takes time linear in the body; nesting, attribute and size floods are cut and noted as
/// [`Oddity::Limited`].
pub fn parse(source: Source<'_>) -> Page {
    let _ = source;
    unimplemented!("the page helper writes this")
}

impl Page {
    /// Where a node stands: its CSS path, the byte offset of its start tag in the source as well as can be told,
    /// and the text around it. Computed on demand, for findings only.
    pub fn place(&self, node: NodeId) -> Place {
        let _ = node;
        Place::default()
    }

    /// Where a range of [`Text::visible`] stands, with 50 characters of context on each side.
    pub fn text_place(&self, start: usize, end: usize) -> Place {
        let _ = (start, end);
        Place::default()
    }

    /// The first non-empty value of a tag that stands in the head, else in the body; names compare without case.
    pub fn tag(&self, name: &str) -> Option<&str> {
        let _ = name;
        None
    }
}
