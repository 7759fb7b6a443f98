//! What key pages look like: rows of the table `baseline`.

use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use super::fault::Fault;
use crate::baseline::{Approval, Baseline, Baselines, Course, Portrait, Standing, Taken};
use crate::store::{StoreError, word};

/// The form of the portraits written here. A newer one is refused.
const VERSION: u32 = 1;

/// zstd's own default: a portrait is mostly hashes, which nothing makes smaller.
const LEVEL: i32 = 3;

const ALL: &str =
    "SELECT page, address, standing, approved_by, approved_at, seen, version, body FROM baseline
    WHERE site = $1 ORDER BY id";

const LATEST: &str = "SELECT approved_by, approved_at FROM baseline
    WHERE site = $1 AND page = $2 AND standing = 'good' ORDER BY id DESC LIMIT 1";

const ADD: &str =
    "INSERT INTO baseline (site, page, address, standing, approved_by, approved_at, seen, version, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

const NOTHING_WAITS: &str = "DELETE FROM baseline WHERE site = $1 AND page = $2 AND standing = 'waiting'";

const FORGET: &str = "DELETE FROM baseline WHERE site = $1 AND page = $2";

const TRIM: &str = "DELETE FROM baseline WHERE site = $1 AND page = $2 AND standing = 'good' AND id NOT IN (
    SELECT id FROM baseline WHERE site = $1 AND page = $2 AND standing = 'good' ORDER BY id DESC LIMIT $3)";

const ACCEPT: &str =
    "UPDATE baseline SET standing = 'good' WHERE site = $1 AND page = $2 AND standing = 'waiting'";

const APPROVE: &str = "UPDATE baseline SET approved_by = $1, approved_at = $2 WHERE id = (
    SELECT max(id) FROM baseline WHERE site = $3 AND page = $4 AND standing = 'good')";

/// The portraits of a site.
pub(super) fn all(connection: &Connection, site: &str) -> Result<Baselines, Fault> {
    let mut statement = connection.prepare_cached(ALL)?;
    let rows = statement.query_and_then([site], read)?;
    Ok(Baselines::of(rows.collect::<Result<Vec<_>, _>>()?))
}

/// Records what a scan has seen; keeps so many good portraits of each page.
pub(super) fn record(
    connection: &Connection,
    site: &str,
    seen: Timestamp,
    taken: &[Taken],
    kept: u32,
) -> Result<(), Fault> {
    for Taken { page, address, course } in taken {
        let (portrait, standing) = match course {
            Course::Forget => {
                connection.prepare_cached(FORGET)?.execute(params![site, page])?;
                continue;
            }
            Course::Same => {
                connection.prepare_cached(NOTHING_WAITS)?.execute(params![site, page])?;
                continue;
            }
            Course::Follow(portrait) => (portrait, Standing::Good),
            Course::Wait(portrait) => (portrait, Standing::Waiting),
        };
        connection.prepare_cached(NOTHING_WAITS)?.execute(params![site, page])?;
        let approval = match standing {
            Standing::Good => approval(connection, site, page)?,
            Standing::Waiting => (None, None),
        };
        let body = zstd::encode_all(word::json(portrait).as_bytes(), LEVEL)
            .map_err(|error| Fault::Damage(format!("a portrait cannot be compressed: {error}")))?;
        connection.prepare_cached(ADD)?.execute(params![
            site,
            page,
            address,
            written(standing),
            approval.0,
            approval.1,
            word::time(seen),
            VERSION,
            body
        ])?;
        connection.prepare_cached(TRIM)?.execute(params![site, page, kept])?;
    }
    Ok(())
}

/// Makes pages good as they are, on somebody's word.
pub(super) fn accept(
    connection: &Connection,
    site: &str,
    pages: &[String],
    approval: &Approval,
    kept: u32,
) -> Result<(), Fault> {
    for page in pages {
        connection.prepare_cached(ACCEPT)?.execute(params![site, page])?;
        let values = params![approval.by, word::time(approval.at), site, page];
        connection.prepare_cached(APPROVE)?.execute(values)?;
        connection.prepare_cached(TRIM)?.execute(params![site, page, kept])?;
    }
    Ok(())
}

type ApprovalColumns = (Option<String>, Option<String>);

fn approval(connection: &Connection, site: &str, page: &str) -> Result<ApprovalColumns, Fault> {
    let mut statement = connection.prepare_cached(LATEST)?;
    let mut rows = statement.query(params![site, page])?;
    Ok(match rows.next()? {
        Some(row) => (row.get(0)?, row.get(1)?),
        None => (None, None),
    })
}

fn read(row: &Row<'_>) -> Result<Baseline, Fault> {
    let page: String = row.get("page")?;
    let (by, at): ApprovalColumns = (row.get("approved_by")?, row.get("approved_at")?);
    let approval = match (by, at) {
        (Some(by), Some(at)) => Some(Approval { by, at: word::read_time(&at)? }),
        _ => None,
    };
    Ok(Baseline {
        portrait: portrait(row, &page)?,
        address: row.get("address")?,
        standing: match row.get_ref("standing")?.as_str().map_err(rusqlite::Error::from)? {
            "good" => Standing::Good,
            "waiting" => Standing::Waiting,
            other => return Err(Fault::Damage(format!("{other:?} is no standing of a baseline"))),
        },
        approval,
        seen: word::read_time(&row.get::<_, String>("seen")?)?,
        page,
    })
}

fn portrait(row: &Row<'_>, page: &str) -> Result<Portrait, Fault> {
    let (version, body): (u32, Vec<u8>) = (row.get("version")?, row.get("body")?);
    if version > VERSION {
        return Err(
            StoreError::NewerBaseline { page: page.to_owned(), found: version, known: VERSION }.into()
        );
    }
    let unreadable = |detail: String| Fault::Damage(format!("the baseline of {page}: {detail}"));
    let body = zstd::decode_all(&body[..]).map_err(|error| unreadable(error.to_string()))?;
    serde_json::from_slice(&body).map_err(|error| unreadable(error.to_string()))
}

fn written(standing: Standing) -> &'static str {
    match standing {
        Standing::Good => "good",
        Standing::Waiting => "waiting",
    }
}
