//! Rows of earlier texts of messages.

use rusqlite::Connection;

use super::sql_count;
use crate::model::edits::{MAX_VERSIONS, Version};
use crate::model::ids::{ChannelId, Number};
use crate::model::messages::Message;
use crate::model::time::Timestamp;
use crate::store::Result;

/// Keeps the present text of a message, which is about to get another one. What is older than the newest
/// [`MAX_VERSIONS`] goes.
pub(crate) fn keep(db: &Connection, message: &Message) -> Result<()> {
    let Message { channel, number, edits, .. } = message;
    let at = message.edited_at.unwrap_or(message.created_at);
    let mut insert = db.prepare_cached(
        "INSERT INTO versions (channel_id, number, edit, at, text) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute((channel.0, number.0, edits, at.0, &message.text))?;
    let mut delete = db.prepare_cached(
        "DELETE FROM versions WHERE channel_id = ?1 AND number = ?2 AND edit <=
             (SELECT edit FROM versions WHERE channel_id = ?1 AND number = ?2
              ORDER BY edit DESC LIMIT 1 OFFSET ?3)",
    )?;
    delete.execute((channel.0, number.0, sql_count(MAX_VERSIONS)))?;
    Ok(())
}

/// The earlier texts of a message, the newest first.
pub(crate) fn of_message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Vec<Version>> {
    let mut find = db.prepare_cached(
        "SELECT at, text FROM versions WHERE channel_id = ?1 AND number = ?2 ORDER BY edit DESC",
    )?;
    let found = find.query_map((channel.0, number.0), |row| {
        Ok(Version { at: Timestamp(row.get(0)?), text: row.get(1)? })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Removes the earlier texts of a message.
pub(crate) fn forget(db: &Connection, channel: ChannelId, number: Number) -> Result<()> {
    db.prepare_cached("DELETE FROM versions WHERE channel_id = ?1 AND number = ?2")?
        .execute((channel.0, number.0))?;
    Ok(())
}
