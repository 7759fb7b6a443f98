//! The hosts a site links to: rows of the tables `external_host` and `host_approval`.

use rusqlite::{Connection, Row, params};

use super::Sqlite;
use super::fault::Fault;
use crate::inventory::{ExternalHost, Inventory, Trust, Vouching};
use crate::store::{Action, Hosts, StoreError, word};

/// Everything that a row says stands in its body, too; the columns are for whoever looks at the record with SQL.
const HOSTS: &str = "SELECT body FROM external_host WHERE site = $1 ORDER BY host";

const PUT: &str = "INSERT INTO external_host (site, host, class, state, since, first_seen, last_seen, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (site, host) DO UPDATE SET class = excluded.class,
    state = excluded.state, since = excluded.since, last_seen = excluded.last_seen, body = excluded.body";

const VOUCHINGS: &str =
    "SELECT host, at, author, note, is_revoked, until FROM host_approval WHERE site = $1 ORDER BY id";

const VOUCH: &str = "INSERT INTO host_approval (site, host, at, author, note, is_revoked, until)
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

impl Hosts for Sqlite {
    fn vouch(&self, site: &str, vouching: &Vouching, note: Option<&Action>) -> Result<(), StoreError> {
        let (site, vouching) = (site.to_owned(), vouching.clone());
        self.noted(note, move |transaction| {
            let known = all(transaction, &site)?;
            let host = vouching.host.clone();
            if !known.hosts.iter().any(|met| met.host == host) {
                return Err(StoreError::NoSuchHost { site, host }.into());
            }
            let is_revocable = known.last_word(&host).is_some_and(|last| last.trust != Trust::Revoked);
            if vouching.trust == Trust::Revoked && !is_revocable {
                return Err(StoreError::NotApproved { site, host }.into());
            }
            append(transaction, &site, &vouching)
        })
    }
}

/// Everything known of the hosts of a site.
pub(super) fn all(connection: &Connection, site: &str) -> Result<Inventory, Fault> {
    let mut hosts = connection.prepare_cached(HOSTS)?;
    let hosts = hosts.query_and_then([site], |row| {
        Ok::<_, Fault>(word::read_json(row.get_ref("body")?.as_str().map_err(rusqlite::Error::from)?)?)
    })?;
    let mut vouchings = connection.prepare_cached(VOUCHINGS)?;
    let vouchings = vouchings.query_and_then([site], vouching)?;
    Ok(Inventory { hosts: hosts.collect::<Result<_, _>>()?, vouchings: vouchings.collect::<Result<_, _>>()? })
}

/// Puts the hosts that a scan met in the place of what was known of them.
pub(super) fn put(connection: &Connection, site: &str, hosts: &[ExternalHost]) -> Result<(), Fault> {
    let mut statement = connection.prepare_cached(PUT)?;
    for host in hosts {
        statement.execute(params![
            site,
            host.host,
            host.class,
            host.state.word(),
            host.since.to_string(),
            host.first_seen.to_string(),
            host.last_seen.to_string(),
            word::json(host)
        ])?;
    }
    Ok(())
}

fn append(connection: &Connection, site: &str, vouching: &Vouching) -> Result<(), Fault> {
    let Vouching { host, at, author, note, trust } = vouching;
    let (is_revoked, until) = match trust {
        Trust::Given(until) => (false, until.map(|day| day.to_string())),
        Trust::Revoked => (true, None),
    };
    connection
        .execute(VOUCH, params![site, host, word::time(*at), author, note, i64::from(is_revoked), until])?;
    Ok(())
}

fn vouching(row: &Row<'_>) -> Result<Vouching, Fault> {
    let until: Option<String> = row.get("until")?;
    let trust = match row.get::<_, i64>("is_revoked")? {
        0 => Trust::Given(until.map(|day| word::read_parsed(&day)).transpose()?),
        _ => Trust::Revoked,
    };
    Ok(Vouching {
        host: row.get("host")?,
        at: word::read_time(row.get_ref("at")?.as_str().map_err(rusqlite::Error::from)?)?,
        author: row.get("author")?,
        note: row.get("note")?,
        trust,
    })
}
