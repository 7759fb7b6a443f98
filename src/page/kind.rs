//! What kind of page it is, and why it is taken for that.
//!
//! What the page itself declares comes first, then the shape of its address, then its build.

use jiff::civil::DateTime;

use super::{Item, dates, tags};
use crate::address::Address;
use crate::facts::{PageKind, Tag};

/// Dated rows from which a page is a list whatever it is called.
const LIST_ROWS: usize = 5;
/// Characters of main text from which there is an article to read.
const ARTICLE_CHARS: u32 = 200;
/// Characters of main text that even a short notice has.
const NOTICE_CHARS: u32 = 30;

/// What a kind is decided from.
pub(super) struct Evidence<'a> {
    pub(super) is_home: bool,
    /// Whether a firewall answered in place of the page.
    pub(super) is_challenge: bool,
    pub(super) address: &'a Address,
    pub(super) title: &'a str,
    pub(super) tags: &'a [Tag],
    pub(super) items: &'a [Item],
    pub(super) published: Option<DateTime>,
    pub(super) main_chars: u32,
}

/// The kind of a page, and the reason in a few words.
pub(super) fn kind(page: &Evidence<'_>) -> (PageKind, &'static str) {
    use PageKind::{Article, Column, Home, Message, Other, Search, Service};

    let tag = |name| tags::first(page.tags, name).unwrap_or_default();
    let (article_title, column) = (tag("ArticleTitle"), tag("ColumnName"));
    let says = |words: &[&str]| {
        [page.title, article_title, column].iter().any(|text| words.iter().any(|word| text.contains(word)))
    };
    let path = page.address.url().path();
    let dated = page.items.iter().filter(|item| item.date.is_some()).count();
    let is_list = dated >= LIST_ROWS && page.main_chars < ARTICLE_CHARS;
    let shape = shape(path);

    if page.is_home {
        return (Home, "address of the home page");
    }
    if page.is_challenge {
        return (Other, "answer of a firewall");
    }
    if is_search(path) || page.title.contains("搜索") || page.title.contains("检索结果") {
        return (Search, "search address or title");
    }
    if says(&["办事指南", "服务指南"]) && !is_list {
        return (Service, "title names a service guide");
    }
    if says(&["信箱", "留言", "来信", "咨询投诉", "我要咨询"]) && article_title.is_empty() {
        return (Message, "title names a mailbox");
    }
    if !article_title.is_empty() && !tag("PubDate").is_empty() {
        return (Article, "article tags");
    }
    if shape == Shape::Article && page.published.is_some() && !is_list {
        return (Article, "address shape and publication date");
    }
    if !column.is_empty() && article_title.is_empty() {
        return (Column, "column tags without article tags");
    }
    if is_list {
        return (Column, "many dated rows, little text");
    }
    if shape == Shape::Article && page.main_chars >= NOTICE_CHARS {
        return (Article, "address shape");
    }
    if page.published.is_some() && page.main_chars >= ARTICLE_CHARS {
        return (Article, "text with a publication date");
    }
    if shape == Shape::Column && (dated > 0 || page.items.len() >= LIST_ROWS) {
        return (Column, "address shape and rows");
    }
    (Other, "nothing tells")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Article,
    Column,
    Unknown,
}

/// What the path of an address looks like.
fn shape(path: &str) -> Shape {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (stem, extension) = file.rsplit_once('.').unwrap_or((file, ""));
    let is_page = matches!(extension, "html" | "htm" | "shtml" | "jsp" | "php" | "aspx" | "asp");
    let begins = |words: &[&str]| words.iter().any(|word| stem.starts_with(word));
    let is_numbered = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if file.is_empty() || begins(&["index", "list", "col", "node", "channel", "default"]) {
        return Shape::Column;
    }
    if !is_page {
        return Shape::Unknown;
    }
    let is_token = stem.len() >= 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let is_content =
        begins(&["content_", "art_", "article_", "post_", "c_"]) || folder.ends_with("/content") || is_token;
    let is_serial = is_numbered(stem) && stem.len() >= 5;
    if is_content || is_serial || dates::date_in_path(path).is_some() {
        Shape::Article
    } else {
        Shape::Unknown
    }
}

fn is_search(path: &str) -> bool {
    path.split('/').any(|segment| {
        let stem = segment.split('.').next().unwrap_or_default();
        ["search", "so", "searchresult"].iter().any(|word| stem.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::tests::{page_at, parse_home};
    use PageKind::{Article, Column, Home, Message, Other, Search, Service};

    fn check(path: &str, html: &str, expected: PageKind) {
        let page = page_at(path, html);
        assert_eq!(page.kind, expected, "{path} {html}: {}", page.kind_reason);
    }

    fn rows() -> String {
        (1..=9).map(|n| format!("<li><a href={n}>工作通知{n}</a><i>2026-01-0{n}</i>")).collect()
    }

    #[test]
    fn kinds() {
        let article = "<meta name=ArticleTitle content=题><meta name=PubDate content='2026-01-02 10:20'>";
        let column = "<meta name=ColumnName content=通知公告>";
        let text = format!("<p>发布时间：2026-01-02</p><p>{}</p>", "某市召开工作会议。".repeat(40));
        check("/a", &format!("{column}{article}"), Article);
        check("/a", column, Column);
        check("/xw/t20260102_12.html", &format!("{column}{text}"), Article);
        check("/xw/t20260102_12.html", &text, Article);
        check("/a", &text, Article);
        check("/tzgg/", &rows(), Column);
        check("/a", &rows(), Column);
        check("/a.html", "<p>x</p>", Other);
        check("/search/index.jsp", &rows(), Search);
        check("/a", "<title>站内搜索</title>", Search);
        check("/a", "<title>某某办理 - 办事指南</title>", Service);
        check("/a", &format!("<title>厅长信箱</title>{}", rows()), Message);
        assert_eq!(parse_home(&rows()).kind, Home);
        let firewall = format!("<meta content=x r=m><script r=m>$_ts={{}};</script>{article}");
        check("/xw/t20260102_12.html", &firewall, Other);
    }

    #[test]
    fn shapes() {
        let check = |path: &str, expected: Shape| assert_eq!(shape(path), expected, "{path}");
        check("/xw/202601/t20260102_12.shtml", Shape::Article);
        check("/art/2026/1/2/art_12_34.html", Shape::Article);
        check("/xw/content_12345.html", Shape::Article);
        check("/xw/1234567.html", Shape::Article);
        check("/xw/0123456789abcdef0123456789abcdef.shtml", Shape::Article);
        check("/col/col123/index.html", Shape::Column);
        check("/xw/list_2.shtml", Shape::Column);
        check("/xw/", Shape::Column);
        check("/xw/about.html", Shape::Unknown);
        check("/xw/a", Shape::Unknown);
    }
}
