//! One page, parsed once: everything the checks and the crawl want to know of it.
//!
//! [`parse`] always returns a [`Page`]; oddities of the document are part of it. A page knows no network, clock or
//! store, and lives only while it is examined: what outlives it is in [`facts`](crate::facts).

mod charset;
mod content;
mod css;
mod dates;
mod dom;
mod examine;
mod gate;
mod items;
mod kind;
mod links;
mod oddities;
mod pagination;
mod place;
mod published;
mod scripts;
mod tags;
mod text;

pub use ego_tree::NodeId;
use jiff::civil::{Date, DateTime};
use scraper::Html;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::facts::{ContentKeys, Oddity, PageKind, Tag};

pub use dates::{date_in_path, find_date, parse_date_time};

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
    let decoded = charset::decode(source.body, source.content_type);
    let (mut text, mut oddities) = (decoded.text, decoded.oddities);
    let gated = gate::document(&text);
    text.truncate(gated.used);
    oddities.extend(gated.cut.map(|cap| Oddity::Limited(cap.to_owned())));

    let dom = gated.dom;
    let mut found = examine::examine(&dom);
    if gated.several_documents || found.signs.titles > 1 {
        oddities.push(Oddity::SeveralDocuments);
    }
    if found.signs.islands.is_empty()
        && found.signs.scripts == 0
        && let Some(html) = pagination::island(&text)
    {
        // The answer of a list proxy is nothing but records.
        found.signs.islands.push((dom.tree.root().id(), html));
    }
    let published = published::published(&found.tags, found.labelled());
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
        address: source.address,
        title: &found.title,
        tags: &found.tags,
        items: &items,
        published,
        main_chars: content.main_chars,
    });
    let base = found.signs.base.as_deref();
    let base = base.and_then(|href| source.address.resolve(href, decoded.charset.encoding).ok());
    Page {
        address: source.address.clone(),
        base: base.unwrap_or_else(|| source.address.clone()),
        charset: decoded.charset,
        source: text,
        dom,
        title: found.title,
        tags: found.tags,
        text: found.text,
        links: found.links,
        items,
        published,
        kind,
        kind_reason,
        content,
        oddities,
    }
}

impl Page {
    /// The first `most` characters of the main text.
    pub fn main_text(&self, most: usize) -> String {
        let main = self.text.blocks.iter().filter(|block| block.region == Region::Main);
        main.flat_map(|block| self.text.of(block).chars().chain(['\n'])).take(most).collect()
    }
}

/// The addresses in a style sheet, as written.
pub fn links_in_css(css: &str) -> Vec<(String, LinkKind)> {
    let mut links = Vec::new();
    css::addresses(css, |address, kind| links.push((address.to_owned(), kind)));
    links
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A page at `/` of an invented site, in UTF-8.
    pub(super) fn page(html: &str) -> Page {
        page_at("/", html)
    }

    /// A page at `path`.
    pub(super) fn page_at(path: &str, html: &str) -> Page {
        parse_bytes(path, html.as_bytes(), false)
    }

    /// A home page.
    pub(super) fn parse_home(html: &str) -> Page {
        parse_bytes("/", html.as_bytes(), true)
    }

    fn parse_bytes(path: &str, body: &[u8], is_home: bool) -> Page {
        let address = Address::parse(&format!("http://www.example.gov.cn{path}")).unwrap();
        parse(Source { address: &address, content_type: Some("text/html; charset=utf-8"), body, is_home })
    }

    /// Asks everything of a page that can be asked, and checks what always holds.
    fn examine_all(page: &Page) {
        let mut end = 0;
        for block in &page.text.blocks {
            assert!(block.start >= end && block.start < block.end);
            end = block.end;
            page.text_place(block.start, block.end);
        }
        assert_eq!(end, page.text.visible.len());
        for item in &page.items {
            assert!(item.link < page.links.len());
        }
        for link in page.links.iter().take(20) {
            assert!(link.text.chars().count() <= 80);
            page.place(link.node);
        }
    }

    const HEADER: &str = "<!DOCTYPE html><html><head><meta charset=utf-8><title>通知公告-某省生态环境厅</title>\
        <meta name=SiteName content=某省生态环境厅><meta name=ColumnName content=通知公告></head><body>\
        <div class='head-wrap'><div id=nav><ul><li><a href=/>首页</a><li><a href=/xw/>新闻中心</a>\
        <li><a href=/zwgk/>政务公开</a><li><a href=/hd/>互动交流</a></ul></div></div>\
        <div class=location>当前位置：<a href=/>首页</a> > <a href=/zwgk/tzgg/>通知公告</a></div>";
    const FOOTER: &str = "<div class=w1200><p>主办：某省生态环境厅</p><p><a href=https://beian.miit.gov.cn>某ICP备12345678号</a> \
        网站标识码：5100000000</p></div><script>$.ajax({url:'/visit'})</script></body></html>";

    #[test]
    fn a_column_as_they_are() {
        let rows: String = (1..=20)
            .map(|n| {
                format!("<li><span>2026-02-{n:02}</span><a href='./202602/t202602{n:02}_{n}.html'>关于第{n}批名单的公示</a></li>")
            })
            .collect();
        let pager = "<script>createPageHTML(5, 0, 'index', 'html');</script>";
        let page =
            page_at("/zwgk/tzgg/", &format!("{HEADER}<div class=list><ul>{rows}</ul>{pager}</div>{FOOTER}"));
        assert_eq!((page.kind, page.items.len(), page.oddities.len()), (PageKind::Column, 20, 0));
        assert_eq!(page.items[19].date, Some(jiff::civil::date(2026, 2, 20)));
        assert_eq!(page.links.iter().filter(|link| link.kind == LinkKind::Pagination).count(), 4);
        let menu = page.text.blocks.iter().filter(|block| block.region == Region::Navigation);
        assert_eq!(
            menu.map(|block| page.text.of(block)).collect::<Vec<_>>(),
            ["首页", "新闻中心", "政务公开", "互动交流"]
        );
        let footer = page.text.blocks.iter().filter(|block| block.region == Region::Footer).count();
        assert_eq!(footer, 2);
    }

    #[test]
    fn an_article_as_they_are() {
        let text = "<p>　　为贯彻落实全省生态环境保护大会精神，现将有关事项通知如下。</p>".repeat(9);
        let body = format!(
            "<div class=article><h1>关于印发工作方案的通知</h1><div>发布时间：2026-02-03 10:20 来源：\
             <a href=/>某省生态环境厅</a> 浏览次数：<span id=hits>12</span></div><div class=TRS_Editor>{text}</div>\
             <p>附件：<a href=a.docx>1.工作方案.docx</a></p></div>"
        );
        let page = page_at("/zwgk/tzgg/202602/t20260203_9.html", &format!("{HEADER}{body}{FOOTER}"));
        assert_eq!(page.kind, PageKind::Article);
        assert_eq!(page.published.map(|time| time.to_string()).as_deref(), Some("2026-02-03T10:20:00"));
        assert_eq!(page.items.iter().filter(|item| item.date.is_some()).count(), 0);
        assert!(page.oddities.is_empty() && page.content.main_chars > 250);
    }

    #[test]
    fn an_empty_column_has_no_rows() {
        let page =
            page_at("/zwgk/tzgg/", &format!("{HEADER}<div class=list><ul></ul>暂无内容</div>{FOOTER}"));
        assert_eq!((page.kind, page.items.len()), (PageKind::Column, 0));
    }

    /// Pieces of pages in any order.
    fn fragments() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "<li>",
            "</li>",
            "<a href='",
            "'>",
            "</a>",
            "2026-01-02",
            "<table>",
            "<td>",
            "</td>",
            "<b>",
            "<p>",
            "</p>",
            "<script>",
            "</script>",
            "location='/a'",
            "createPageHTML(3,0,'index','html')",
            "<!--",
            "-->",
            "<style>",
            "url(",
            ")",
            "</style>",
            "<meta name=A content=",
            ">",
            "发布时间：",
            "21",
            "2026-11",
            "<br>",
            "\u{3000}",
            "\u{a0}",
            "工作通知",
            "[",
            "]",
            "<record><![CDATA[",
            "]]></record>",
            "<img srcset='a 1x,b'>",
            "<svg>",
            "<template>",
            "<select><option value=/a.html>",
            "'",
            "\"",
            "<frameset>",
            "<body x=1>",
            "<div class=foot>",
            "年",
            "月",
            "1",
            "(",
            "\0",
            "主办：",
            "<title>",
            "</title>",
            "<base href=/x/>",
            "<plaintext>",
            "=",
            ",",
            " ",
        ]);
        prop::collection::vec(pieces, 0..120).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn any_bytes_give_a_page(body in prop::collection::vec(any::<u8>(), 0..400)) {
            let address = Address::parse("http://www.example.gov.cn/").unwrap();
            examine_all(&parse(Source { address: &address, content_type: None, body: &body, is_home: false }));
        }

        #[test]
        fn any_markup_gives_a_page(html in fragments()) {
            examine_all(&page(&html));
        }
    }
}
