//! Changing a restored database before a server starts on it.

use std::fs::File;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior};

use super::sums::Sums;
use super::{connection, folder, instance, migrations};
use crate::store::Result;

/// How many sessions and tokens were ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewed {
    /// Sessions.
    pub sessions: usize,
    /// Bot tokens.
    pub tokens: usize,
}

/// Gives the database of a data folder a new epoch, which tells browsers to load everything again, and
/// ends all sessions and tokens unless `keep_sessions`. The database is synced when this returns.
///
/// # Errors
/// When the database cannot be opened or written.
pub fn renew(data: &Path, keep_sessions: bool) -> Result<Renewed> {
    let path = folder::database(data);
    let mut db = connection::open_writer(&path)?;
    // A database of an older version gets its sums when it is brought to this version.
    let sums = if migrations::version(&db)? == migrations::VERSION {
        Some(Sums::install(&mut db)?)
    } else {
        None
    };
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut renewed = Renewed { sessions: 0, tokens: 0 };
    if !keep_sessions {
        renewed.sessions = tx.execute("DELETE FROM sessions", [])?;
        renewed.tokens = tx.execute("DELETE FROM tokens", [])?;
    }
    renew_epoch(&tx)?;
    if let Some(sums) = &sums {
        sums.write(&tx)?;
    }
    tx.commit()?;
    connection::copy_back_on_close(&db, true)?;
    db.close().map_err(|(_, error)| error)?;
    File::open(&path).and_then(|file| file.sync_all()).map_err(super::backup::failed)?;
    Ok(renewed)
}

/// Makes a new epoch, unless the database is of a version without one. Such a database gets its first
/// epoch when it is brought to this version.
fn renew_epoch(tx: &Transaction<'_>) -> Result<()> {
    if has_table(tx, "instance")? {
        instance::renew(tx)?;
    }
    Ok(())
}

fn has_table(db: &Connection, name: &str) -> Result<bool> {
    let found = db
        .query_row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1", [name], |_| {
            Ok(())
        })
        .optional()?;
    Ok(found.is_some())
}
