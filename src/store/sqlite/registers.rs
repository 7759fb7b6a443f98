//! Registers: rows of the table `register`.

use rusqlite::{Row, params};

use super::Sqlite;
use super::fault::Fault;
use crate::registers::Register;
use crate::store::{Action, NewRegister, Registers, StoreError, word};

const PUT: &str = "INSERT INTO register (site, kind, at, author, file, body) VALUES ($1, $2, $3, $4, $5, $6)
    RETURNING id";

const IN_FORCE: &str = "SELECT id, site, at, author, file, body FROM register
    WHERE id IN (SELECT max(id) FROM register GROUP BY site, kind) ORDER BY site, kind";

impl Registers for Sqlite {
    fn put_register(&self, register: &NewRegister, note: &Action) -> Result<Register, StoreError> {
        let register = register.clone();
        self.noted(Some(note), move |transaction| {
            let NewRegister { site, rows, file, author, at } = register;
            let values = params![site, rows.kind().word(), word::time(at), author, file, word::json(&rows)];
            let number = transaction.query_row(PUT, values, |row| row.get(0))?;
            Ok(Register { number, site, rows, file, author, at })
        })
    }

    fn registers(&self) -> Result<Vec<Register>, StoreError> {
        self.readers
            .run(|connection| connection.prepare_cached(IN_FORCE)?.query_and_then([], read)?.collect())
    }
}

fn read(row: &Row<'_>) -> Result<Register, Fault> {
    let text = |column: &str| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(Register {
        number: row.get("id")?,
        site: row.get("site")?,
        rows: word::read_json(text("body")?)?,
        file: row.get("file")?,
        author: row.get("author")?,
        at: word::read_time(text("at")?)?,
    })
}
