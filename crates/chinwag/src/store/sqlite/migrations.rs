//! Bringing a database to the present version: numbered SQL files, each applied once.
//!
//! The version is SQLite's `user_version`. It is set in the transaction of its migration, so a migration
//! is applied whole or not at all. The `application_id` tells a database of Chinwag from others.

use std::path::Path;

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, TransactionBehavior};

use super::open_error::OpenError;
use super::{instance, schema};
use crate::model::look_alikes::Look;

/// In order: the first brings a database from version 0 to 1. They are never edited once published.
const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("migrations/0001_foundation.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0002_streams.sql"), then: instance::make },
    Migration { sql: include_str!("migrations/0003_devices.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0004_keeping.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0005_old_names.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0006_roles_and_kinds.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0007_log.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0008_order.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0009_running_channels.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0010_ways_in.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0011_direct.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0012_people.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0013_lines_and_clearing.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0014_arrivals.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0015_wiping.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0016_reach_and_quiet.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0017_edits_and_reactions.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0018_mentions.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0019_pins_and_saved.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0020_invisible.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0021_threads.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0022_quotes.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0023_levels_and_activity.sql"), then: |_| Ok(()) },
    Migration { sql: include_str!("migrations/0024_search.sql"), then: |_| Ok(()) },
];

/// One step from a version to the next.
struct Migration {
    sql: &'static str,
    /// Called after the SQL, in the same transaction, for what SQL alone cannot do.
    then: fn(&Connection) -> rusqlite::Result<()>,
}

/// The `application_id`: `CHNW`.
const APPLICATION: i64 = 0x4348_4e57;

/// The version that this program writes.
pub const VERSION: i64 = MIGRATIONS.len() as i64;

/// Applies the migrations that a database does not have yet.
pub(super) fn migrate(db: &mut Connection, path: &Path) -> Result<(), OpenError> {
    let failed = |error| OpenError::database(path, error);
    let found = recognise(db, path)?;
    add_functions(db).map_err(failed)?;
    let first_missing = usize::try_from(found).map_err(|_| OpenError::Foreign(path.to_owned()))?;
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(first_missing) {
        apply(db, migration, index + 1).map_err(failed)?;
    }
    Ok(())
}

/// Defines the SQL functions that migrations call.
fn add_functions(db: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    db.create_scalar_function("look_drawn", 1, flags, |call| {
        Ok(Look::of(call.get_raw(0).as_str()?).drawn)
    })?;
    db.create_scalar_function("look_folded", 1, flags, |call| {
        Ok(Look::of(call.get_raw(0).as_str()?).folded)
    })
}

/// The version of a database, whose schema is exactly that of the version. It is called before anything
/// else is read: a foreign trigger or view would run with it.
///
/// # Errors
/// When it is not one of Chinwag, or newer than this program.
pub(super) fn recognise(db: &Connection, path: &Path) -> Result<i64, OpenError> {
    let failed = |error| OpenError::database(path, error);
    // One moment for all: a server may be bringing the database to its version.
    let _snapshot = db.unchecked_transaction().map_err(failed)?;
    let found = version(db).map_err(failed)?;
    if found > VERSION {
        return Err(OpenError::Newer { path: path.to_owned(), found, known: VERSION });
    }
    if !is_ours(db, found).map_err(failed)? {
        return Err(OpenError::Foreign(path.to_owned()));
    }
    let expected = of_version(found).map_err(failed)?;
    match schema::difference(db, &expected).map_err(failed)? {
        Some(what) => Err(OpenError::Schema { path: path.to_owned(), what }),
        None => Ok(found),
    }
}

/// An empty database of that version, in memory.
fn of_version(version: i64) -> rusqlite::Result<Connection> {
    let mut db = Connection::open_in_memory()?;
    add_functions(&db)?;
    let count = usize::try_from(version).unwrap_or(0);
    for (index, migration) in MIGRATIONS.iter().enumerate().take(count) {
        apply(&mut db, migration, index + 1)?;
    }
    Ok(db)
}

pub(super) fn version(db: &Connection) -> rusqlite::Result<i64> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Whether a database is one of Chinwag: it is empty, or has a version and our `application_id`.
///
/// Reading the schema also finds damage there.
fn is_ours(db: &Connection, version: i64) -> rusqlite::Result<bool> {
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    let application: i64 = db.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    Ok(match version {
        0 => tables == 0,
        _ => version > 0 && application == APPLICATION,
    })
}

fn apply(db: &mut Connection, migration: &Migration, version: usize) -> rusqlite::Result<()> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tx.execute_batch(migration.sql)?;
    (migration.then)(&tx)?;
    tx.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {version};"
    ))?;
    tx.commit()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{OpenError, VERSION, of_version, recognise};

    #[test]
    fn a_database_of_every_version_is_recognised_by_its_own_schema() {
        let path = Path::new("chinwag.db");
        for version in 0..=VERSION {
            let db = of_version(version).unwrap();
            assert_eq!(recognise(&db, path).unwrap(), version);
            let other = if version == VERSION { 1 } else { version + 1 };
            db.execute_batch(&format!(
                "PRAGMA application_id = {}; PRAGMA user_version = {other}",
                super::APPLICATION
            ))
            .unwrap();
            let refused = recognise(&db, path).unwrap_err();
            assert!(matches!(refused, OpenError::Schema { .. }), "{version}: {refused}");
        }
    }
}
