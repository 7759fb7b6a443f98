//! The demo site as a plain table from paths to answers.

use std::{collections::BTreeMap, time::Duration};

use super::content::{CONTENT, Column};
use super::hosts::Hosts;
use super::markup::{self, Draft, SITE_NAME};
use super::resource::Resource;
use super::special;

/// Newest articles of a column on the home page.
const HOME_ITEMS: usize = 5;

/// The answers of one server.
pub(super) struct Site {
    /// By path and query.
    answers: BTreeMap<String, Resource>,
    /// What anything else is answered with.
    missing: Resource,
    /// Whether it has the endless calendar and the search.
    dynamic: bool,
}

impl Site {
    /// The demo site.
    pub(super) fn own(hosts: &Hosts) -> Site {
        let mut answers = special::answers(hosts);
        answers.insert("/".to_owned(), Resource::page(home(hosts)));
        for column in &CONTENT.columns {
            for (path, html) in column_pages(column) {
                answers.insert(path, Resource::page(html));
            }
            for article in CONTENT.articles_of(column) {
                let draft = Draft {
                    title: if article.nameless {
                        article.title.clone()
                    } else {
                        format!("{}_{}_{SITE_NAME}", article.title, column.name)
                    },
                    tags: markup::site_tags()
                        + &markup::column_tags(column, None)
                        + &markup::article_tags(article),
                    column: Some(column),
                    main: with_hosts(&markup::article(article), hosts),
                };
                let page = Resource::page(draft.render()).after(Duration::from_millis(article.delay_ms));
                answers.insert(article.path(), page);
            }
        }
        Site { answers, missing: Resource::page(special::not_found()).with_status(404), dynamic: true }
    }

    /// The friendly neighbour.
    pub(super) fn friend() -> Site {
        Site::elsewhere(special::friend())
    }

    /// The neighbour that was.
    pub(super) fn lapsed() -> Site {
        Site::elsewhere(special::lapsed())
    }

    fn elsewhere(answers: BTreeMap<String, Resource>) -> Site {
        let missing = Resource::page("<html><title>404</title></html>".to_owned()).with_status(404);
        Site { answers, missing, dynamic: false }
    }

    /// What a request for `path` with `query` is answered with.
    pub(super) fn answer(&self, path: &str, query: Option<&str>) -> Resource {
        // The container puts the session into the path of visitors without cookies; it names the same page.
        let path = path.split_once(";jsessionid=").map_or(path, |(path, _)| path);
        if let (true, special::CALENDAR) = (self.dynamic, path) {
            return Resource::page(special::calendar(query.unwrap_or_default()));
        }
        if let (true, special::SEARCH_DESK, Some(query)) = (self.dynamic, path, query) {
            return Resource::page(special::search(query));
        }
        let key = match query {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
        self.answers.get(&key).unwrap_or(&self.missing).clone()
    }

    /// All paths that are answered, for tests.
    #[cfg(test)]
    pub(super) fn answers(&self) -> &BTreeMap<String, Resource> {
        &self.answers
    }
}

fn home(hosts: &Hosts) -> String {
    let mut main = String::new();
    for column in CONTENT.columns.iter().filter(|column| column.on_home) {
        let newest: Vec<_> = CONTENT.articles_of(column).into_iter().take(HOME_ITEMS).collect();
        let list = markup::list(&newest, true);
        main.push_str(&format!("<h2><a href=\"{}\">{}</a></h2>\n{list}\n", column.path, column.name));
    }
    main.push_str(&with_hosts(special::FRIENDS, hosts));
    let draft = Draft { title: SITE_NAME.to_owned(), tags: markup::site_tags(), column: None, main };
    // The mark of the police is the element that the home page lacks.
    draft.render_as("utf-8", false)
}

/// The pages of a column: one, or several where its list goes on.
fn column_pages(column: &Column) -> Vec<(String, String)> {
    let tags = markup::site_tags() + &markup::column_tags(column, column.without.as_deref());
    if column.script_built {
        return vec![(column.path.clone(), special::script_shell(&column.name, &tags))];
    }
    let draft = |main: String| {
        let title = format!("{}_{SITE_NAME}", column.name);
        Draft { title, tags: tags.clone(), column: Some(column), main }.render()
    };
    if let Some(text) = &column.text {
        let paragraphs: Vec<String> = text.trim().lines().map(markup::paragraph).collect();
        return vec![(column.path.clone(), draft(paragraphs.join("\n")))];
    }
    let articles = CONTENT.articles_of(column);
    let Some(per_page) = column.per_page else {
        return vec![(column.path.clone(), draft(markup::list(&articles, column.dated)))];
    };
    let pages = articles.len().div_ceil(per_page);
    let page = |(number, articles): (usize, &[_])| {
        // The later pages are known to this script alone.
        let pager = format!("<script>createPageHTML({pages}, {number}, \"index\", \"html\");</script>");
        let list = markup::list(articles, column.dated);
        let name = if number == 0 { String::new() } else { format!("index_{number}.html") };
        let script = "<script src=\"/js/page.js\"></script>";
        (
            format!("{}{name}", column.path),
            draft(format!("{list}\n{script}\n<div class=\"page\">{pager}</div>")),
        )
    };
    articles.chunks(per_page).enumerate().map(page).collect()
}

fn with_hosts(html: &str, hosts: &Hosts) -> String {
    let Hosts { friend, lapsed, closed, down, .. } = hosts;
    let [friend, lapsed, closed, down] = [friend, lapsed, closed, down].map(|host| host.to_string());
    markup::fill(html, &[("friend", &friend), ("lapsed", &lapsed), ("closed", &closed), ("down", &down)])
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use std::{
        collections::{BTreeMap, BTreeSet},
        sync::LazyLock,
    };

    use scraper::{Html, Selector};

    use super::*;
    use crate::address::Address;
    use crate::demo::planted;

    fn site() -> Site {
        let host = |port| SocketAddr::from(([127, 0, 0, 1], port));
        let [own, friend, closed, down, lapsed] = [1, 2, 3, 4, 5].map(host);
        Site::own(&Hosts { own, friend, lapsed, closed, down })
    }

    /// Every page that an honest visitor reaches, and what each of them refers to on the site itself.
    static WALK: LazyLock<BTreeMap<String, Vec<String>>> = LazyLock::new(|| walk(&site()));

    fn walk(site: &Site) -> BTreeMap<String, Vec<String>> {
        let selector = Selector::parse("[href], [src]").unwrap();
        let mut waiting =
            vec!["http://127.0.0.1:1/".to_owned(), "http://127.0.0.1:1/xxgk/tzgg/index_1.html".to_owned()];
        waiting.push("http://127.0.0.1:1/xxgk/tzgg/index_2.html".to_owned());
        let mut pages = BTreeMap::new();
        while let Some(address) = waiting.pop() {
            let base = Address::parse(&address).unwrap();
            let answer = ask(site, &base);
            let is_page = answer.status == 200 && answer.content_type.starts_with("text/html");
            if pages.contains_key(&address) || !is_page || base.url().path() == special::CALENDAR {
                continue;
            }
            let (html, _, _) =
                if answer.content_type.contains("utf-8") { encoding_rs::UTF_8 } else { encoding_rs::GBK }
                    .decode(&answer.body);
            let links: Vec<String> = Html::parse_document(&html)
                .select(&selector)
                .filter_map(|element| element.attr("href").or(element.attr("src")))
                .map(|raw| raw.replace("?wd=环境", "?wd=%BB%B7%BE%B3"))
                .filter_map(|raw| base.resolve(&raw, encoding_rs::UTF_8).ok())
                .filter(|target| target.authority() == "127.0.0.1:1" && !target.as_str().contains("/admin/"))
                .map(|target| target.to_string())
                .collect();
            waiting.extend(links.iter().cloned());
            pages.insert(address, links);
        }
        pages
    }

    fn ask(site: &Site, address: &Address) -> Resource {
        site.answer(address.url().path(), address.url().query())
    }

    #[test]
    fn only_planted_links_are_dead() {
        let site = site();
        let pages = &*WALK;
        assert!((60..=100).contains(&pages.len()), "{} pages", pages.len());
        for (page, links) in pages {
            for link in links {
                let dead = ask(&site, &Address::parse(link).unwrap()).status >= 400;
                let expected = planted().iter().any(|planted| {
                    let path = Address::parse(page).unwrap();
                    !planted.shows.is_empty()
                        && link.contains(&planted.shows)
                        && planted.page == path.url().path()
                });
                assert!(!dead || expected, "{page} refers to {link}");
            }
        }
    }

    #[test]
    fn everything_is_reached() {
        let site = site();
        let pages = &*WALK;
        let reached: BTreeSet<&String> = pages.values().flatten().collect();
        // Known to clients, to scripts and to visitors of the past only.
        let unlinked =
            ["/robots.txt", "/sitemap.xml", "/index.html", "/images/banner.png", "/bsfw/fushe/yewu.html"];
        for path in site.answers().keys().filter(|path| !unlinked.contains(&path.as_str())) {
            let address = format!("http://127.0.0.1:1{path}");
            assert!(reached.contains(&address) || pages.contains_key(&address), "{path}");
        }
    }

    #[test]
    fn only_planted_tags_are_missing() {
        let site = site();
        for (path, answer) in site.answers() {
            let html = String::from_utf8_lossy(&answer.body);
            let column = CONTENT.columns.iter().find(|column| path.starts_with(&column.path));
            if column.is_none() || answer.location.is_some() || html.contains("页面不存在") {
                continue;
            }
            let article = CONTENT.articles.iter().any(|article| article.path() == *path);
            let article_tags: &[&str] =
                if article { &["ArticleTitle", "PubDate", "ContentSource"] } else { &[] };
            let tags = [
                "SiteName",
                "SiteDomain",
                "SiteIDCode",
                "ColumnName",
                "ColumnDescription",
                "ColumnKeywords",
                "ColumnType",
            ];
            for tag in tags.iter().chain(article_tags) {
                let expected = planted().iter().any(|planted| {
                    planted.check == "missing-tag" && planted.page == *path && planted.shows == *tag
                });
                assert_eq!(!html.contains(&format!("<meta name=\"{tag}\"")), expected, "{tag} of {path}");
            }
        }
    }

    #[test]
    fn every_check_has_a_fault() {
        let site = site();
        let checks: BTreeSet<&str> = planted().iter().map(|planted| planted.check.as_str()).collect();
        let expected = [
            "bad-external-link",
            "broken-attachment",
            "broken-image",
            "dark-link",
            "dated-back",
            "dead-link",
            "empty-column",
            "footer-element",
            "footer-mark",
            "guide-element",
            "home-element",
            "host-down",
            "hostile-script",
            "interpretation-link",
            "late-disclosure",
            "malformed-link",
            "message-overdue",
            "missing-form",
            "missing-tag",
            "misspelling",
            "optional-tag",
            "policy-element",
            "private-data",
            "redirect-loop",
            "search-miss",
            "sensitive-word",
            "shared-item",
            "site-identity",
            "soft-404",
            "stale-column",
            "survey-result",
            "tag-repeated",
            "tag-value",
            "vague-wording",
        ];
        assert_eq!(checks.into_iter().collect::<Vec<_>>(), expected);
        for planted in planted() {
            let page = site.answers().get(&planted.page).expect(&planted.page);
            let html = String::from_utf8_lossy(&page.body);
            let is_absence = matches!(
                planted.check.as_str(),
                "footer-element"
                    | "private-data" // Reports show it masked.
                    | "home-element"
                    | "missing-tag"
                    | "optional-tag"
                    | "guide-element"
                    | "policy-element"
                    | "interpretation-link"
                    | "footer-mark"
                    | "site-identity"
            );
            assert!(is_absence != html.contains(&planted.shows) || planted.shows.is_empty(), "{planted:?}");
        }
    }

    #[test]
    fn sessions_are_one_page() {
        let site = site();
        let path = CONTENT.articles[0].path();
        assert_eq!(site.answer(&path, None).body, site.answer(&format!("{path};jsessionid=0A"), None).body);
        assert_eq!(site.answer("/lszl/search.jsp", Some("wd=%E7%8E%AF%E5%A2%83")).status, 404);
    }
}
