//! Time that does not count: rows of the tables `exclusion` and `withdrawal`.

use rusqlite::{Connection, Row, params};

use super::fault::Fault;
use super::{Readers, Sqlite};
use crate::contract::{Exclusion, ExclusionKind, Origin, Withdrawal};
use crate::ledger::Span;
use crate::store::{Action, ExclusionReader, Exclusions, NewExclusion, StoreError, word};

const INSERT: &str = "INSERT INTO exclusion (site, began, ended, kind, reason, author, approved_by, at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id";
const OF_SITE: &str = "SELECT id, began, ended, kind, exclusion.reason AS reason, exclusion.author AS author, \
                       approved_by, exclusion.at AS at, withdrawal.at AS withdrawn, withdrawal.author AS withdrawer, \
                       withdrawal.reason AS why FROM exclusion \
                       LEFT JOIN withdrawal ON withdrawal.exclusion = exclusion.id WHERE site = $1 ORDER BY id";
const WITHDRAW: &str = "INSERT INTO withdrawal (exclusion, at, author, reason) VALUES ($1, $2, $3, $4) \
                        ON CONFLICT (exclusion) DO NOTHING";

impl Exclusions for Sqlite {
    fn exclude(&self, exclusion: &NewExclusion, note: Option<&Action>) -> Result<Exclusion, StoreError> {
        let exclusion = exclusion.clone();
        self.noted(note, move |transaction| {
            let NewExclusion { site, span, kind, reason, author, approved_by, at } = exclusion;
            let (began, ended) = (word::time(span.start()), word::time(span.end()));
            let values =
                params![site, began, ended, kind.word(), reason, author, approved_by, word::time(at)];
            let number = transaction.query_row(INSERT, values, |row| row.get(0))?;
            let origin = Origin::Entered { number, at };
            Ok(Exclusion { origin, span, kind, reason, author, approved_by, withdrawn: None })
        })
    }

    fn withdraw_exclusion(
        &self,
        site: &str,
        number: i64,
        withdrawal: &Withdrawal,
        note: Option<&Action>,
    ) -> Result<Exclusion, StoreError> {
        let (site, withdrawal) = (site.to_owned(), withdrawal.clone());
        self.noted(note, move |transaction| {
            let find =
                || Ok::<_, Fault>(of_site(transaction, &site)?.into_iter().find(|one| is(one, number)));
            if find()?.is_none() {
                return Err(StoreError::NoSuchExclusion { exclusion: number, site: site.clone() }.into());
            }
            let Withdrawal { at, author, reason } = withdrawal;
            transaction.execute(WITHDRAW, params![number, word::time(at), author, reason])?;
            Ok(find()?.expect("it was there one statement before"))
        })
    }
}

/// Whether an exclusion has this number.
fn is(exclusion: &Exclusion, wanted: i64) -> bool {
    matches!(exclusion.origin, Origin::Entered { number, .. } if number == wanted)
}

impl ExclusionReader for Sqlite {
    fn exclusions(&self, site: &str) -> Result<Vec<Exclusion>, StoreError> {
        self.readers.exclusions(site)
    }
}

impl ExclusionReader for Readers {
    fn exclusions(&self, site: &str) -> Result<Vec<Exclusion>, StoreError> {
        self.run(|connection| of_site(connection, site))
    }
}

fn of_site(connection: &Connection, site: &str) -> Result<Vec<Exclusion>, Fault> {
    connection.prepare_cached(OF_SITE)?.query_and_then([site], read)?.collect()
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
        withdrawn: withdrawn(row)?,
    })
}

fn withdrawn(row: &Row<'_>) -> Result<Option<Withdrawal>, Fault> {
    let Some(at) = row.get::<_, Option<String>>("withdrawn")? else { return Ok(None) };
    let (author, reason) = (row.get("withdrawer")?, row.get("why")?);
    Ok(Some(Withdrawal { at: word::read_time(&at)?, author, reason }))
}
