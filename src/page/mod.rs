//! One page, parsed once: everything the checks and the crawl want to know of it.
//!
//! [`parse`] always returns a [`Page`]; oddities of the document are part of it. A page knows no network, clock or
//! store, and lives only while it is examined: what outlives it is in [`facts`](crate::facts).

mod acted;
mod announced;
mod asides;
mod attributes;
mod charset;
mod coded;
mod concealed;
mod content;
mod css;
mod dates;
mod dom;
mod examine;
mod forms;
mod gate;
mod items;
mod kind;
mod links;
mod oddities;
mod pagination;
mod place;
mod program;
mod published;
mod scripts;
mod shape;
mod tags;
mod text;
mod unscripted;
mod visibility;

pub use ego_tree::NodeId;
use jiff::civil::{Date, DateTime};
use scraper::Html;
use serde::{Deserialize, Serialize};

use crate::address::Address;
pub use crate::facts::LinkKind;
use crate::facts::{Announced, ContentKeys, Oddity, PageKind, ShownDate, Tag, own_title};

pub use acted::Acted;
pub use asides::{Aside, Asides, Spot};
pub use attributes::holds_document;
pub use coded::Field;
pub use concealed::{Borders, Carrier, Concealed, Position, hosts_in};
pub use content::lasting;
pub use dates::{date_in_path, find_date, parse_date_time};
pub use forms::SearchForm;
pub use program::Program;
pub use shape::Shape;
pub use visibility::{Hidden, Hiding, Sheets, Sight, Strength, Thresholds};

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
    /// What stands beside that: in attributes, meta tags, `noscript`.
    pub asides: Asides,
    /// Everything that refers to another address, in document order.
    pub links: Vec<Link>,
    /// Its `script` elements, in document order.
    pub scripts: Vec<NodeId>,
    /// Dated list items: the rows of a column.
    pub items: Vec<Item>,
    /// Publication time shown on the page or in `PubDate`.
    pub published: Option<DateTime>,
    /// The date of publication that its readers see.
    pub shown: ShownDate,
    /// What kind of page it is.
    pub kind: PageKind,
    /// Why it is taken for that kind, a few English words.
    pub kind_reason: &'static str,
    /// Keys of its main content.
    pub content: ContentKeys,
    /// What the headers of the answer say of it, once somebody said so.
    pub announced: Announced,
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
    let charset::Decoded { text, charset, oddities } = charset::decode(source.body, source.content_type);
    read(Document { address: source.address, is_home: source.is_home, charset, text, oddities })
}

/// A page as text.
struct Document<'a> {
    address: &'a Address,
    is_home: bool,
    charset: Charset,
    text: String,
    oddities: Vec<Oddity>,
}

fn read(source: Document<'_>) -> Page {
    let Document { mut text, mut oddities, charset, .. } = source;
    let gated = gate::document(&text);
    text.truncate(gated.used);
    oddities.extend(gated.cut.map(|cap| Oddity::Limited(cap.to_owned())));

    let dom = gated.dom;
    let mut found = examine::examine(&dom);
    if gated.several_documents || found.signs.titles > 1 {
        oddities.push(Oddity::SeveralDocuments);
    }
    if found.signs.islands.is_empty()
        && found.signs.scripts.is_empty()
        && let Some(html) = pagination::island(&text)
    {
        // The answer of a list proxy is nothing but records.
        found.signs.islands.push((dom.tree.root().id(), html));
    }
    let labelled = found.labelled();
    let published = published::published(&found.tags, labelled.map(|(_, time)| time));
    let shown = published::shown(labelled, &found.text);
    let items = found.items(&dom, published.map(DateTime::date));
    let content = content::keys(&found.text, &found.linked);

    let whole = oddities::whole(&oddities::Whole {
        source: &text,
        title: &found.title,
        text: &found.text,
        links: &found.links,
        items: &items,
        main_chars: content.main_chars,
        signs: &found.signs,
    });
    if whole == Some(Oddity::RedirectsOnly) {
        // What is all the page does is no guess.
        for redirect in &found.signs.redirects {
            found.links[*redirect].kind = LinkKind::Frame;
        }
    }
    oddities.extend(whole);

    let (kind, kind_reason) = kind::kind(&kind::Evidence {
        is_home: source.is_home,
        is_challenge: oddities.contains(&Oddity::Challenge),
        address: source.address,
        title: &found.title,
        tags: &found.tags,
        items: &items,
        published,
        main_chars: content.main_chars,
    });
    let base = found.signs.base.as_deref();
    let base = base.and_then(|href| source.address.resolve(href, charset.encoding).ok());
    Page {
        address: source.address.clone(),
        base: base.unwrap_or_else(|| source.address.clone()),
        charset,
        source: text,
        dom,
        title: found.title,
        tags: found.tags,
        text: found.text,
        asides: found.asides,
        links: found.links,
        scripts: found.signs.scripts,
        items,
        published,
        shown,
        kind,
        kind_reason,
        content,
        announced: Announced::default(),
        oddities,
    }
}

impl Page {
    /// The title of what the page says itself, without the names of column and site.
    pub fn own_title(&self) -> &str {
        own_title(&self.title, &self.tags)
    }

    /// Whether the element that holds an offset of the visible text says that it is not shown. Style sheets are not
    /// asked: a reader of a report must only know where to look.
    pub fn is_hidden(&self, offset: usize) -> bool {
        let block = self.text.block_at(offset).and_then(|block| self.dom.tree.get(block.node));
        block.is_some_and(|node| {
            std::iter::once(node)
                .chain(node.ancestors())
                .filter_map(|node| node.value().as_element())
                .any(hides)
        })
    }

    /// What of the page a visitor sees, given the style sheets and scripts of its site and selectors of what the scripts in
    /// the page hide; and the sheets and scripts that were wanting.
    pub fn sight<'a>(
        &'a self,
        sheets: &Sheets,
        hidden_by_script: &[String],
        thresholds: &'a Thresholds,
    ) -> (Sight<'a>, Vec<Address>) {
        let mut wanted = sheets.wanted(self);
        let missing = std::mem::take(&mut wanted.missing);
        (Sight::new(&self.dom, wanted, hidden_by_script, thresholds), missing)
    }

    /// A page at an address on which nothing stands.
    pub fn blank(address: &Address) -> Page {
        let charset::Decoded { text, charset, oddities } = charset::decode(b"", None);
        read(Document { address, is_home: false, charset, text, oddities })
    }

    /// The same page with another source.
    fn with_source(&self, text: String) -> Page {
        let (address, is_home, charset) = (&self.address, self.kind == PageKind::Home, self.charset.clone());
        let page = read(Document { address, is_home, charset, text, oddities: Vec::new() });
        Page { announced: self.announced.clone(), ..page }
    }

    /// The first `most` characters of the main text.
    pub fn main_text(&self, most: usize) -> String {
        let main = self.text.blocks.iter().filter(|block| block.region == Region::Main);
        main.flat_map(|block| self.text.of(block).chars().chain(['\n'])).take(most).collect()
    }
}

/// Whether an element says of itself that it is not shown.
fn hides(element: &dom::Element) -> bool {
    let style = dom::attribute(element, "style")
        .unwrap_or_default()
        .replace([' ', '\t', '\n'], "")
        .to_ascii_lowercase();
    let says = ["display:none", "visibility:hidden", "font-size:0;", "opacity:0;"];
    dom::attribute(element, "hidden").is_some()
        || says.iter().any(|words| style.contains(words) || style.ends_with(words.trim_end_matches(';')))
}

/// Bytes as text, in whichever encoding they are: of a page, or of a file that is nothing but text.
pub fn decode(body: &[u8], content_type: Option<&str>) -> String {
    charset::decode(body, content_type).text
}

/// The addresses in a style sheet, as written.
pub fn links_in_css(css: &str) -> Vec<(String, LinkKind)> {
    let mut links = Vec::new();
    css::addresses(css, |address, kind| links.push((address.to_owned(), kind)));
    links
}

#[cfg(test)]
mod tests;
