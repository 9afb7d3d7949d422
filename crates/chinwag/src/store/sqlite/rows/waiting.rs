//! Rows of names at the door.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::sql_count;
use crate::model::ids::{SecretHash, UserId};
use crate::model::time::Timestamp;
use crate::store::{NewWaiting, Result};

/// A name at the door.
pub(crate) struct WaitingRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) password_hash: Option<String>,
    pub(crate) invite: Option<i64>,
    pub(crate) asked_at: Timestamp,
    pub(crate) refused_by: Option<UserId>,
    pub(crate) refused: bool,
    pub(crate) user: Option<UserId>,
    pub(crate) ends_at: Timestamp,
    /// The guest who comes back under the name that they have.
    pub(crate) returns: Option<UserId>,
}

const ROW: &str = "id, name, says, password_hash, invite_id, asked_at, refused_by, \
                   refused_at IS NOT NULL, user_id, ends_at, returns";

/// Whether a name waits at the door.
pub(crate) fn is_waiting(db: &Connection, key: &str, at: Timestamp) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM waiting WHERE name_key = ?1 AND refused_at IS NULL AND user_id IS NULL
           AND ends_at > ?2",
    )?;
    Ok(find.exists((key, at.0))?)
}

/// How many names wait: from that address, and in all.
pub(crate) fn count(db: &Connection, block: &str, at: Timestamp) -> Result<(i64, i64)> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FILTER (WHERE block = ?1 AND invite_id IS NULL), count(*) FROM waiting
         WHERE refused_at IS NULL AND user_id IS NULL AND ends_at > ?2",
    )?;
    Ok(count.query_row((block, at.0), |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// How many names wait. Those that are over count until they are swept.
pub(crate) fn total(db: &Connection) -> Result<i64> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM waiting WHERE refused_at IS NULL AND user_id IS NULL",
    )?;
    Ok(count.query_row([], |row| row.get(0))?)
}

/// Adds a name.
pub(crate) fn add(
    db: &Connection,
    new: &NewWaiting,
    invite: Option<i64>,
    ends_at: Timestamp,
) -> Result<()> {
    // A row of that name that is over keeps nobody out.
    let mut over =
        db.prepare_cached("DELETE FROM waiting WHERE name_key = ?1 AND ends_at <= ?2")?;
    over.execute((new.name.key(), new.at.0))?;
    let mut insert = db.prepare_cached(
        "INSERT INTO waiting (secret, name, name_key, block, says, password_hash, invite_id, asked_at,
                              ends_at, returns)
         VALUES (:secret, :name, :key, :block, :says, :password_hash, :invite, :at, :ends_at,
                 :returns)",
    )?;
    insert.execute(named_params! {
        ":secret": new.secret.0,
        ":name": new.name.as_str(),
        ":key": new.name.key(),
        ":block": new.block,
        ":says": new.says,
        ":password_hash": new.password_hash,
        ":invite": invite,
        ":at": new.at.0,
        ":ends_at": ends_at.0,
        ":returns": new.returns.map(|user| user.0),
    })?;
    Ok(())
}

/// The row of a browser.
pub(crate) fn of_browser(db: &Connection, secret: SecretHash) -> Result<Option<WaitingRow>> {
    let mut find = db.prepare_cached(&format!("SELECT {ROW} FROM waiting WHERE secret = ?1"))?;
    Ok(find.query_row([secret.0], read).optional()?)
}

/// A name that waits.
pub(crate) fn that_waits(db: &Connection, id: i64, at: Timestamp) -> Result<Option<WaitingRow>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ROW} FROM waiting
         WHERE id = ?1 AND refused_at IS NULL AND user_id IS NULL AND ends_at > ?2"
    ))?;
    Ok(find.query_row((id, at.0), read).optional()?)
}

/// The names that wait by an invite, in the order in which they came, at most `limit`; and how many there
/// are.
pub(crate) fn by_invite(
    db: &Connection,
    invite: i64,
    at: Timestamp,
    limit: usize,
) -> Result<(Vec<WaitingRow>, i64)> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ROW} FROM waiting INDEXED BY waiting_by_invite
         WHERE invite_id = ?1 AND refused_at IS NULL AND user_id IS NULL AND ends_at > ?2
         ORDER BY id LIMIT ?3"
    ))?;
    let found = find.query_map((invite, at.0, sql_count(limit)), read)?;
    let rows = found.collect::<rusqlite::Result<Vec<_>>>()?;
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM waiting INDEXED BY waiting_by_invite
         WHERE invite_id = ?1 AND refused_at IS NULL AND user_id IS NULL AND ends_at > ?2",
    )?;
    Ok((rows, count.query_row((invite, at.0), |row| row.get(0))?))
}

/// The names that wait, in the order in which they came, at most `limit`.
pub(crate) fn all(db: &Connection, at: Timestamp, limit: usize) -> Result<Vec<WaitingRow>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {ROW} FROM waiting WHERE refused_at IS NULL AND user_id IS NULL AND ends_at > ?1
         ORDER BY id LIMIT ?2"
    ))?;
    let found = find.query_map((at.0, sql_count(limit)), read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Removes the row of a browser.
pub(crate) fn remove(db: &Connection, secret: SecretHash) -> Result<()> {
    db.prepare_cached("DELETE FROM waiting WHERE secret = ?1")?.execute([secret.0])?;
    Ok(())
}

/// Notes that a name was refused.
pub(crate) fn refused(db: &Connection, id: i64, by: UserId, at: Timestamp) -> Result<()> {
    let mut update =
        db.prepare_cached("UPDATE waiting SET refused_at = ?2, refused_by = ?3 WHERE id = ?1")?;
    update.execute((id, at.0, by.0))?;
    Ok(())
}

/// Notes who a name became.
pub(crate) fn let_in(db: &Connection, id: i64, user: UserId) -> Result<()> {
    let mut update =
        db.prepare_cached("UPDATE waiting SET user_id = ?2, password_hash = NULL WHERE id = ?1")?;
    update.execute((id, user.0))?;
    Ok(())
}

/// Removes what is over at `at`; returns how many.
pub(crate) fn sweep(db: &Connection, at: Timestamp) -> Result<usize> {
    Ok(db.prepare_cached("DELETE FROM waiting WHERE ends_at <= ?1")?.execute([at.0])?)
}

/// Reads [`ROW`].
fn read(row: &Row<'_>) -> rusqlite::Result<WaitingRow> {
    Ok(WaitingRow {
        id: row.get(0)?,
        name: row.get(1)?,
        says: row.get(2)?,
        password_hash: row.get(3)?,
        invite: row.get(4)?,
        asked_at: Timestamp(row.get(5)?),
        refused_by: row.get::<_, Option<i64>>(6)?.map(UserId),
        refused: row.get(7)?,
        user: row.get::<_, Option<i64>>(8)?.map(UserId),
        ends_at: Timestamp(row.get(9)?),
        returns: row.get::<_, Option<i64>>(10)?.map(UserId),
    })
}
