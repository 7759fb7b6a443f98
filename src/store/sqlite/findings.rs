//! Findings and their life: rows of the tables `finding` and `life`.

use std::collections::HashSet;

use jiff::Timestamp;
use rusqlite::{Connection, Row, ToSql, params};

use super::conditions::Conditions;
use super::fault::Fault;
use crate::diff::{self, Changes, Decision, Sighted, Step, StoredFinding};
use crate::finding::{Finding, Fingerprint};
use crate::life::Reported;
use crate::store::{Author, Filter, ReadingId, RecheckId, ScanId, StoreError, Turn, word};

/// What [`read`] reads.
pub(super) const COLUMNS: &str = "fingerprint, page_key, state, since, until, first_seen, last_seen, body";

const UPSERT: &str = "INSERT INTO finding (fingerprint, site, page_key, check_id, severity, confidence, state,
        since, until, first_seen, last_seen, body, words)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
    ON CONFLICT (fingerprint) DO UPDATE SET page_key = excluded.page_key, severity = excluded.severity,
        confidence = excluded.confidence, state = excluded.state, since = excluded.since, until = excluded.until,
        last_seen = excluded.last_seen, body = excluded.body, words = excluded.words";

const DECIDE: &str = "UPDATE finding SET state = $1, since = $2, until = $3 WHERE fingerprint = $4";

const TURN: &str = "INSERT INTO life (fingerprint, at, before, after, scan, reading, recheck, actor, reason,
        until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

const HISTORY: &str = "SELECT at, before, after, scan, reading, recheck, actor, reason, until FROM life
    WHERE fingerprint = $1 ORDER BY id";

const TURNS: &str =
    "SELECT life.fingerprint AS fingerprint, at, before, after, scan, reading, recheck, actor, reason,
        life.until AS until
    FROM life JOIN finding ON finding.fingerprint = life.fingerprint
    WHERE finding.site = $1 AND at < $2 ORDER BY life.id";

/// Characters of each text that is searched for words. Nobody types more than the beginning of an address.
const WORDS_CHARS: usize = 160;

/// What of a finding is searched for words.
fn words(finding: &Finding) -> String {
    let texts = [
        Some(finding.page.as_str()),
        finding.target.as_deref(),
        Some(&finding.evidence),
        finding.proof.title.as_deref(),
    ];
    let cut = |text: &str| text.chars().take(WORDS_CHARS).flat_map(char::to_lowercase).collect::<String>();
    texts.into_iter().flatten().map(cut).collect::<Vec<_>>().join("\n")
}

/// Records what a scan, a reading or a re-check found on `site`, and says what has changed.
pub(super) fn record(
    connection: &Connection,
    author: Author,
    site: &str,
    found: Vec<Sighted>,
    seen: &dyn Fn(&StoredFinding) -> bool,
    at: Timestamp,
) -> Result<Changes, Fault> {
    let previous = remembered(connection, site, &found)?;
    let changes = diff::changes(previous, found, seen, at);
    for change in &changes.0 {
        if change.step != Step::Unseen {
            upsert(connection, site, &change.row)?;
        }
        // That something is still there is no turn in its life; `last_seen` says it.
        if matches!(change.step, Step::Opened | Step::Reopened | Step::Lapsed | Step::Fixed) {
            let after = change.row.reported.state;
            let turn = Turn {
                at,
                before: change.before,
                after,
                author: author.clone(),
                reason: String::new(),
                until: None,
            };
            append(connection, &change.row.reported.id, &turn)?;
        }
    }
    Ok(changes)
}

/// Records what a person has decided.
pub(super) fn decide(
    connection: &Connection,
    finding: &Fingerprint,
    decision: &Decision,
) -> Result<(), Fault> {
    let Some(mut row) = one(connection, finding)? else {
        return Err(StoreError::NoSuchFinding { id: finding.clone() }.into());
    };
    let before = row.reported.state;
    diff::decide(&mut row, decision)?;
    let after = row.reported.state;
    let until = row.until.map(word::time);
    connection.execute(DECIDE, params![word::life(after), word::time(row.since), until, finding.0])?;
    let turn = Turn {
        at: decision.at,
        before: Some(before),
        after,
        author: Author::Person(decision.actor.clone()),
        reason: decision.reason.clone(),
        until: row.until,
    };
    append(connection, finding, &turn)
}

/// Findings, worst first.
pub(super) fn list(connection: &Connection, filter: &Filter) -> Result<Vec<Reported>, Fault> {
    let mut wanted = wanted(filter);
    let limit = wanted.parameter(filter.limit.map_or(i64::MAX, i64::from));
    let statement = format!(
        "SELECT {COLUMNS} FROM finding WHERE {}
         ORDER BY severity DESC, confidence DESC, check_id, first_seen, id LIMIT {limit}",
        wanted.text()
    );
    let rows = select(connection, &statement, &wanted.values())?;
    Ok(rows.into_iter().map(|row| row.reported).collect())
}

/// The conditions of a filter, its limit left out.
pub(super) fn wanted(filter: &Filter) -> Conditions {
    let mut wanted = Conditions::default();
    if let Some(site) = &filter.site {
        wanted.among("site", [site.clone()]);
    }
    wanted.among_any("state", filter.states.iter().map(|state| word::life(*state)).collect());
    wanted.among_any("check_id", filter.checks.clone());
    if let Some(least) = filter.severity {
        let least = wanted.parameter(word::severity(least));
        wanted.add(format!("severity >= {least}"));
    }
    wanted
}

/// The life of a finding, oldest turn first.
pub(super) fn history(connection: &Connection, finding: &Fingerprint) -> Result<Vec<Turn>, Fault> {
    let mut statement = connection.prepare_cached(HISTORY)?;
    statement.query_and_then([&finding.0], read_turn)?.collect()
}

/// Every turn in the life of the findings of a site before `until`, oldest first.
pub(super) fn turns(
    connection: &Connection,
    site: &str,
    until: Timestamp,
) -> Result<Vec<(Fingerprint, Turn)>, Fault> {
    let mut statement = connection.prepare_cached(TURNS)?;
    let read = |row: &Row<'_>| Ok((Fingerprint(row.get("fingerprint")?), read_turn(row)?));
    statement.query_and_then(params![site, word::time(until)], read)?.collect()
}

/// What a scan of `site` is compared with: every finding that is not fixed, and the fixed ones that are back. The
/// other fixed ones, which only ever grow in number, stay on disk.
fn remembered(connection: &Connection, site: &str, found: &[Sighted]) -> Result<Vec<StoredFinding>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM finding WHERE site = $1 AND state <> 'fixed' ORDER BY id");
    let mut rows = select(connection, &statement, &[&site])?;
    let mut known: HashSet<Fingerprint> = rows.iter().map(|row| row.reported.id.clone()).collect();
    for sighted in found {
        if known.insert(sighted.id.clone()) {
            rows.extend(one(connection, &sighted.id)?);
        }
    }
    Ok(rows)
}

/// A finding by its identity.
pub(super) fn one(connection: &Connection, finding: &Fingerprint) -> Result<Option<StoredFinding>, Fault> {
    let statement = format!("SELECT {COLUMNS} FROM finding WHERE fingerprint = $1");
    Ok(select(connection, &statement, &[&finding.0])?.pop())
}

fn select(
    connection: &Connection,
    statement: &str,
    values: &[&dyn ToSql],
) -> Result<Vec<StoredFinding>, Fault> {
    let mut statement = connection.prepare_cached(statement)?;
    statement.query_and_then(values, read)?.collect()
}

/// A row that has [`COLUMNS`].
pub(super) fn read(row: &Row<'_>) -> Result<StoredFinding, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let until: Option<String> = row.get("until")?;
    Ok(StoredFinding {
        reported: Reported {
            id: Fingerprint(row.get("fingerprint")?),
            finding: word::read_json(text("body")?)?,
            first_seen: word::read_time(text("first_seen")?)?,
            last_seen: word::read_time(text("last_seen")?)?,
            state: word::read_life(text("state")?)?,
        },
        page_key: row.get("page_key")?,
        since: word::read_time(text("since")?)?,
        until: until.as_deref().map(word::read_time).transpose()?,
    })
}

fn read_turn(row: &Row<'_>) -> Result<Turn, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let before: Option<String> = row.get("before")?;
    let until: Option<String> = row.get("until")?;
    let (scan, reading, recheck) = (row.get("scan")?, row.get("reading")?, row.get("recheck")?);
    Ok(Turn {
        at: word::read_time(text("at")?)?,
        before: before.as_deref().map(word::read_life).transpose()?,
        after: word::read_life(text("after")?)?,
        author: match (scan, reading, recheck) {
            (Some(scan), ..) => Author::Scan(ScanId(scan)),
            (None, Some(reading), _) => Author::Reading(ReadingId(reading)),
            (None, None, Some(recheck)) => Author::Recheck(RecheckId(recheck)),
            (None, None, None) => Author::Person(row.get("actor")?),
        },
        reason: row.get("reason")?,
        until: until.as_deref().map(word::read_time).transpose()?,
    })
}

fn upsert(connection: &Connection, site: &str, row: &StoredFinding) -> Result<(), Fault> {
    let Reported { id, finding, first_seen, last_seen, state } = &row.reported;
    connection.prepare_cached(UPSERT)?.execute(params![
        id.0,
        site,
        row.page_key,
        finding.check,
        word::severity(finding.severity),
        word::confidence(finding.confidence),
        word::life(*state),
        word::time(row.since),
        row.until.map(word::time),
        word::time(*first_seen),
        word::time(*last_seen),
        word::json(finding),
        words(finding),
    ])?;
    Ok(())
}

fn append(connection: &Connection, finding: &Fingerprint, turn: &Turn) -> Result<(), Fault> {
    let (scan, reading, recheck, actor) = match &turn.author {
        Author::Scan(scan) => (Some(scan.0), None, None, None),
        Author::Reading(reading) => (None, Some(reading.0), None, None),
        Author::Recheck(recheck) => (None, None, Some(recheck.0), None),
        Author::Person(name) => (None, None, None, Some(name)),
    };
    connection.prepare_cached(TURN)?.execute(params![
        finding.0,
        word::time(turn.at),
        turn.before.map(word::life),
        word::life(turn.after),
        scan,
        reading,
        recheck,
        actor,
        turn.reason,
        turn.until.map(word::time),
    ])?;
    Ok(())
}
