//! Lists in pages: by the numbers of their rows.

use rusqlite::{Connection, OptionalExtension as _};

use super::{Sqlite, fault::Fault, findings, scans};
use crate::finding::Fingerprint;
use crate::life::Reported;
use crate::store::{Filter, Paging, ScanId, ScanRow, StoreError};

const SITE: &str = "SELECT site FROM finding WHERE fingerprint = $1";

impl Paging for Sqlite {
    fn findings_after(&self, filter: &Filter, after: i64) -> Result<Vec<(i64, Reported)>, StoreError> {
        self.readers.run(|connection| findings_after(connection, filter, after))
    }

    fn finding_with_site(&self, finding: &Fingerprint) -> Result<Option<(String, Reported)>, StoreError> {
        self.readers.run(|connection| {
            let site: Option<String> =
                connection.prepare_cached(SITE)?.query_row([&finding.0], |row| row.get(0)).optional()?;
            let row = findings::one(connection, finding)?;
            Ok(site.zip(row.map(|row| row.reported)))
        })
    }

    fn scans_before(
        &self,
        site: &str,
        before: Option<ScanId>,
        limit: u32,
    ) -> Result<Vec<ScanRow>, StoreError> {
        self.readers.run(|connection| scans::before(connection, site, before, limit))
    }
}

fn findings_after(
    connection: &Connection,
    filter: &Filter,
    after: i64,
) -> Result<Vec<(i64, Reported)>, Fault> {
    let mut wanted = findings::wanted(filter);
    let after = wanted.parameter(after);
    wanted.add(format!("id > {after}"));
    let limit = wanted.parameter(filter.limit.map_or(i64::MAX, i64::from));
    let statement = format!(
        "SELECT id, {} FROM finding WHERE {} ORDER BY id LIMIT {limit}",
        findings::COLUMNS,
        wanted.text()
    );
    let mut statement = connection.prepare_cached(&statement)?;
    let rows = statement
        .query_and_then(&*wanted.values(), |row| Ok((row.get("id")?, findings::read(row)?.reported)))?;
    rows.collect()
}
