//! Removing what is old.

use rusqlite::params;

use super::Sqlite;
use crate::ledger::hour_of;
use crate::store::upkeep::{Before, Pruned};
use crate::store::{StoreError, Upkeep, word};

impl Upkeep for Sqlite {
    fn prune(&self, before: &Before) -> Result<Pruned, StoreError> {
        let before = *before;
        self.writer.run(move |transaction| {
            let letters = word::time(before.letters);
            transaction.execute(
                "DELETE FROM delivery WHERE letter IN (SELECT id FROM letter WHERE closed < $1)",
                params![letters],
            )?;
            Ok(Pruned {
                visits: transaction
                    .execute("DELETE FROM visit_hour WHERE hour < $1", params![hour_of(before.visits)])?,
                letters: transaction.execute("DELETE FROM letter WHERE closed < $1", params![letters])?,
                readings: transaction.execute(
                    "DELETE FROM reading WHERE ended < $1 AND opened = 0 AND fixed = 0
                        AND NOT EXISTS (SELECT 1 FROM life WHERE life.reading = reading.id)",
                    params![word::time(before.readings)],
                )?,
            })
        })
    }
}
