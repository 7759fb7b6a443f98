//! IPv6 support: rows of the tables `ipv6_assessment` and `ipv6_visit`.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::fault::Fault;
use super::{Readers, Sqlite};
use crate::ipv6::{Assessment, Visit};
use crate::store::{Ipv6, Ipv6Reader, StoreError, word};

const PUT: &str = "INSERT INTO ipv6_assessment (site, started, rules_version, body) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (site, started) DO UPDATE SET rules_version = $3, body = $4";

const LAST: &str = "SELECT started, body FROM ipv6_assessment WHERE site = $1 ORDER BY started DESC LIMIT $2";

const PUT_VISIT: &str = "INSERT INTO ipv6_visit (site, at, body) VALUES ($1, $2, $3)";

const FORGET_VISITS: &str = "DELETE FROM ipv6_visit WHERE site = $1 AND at < $2";

const VISITS: &str = "SELECT body FROM ipv6_visit WHERE site = $1 AND at >= $2 ORDER BY at, rowid";

impl Ipv6 for Sqlite {
    fn put_assessment(&self, site: &str, assessment: &Assessment) -> Result<(), StoreError> {
        let started = word::time(assessment.measured.started);
        let (site, version, body) =
            (site.to_owned(), assessment.rules_version.clone(), word::json(assessment));
        self.writer.run(move |transaction| {
            transaction.execute(PUT, params![site, started, version, body])?;
            Ok(())
        })
    }

    fn put_ipv6_visits(&self, site: &str, visits: Vec<Visit>, forget: Timestamp) -> Result<(), StoreError> {
        let site = site.to_owned();
        self.writer.run(move |transaction| {
            let mut put = transaction.prepare_cached(PUT_VISIT)?;
            for visit in &visits {
                put.execute(params![site, word::time(visit.at), word::json(visit)])?;
            }
            transaction.execute(FORGET_VISITS, params![site, word::time(forget)])?;
            Ok(())
        })
    }
}

impl Ipv6Reader for Sqlite {
    fn assessments(&self, site: &str, limit: u32) -> Result<Vec<(Timestamp, Assessment)>, StoreError> {
        self.readers.assessments(site, limit)
    }

    fn ipv6_visits(&self, site: &str, since: Timestamp) -> Result<Vec<Visit>, StoreError> {
        self.readers.ipv6_visits(site, since)
    }
}

impl Ipv6Reader for Readers {
    fn assessments(&self, site: &str, limit: u32) -> Result<Vec<(Timestamp, Assessment)>, StoreError> {
        self.run(|connection| last(connection, site, limit))
    }

    fn ipv6_visits(&self, site: &str, since: Timestamp) -> Result<Vec<Visit>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached(VISITS)?;
            let rows =
                statement.query_and_then(params![site, word::time(since)], |row| -> Result<_, Fault> {
                    Ok(word::read_json(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?)
                })?;
            rows.collect()
        })
    }
}

fn last(connection: &Connection, site: &str, limit: u32) -> Result<Vec<(Timestamp, Assessment)>, Fault> {
    let mut statement = connection.prepare_cached(LAST)?;
    let rows = statement.query_and_then(params![site, limit], |row| -> Result<_, Fault> {
        let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
        Ok((word::read_time(text("started")?)?, word::read_json(text("body")?)?))
    })?;
    rows.collect()
}
