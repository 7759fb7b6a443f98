//! What is no column and no article: files, redirects, robots.txt, and the traps of the demo site.

use std::collections::BTreeMap;

use jiff::{ToSpan, civil::Date};
use url::form_urlencoded;

use super::TODAY;
use super::content::{Article, CONTENT};
use super::hosts::Hosts;
use super::markup::{self, Draft, SITE_NAME};
use super::resource::Resource;

/// A calendar that goes on for ever in both directions.
pub(super) const CALENDAR: &str = "/rl/index.jsp";

/// Where the site is searched.
pub(super) const SEARCH_DESK: &str = "/search/";

/// The links to neighbours at the bottom of the home page.
pub(super) const FRIENDS: &str = r##"<h2>友情链接</h2>
<p><a href="http://{{friend}}/">示例省人民政府</a> <a href="/lszl/">历史资料</a> <a href="/rl/index.jsp?month=2026-11">环境日历</a>
<a href="/zc/wzsm.html">网站声明</a> <a href="#top">返回顶部</a> <a href="mailto:bianji@example.test">编辑邮箱</a>
<a href="tel:000-12345678">咨询电话</a> <a href="javascript:void(0)">设为首页</a></p>
"##;

/// Files as they should be, and files that are not.
const FILES: &[(&str, &str, &[u8])] = &[
    ("/css/style.css", "text/css", include_bytes!("site/style.css")),
    (
        "/js/page.js",
        "text/javascript",
        b"function createPageHTML(count, index, name, extension) { /* page numbers */ }\n",
    ),
    ("/js/app.js", "text/javascript", b"fetch('/sjfb/kqzl/data.json').then(show);\n"),
    ("/images/logo.png", "image/png", include_bytes!("site/files/logo.png")),
    ("/images/banner.png", "image/png", include_bytes!("site/files/banner.png")),
    ("/images/icon.gif", "image/gif", include_bytes!("site/files/icon.gif")),
    ("/images/2026/photo.png", "image/png", include_bytes!("site/files/photo.png")),
    ("/images/2026/station.jpg", "image/jpeg", include_bytes!("site/files/station.jpg")),
    (
        "/images/2026/neijing.png",
        "image/png",
        "<html><title>登录</title><body>请登录</body></html>".as_bytes(),
    ),
    ("/images/2026/jingtan.png", "image/png", cut(include_bytes!("site/files/photo.png"), 3000)),
    ("/files/202611/P020261118001.docx", OOXML_TEXT, include_bytes!("site/files/form.docx")),
    ("/files/202611/P020261118002.xlsx", OOXML_TABLE, include_bytes!("site/files/table.xlsx")),
    // What was deleted and a hidden column are still in the file.
    ("/files/202611/P020261118003.docx", OOXML_TEXT, include_bytes!("site/files/draft.docx")),
    ("/files/202611/P020261118004.xlsx", OOXML_TABLE, include_bytes!("site/files/people.xlsx")),
    ("/files/202611/P020261110001.pdf", "application/pdf", include_bytes!("site/files/form.pdf")),
    ("/files/202608/P020260828001.zip", "application/zip", include_bytes!("site/files/pack.zip")),
    ("/files/202610/P020261016001.doc", "application/msword", b""),
    ("/files/202609/P020260902001.pdf", "text/html; charset=utf-8", LOGIN.as_bytes()),
    ("/files/202607/P020260708001.docx", OOXML_TEXT, cut(include_bytes!("site/files/form.docx"), 600)),
];

const OOXML_TEXT: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const OOXML_TABLE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const LOGIN: &str = "<html><head><title>统一身份认证</title></head><body><form action=\"/login\">\
                     用户名<input name=\"user\"> 密码<input type=\"password\"></form></body></html>";

/// The beginning of a file, as an upload leaves it that broke off.
const fn cut(bytes: &'static [u8], length: usize) -> &'static [u8] {
    bytes.split_at(length).0
}

/// Every answer of the site that is no column and no article.
pub(super) fn answers(hosts: &Hosts) -> BTreeMap<String, Resource> {
    let mut answers: BTreeMap<String, Resource> = FILES
        .iter()
        .map(|(path, content_type, body)| ((*path).to_owned(), Resource::file(content_type, *body)))
        .collect();
    for (path, resource) in [
        ("/robots.txt", Resource::file("text/plain", robots(hosts).into_bytes())),
        ("/sitemap.xml", Resource::file("application/xml", sitemap(hosts).into_bytes())),
        ("/wzdt.html", plain("网站地图", &site_map())),
        (SEARCH_DESK, plain("站内搜索", SEARCH)),
        ("/zc/jiucuo.html", plain("我为政府网站找错", JIUCUO)),
        ("/zc/lxwm.html", plain("联系我们", LXWM)),
        ("/zc/wzsm.html", plain("网站声明", WZSM)),
        ("/lszl/", gbk("历史资料", LSZL)),
        // The query of a GBK page is sent in GBK: these are the bytes of 环境.
        ("/lszl/search.jsp?wd=%BB%B7%BE%B3", gbk("历史资料检索", LSZL_FOUND)),
        ("/zcwj/qtwj/202001/t20200110_9002.html", plain("提示信息", "<p>您访问的页面不存在或已删除。</p>")),
        ("/bsfw/fushe/shouli.html", Resource::redirect(302, "/bsfw/fushe/yewu.html")),
        ("/bsfw/fushe/yewu.html", Resource::redirect(302, "/bsfw/fushe/shouli.html")),
        ("/old/tzgg/", Resource::redirect(301, "/xxgk/tzgg/")),
        ("/index.html", Resource::redirect(301, "/")),
    ] {
        answers.insert(path.to_owned(), resource);
    }
    answers
}

/// The neighbour: a home page, a redirect, and a firewall that refuses monitors.
pub(super) fn friend() -> BTreeMap<String, Resource> {
    let home = "<html><head><title>示例省人民政府</title></head><body><p>欢迎访问示例省人民政府网站。</p></body></html>";
    let firewall = "<html><head><meta content=\"c\" r=\"m\"><script r=\"m\">$_ts={};</script></head><body></body></html>";
    BTreeMap::from([
        ("/".to_owned(), Resource::page(home.to_owned())),
        ("/moved".to_owned(), Resource::redirect(301, "/")),
        ("/waf/".to_owned(), Resource::page(firewall.to_owned()).with_status(412)),
    ])
}

/// What stands where a neighbour was before somebody else bought its domain.
pub(super) fn lapsed() -> BTreeMap<String, Resource> {
    let home = "<html><head><title>百家乐真人荷官_六合彩投注</title></head><body><p>百家乐、真人荷官、六合彩、老虎机。</p></body></html>";
    BTreeMap::from([("/".to_owned(), Resource::page(home.to_owned()))])
}

/// What a missing page is answered with.
pub(super) fn not_found() -> String {
    draft("页面未找到", "<p>您访问的页面不存在，请返回首页。</p>").render()
}

/// A month of the calendar, named by a query `month=YYYY-MM`.
pub(super) fn calendar(query: &str) -> String {
    let named = query.strip_prefix("month=").map(|month| format!("{month}-01"));
    let month: Date = named.and_then(|day| day.parse().ok()).unwrap_or(TODAY.first_of_month());
    let link = |month: Date, label: &str| {
        format!("<a href=\"{CALENDAR}?month={}\">{label}</a>", month.strftime("%Y-%m"))
    };
    let days: String = (1..=month.days_in_month()).map(|day| format!("<td>{day}</td>")).collect();
    let main = format!(
        "<p>{} {}</p>\n<p>{}：本月历标注与生态环境有关的纪念日和重要活动，供公众查阅。没有标注的日期表示当天没有活动安排，\
         活动安排如有变化，以通知公告为准。</p>\n<table><tr>{days}</tr></table>",
        link(month.saturating_sub(1.month()), "上一月"),
        link(month.saturating_add(1.month()), "下一月"),
        month.strftime("%Y年%m月"),
    );
    draft("环境日历", &main).render()
}

/// The results for a query `word=…`: every indexed article that has it in its title.
pub(super) fn search(query: &str) -> String {
    let mut fields = form_urlencoded::parse(query.as_bytes());
    let word = fields.find(|(name, _)| name == "word").map(|(_, word)| word).unwrap_or_default();
    let has_it = |article: &&Article| article.indexed && article.title.contains(word.trim());
    let results: Vec<&Article> = CONTENT.articles.iter().filter(has_it).collect();
    let main = if results.is_empty() { NOTHING_FOUND.to_owned() } else { markup::list(&results, true) };
    draft("站内搜索", &format!("{SEARCH}\n{main}")).render()
}

/// A column that a script fills.
pub(super) fn script_shell(name: &str, tags: &str) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n<title>{name}_{SITE_NAME}</title>\n{tags}\
         </head>\n<body>\n<div id=\"app\"></div>\n<script src=\"/js/app.js\"></script>\n</body>\n</html>\n"
    )
}

fn draft(title: &str, main: &str) -> Draft<'static> {
    let title = format!("{title}_{SITE_NAME}");
    Draft { title, tags: markup::site_tags(), column: None, main: main.to_owned() }
}

fn plain(title: &str, main: &str) -> Resource {
    Resource::page(draft(title, main).render())
}

fn gbk(title: &str, main: &str) -> Resource {
    let html = draft(title, main).render_as("gbk", true);
    Resource::file("text/html", encoding_rs::GBK.encode(&html).0.into_owned())
}

fn robots(hosts: &Hosts) -> String {
    format!("User-agent: *\nDisallow: /admin/\n\nSitemap: http://{}/sitemap.xml\n", hosts.own)
}

fn sitemap(hosts: &Hosts) -> String {
    let locations: String = CONTENT
        .columns
        .iter()
        .map(|column| format!("<url><loc>http://{}{}</loc></url>\n", hosts.own, column.path))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n\
         {locations}</urlset>\n"
    )
}

fn site_map() -> String {
    let columns: String = CONTENT
        .columns
        .iter()
        .map(|column| format!("<li><a href=\"{}\">{}</a></li>\n", column.path, column.name))
        .collect();
    // The same page under two sessions, and one that robots.txt keeps monitors out of.
    let newest = CONTENT.articles.first().map(|article| article.path()).unwrap_or_default();
    format!(
        "<h1>网站地图</h1>\n<ul>\n{columns}</ul>\n<p><a href=\"{newest};jsessionid=0A1B2C3D4E5F60718293A4B5C6D7E8F9\">最新信息</a> \
         <a href=\"{newest};jsessionid=F9E8D7C6B5A493827160F5E4D3C2B1A0\">今日要闻</a> \
         <a href=\"/search/\">站内搜索</a> <a href=\"/admin/login.jsp\">编辑登录</a></p>"
    )
}

const SEARCH: &str = "<h1>站内搜索</h1>\n<form action=\"/search/\" method=\"get\"><input name=\"word\"> <button>搜索</button></form>\n\
                      <p>请输入关键词，例如：排污许可、水质、公示。</p>";

const NOTHING_FOUND: &str = "<p>没有找到相关信息。</p>";

const JIUCUO: &str = "<h1>我为政府网站找错</h1>\n<p>欢迎监督本网站。如发现内容无法访问、信息不更新、内容不准确等问题，\
                      请拨打000-12345678告知，我们将及时核实处理。</p>";

const LXWM: &str = "<h1>联系我们</h1>\n<p>示例省生态环境厅，地址：示例省云泽市清和路一号，联系电话：000-12345678，\
                    邮政编码：000000。</p>";

const WZSM: &str = "<h1>网站声明</h1>\n<p>本网站由示例省生态环境厅主办，内容以正式文件为准。转载请注明来源。\
                    本网站为演示用途，所有单位、人员和数据均为虚构。</p>";

const LSZL: &str = "<h1>历史资料</h1>\n<p>本页收录旧版网站的资料目录，供查阅参考，内容不再更新。旧版网站采用较早的编码方式，\
                    检索时请使用下面的链接。</p>\n<p><a href=\"search.jsp?wd=环境\">检索：环境</a></p>";

const LSZL_FOUND: &str = "<h1>历史资料检索</h1>\n<p>检索词为环境，共找到两条资料：环境监测技术汇编、环境保护志。\
                          如需查阅原件，请与办公室联系。</p>";
