//! What is written on the demo site: its columns and articles, from `site/*.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

/// All columns and articles.
pub(super) struct Content {
    /// In the order of the navigation.
    pub(super) columns: Vec<Column>,
    /// Newest first within each column.
    pub(super) articles: Vec<Article>,
}

/// A column of the site.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Column {
    pub(super) path: String,
    /// The word above it in the navigation.
    pub(super) group: String,
    pub(super) name: String,
    /// Value of `ColumnType`.
    #[serde(rename = "type")]
    pub(super) column_type: String,
    /// Value of `ColumnDescription`.
    pub(super) about: String,
    /// What it shows instead of a list.
    pub(super) text: Option<String>,
    /// Whether its list shows dates.
    #[serde(default = "yes")]
    pub(super) dated: bool,
    /// Whether the home page shows its newest articles.
    #[serde(default)]
    pub(super) on_home: bool,
    /// Articles on each page of its list, where it has several.
    pub(super) per_page: Option<usize>,
    /// Whether it is an empty shell that a script fills.
    #[serde(default)]
    pub(super) script_built: bool,
    /// A tag left out on purpose.
    pub(super) without: Option<String>,
    #[serde(default)]
    pub(super) planted: Vec<Fault>,
}

/// An article.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    pub(super) id: u32,
    /// Path of its column.
    pub(super) column: String,
    /// `YYYY-MM-DD HH:MM`.
    pub(super) date: String,
    /// The day in its address, where that is not the day it shows.
    pub(super) made: Option<String>,
    pub(super) title: String,
    /// What stands beside its title in a list without dates.
    #[serde(default)]
    pub(super) summary: String,
    /// One paragraph a line; a line that begins with `<` is HTML.
    pub(super) text: String,
    /// How long the server thinks before it answers.
    #[serde(default)]
    pub(super) delay_ms: u64,
    /// A tag left out on purpose.
    pub(super) without: Option<String>,
    /// Whether its title leaves out the name of the site.
    #[serde(default)]
    pub(super) nameless: bool,
    /// Whether the index of the search has it.
    #[serde(default = "yes")]
    pub(super) indexed: bool,
    /// Tags added on purpose: names and values.
    #[serde(default)]
    pub(super) more_tags: Vec<(String, String)>,
    #[serde(default)]
    pub(super) planted: Vec<Fault>,
}

/// A fault on the page it stands with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    pub(super) check: String,
    /// Part of what the finding must name.
    pub(super) shows: String,
}

impl Article {
    /// `YYYY-MM-DD`.
    pub(super) fn day(&self) -> &str {
        &self.date[..10]
    }

    /// Its path, in the manner of a widespread content system: `/tzgg/202611/t20261118_201.html`.
    pub(super) fn path(&self) -> String {
        let digits = self.made.as_deref().unwrap_or(self.day()).replace('-', "");
        format!("{}{}/t{digits}_{}.html", self.column, &digits[..6], self.id)
    }
}

impl Content {
    /// The articles of a column, newest first.
    pub(super) fn articles_of(&self, column: &Column) -> Vec<&Article> {
        self.articles.iter().filter(|article| article.column == column.path).collect()
    }
}

/// The bundled content.
pub(super) static CONTENT: LazyLock<Content> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Columns {
        column: Vec<Column>,
    }
    #[derive(Deserialize)]
    struct Articles {
        article: Vec<Article>,
    }
    let Columns { column: columns } =
        toml::from_str(include_str!("site/columns.toml")).expect("the bundled columns are read by a test");
    let mut articles: Vec<Article> = Vec::new();
    for file in [
        include_str!("site/news.toml"),
        include_str!("site/open.toml"),
        include_str!("site/policy.toml"),
        include_str!("site/people.toml"),
    ] {
        let Articles { article } = toml::from_str(file).expect("the bundled articles are read by a test");
        articles.extend(article);
    }
    articles.sort_by(|a, b| b.date.cmp(&a.date).then(a.id.cmp(&b.id)));
    Content { columns, articles }
});

fn yes() -> bool {
    true
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::civil::DateTime;

    use super::*;
    use crate::demo::TODAY;

    #[test]
    fn articles_are_in_order() {
        let columns: HashSet<&str> = CONTENT.columns.iter().map(|column| column.path.as_str()).collect();
        let mut ids = HashSet::new();
        for article in &CONTENT.articles {
            assert!(ids.insert(article.id), "two articles have the id {}", article.id);
            assert!(columns.contains(article.column.as_str()), "{} has no column", article.title);
            let published = DateTime::strptime("%Y-%m-%d %H:%M", &article.date).expect(&article.title);
            assert!(published.date() < TODAY, "{} is of the future", article.title);
        }
    }
}
