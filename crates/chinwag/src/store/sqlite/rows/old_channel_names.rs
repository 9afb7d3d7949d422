//! Names that public channels had before.

use rusqlite::{Connection, OptionalExtension};

use crate::model::ids::ChannelId;
use crate::store::Result;

/// The most old names that lead to one channel.
const MOST: i64 = 10;

/// The channel that had that name.
pub(crate) fn leads_to(db: &Connection, key: &str) -> Result<Option<ChannelId>> {
    let mut find =
        db.prepare_cached("SELECT channel_id FROM old_channel_names WHERE name_key = ?1")?;
    Ok(find.query_row([key], |row| row.get(0).map(ChannelId)).optional()?)
}

/// Notes a name that a channel gives up. Of too many, the one that was given up first is free.
pub(crate) fn keep(db: &Connection, channel: ChannelId, key: &str) -> Result<()> {
    free(db, key)?;
    let mut insert =
        db.prepare_cached("INSERT INTO old_channel_names (channel_id, name_key) VALUES (?1, ?2)")?;
    insert.execute((channel.0, key))?;
    let mut trim = db.prepare_cached(
        "DELETE FROM old_channel_names WHERE id IN (
             SELECT id FROM old_channel_names WHERE channel_id = ?1
             ORDER BY id DESC LIMIT -1 OFFSET ?2)",
    )?;
    trim.execute((channel.0, MOST))?;
    Ok(())
}

/// Frees a name that somebody takes.
pub(crate) fn free(db: &Connection, key: &str) -> Result<()> {
    db.prepare_cached("DELETE FROM old_channel_names WHERE name_key = ?1")?.execute([key])?;
    Ok(())
}

/// Frees all old names of a channel.
pub(crate) fn free_of(db: &Connection, channel: ChannelId) -> Result<()> {
    let mut delete = db.prepare_cached("DELETE FROM old_channel_names WHERE channel_id = ?1")?;
    delete.execute([channel.0])?;
    Ok(())
}
