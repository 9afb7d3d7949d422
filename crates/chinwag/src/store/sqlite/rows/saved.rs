//! Rows of what people saved.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, Row};

use super::sql_count;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::keeping::{MAX_SAVED, Saved};
use crate::model::time::Timestamp;
use crate::store::Result;

/// How many rows of what is not saved any more are kept for a person; the oldest go.
const MAX_FORMER: usize = 2_000;

const SAVED: &str = "channel_id, number, kept, note, at, turn, own_revision";

/// How it stands between a person and a message. `None`: they never saved it.
pub(crate) fn of_message(
    db: &Connection,
    user: UserId,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Saved>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {SAVED} FROM saved WHERE user_id = ?1 AND channel_id = ?2 AND number = ?3"
    ))?;
    Ok(find.query_row((user.0, channel.0, number.0), read).optional()?)
}

/// Which messages of a channel a person saved, from one number to another.
pub(crate) fn numbers(
    db: &Connection,
    user: UserId,
    channel: ChannelId,
    (from, to): (Number, Number),
) -> Result<HashSet<Number>> {
    let mut find = db.prepare_cached(
        "SELECT number FROM saved
         WHERE user_id = ?1 AND channel_id = ?2 AND number BETWEEN ?3 AND ?4 AND kept = 1",
    )?;
    let found = find
        .query_map((user.0, channel.0, from.0, to.0), |row| row.get(0).map(Number))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// What a person saved, the newest first, before a place in the list.
pub(crate) fn before(
    db: &Connection,
    user: UserId,
    before: Option<Revision>,
    limit: usize,
) -> Result<Vec<Saved>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {SAVED} FROM saved WHERE user_id = ?1 AND kept = 1 AND turn < ?2
         ORDER BY turn DESC LIMIT ?3"
    ))?;
    let before = before.map_or(i64::MAX, |before| before.0);
    let found = find.query_map((user.0, before, sql_count(limit)), read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// What changed of what a person saved, after a revision of their own stream.
pub(crate) fn changed_since(db: &Connection, user: UserId, since: Revision) -> Result<Vec<Saved>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {SAVED} FROM saved INDEXED BY saved_changed
         WHERE user_id = ?1 AND own_revision > ?2 ORDER BY own_revision"
    ))?;
    let found = find.query_map((user.0, since.0), read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Whether a person has saved as many messages as they may.
pub(crate) fn are_full(db: &Connection, user: UserId) -> Result<bool> {
    let mut count =
        db.prepare_cached("SELECT count(*) FROM saved WHERE user_id = ?1 AND kept = 1")?;
    let has: i64 = count.query_row([user.0], |row| row.get(0))?;
    Ok(has >= sql_count(MAX_SAVED))
}

/// Writes how it stands.
pub(crate) fn set(db: &Connection, user: UserId, saved: &Saved) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO saved (user_id, channel_id, number, kept, note, at, turn, own_revision)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (user_id, channel_id, number) DO UPDATE SET
             kept = excluded.kept, note = excluded.note, at = excluded.at, turn = excluded.turn,
             own_revision = excluded.own_revision",
    )?;
    let Saved { channel, number, kept, note, at, turn, own_revision } = saved;
    insert.execute((user.0, channel.0, number.0, kept, note, at.0, turn.0, own_revision.0))?;
    if !kept {
        let mut forget = db.prepare_cached(
            "DELETE FROM saved WHERE user_id = ?1 AND kept = 0 AND own_revision <=
                 (SELECT own_revision FROM saved WHERE user_id = ?1 AND kept = 0
                  ORDER BY own_revision DESC LIMIT 1 OFFSET ?2)",
        )?;
        forget.execute((user.0, sql_count(MAX_FORMER)))?;
    }
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Saved> {
    Ok(Saved {
        channel: ChannelId(row.get(0)?),
        number: Number(row.get(1)?),
        kept: row.get(2)?,
        note: row.get(3)?,
        at: Timestamp(row.get(4)?),
        turn: Revision(row.get(5)?),
        own_revision: Revision(row.get(6)?),
    })
}
