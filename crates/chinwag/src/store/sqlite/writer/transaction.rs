//! One transaction for a batch of commands.

use rusqlite::Connection;

use super::command::Command;
use crate::store::sqlite::sums::Sums;
use crate::store::{Error, Result};

/// Runs the commands in one transaction and commits it. Each command keeps its own error as its
/// outcome.
///
/// # Errors
/// When the transaction failed. Then no command of the batch changed anything.
pub(super) fn commit(db: &Connection, sums: &Sums, batch: &mut [Box<dyn Command>]) -> Result<()> {
    let together = in_transaction(db, sums, batch, |command| command.run(db))?;
    if together.is_ok() {
        return Ok(());
    }
    in_transaction(db, sums, batch, |command| run_in_savepoint(db, sums, command))?
}

/// The inner result is that of `run`; its first error ends the transaction. The outer one is that
/// of SQLite's own statements.
fn in_transaction(
    db: &Connection,
    sums: &Sums,
    batch: &mut [Box<dyn Command>],
    run: impl Fn(&mut dyn Command) -> Result<()>,
) -> Result<Result<()>> {
    sums.clear();
    execute(db, "BEGIN IMMEDIATE")?;
    let ran = batch.iter_mut().try_for_each(|command| run(command.as_mut()));
    let committed = if ran.is_ok() {
        sums.write(db).map_err(Error::from).and_then(|()| execute(db, "COMMIT"))
    } else {
        Ok(())
    };
    // SQLite itself rolls back on some errors, a full disk among them.
    if !db.is_autocommit() {
        execute(db, "ROLLBACK")?;
    }
    committed.map(|()| ran)
}

/// Runs one command so that its failure undoes its own changes only.
fn run_in_savepoint(db: &Connection, sums: &Sums, command: &mut dyn Command) -> Result<()> {
    let before = sums.savepoint();
    execute(db, "SAVEPOINT command")?;
    if let Err(error) = command.run(db) {
        if db.is_autocommit() {
            return Err(error);
        }
        execute(db, "ROLLBACK TO command")?;
        sums.roll_back_to(before);
    }
    execute(db, "RELEASE command")
}

pub(super) fn execute(db: &Connection, sql: &str) -> Result<()> {
    db.prepare_cached(sql)?.execute([])?;
    Ok(())
}
