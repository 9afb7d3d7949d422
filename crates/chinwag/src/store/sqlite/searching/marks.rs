//! How far channels are indexed.

use rusqlite::{Connection, OptionalExtension};

use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::search::Unfinished;
use crate::store::Result;

/// The messages above `low` up to `high` are in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) low: Number,
    pub(super) high: Number,
}

impl Mark {
    /// Whether a message of the channel is in the index, if it is one that stands.
    pub(super) fn has(self, number: Number) -> bool {
        self.low < number && number <= self.high
    }
}

/// How far a channel is indexed.
pub(super) fn of(db: &Connection, channel: ChannelId) -> Result<Mark> {
    let mut find = db.prepare_cached("SELECT low, high FROM search_marks WHERE channel_id = ?1")?;
    let found = find.query_row([channel.0], |row| {
        Ok(Mark { low: Number(row.get(0)?), high: Number(row.get(1)?) })
    });
    Ok(found.optional()?.unwrap_or(Mark { low: Number(0), high: Number(0) }))
}

/// Writes how far a channel is indexed.
pub(super) fn set(db: &Connection, channel: ChannelId, mark: Mark) -> Result<()> {
    let mut set = db.prepare_cached(
        "INSERT INTO search_marks (channel_id, low, high) VALUES (?1, ?2, ?3)
         ON CONFLICT (channel_id) DO UPDATE SET low = excluded.low, high = excluded.high",
    )?;
    set.execute((channel.0, mark.low.0, mark.high.0))?;
    Ok(())
}

/// Forgets a channel that was removed.
pub(super) fn forget(db: &Connection, channel: ChannelId) -> Result<()> {
    db.prepare_cached("DELETE FROM search_marks WHERE channel_id = ?1")?.execute([channel.0])?;
    Ok(())
}

/// The channels with messages above what is indexed, and their newest numbers.
pub(super) fn behind(db: &Connection) -> Result<Vec<(ChannelId, Number)>> {
    let mut find = db.prepare(
        "SELECT c.id, c.last_number FROM channels c
         LEFT JOIN search_marks s ON s.channel_id = c.id
         WHERE c.last_number > coalesce(s.high, 0)",
    )?;
    let found = find.query_map([], |row| Ok((ChannelId(row.get(0)?), Number(row.get(1)?))))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A channel with messages below what is indexed, unless they are being removed.
pub(super) fn older(db: &Connection) -> Result<Option<(ChannelId, Mark)>> {
    let mut find = db.prepare_cached(
        "SELECT channel_id, low, high FROM search_marks INDEXED BY search_marks_unfinished
         WHERE low > 0 AND channel_id NOT IN (SELECT channel_id FROM deletions)
         ORDER BY channel_id LIMIT 1",
    )?;
    let found = find.query_row([], |row| {
        let mark = Mark { low: Number(row.get(1)?), high: Number(row.get(2)?) };
        Ok((ChannelId(row.get(0)?), mark))
    });
    Ok(found.optional()?)
}

/// Whether any channel has messages below what is indexed. Of one whose messages are being removed, some may stay.
pub(super) fn has_older(db: &Connection) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM search_marks INDEXED BY search_marks_unfinished WHERE low > 0 LIMIT 1",
    )?;
    Ok(find.exists([])?)
}

/// How far the index is in the channels that somebody is in, and in public ones that they may come into. `None`: it has
/// all of them. It counts numbers, so that it reads no messages.
pub(super) fn unfinished(db: &Connection, viewer: UserId) -> Result<Option<Unfinished>> {
    if !has_older(db)? {
        return Ok(None);
    }
    let mut find = db.prepare_cached(
        "SELECT sum(c.last_number - c.floor), sum(max(coalesce(s.low, 0) - c.floor, 0))
         FROM channels c LEFT JOIN search_marks s ON s.channel_id = c.id
         WHERE EXISTS (SELECT 1 FROM members m WHERE m.channel_id = c.id AND m.user_id = ?1)
             OR c.kind = 'public' AND NOT EXISTS (
                 SELECT 1 FROM kept_out k WHERE k.channel_id = c.id AND k.user_id = ?1)",
    )?;
    let (all, left) = find.query_row([viewer.0], |row| {
        Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?))
    })?;
    let (all, left) = (all.unwrap_or(0), left.unwrap_or(0));
    Ok((left > 0).then_some(Unfinished { done: all - left, all }))
}

/// How far the index of the whole place is, in numbers of messages: for the log.
pub(super) fn progress(db: &Connection) -> Result<Unfinished> {
    let mut find = db.prepare_cached(
        "SELECT coalesce(sum(c.last_number - c.floor), 0),
                coalesce(sum(max(coalesce(s.low, 0) - c.floor, 0)), 0)
         FROM channels c LEFT JOIN search_marks s ON s.channel_id = c.id",
    )?;
    let (all, left) =
        find.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))?;
    Ok(Unfinished { done: all - left, all })
}

/// Notes that nothing is indexed: what there is now is added little by little, and what comes is added behind it.
pub(super) fn begin_anew(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(
        "DELETE FROM search_marks;
         INSERT INTO search_marks (channel_id, low, high)
         SELECT id, last_number, last_number FROM channels WHERE last_number > 0;",
    )
}
