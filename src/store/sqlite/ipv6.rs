//! Assessments of IPv6 support: rows of the table `ipv6_assessment`.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::fault::Fault;
use super::{Readers, Sqlite};
use crate::ipv6::Assessment;
use crate::store::{Ipv6, Ipv6Reader, StoreError, word};

const PUT: &str = "INSERT INTO ipv6_assessment (site, started, rules_version, body) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (site, started) DO UPDATE SET rules_version = $3, body = $4";

const LAST: &str = "SELECT started, body FROM ipv6_assessment WHERE site = $1 ORDER BY started DESC LIMIT $2";

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
}

impl Ipv6Reader for Sqlite {
    fn assessments(&self, site: &str, limit: u32) -> Result<Vec<(Timestamp, Assessment)>, StoreError> {
        self.readers.assessments(site, limit)
    }
}

impl Ipv6Reader for Readers {
    fn assessments(&self, site: &str, limit: u32) -> Result<Vec<(Timestamp, Assessment)>, StoreError> {
        self.run(|connection| last(connection, site, limit))
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
