//! Rows of pinned messages.

use rusqlite::{Connection, OptionalExtension};

use super::sql_count;
use super::users::read_face;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::keeping::{MAX_PINS, Pin};
use crate::model::time::Timestamp;
use crate::store::Result;

/// The pin of a message.
pub(crate) fn of_message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Pin>> {
    let mut find = db.prepare_cached(
        "SELECT p.at, u.id, u.name, u.picture FROM pins p JOIN users u ON u.id = p.by
         WHERE p.channel_id = ?1 AND p.number = ?2",
    )?;
    let found = find.query_row((channel.0, number.0), |row| {
        Ok(Pin { at: Timestamp(row.get(0)?), by: read_face(row, 1)? })
    });
    Ok(found.optional()?)
}

/// Whether a channel has as many pins as it may have.
pub(crate) fn are_full(db: &Connection, channel: ChannelId) -> Result<bool> {
    let mut count = db.prepare_cached("SELECT count(*) FROM pins WHERE channel_id = ?1")?;
    let has: i64 = count.query_row([channel.0], |row| row.get(0))?;
    Ok(has >= sql_count(MAX_PINS))
}

/// Adds a pin.
pub(crate) fn add(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    by: UserId,
    at: Timestamp,
) -> Result<()> {
    let mut insert =
        db.prepare_cached("INSERT INTO pins (channel_id, number, by, at) VALUES (?1, ?2, ?3, ?4)")?;
    insert.execute((channel.0, number.0, by.0, at.0))?;
    Ok(())
}

/// Removes the pin of a message.
pub(crate) fn forget(db: &Connection, channel: ChannelId, number: Number) -> Result<()> {
    db.prepare_cached("DELETE FROM pins WHERE channel_id = ?1 AND number = ?2")?
        .execute((channel.0, number.0))?;
    Ok(())
}
