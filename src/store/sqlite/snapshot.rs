//! A copy of the record while it is written, and whether a record is sound.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::fault::Fault;
use super::schema;
use crate::store::{Soundness, StoreError};

/// Writes a copy of the record as it is at one moment. Whoever writes meanwhile goes on.
pub(super) fn copy(connection: &Connection, to: &Path) -> Result<(), Fault> {
    connection.execute("VACUUM INTO $1", [to.to_string_lossy()])?;
    Ok(())
}

/// Reads a whole record and says what is wrong with it.
pub(in crate::store) fn examine(path: &Path) -> Result<Soundness, StoreError> {
    if !path.exists() {
        return Err(StoreError::Missing { path: path.to_owned() });
    }
    let look = || -> Result<Soundness, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        let mut problems = Vec::new();
        for pragma in ["PRAGMA integrity_check(20)", "PRAGMA foreign_key_check"] {
            let mut statement = connection.prepare(pragma)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let said: String = row.get_ref(0)?.as_str().map_or_else(|_| String::new(), str::to_owned);
                if said != "ok" {
                    problems.push(format!("{}: {said}", pragma.trim_start_matches("PRAGMA ")));
                }
            }
        }
        let (schema, known) = (schema::version(&connection)?, schema::known());
        Ok(Soundness { problems, schema, known })
    };
    look().map_err(|fault| fault.at(path))
}
