//! What scores were computed from: rows of the table `basis`.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::fault::Fault;
use crate::score::Basis;
use crate::store::{ScanId, StoreError, word};

/// The form of the rows written here. An older one that cannot be read any more gets its own reader; a newer one is
/// refused.
const VERSION: u32 = 1;

/// zstd's own default: three times as fast as the next better one.
const LEVEL: i32 = 3;

const INSERT: &str = "INSERT INTO basis (scan, version, body) VALUES ($1, $2, $3)";

const ONE: &str = "SELECT version, body FROM basis WHERE scan = $1";

pub(super) fn keep(connection: &Connection, scan: ScanId, basis: &Basis) -> Result<(), Fault> {
    let body = zstd::encode_all(word::json(basis).as_bytes(), LEVEL)
        .map_err(|error| Fault::Damage(format!("a row cannot be compressed: {error}")))?;
    connection.prepare_cached(INSERT)?.execute(params![scan.0, VERSION, body])?;
    Ok(())
}

pub(super) fn of(connection: &Connection, scan: ScanId) -> Result<Option<Basis>, Fault> {
    let mut statement = connection.prepare_cached(ONE)?;
    let row = statement.query_row([scan.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((version, body)): Option<(u32, Vec<u8>)> = row else { return Ok(None) };
    if version > VERSION {
        return Err(StoreError::NewerBasis { scan, found: version, known: VERSION }.into());
    }
    let unreadable = |detail: String| Fault::Damage(format!("what scan {scan} was scored by: {detail}"));
    let body = zstd::decode_all(&body[..]).map_err(|error| unreadable(error.to_string()))?;
    serde_json::from_slice(&body).map(Some).map_err(|error| unreadable(error.to_string()))
}
