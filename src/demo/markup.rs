//! From content to HTML: templates with `{{name}}` in them, and the parts that repeat.

use super::content::{Article, CONTENT, Column};

const PAGE: &str = include_str!("site/page.html");
const ARTICLE: &str = include_str!("site/article.html");

/// Name of the site, in titles and tags.
pub(super) const SITE_NAME: &str = "示例省生态环境厅";

/// A whole page, before it is filled into the template.
pub(super) struct Draft<'a> {
    pub(super) title: String,
    /// The meta tags, one a line.
    pub(super) tags: String,
    /// The column it belongs to, for the breadcrumb.
    pub(super) column: Option<&'a Column>,
    pub(super) main: String,
}

impl Draft<'_> {
    /// The page as HTML in UTF-8.
    pub(super) fn render(&self) -> String {
        self.render_as("utf-8", true)
    }

    /// The page as HTML that declares `charset`, with or without the mark of the police in its footer.
    pub(super) fn render_as(&self, charset: &str, police: bool) -> String {
        let position = self.column.map_or_else(String::new, |column| {
            format!(" &gt; {} &gt; <a href=\"{}\">{}</a>", column.group, column.path, column.name)
        });
        fill(
            PAGE,
            &[
                ("charset", charset),
                ("title", &self.title),
                ("tags", &self.tags),
                ("nav", &navigation()),
                ("position", &position),
                ("main", &self.main),
                ("police", if police { "　京公网安备00000000000017号" } else { "" }),
            ],
        )
    }
}

/// Replaces each `{{name}}` of a template by its value.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values
        .iter()
        .fold(template.to_owned(), |filled, (name, value)| filled.replace(&format!("{{{{{name}}}}}"), value))
}

/// The tags that every page has.
pub(super) fn site_tags() -> String {
    meta(&[("SiteName", SITE_NAME), ("SiteDomain", "127.0.0.1"), ("SiteIDCode", "9900000017")])
}

/// The tags of a page of `column`, less the one to leave out.
pub(super) fn column_tags(column: &Column, without: Option<&str>) -> String {
    let tags = [
        ("ColumnName", column.name.as_str()),
        ("ColumnDescription", &column.about),
        ("ColumnKeywords", &column.name),
        ("ColumnType", &column.column_type),
    ];
    meta_without(&tags, without)
}

/// The tags of an article, less the one that it leaves out, and those that it has besides.
pub(super) fn article_tags(article: &Article) -> String {
    let tags = [
        ("ArticleTitle", article.title.as_str()),
        ("PubDate", &article.date),
        ("ContentSource", SITE_NAME),
        ("Keywords", "生态环境"),
        ("Author", "网站编辑部"),
        ("Description", &article.title),
        ("Url", &article.path()),
    ];
    let more: Vec<(&str, &str)> =
        article.more_tags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    meta_without(&tags, article.without.as_deref()) + &meta(&more)
}

/// The main part of an article.
pub(super) fn article(article: &Article) -> String {
    let paragraphs: Vec<String> =
        article.text.lines().filter(|line| !line.is_empty()).map(paragraph).collect();
    fill(
        ARTICLE,
        &[
            ("title", &article.title),
            ("time", &article.date),
            ("source", SITE_NAME),
            ("author", "网站编辑部"),
            ("text", &paragraphs.join("\n")),
        ],
    )
}

/// A line of text as a paragraph; HTML stays as it is.
pub(super) fn paragraph(line: &str) -> String {
    if line.starts_with('<') { line.to_owned() } else { format!("<p>{line}</p>") }
}

/// A list of articles, with dates or with summaries.
pub(super) fn list(articles: &[&Article], dated: bool) -> String {
    let mut html = String::from("<ul class=\"list\">\n");
    for article in articles {
        let beside = if dated { article.day() } else { &article.summary };
        let (path, title) = (article.path(), &article.title);
        html.push_str(&format!(
            "<li><a href=\"{path}\" title=\"{title}\">{title}</a><span>{beside}</span></li>\n"
        ));
    }
    html + "</ul>"
}

fn navigation() -> String {
    let mut html = String::new();
    let mut group = "";
    for column in &CONTENT.columns {
        if column.group != group {
            html.push_str(if group.is_empty() { "" } else { "</ul></li>\n" });
            html.push_str(&format!("<li>{}<ul>\n", column.group));
            group = &column.group;
        }
        html.push_str(&format!("<li><a href=\"{}\">{}</a></li>\n", column.path, column.name));
    }
    html + "</ul></li>"
}

fn meta_without(tags: &[(&str, &str)], without: Option<&str>) -> String {
    let kept: Vec<(&str, &str)> = tags.iter().copied().filter(|(name, _)| Some(*name) != without).collect();
    meta(&kept)
}

fn meta(tags: &[(&str, &str)]) -> String {
    tags.iter().map(|(name, value)| format!("<meta name=\"{name}\" content=\"{value}\">\n")).collect()
}
