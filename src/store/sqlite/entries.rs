//! What people say about indicators: rows of the table `entry`.

use rusqlite::{Connection, Row, params};

use super::fault::Fault;
use crate::score::{Deed, Entry};
use crate::store::{NewEntry, StoreError, word};

const INSERT: &str =
    "INSERT INTO entry (site, at, author, note, deed) VALUES ($1, $2, $3, $4, $5) RETURNING id";

const LOG: &str = "SELECT id, at, author, note, deed FROM entry WHERE site = $1 ORDER BY id";

/// Adds an entry to the log of its site. One that takes another back is refused where there is nothing to take back.
pub(super) fn append(connection: &Connection, new: &NewEntry) -> Result<Entry, Fault> {
    let NewEntry { site, at, author, note, deed } = new;
    if let Deed::Remove { entry } = deed {
        let log = log(connection, site)?;
        let is_there = log.iter().any(|other| other.number == *entry && matches!(other.deed, Deed::Judge(_)));
        let is_gone = log.iter().any(|other| other.deed == *deed);
        if !is_there || is_gone {
            return Err(StoreError::NoSuchEntry { entry: *entry, site: site.clone() }.into());
        }
    }
    let values = params![site, word::time(*at), author, note, word::json(deed)];
    let number = connection.query_row(INSERT, values, |row| row.get(0))?;
    Ok(Entry { number, at: *at, author: author.clone(), note: note.clone(), deed: deed.clone() })
}

/// All entries of a site, oldest first.
pub(super) fn log(connection: &Connection, site: &str) -> Result<Vec<Entry>, Fault> {
    let mut statement = connection.prepare_cached(LOG)?;
    statement.query_and_then([site], read)?.collect()
}

fn read(row: &Row<'_>) -> Result<Entry, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(Entry {
        number: row.get("id")?,
        at: word::read_time(text("at")?)?,
        author: row.get("author")?,
        note: row.get("note")?,
        deed: word::read_json(text("deed")?)?,
    })
}
