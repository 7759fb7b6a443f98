//! What registers list.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Kind;

/// The rows of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "rows")]
pub enum Rows {
    /// Columns of the site.
    Columns(Vec<ColumnRow>),
    /// Exceptions, as the configuration writes them: `check-id:text`, or `text` for every check.
    Allow(Vec<String>),
    /// People in office.
    Roster(Vec<Holder>),
    /// Messages of 我为政府网站找错.
    Messages(Vec<Message>),
}

impl Rows {
    /// What they are.
    pub fn kind(&self) -> Kind {
        match self {
            Rows::Columns(_) => Kind::Columns,
            Rows::Allow(_) => Kind::Allow,
            Rows::Roster(_) => Kind::Roster,
            Rows::Messages(_) => Kind::Messages,
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        match self {
            Rows::Columns(rows) => rows.len(),
            Rows::Allow(rows) => rows.len(),
            Rows::Roster(rows) => rows.len(),
            Rows::Messages(rows) => rows.len(),
        }
    }
}

/// A registered column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRow {
    /// Its name.
    pub name: String,
    /// Its page, as written.
    pub url: String,
    /// Its kind, an id of `rules/columns.toml`.
    pub kind: Option<String>,
    /// Cycle in days, where it differs from that of its kind.
    pub cycle_days: Option<u32>,
}

/// Somebody in office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The name.
    pub name: String,
    /// The post.
    pub title: String,
    /// First day of the term.
    pub from: Option<Date>,
    /// Last day of it.
    pub until: Option<Date>,
}

impl Holder {
    /// As a dictionary of kind `roster` writes it.
    pub fn entry(&self) -> String {
        let day =
            |key: &str, day: Option<Date>| day.map_or_else(String::new, |day| format!(" | {key}={day}"));
        format!("{} | title={}{}{}", self.name, self.title, day("from", self.from), day("until", self.until))
    }
}

/// A message of 我为政府网站找错.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number there.
    pub number: String,
    /// The day it came.
    pub received: Date,
    /// What it is about.
    pub subject: String,
    /// The page it is about, where it names one.
    pub page: Option<String>,
    /// The day it was answered.
    pub answered: Option<Date>,
}
