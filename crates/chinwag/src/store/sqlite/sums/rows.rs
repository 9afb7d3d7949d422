//! The rows of the table `sums` itself.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::store::sqlite::migrations::{self, VERSION};

/// The name of the table.
pub(super) const SUMS: &str = "sums";
/// The `name` of the row that says for which version of the database the sums were made.
const MADE_FOR: &str = "";

/// Which sum of a table: for messages the channel and the run of numbers, for other tables zeros.
pub(super) type Part = (i64, i64);

/// Adds to the sum of one part of a table.
pub(super) fn add(
    db: &Connection,
    table: &str,
    (owner, run): Part,
    change: i64,
) -> rusqlite::Result<()> {
    let mut add = db.prepare_cached(
        "INSERT INTO sums (name, owner, run, sum) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (name, owner, run) DO UPDATE SET sum = sum + excluded.sum",
    )?;
    add.execute((table, owner, run, change))?;
    Ok(())
}

/// The sums of a table as they were kept.
pub(super) fn kept(db: &Connection, table: &str) -> rusqlite::Result<HashMap<Part, i64>> {
    let mut find = db.prepare("SELECT owner, run, sum FROM sums WHERE name = ?1")?;
    let found = find.query_map([table], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    found.collect()
}

/// Removes all sums.
pub(super) fn clear(db: &Connection) -> rusqlite::Result<()> {
    db.execute("DELETE FROM sums", [])?;
    Ok(())
}

/// Notes that the sums were made for the present version of the database.
pub(super) fn mark_made(db: &Connection) -> rusqlite::Result<()> {
    add(db, MADE_FOR, (0, 0), VERSION)
}

/// Whether the database has sums that were made for its version.
pub(super) fn are_made(db: &Connection) -> rusqlite::Result<bool> {
    let there: bool = db.query_row(
        "SELECT EXISTS (SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ?1)",
        [SUMS],
        |row| row.get(0),
    )?;
    // The sums of another version were made of other columns.
    Ok(there && made_for(db)? == Some(migrations::version(db)?))
}

/// The version of the database that the sums were made for.
pub(super) fn made_for(db: &Connection) -> rusqlite::Result<Option<i64>> {
    let mut find = db.prepare("SELECT sum FROM sums WHERE name = ?1")?;
    let mut rows = find.query([MADE_FOR])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}
