//! What was seen when: rows of the tables `sighting` and `list_sighting`.

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use super::fault::Fault;
use crate::sightings::{Key, Learnt, ListSighting, Sighting, Sightings};

const ARTICLES: &str = "SELECT page, title, shown, first_seen, absent FROM sighting WHERE site = $1";

const LISTS: &str = "SELECT page, seen, reach FROM list_sighting WHERE site = $1";

const ADD_ARTICLE: &str = "INSERT INTO sighting (site, page, title, shown, first_seen, absent)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (site, page) DO NOTHING";

const PUT_LIST: &str = "INSERT INTO list_sighting (site, page, seen, reach) VALUES ($1, $2, $3, $4)
    ON CONFLICT (site, page) DO UPDATE SET seen = excluded.seen, reach = excluded.reach";

/// Everything seen on a site.
pub(super) fn all(connection: &Connection, site: &str) -> Result<Sightings, Fault> {
    let mut articles = connection.prepare_cached(ARTICLES)?;
    let articles = articles.query_and_then([site], |row| {
        Ok::<_, Fault>(Sighting {
            page: key(row, "page")?,
            title: key(row, "title")?,
            shown: date(row, "shown")?,
            first_seen: required(date(row, "first_seen")?)?,
            absent: date(row, "absent")?,
        })
    })?;
    let articles = articles.collect::<Result<_, _>>()?;
    let mut lists = connection.prepare_cached(LISTS)?;
    let lists = lists.query_and_then([site], |row| {
        Ok::<_, Fault>(ListSighting {
            page: key(row, "page")?,
            seen: required(date(row, "seen")?)?,
            reach: required(date(row, "reach")?)?,
        })
    })?;
    Ok(Sightings::of(articles, lists.collect::<Result<_, _>>()?))
}

/// Adds what a scan saw.
pub(super) fn add(connection: &Connection, site: &str, learnt: &Learnt) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(ADD_ARTICLE)?;
    for Sighting { page, title, shown, first_seen, absent } in &learnt.articles {
        let (shown, absent) = (shown.map(written), absent.map(written));
        statement.execute(params![
            site,
            page.0.cast_signed(),
            title.0.cast_signed(),
            shown,
            written(*first_seen),
            absent
        ])?;
    }
    let mut statement = connection.prepare_cached(PUT_LIST)?;
    for ListSighting { page, seen, reach } in &learnt.lists {
        statement.execute(params![site, page.0.cast_signed(), written(*seen), written(*reach)])?;
    }
    Ok(())
}

fn written(date: Date) -> String {
    date.to_string()
}

fn key(row: &Row<'_>, column: &str) -> Result<Key, Fault> {
    Ok(Key(row.get::<_, i64>(column)?.cast_unsigned()))
}

fn date(row: &Row<'_>, column: &str) -> Result<Option<Date>, Fault> {
    let text: Option<String> = row.get(column)?;
    let read = |text: String| text.parse().map_err(|_| Fault::Damage(format!("{text:?} is no date")));
    text.map(read).transpose()
}

fn required(date: Option<Date>) -> Result<Date, Fault> {
    date.ok_or_else(|| Fault::Damage("a sighting without its day".to_owned()))
}
