//! Re-checks: rows of the table `recheck`.

use rusqlite::{Connection, params};

use super::fault::Fault;
use super::{Sqlite, findings, hosts};
use crate::diff::{Changes, Step};
use crate::store::{Author, RecheckId, RecheckOutcome, Rechecks, StoreError, word};

const PUT: &str = "INSERT INTO recheck (site, started, ended, hosts, opened, fixed)
    VALUES ($1, $2, $3, $4, 0, 0) RETURNING id";

const COUNT: &str = "UPDATE recheck SET opened = $1, fixed = $2 WHERE id = $3";

impl Rechecks for Sqlite {
    fn finish_recheck(&self, outcome: RecheckOutcome) -> Result<Changes, StoreError> {
        self.writer.run(move |transaction| record(transaction, outcome))
    }
}

/// Records a re-check, the hosts it has looked at and what it found.
fn record(connection: &Connection, outcome: RecheckOutcome) -> Result<Changes, Fault> {
    let RecheckOutcome { site, started, finished, hosts, findings, seen } = outcome;
    let values = params![site, word::time(started), word::time(finished), hosts.len() as i64];
    let id = RecheckId(connection.query_row(PUT, values, |row| row.get(0))?);
    hosts::put(connection, &site, &hosts)?;
    let changes = findings::record(connection, Author::Recheck(id), &site, findings, &*seen, finished)?;
    let count = |step: Step| changes.of(step).count() as i64;
    let opened = count(Step::Opened) + count(Step::Reopened);
    connection.execute(COUNT, params![opened, count(Step::Fixed), id.0])?;
    Ok(changes)
}
