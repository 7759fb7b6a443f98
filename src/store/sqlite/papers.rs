//! Documents: rows of the tables `paper` and `hand_in`.

use rusqlite::{Connection, Row, params};

use super::conditions::Conditions;
use super::fault::Fault;
use super::{Readers, Sqlite, outbox};
use crate::contract::Withdrawal;
use crate::incident::IncidentId;
use crate::paper::Kind;
use crate::store::papers::{
    HandIn, Mailing, Matter, NewHandIn, NewPaper, Paper, PaperFilter, PaperId, PaperReader, Papers,
};
use crate::store::{Action, StoreError, word};

const KEEP: &str = "INSERT INTO paper (site, kind, period, thing, incident, made, files)
    VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id";

const ABOUT: &str = "SELECT * FROM paper WHERE site = $1 AND kind = $2 AND period = $3 AND thing = $4";

const HAND_IN: &str = "INSERT INTO hand_in
    (site, kind, period, thing, at, by_whom, to_whom, sha256, note, entered, entered_by)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id";

const WITHDRAW: &str = "UPDATE hand_in SET withdrawn = $1, withdrawn_by = $2, withdrawn_reason = $3
    WHERE id = $4 AND withdrawn IS NULL";

impl Papers for Sqlite {
    fn keep_paper(&self, paper: &NewPaper, mailing: Mailing) -> Result<Paper, StoreError> {
        let new = paper.clone();
        self.writer.run(move |transaction| {
            if let Some(known) = about(transaction, &new.matter)? {
                return Ok(known);
            }
            let NewPaper { matter, incident, made, files } = new;
            let [site, kind, period, thing] = columns(&matter);
            let (incident_id, at) = (incident.map(|incident| incident.0), word::time(made));
            let values = params![site, kind, period, thing, incident_id, at, word::json(&files)];
            let id = PaperId(transaction.query_row(KEEP, values, |row| row.get(0))?);
            let paper = Paper { id, matter, incident, made, files };
            outbox::put(transaction, &mailing(&paper), made)?;
            Ok(paper)
        })
    }

    fn hand_in(&self, document: &NewHandIn, note: Option<&Action>) -> Result<HandIn, StoreError> {
        let what = document.clone();
        self.noted(note, move |transaction| {
            let NewHandIn { matter, at, by, to, sha256, note: said, entered, entered_by } = &what;
            let [site, kind, period, thing] = columns(matter);
            let (at, entered) = (word::time(*at), word::time(*entered));
            let values = params![site, kind, period, thing, at, by, to, sha256, said, entered, entered_by];
            let number = transaction.query_row(HAND_IN, values, |row| row.get(0))?;
            Ok(HandIn { number, what, withdrawn: None })
        })
    }

    fn withdraw_document(
        &self,
        site: &str,
        number: i64,
        withdrawal: &Withdrawal,
        note: Option<&Action>,
    ) -> Result<HandIn, StoreError> {
        let (site, withdrawal) = (site.to_owned(), withdrawal.clone());
        self.noted(note, move |transaction| {
            let Withdrawal { at, author: by, reason } = &withdrawal;
            transaction.execute(WITHDRAW, params![word::time(*at), by, reason, number])?;
            let known = of_site(transaction, &site)?.into_iter().find(|known| known.number == number);
            known.ok_or_else(|| StoreError::NoSuchHandIn { number, site }.into())
        })
    }
}

impl PaperReader for Sqlite {
    fn papers(&self, filter: &PaperFilter) -> Result<Vec<Paper>, StoreError> {
        self.readers.papers(filter)
    }

    fn paper(&self, id: PaperId) -> Result<Option<Paper>, StoreError> {
        self.readers.paper(id)
    }

    fn paper_about(&self, matter: &Matter) -> Result<Option<Paper>, StoreError> {
        self.readers.paper_about(matter)
    }

    fn handed_in(&self, site: &str) -> Result<Vec<HandIn>, StoreError> {
        self.readers.handed_in(site)
    }
}

impl PaperReader for Readers {
    fn papers(&self, filter: &PaperFilter) -> Result<Vec<Paper>, StoreError> {
        self.run(|connection| {
            let mut wanted = Conditions::default();
            wanted.among_any("site", filter.site.iter().cloned().collect());
            wanted.among_any("kind", filter.kind.iter().map(|kind| kind.word()).collect());
            let limit = wanted.parameter(filter.limit.map_or(i64::MAX, i64::from));
            let statement =
                format!("SELECT * FROM paper WHERE {} ORDER BY id DESC LIMIT {limit}", wanted.text());
            connection.prepare_cached(&statement)?.query_and_then(&*wanted.values(), read)?.collect()
        })
    }

    fn paper(&self, id: PaperId) -> Result<Option<Paper>, StoreError> {
        self.run(|connection| {
            let mut statement = connection.prepare_cached("SELECT * FROM paper WHERE id = $1")?;
            statement.query_and_then([id.0], read)?.next().transpose()
        })
    }

    fn paper_about(&self, matter: &Matter) -> Result<Option<Paper>, StoreError> {
        self.run(|connection| about(connection, matter))
    }

    fn handed_in(&self, site: &str) -> Result<Vec<HandIn>, StoreError> {
        self.run(|connection| of_site(connection, site))
    }
}

/// Site, kind, period and thing, as their columns have them.
fn columns(matter: &Matter) -> [String; 4] {
    let Matter { site, kind, period, interval } = matter;
    let thing = interval.map(|interval| interval.to_string()).unwrap_or_default();
    [site.clone(), kind.word().to_owned(), period.to_string(), thing]
}

fn about(connection: &Connection, matter: &Matter) -> Result<Option<Paper>, Fault> {
    let mut statement = connection.prepare_cached(ABOUT)?;
    statement.query_and_then(columns(matter), read)?.next().transpose()
}

fn of_site(connection: &Connection, site: &str) -> Result<Vec<HandIn>, Fault> {
    let mut statement = connection.prepare_cached("SELECT * FROM hand_in WHERE site = $1 ORDER BY id")?;
    statement.query_and_then([site], read_hand_in)?.collect()
}

fn read(row: &Row<'_>) -> Result<Paper, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(Paper {
        id: PaperId(row.get("id")?),
        matter: read_matter(row)?,
        incident: row.get::<_, Option<i64>>("incident")?.map(IncidentId),
        made: word::read_time(text("made")?)?,
        files: word::read_json(text("files")?)?,
    })
}

fn read_matter(row: &Row<'_>) -> Result<Matter, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(Matter {
        site: row.get("site")?,
        kind: word::read_word(text("kind")?, &Kind::ALL, Kind::word)?,
        period: word::read_parsed(text("period")?)?,
        interval: match text("thing")? {
            "" => None,
            number => Some(word::read_parsed(number)?),
        },
    })
}

fn read_hand_in(row: &Row<'_>) -> Result<HandIn, Fault> {
    let time = |column: &str| -> Result<_, Fault> {
        let text = row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?;
        Ok(word::read_time(text)?)
    };
    let withdrawn: Option<String> = row.get("withdrawn")?;
    Ok(HandIn {
        number: row.get("id")?,
        what: NewHandIn {
            matter: read_matter(row)?,
            at: time("at")?,
            by: row.get("by_whom")?,
            to: row.get("to_whom")?,
            sha256: row.get("sha256")?,
            note: row.get("note")?,
            entered: time("entered")?,
            entered_by: row.get("entered_by")?,
        },
        withdrawn: match withdrawn {
            None => None,
            Some(at) => Some(Withdrawal {
                at: word::read_time(&at)?,
                author: row.get("withdrawn_by")?,
                reason: row.get("withdrawn_reason")?,
            }),
        },
    })
}
