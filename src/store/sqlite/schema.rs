//! The schema: numbered migrations, and how far a file has come (`user_version`).

use rusqlite::{Connection, TransactionBehavior};

use super::fault::Fault;

/// Every migration, in order. One that has been released is never changed; what comes later is a file of its own.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_scans_and_findings.sql"),
    include_str!("../migrations/0002_sightings.sql"),
    include_str!("../migrations/0003_basis_and_entries.sql"),
    include_str!("../migrations/0004_external_hosts.sql"),
    include_str!("../migrations/0005_baselines.sql"),
    include_str!("../migrations/0006_readings.sql"),
    include_str!("../migrations/0007_accounts.sql"),
    include_str!("../migrations/0008_ledger.sql"),
    include_str!("../migrations/0009_ipv6.sql"),
    include_str!("../migrations/0010_outbox.sql"),
    include_str!("../migrations/0011_incidents.sql"),
    include_str!("../migrations/0012_retention.sql"),
    include_str!("../migrations/0013_registers.sql"),
    include_str!("../migrations/0014_workflow.sql"),
    include_str!("../migrations/0015_ipv6_visits.sql"),
    include_str!("../migrations/0016_rechecks.sql"),
    include_str!("../migrations/0017_withdrawn_exclusions.sql"),
    include_str!("../migrations/0018_channel_pauses.sql"),
    include_str!("../migrations/0019_pictures.sql"),
    include_str!("../migrations/0020_papers.sql"),
    include_str!("../migrations/0021_revoked_approvals.sql"),
];

/// Brings the schema up to date.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), Fault> {
    let found = version(connection)?;
    if found > known() {
        return Err(Fault::Newer { found, known: known() });
    }
    for (number, statements) in (1..).zip(MIGRATIONS).skip(found as usize) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(statements)?;
        transaction.pragma_update(None, "user_version", number)?;
        transaction.commit()?;
    }
    Ok(())
}

/// Makes sure that the schema is the one read here, where nothing may be changed.
pub(super) fn require(connection: &Connection) -> Result<(), Fault> {
    let (found, known) = (version(connection)?, known());
    match found.cmp(&known) {
        std::cmp::Ordering::Less => Err(Fault::Older { found, known }),
        std::cmp::Ordering::Equal => Ok(()),
        std::cmp::Ordering::Greater => Err(Fault::Newer { found, known }),
    }
}

pub(super) fn known() -> u32 {
    MIGRATIONS.len() as u32
}

pub(super) fn version(connection: &Connection) -> Result<u32, Fault> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_listed_and_numbered() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/migrations");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names.len(), MIGRATIONS.len(), "{names:?}");
        for (number, name) in (1..).zip(&names) {
            assert!(name.starts_with(&format!("{number:04}_")), "{name} should be number {number}");
        }
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        migrate(&mut connection).unwrap();
        assert_eq!(version(&connection).unwrap(), known());
    }
}
