//! Readings: rows of the table `reading`.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::fault::Fault;
use super::{Readers, Sqlite, baselines, findings};
use crate::diff::{Changes, Step};
use crate::store::{
    Author, ReadingId, ReadingOutcome, ReadingReader, ReadingRow, Readings, StoreError, word,
};

const PUT: &str = "INSERT INTO reading (site, started, ended, coverage, opened, fixed)
    VALUES ($1, $2, $3, $4, 0, 0) RETURNING id";

const COUNT: &str = "UPDATE reading SET opened = $1, fixed = $2 WHERE id = $3";

const SINCE: &str = "SELECT id, site, started, ended, coverage, opened, fixed FROM reading
    WHERE site = $1 AND started >= $2 ORDER BY id";

impl Readings for Sqlite {
    fn finish_reading(&self, outcome: ReadingOutcome) -> Result<Changes, StoreError> {
        self.writer.run(move |transaction| record(transaction, outcome))
    }
}

impl ReadingReader for Sqlite {
    fn readings(&self, site: &str, since: Timestamp) -> Result<Vec<ReadingRow>, StoreError> {
        self.readers.readings(site, since)
    }
}

impl ReadingReader for Readers {
    fn readings(&self, site: &str, since: Timestamp) -> Result<Vec<ReadingRow>, StoreError> {
        self.run(|connection| begun_since(connection, site, since))
    }
}

/// Records a reading and what it found.
fn record(connection: &Connection, outcome: ReadingOutcome) -> Result<Changes, Fault> {
    let ReadingOutcome { site, started, finished, findings, seen, coverage, taken, portraits_kept } = outcome;
    let values = params![site, word::time(started), word::time(finished), word::json(&coverage)];
    let id = ReadingId(connection.query_row(PUT, values, |row| row.get(0))?);
    baselines::record(connection, &site, finished, &taken, portraits_kept)?;
    let changes = findings::record(connection, Author::Reading(id), &site, findings, &*seen, finished)?;
    let count = |step: Step| changes.of(step).count() as i64;
    let opened = count(Step::Opened) + count(Step::Reopened);
    connection.execute(COUNT, params![opened, count(Step::Fixed), id.0])?;
    Ok(changes)
}

/// The readings of a site that began since then, oldest first.
fn begun_since(connection: &Connection, site: &str, since: Timestamp) -> Result<Vec<ReadingRow>, Fault> {
    let mut statement = connection.prepare_cached(SINCE)?;
    statement.query_and_then(params![site, word::time(since)], read)?.collect()
}

fn read(row: &Row<'_>) -> Result<ReadingRow, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(ReadingRow {
        id: ReadingId(row.get("id")?),
        site: row.get("site")?,
        started: word::read_time(text("started")?)?,
        finished: word::read_time(text("ended")?)?,
        coverage: word::read_json(text("coverage")?)?,
        opened: row.get::<_, i64>("opened")? as u64,
        fixed: row.get::<_, i64>("fixed")? as u64,
    })
}
