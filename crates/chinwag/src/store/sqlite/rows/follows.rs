//! Rows of how people stand to threads.

use rusqlite::{Connection, OptionalExtension, Row};

use super::mentions;
use super::sql_count;
use crate::model::channels::{MANY_UNREAD, ReadMark};
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::thread_pages::MANY_FOLLOW;
use crate::model::threads::{Follow, MAX_FOLLOWS};
use crate::model::time::Timestamp;
use crate::store::Result;

/// How person `?1` stands to threads, beginning with column 0, and when the newest reply was posted, if there ever
/// was one. The channel's revision is that of now.
fn follow() -> String {
    let mentions = mentions::count_in_thread("f.channel_id", "f.root", "f.read_number");
    format!(
        "SELECT f.channel_id, f.root, f.following, f.read_number, f.read_step, f.own_revision,
                c.revision, coalesce(t.last_number, f.root),
                CASE WHEN coalesce(t.last_number, 0) > f.read_number THEN (
                    SELECT count(*) FROM (
                        SELECT 1 FROM messages INDEXED BY messages_of_thread
                        WHERE channel_id = f.channel_id AND root = f.root
                          AND number > f.read_number AND off_run = 1 AND author_id <> ?1
                          AND deleted_at IS NULL
                        LIMIT {MANY_UNREAD}))
                ELSE 0 END,
                CASE WHEN coalesce(t.last_number, 0) > f.read_number THEN {mentions} ELSE 0 END,
                t.last_at
         FROM follows f
         JOIN channels c ON c.id = f.channel_id
         LEFT JOIN threads t ON t.channel_id = f.channel_id AND t.root = f.root
         WHERE f.user_id = ?1 AND f.root > c.floor"
    )
}

/// How a person stands to a thread. `None`: they neither follow it nor chose not to.
pub(crate) fn of_thread(
    db: &Connection,
    user: UserId,
    channel: ChannelId,
    root: Number,
) -> Result<Option<Follow>> {
    let sql = format!("{} AND f.channel_id = ?2 AND f.root = ?3", follow());
    let mut find = db.prepare_cached(&sql)?;
    Ok(find.query_row((user.0, channel.0, root.0), read).optional()?)
}

/// The threads that a person follows, with how many are unread in each.
pub(crate) fn all(db: &Connection, user: UserId) -> Result<Vec<Follow>> {
    let sql = format!("{} AND f.following = 1", follow());
    let mut find = db.prepare_cached(&sql)?;
    let found = find.query_map([user.0], read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The same of those that have replies, each with when the newest was posted.
pub(crate) fn all_answered(db: &Connection, user: UserId) -> Result<Vec<(Follow, Timestamp)>> {
    let sql = format!("{} AND f.following = 1 AND t.replies > 0", follow());
    let mut find = db.prepare_cached(&sql)?;
    let found = find.query_map([user.0], |row| Ok((read(row)?, Timestamp(row.get(10)?))))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// How a person stands to the threads of a channel.
pub(crate) fn of_channel(db: &Connection, user: UserId, channel: ChannelId) -> Result<Vec<Follow>> {
    let sql = format!("{} AND f.channel_id = ?2", follow());
    let mut find = db.prepare_cached(&sql)?;
    let found = find.query_map((user.0, channel.0), read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// How a person stands to threads for which that changed after a revision of their own stream.
pub(crate) fn changed_since(db: &Connection, user: UserId, since: Revision) -> Result<Vec<Follow>> {
    let sql = format!("{} AND f.own_revision > ?2 ORDER BY f.own_revision", follow());
    let mut find = db.prepare_cached(&sql)?;
    let found = find.query_map((user.0, since.0), read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Whether somebody follows a thread. `None`: they neither follow it nor chose not to.
pub(crate) fn follows(
    db: &Connection,
    user: UserId,
    channel: ChannelId,
    root: Number,
) -> Result<Option<bool>> {
    let mut find = db.prepare_cached(
        "SELECT following FROM follows WHERE user_id = ?1 AND channel_id = ?2 AND root = ?3",
    )?;
    let found = find.query_row((user.0, channel.0, root.0), |row| row.get(0));
    Ok(found.optional()?)
}

/// How many others than a person follow a thread, counted up to [`MANY_FOLLOW`].
pub(crate) fn others(
    db: &Connection,
    user: UserId,
    channel: ChannelId,
    root: Number,
) -> Result<usize> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM (
             SELECT 1 FROM follows INDEXED BY follows_of_thread
             WHERE channel_id = ?1 AND root = ?2 AND following = 1 AND user_id <> ?3 LIMIT ?4)",
    )?;
    let values = (channel.0, root.0, user.0, sql_count(MANY_FOLLOW));
    let found: i64 = count.query_row(values, |row| row.get(0))?;
    Ok(usize::try_from(found).unwrap_or(MANY_FOLLOW))
}

/// Whether a person stands to as many threads as they may. What they chose not to follow gives way: the
/// oldest of it is forgotten.
pub(crate) fn are_full(db: &Connection, user: UserId) -> Result<bool> {
    let mut count = db.prepare_cached("SELECT count(*) FROM follows WHERE user_id = ?1")?;
    let has: i64 = count.query_row([user.0], |row| row.get(0))?;
    if has < sql_count(MAX_FOLLOWS) {
        return Ok(false);
    }
    let mut forget = db.prepare_cached(
        "DELETE FROM follows WHERE user_id = ?1 AND following = 0 AND own_revision =
             (SELECT min(own_revision) FROM follows WHERE user_id = ?1 AND following = 0)",
    )?;
    Ok(forget.execute([user.0])? == 0)
}

/// Writes whether a person follows a thread and how far they have read, under a revision of their own
/// stream.
pub(crate) fn set(
    db: &Connection,
    user: UserId,
    (channel, root): (ChannelId, Number),
    following: bool,
    read: Number,
    own: Revision,
) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO follows
             (user_id, channel_id, root, following, read_number, read_step, own_revision)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
         ON CONFLICT (user_id, channel_id, root) DO UPDATE SET
             following = excluded.following, read_number = excluded.read_number,
             read_step = excluded.read_step, own_revision = excluded.own_revision",
    )?;
    insert.execute((user.0, channel.0, root.0, following, read.0, own.0))?;
    Ok(())
}

/// Forgets the threads of a channel that a person leaves.
pub(crate) fn forget(db: &Connection, channel: ChannelId, user: UserId) -> Result<()> {
    db.prepare_cached("DELETE FROM follows WHERE user_id = ?1 AND channel_id = ?2")?
        .execute((user.0, channel.0))?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Follow> {
    Ok(Follow {
        channel: ChannelId(row.get(0)?),
        root: Number(row.get(1)?),
        following: row.get(2)?,
        read: ReadMark { number: Number(row.get(3)?), step: Revision(row.get(4)?) },
        own_revision: Revision(row.get(5)?),
        channel_revision: Revision(row.get(6)?),
        last_number: Number(row.get(7)?),
        unread: row.get(8)?,
        mentions: row.get(9)?,
    })
}
