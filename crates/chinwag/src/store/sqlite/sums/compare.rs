//! Comparing the rows as they are with the sums that were kept of them.

use rusqlite::Connection;

use super::rows;
use super::table::{Table, tables};
use crate::store::sqlite::findings::Finding;

/// The tables, and the parts of `messages`, whose rows do not add up to the sums that were kept.
///
/// Finds nothing in a database without sums for its version: an older one, or one whose sums were
/// removed to be made again.
pub(crate) fn changed(db: &Connection) -> rusqlite::Result<Vec<Finding>> {
    let mut found = Vec::new();
    if rows::are_made(db)? {
        for table in tables(db)? {
            found.extend(compare(db, &table)?);
        }
    }
    Ok(found)
}

/// As [`changed`], for the table of that name.
pub(crate) fn changed_in(db: &Connection, name: &str) -> rusqlite::Result<Vec<Finding>> {
    if !rows::are_made(db)? {
        return Ok(Vec::new());
    }
    let table = tables(db)?.into_iter().find(|table| table.name == name);
    table.map_or(Ok(Vec::new()), |table| compare(db, &table))
}

fn compare(db: &Connection, table: &Table) -> rusqlite::Result<Vec<Finding>> {
    let kept = rows::kept(db, &table.name)?;
    let mut now = table.add_up(db)?;
    let mut wrong = Vec::new();
    for (part, sum) in kept {
        if now.remove(&part).unwrap_or(0) != sum {
            wrong.push(part);
        }
    }
    wrong.extend(now.into_iter().filter(|(_, sum)| *sum != 0).map(|(part, _)| part));
    wrong.sort_unstable();
    Ok(wrong.into_iter().map(|part| table.finding(part)).collect())
}
