//! Time that does not count: rows of the table `exclusion`.

use rusqlite::{Row, params};

use super::fault::Fault;
use super::{Readers, Sqlite};
use crate::contract::{Exclusion, ExclusionKind, Origin};
use crate::ledger::Span;
use crate::store::{ExclusionReader, Exclusions, NewExclusion, StoreError, word};

const INSERT: &str = "INSERT INTO exclusion (site, began, ended, kind, reason, author, approved_by, at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
const OF_SITE: &str = "SELECT id, began, ended, kind, reason, author, approved_by, at FROM exclusion \
                       WHERE site = $1 ORDER BY id";

impl Exclusions for Sqlite {
    fn exclude(&self, exclusion: &NewExclusion) -> Result<Exclusion, StoreError> {
        let exclusion = exclusion.clone();
        self.writer.run(move |transaction| {
            let NewExclusion { site, span, kind, reason, author, approved_by, at } = exclusion;
            let (began, ended) = (word::time(span.start()), word::time(span.end()));
            let values =
                params![site, began, ended, kind.word(), reason, author, approved_by, word::time(at)];
            let number = transaction.query_row(INSERT, values, |row| row.get(0))?;
            Ok(Exclusion { origin: Origin::Entered { number, at }, span, kind, reason, author, approved_by })
        })
    }
}

impl ExclusionReader for Sqlite {
    fn exclusions(&self, site: &str) -> Result<Vec<Exclusion>, StoreError> {
        self.readers.exclusions(site)
    }
}

impl ExclusionReader for Readers {
    fn exclusions(&self, site: &str) -> Result<Vec<Exclusion>, StoreError> {
        self.run(|connection| connection.prepare_cached(OF_SITE)?.query_and_then([site], read)?.collect())
    }
}

fn read(row: &Row<'_>) -> Result<Exclusion, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(Exclusion {
        origin: Origin::Entered { number: row.get("id")?, at: word::read_time(text("at")?)? },
        span: Span::new(word::read_time(text("began")?)?, word::read_time(text("ended")?)?),
        kind: word::read_word(text("kind")?, &ExclusionKind::ALL, ExclusionKind::word)?,
        reason: row.get("reason")?,
        author: row.get("author")?,
        approved_by: row.get("approved_by")?,
    })
}
