//! The hosts a site links to: rows of the tables `external_host` and `host_approval`.

use rusqlite::{Connection, Row, params};

use super::fault::Fault;
use crate::inventory::{ExternalHost, Inventory, Trusted};
use crate::store::word;

/// Everything that a row says stands in its body, too; the columns are for whoever looks at the record with SQL.
const HOSTS: &str = "SELECT body FROM external_host WHERE site = $1 ORDER BY host";

const PUT: &str = "INSERT INTO external_host (site, host, class, state, since, first_seen, last_seen, body)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (site, host) DO UPDATE SET class = excluded.class,
    state = excluded.state, since = excluded.since, last_seen = excluded.last_seen, body = excluded.body";

const APPROVALS: &str = "SELECT host, at, author, note FROM host_approval WHERE site = $1 ORDER BY id";

const APPROVE: &str = "INSERT INTO host_approval (site, host, at, author, note) VALUES ($1, $2, $3, $4, $5)";

/// Everything known of the hosts of a site.
pub(super) fn all(connection: &Connection, site: &str) -> Result<Inventory, Fault> {
    let mut hosts = connection.prepare_cached(HOSTS)?;
    let hosts = hosts.query_and_then([site], |row| {
        Ok::<_, Fault>(word::read_json(row.get_ref("body")?.as_str().map_err(rusqlite::Error::from)?)?)
    })?;
    let mut approvals = connection.prepare_cached(APPROVALS)?;
    let approvals = approvals.query_and_then([site], approval)?;
    Ok(Inventory { hosts: hosts.collect::<Result<_, _>>()?, approvals: approvals.collect::<Result<_, _>>()? })
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

/// Records that a person vouches for a host.
pub(super) fn approve(connection: &Connection, site: &str, approval: &Trusted) -> Result<(), Fault> {
    let Trusted { host, at, author, note } = approval;
    connection.execute(APPROVE, params![site, host, word::time(*at), author, note])?;
    Ok(())
}

fn approval(row: &Row<'_>) -> Result<Trusted, Fault> {
    Ok(Trusted {
        host: row.get("host")?,
        at: word::read_time(row.get_ref("at")?.as_str().map_err(rusqlite::Error::from)?)?,
        author: row.get("author")?,
        note: row.get("note")?,
    })
}
