//! Rows of threads: what stands under the messages that begin them.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::{activity, users};
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::messages::Message;
use crate::model::threads::{MAX_FACES, Thread, ThreadHead};
use crate::model::time::Timestamp;
use crate::store::Result;

/// The most replies that are looked at to find who wrote last.
const LOOKED_AT: i64 = 200;

/// The thread that a message begins. `None`: it begins none.
pub(crate) fn of_message(
    db: &Connection,
    channel: ChannelId,
    root: Number,
) -> Result<Option<Thread>> {
    let mut find = db.prepare_cached(
        "SELECT replies, last_number, last_at, faces FROM threads
         WHERE channel_id = ?1 AND root = ?2",
    )?;
    let found = find.query_row((channel.0, root.0), |row| {
        let faces: String = row.get(3)?;
        let (last_number, last_at) = (Number(row.get(1)?), Timestamp(row.get(2)?));
        Ok((Thread { replies: row.get(0)?, last_number, last_at, faces: Vec::new() }, faces))
    });
    let Some((mut thread, faces)) = found.optional()? else { return Ok(None) };
    for id in faces.split(',').filter_map(|id| id.parse().ok()) {
        thread.faces.push(users::user(db, UserId(id))?);
    }
    Ok(Some(thread))
}

/// Notes that a reply came or went, under the revision of that, which the root takes too.
pub(crate) fn changed(
    db: &Connection,
    channel: ChannelId,
    root: Number,
    revision: Revision,
) -> Result<Option<ThreadHead>> {
    let mut mark = db.prepare_cached(
        "UPDATE messages SET revision = ?3, thread = 1 WHERE channel_id = ?1 AND number = ?2",
    )?;
    // What begins the thread may be cleared by now.
    if mark.execute((channel.0, root.0, revision.0))? == 0 {
        return Ok(None);
    }
    let thread = of_message(db, channel, root)?;
    Ok(thread.map(|thread| ThreadHead { root, thread }))
}

/// Counts a reply that was just stored. One that is in the thread alone takes the next turn of what concerns
/// people, for those who follow.
pub(crate) fn replied(db: &Connection, reply: &Message, root: Number) -> Result<()> {
    let mut before =
        db.prepare_cached("SELECT faces FROM threads WHERE channel_id = ?1 AND root = ?2")?;
    let before: Option<String> =
        before.query_row((reply.channel.0, root.0), |row| row.get(0)).optional()?;
    let author = reply.author.id.0.to_string();
    let others = before.iter().flat_map(|faces| faces.split(','));
    let others = others.filter(|face| !face.is_empty() && *face != author);
    let faces: Vec<&str> = std::iter::once(author.as_str()).chain(others).take(MAX_FACES).collect();
    let turn = if reply.in_run() { 0 } else { activity::next_turn(db)? };
    let mut count = db.prepare_cached(
        "INSERT INTO threads (channel_id, root, replies, last_number, last_at, faces,
                              turn, told_number, told_at, told_by)
         VALUES (:channel, :root, 1, :number, :at, :faces, :turn,
                 iif(:turn = 0, 0, :number), iif(:turn = 0, 0, :at), iif(:turn = 0, 0, :by))
         ON CONFLICT (channel_id, root) DO UPDATE SET
             replies = replies + 1, last_number = excluded.last_number,
             last_at = excluded.last_at, faces = excluded.faces,
             turn = iif(:turn = 0, turn, excluded.turn),
             told_number = iif(:turn = 0, told_number, excluded.told_number),
             told_at = iif(:turn = 0, told_at, excluded.told_at),
             told_by = iif(:turn = 0, told_by, excluded.told_by)",
    )?;
    count.execute(named_params! {
        ":channel": reply.channel.0, ":root": root.0, ":number": reply.number.0,
        ":at": reply.created_at.0, ":faces": faces.join(","), ":turn": turn,
        ":by": reply.author.id.0,
    })?;
    Ok(())
}

/// Counts a reply that became a tombstone. The newest one that is left in the thread alone keeps the turn.
pub(crate) fn deleted(db: &Connection, channel: ChannelId, root: Number) -> Result<()> {
    let faces = latest(db, channel, root)?;
    let mut newest = db.prepare_cached(
        "SELECT number, created_at FROM messages INDEXED BY messages_of_thread
         WHERE channel_id = ?1 AND root = ?2 AND deleted_at IS NULL
         ORDER BY number DESC LIMIT 1",
    )?;
    let newest: Option<(i64, i64)> =
        newest.query_row((channel.0, root.0), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let mut update = db.prepare_cached(
        "UPDATE threads SET replies = replies - 1, last_number = coalesce(?3, root),
                            last_at = coalesce(?4, last_at), faces = ?5
         WHERE channel_id = ?1 AND root = ?2",
    )?;
    let (number, at) = newest.unzip();
    update.execute((channel.0, root.0, number, at, faces))?;
    let mut find = db.prepare_cached(
        "SELECT number, created_at, author_id FROM messages INDEXED BY messages_of_thread
         WHERE channel_id = ?1 AND root = ?2 AND off_run = 1 AND deleted_at IS NULL
         ORDER BY number DESC LIMIT 1",
    )?;
    let newest = find.query_row((channel.0, root.0), |row| {
        Ok((Number(row.get(0)?), Timestamp(row.get(1)?), UserId(row.get(2)?)))
    });
    let (number, at, by) = newest.optional()?.unwrap_or((Number(0), Timestamp(0), UserId(0)));
    let mut told = db.prepare_cached(
        "UPDATE threads SET turn = iif(?3 = 0, 0, turn), told_number = ?3, told_at = ?4, told_by = ?5
         WHERE channel_id = ?1 AND root = ?2",
    )?;
    told.execute((channel.0, root.0, number.0, at.0, by.0))?;
    Ok(())
}

/// Who wrote in a thread last: their ids, the latest first.
fn latest(db: &Connection, channel: ChannelId, root: Number) -> Result<String> {
    let mut find = db.prepare_cached(
        "SELECT author_id FROM messages INDEXED BY messages_of_thread
         WHERE channel_id = ?1 AND root = ?2 AND deleted_at IS NULL
         ORDER BY number DESC LIMIT ?3",
    )?;
    let mut found = find.query((channel.0, root.0, LOOKED_AT))?;
    let mut faces: Vec<String> = Vec::with_capacity(MAX_FACES);
    while let Some(row) = found.next()? {
        let author = row.get::<_, i64>(0)?.to_string();
        if !faces.contains(&author) {
            faces.push(author);
        }
        if faces.len() == MAX_FACES {
            break;
        }
    }
    Ok(faces.join(","))
}

/// Whether a person wrote the message that begins a thread.
pub(crate) fn is_begun_by(
    db: &Connection,
    channel: ChannelId,
    root: Number,
    user: UserId,
) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM messages WHERE channel_id = ?1 AND number = ?2 AND author_id = ?3",
    )?;
    Ok(find.exists((channel.0, root.0, user.0))?)
}

/// The message that begins the thread of a reply. `None`: the message is no reply.
pub(crate) fn root_of(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Number>> {
    let mut find =
        db.prepare_cached("SELECT root FROM messages WHERE channel_id = ?1 AND number = ?2")?;
    let found = find.query_row((channel.0, number.0), |row| row.get::<_, Option<i64>>(0));
    Ok(found.optional()?.flatten().map(Number))
}
