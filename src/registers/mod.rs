//! Registers: lists that a customer keeps in spreadsheets and hands in. Registered columns, exceptions, the people in
//! office, messages of 我为政府网站找错.
//!
//! [`read`] turns a file into [`Rows`], or says everything that is wrong with it, row by row. [`apply`] lays what was
//! accepted over the configuration, [`Dictionaries`] over the dictionaries. Keeping it is for [`store`](crate::store).

mod people;
mod read;
mod rows;
mod table;

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use people::Dictionaries;
pub use read::{read, template};
pub use rows::{ColumnRow, Holder, Message, Rows};
pub use table::{RowError, Table};

use crate::config::{Column, Settings, Site};

/// What a register lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Columns of the site (栏目登记).
    Columns,
    /// What raises no finding (例外).
    Allow,
    /// People in office (领导名册).
    Roster,
    /// Messages of 我为政府网站找错.
    Messages,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::Columns, Kind::Allow, Kind::Roster, Kind::Messages];

    /// The word for it in the record and in addresses.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Columns => "columns",
            Kind::Allow => "allow",
            Kind::Roster => "roster",
            Kind::Messages => "messages",
        }
    }

    /// Its name for people.
    pub fn chinese(self) -> &'static str {
        match self {
            Kind::Columns => "栏目登记",
            Kind::Allow => "例外名单",
            Kind::Roster => "领导名册",
            Kind::Messages => "找错留言",
        }
    }

    /// The kind of a word.
    pub fn of_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A register that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Its number in the record.
    pub number: i64,
    /// Id of the site.
    pub site: String,
    /// What it lists.
    pub rows: Rows,
    /// Name of the file it came in.
    pub file: String,
    /// Who accepted it.
    pub author: String,
    /// When.
    pub at: Timestamp,
}

/// The settings with registers laid over them. A column that the register has takes the place of the one with the same
/// page in the file; exceptions are added.
pub fn apply(settings: &Settings, registers: &[Register]) -> Settings {
    let mut settings = settings.clone();
    for register in registers {
        let Some(site) = settings.sites.iter_mut().find(|site| site.id == register.site) else { continue };
        match &register.rows {
            Rows::Columns(rows) => lay_columns(site, rows),
            Rows::Allow(entries) => {
                let known: HashSet<String> = site.allow.iter().cloned().collect();
                site.allow.extend(entries.iter().filter(|entry| !known.contains(*entry)).cloned());
            }
            // People are laid over the dictionaries, and messages are no setting.
            Rows::Roster(_) | Rows::Messages(_) => {}
        }
    }
    settings
}

fn lay_columns(site: &mut Site, rows: &[ColumnRow]) {
    for row in rows {
        // It was an address when it was accepted; where the home page has moved to a broken one, the file's word holds.
        let Ok(address) = site.home.resolve(&row.url, encoding_rs::UTF_8) else { continue };
        let column =
            Column { name: row.name.clone(), address, kind: row.kind.clone(), cycle_days: row.cycle_days };
        match site.columns.iter_mut().find(|known| known.address.key() == column.address.key()) {
            Some(known) => *known = column,
            None => site.columns.push(column),
        }
    }
}

/// The entries for `dictionaries/roster.txt` that registers of people amount to, one a line.
pub fn roster(registers: &[Register]) -> String {
    let holders = registers.iter().filter_map(|register| match &register.rows {
        Rows::Roster(holders) => Some(holders),
        _ => None,
    });
    let mut lines: Vec<String> = holders.flatten().map(Holder::entry).collect();
    lines.sort();
    lines.dedup();
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests;
