//! Pages parsed whole, and what holds for any bytes.

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
    let page = page_at("/zwgk/tzgg/", &format!("{HEADER}<div class=list><ul></ul>暂无内容</div>{FOOTER}"));
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
