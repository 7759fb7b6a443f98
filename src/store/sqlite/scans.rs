//! Scans: rows of the table `scan`.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};

use super::fault::Fault;
use crate::facts::Coverage;
use crate::score::ScoreSheet;
use crate::store::{NewScan, ScanId, ScanResult, ScanRow, ScanState, StoreError, word};

const BEGIN: &str = "INSERT INTO scan (site, home, rules_version, state, started)
    VALUES ($1, $2, $3, 'running', $4) RETURNING id";

const FINISH: &str = "UPDATE scan SET state = 'finished', ended = $1, coverage = $2, score = $3
    WHERE id = $4 AND state = 'running' RETURNING site";

const ABANDON: &str = "UPDATE scan SET state = 'abandoned', ended = $1 WHERE id = $2 AND state = 'running'";

const ONE: &str = "SELECT id, site, home, rules_version, state, started, ended, coverage, score FROM scan
    WHERE id = $1";

const LATEST: &str = "SELECT id, site, home, rules_version, state, started, ended, coverage, score FROM scan
    WHERE site = $1 ORDER BY id DESC LIMIT $2";

const BEFORE: &str = "SELECT id, site, home, rules_version, state, started, ended, coverage, score FROM scan
    WHERE site = $1 AND id < $2 ORDER BY id DESC LIMIT $3";

const RUNNING: &str = "SELECT id, site, home, rules_version, state, started, ended, coverage, score FROM scan
    WHERE site = $1 AND state = 'running'";

const FINISHED: &str = "SELECT id FROM scan WHERE site = $1 AND state = 'finished' ORDER BY id";

pub(super) fn begin(connection: &Connection, scan: &NewScan) -> Result<ScanId, Fault> {
    if let Some(running) = running(connection, &scan.site)? {
        return Err(StoreError::ScanRunning { site: running.site, scan: running.id }.into());
    }
    let values = params![scan.site, scan.home, scan.rules_version, word::time(scan.started)];
    Ok(ScanId(connection.query_row(BEGIN, values, |row| row.get(0))?))
}

/// Ends a scan with a result; returns its site.
pub(super) fn finish(
    connection: &Connection,
    scan: ScanId,
    at: Timestamp,
    coverage: &Coverage,
    score: &ScoreSheet,
) -> Result<String, Fault> {
    let values = params![word::time(at), word::json(coverage), word::json(score), scan.0];
    let site = connection.query_row(FINISH, values, |row| row.get(0)).optional()?;
    site.ok_or_else(|| StoreError::NotRunning { scan }.into())
}

pub(super) fn abandon(connection: &Connection, scan: ScanId, at: Timestamp) -> Result<(), Fault> {
    match connection.execute(ABANDON, params![word::time(at), scan.0])? {
        0 => Err(StoreError::NotRunning { scan }.into()),
        _ => Ok(()),
    }
}

pub(super) fn one(connection: &Connection, scan: ScanId) -> Result<Option<ScanRow>, Fault> {
    Ok(select(connection, ONE, &[&scan.0])?.pop())
}

pub(super) fn latest(connection: &Connection, site: &str, limit: u32) -> Result<Vec<ScanRow>, Fault> {
    select(connection, LATEST, &[&site, &limit])
}

pub(super) fn before(
    connection: &Connection,
    site: &str,
    before: Option<ScanId>,
    limit: u32,
) -> Result<Vec<ScanRow>, Fault> {
    select(connection, BEFORE, &[&site, &before.map_or(i64::MAX, |scan| scan.0), &limit])
}

pub(super) fn running(connection: &Connection, site: &str) -> Result<Option<ScanRow>, Fault> {
    Ok(select(connection, RUNNING, &[&site])?.pop())
}

pub(super) fn finished(connection: &Connection, site: &str) -> Result<Vec<ScanId>, Fault> {
    let mut statement = connection.prepare_cached(FINISHED)?;
    let numbers = statement.query_map([site], |row| row.get(0).map(ScanId))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

fn select(connection: &Connection, statement: &str, values: &[&dyn ToSql]) -> Result<Vec<ScanRow>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    statement.query_and_then(values, read)?.collect()
}

fn read(row: &Row<'_>) -> Result<ScanRow, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let state = match text("state")? {
        "running" => ScanState::Running,
        "abandoned" => ScanState::Abandoned { at: word::read_time(text("ended")?)? },
        "finished" => ScanState::Finished(Box::new(ScanResult {
            finished: word::read_time(text("ended")?)?,
            coverage: word::read_json(text("coverage")?)?,
            score: word::read_json(text("score")?)?,
        })),
        other => return Err(Fault::Damage(format!("{other:?} is no state of a scan"))),
    };
    Ok(ScanRow {
        id: ScanId(row.get("id")?),
        site: row.get("site")?,
        home: row.get("home")?,
        rules_version: row.get("rules_version")?,
        started: word::read_time(text("started")?)?,
        state,
    })
}
