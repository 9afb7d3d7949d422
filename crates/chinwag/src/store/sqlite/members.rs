//! Who is in a channel, and how far each has read.

use rusqlite::{Connection, OptionalExtension};

use super::channels;
use super::users::{self, read_user};
use super::writer::Tx;
use crate::model::channels::ChannelView;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::Result;

pub(super) fn join(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    at: Timestamp,
) -> Result<Option<ChannelView>> {
    let Some(view) = channels::view(tx.db, id, user)? else { return Ok(None) };
    if view.membership.is_some() {
        return Ok(Some(view));
    }
    enter(tx, id, user, at)?;
    channels::existing(tx.db, id, user).map(Some)
}

pub(super) fn visit(tx: &mut Tx<'_>, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
    let view = channels::view(tx.db, id, user)?;
    if view.is_some() {
        users::set_last_channel(tx, user, Some(id))?;
    }
    Ok(view)
}

pub(super) fn leave(tx: &mut Tx<'_>, id: ChannelId, user: UserId) -> Result<Option<()>> {
    if channels::head(tx.db, id)?.is_none() {
        return Ok(None);
    }
    let mut delete =
        tx.db.prepare_cached("DELETE FROM members WHERE channel_id = ?1 AND user_id = ?2")?;
    if delete.execute((id.0, user.0))? == 0 {
        return Ok(Some(()));
    }
    let member_count = count(tx.db, id, -1)?;
    let left = users::user(tx.db, user)?;
    tx.happened(Event::MemberLeft { channel: id, user: left, member_count });
    let last = users::account(tx.db, user)?.and_then(|account| account.last_channel);
    if last == Some(id) {
        users::set_last_channel(tx, user, None)?;
    }
    Ok(Some(()))
}

/// Puts somebody who is not in it into a channel that exists.
pub(super) fn enter(tx: &mut Tx<'_>, id: ChannelId, user: UserId, at: Timestamp) -> Result<()> {
    let member_count = add(tx.db, id, user, at)?;
    let joined = users::user(tx.db, user)?;
    tx.happened(Event::MemberJoined { channel: id, user: joined, member_count });
    Ok(())
}

/// The row and the count, without an event; answers how many are in it now.
pub(super) fn add(db: &Connection, id: ChannelId, user: UserId, at: Timestamp) -> Result<i64> {
    let mut insert = db.prepare_cached(
        "INSERT INTO members (channel_id, user_id, joined_at) VALUES (?1, ?2, ?3)",
    )?;
    insert.execute((id.0, user.0, at.0))?;
    count(db, id, 1)
}

pub(super) fn heads(db: &Connection, user: UserId) -> Result<Vec<(ChannelId, Revision)>> {
    let mut find = db.prepare_cached(
        "SELECT c.id, c.revision FROM members m JOIN channels c ON c.id = m.channel_id
         WHERE m.user_id = ?1 ORDER BY c.id",
    )?;
    let found =
        find.query_map([user.0], |row| Ok((ChannelId(row.get(0)?), Revision(row.get(1)?))))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn members(db: &Connection, id: ChannelId, limit: usize) -> Result<(Vec<User>, i64)> {
    let mut find = db.prepare_cached(
        "SELECT u.id, u.name FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.channel_id = ?1 ORDER BY u.name_key LIMIT ?2",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = find
        .query_map((id.0, limit), |row| read_user(row, 0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut total = db.prepare_cached("SELECT member_count FROM channels WHERE id = ?1")?;
    let total = total.query_row([id.0], |row| row.get(0)).optional()?;
    Ok((found, total.unwrap_or(0)))
}

pub(super) fn mark_read(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    number: Number,
) -> Result<Option<Number>> {
    let Some(head) = channels::head(tx.db, id)? else { return Ok(None) };
    let number = number.min(head.last_number);
    if move_read_mark(tx.db, id, user, number)? {
        tx.happened(Event::ReadMoved { user, channel: id, number });
        return Ok(Some(number));
    }
    let mut find = tx
        .db
        .prepare_cached("SELECT read_number FROM members WHERE channel_id = ?1 AND user_id = ?2")?;
    let stands = find.query_row((id.0, user.0), |row| row.get(0)).optional()?;
    Ok(stands.map(Number))
}

/// Moves the mark up; `false` when she is not in the channel or has read as far already.
pub(super) fn move_read_mark(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    number: Number,
) -> Result<bool> {
    let mut update = db.prepare_cached(
        "UPDATE members SET read_number = ?3
         WHERE channel_id = ?1 AND user_id = ?2 AND read_number < ?3",
    )?;
    Ok(update.execute((id.0, user.0, number.0))? > 0)
}

fn count(db: &Connection, id: ChannelId, by: i64) -> Result<i64> {
    let mut update = db.prepare_cached(
        "UPDATE channels SET member_count = member_count + ?2 WHERE id = ?1
         RETURNING member_count",
    )?;
    Ok(update.query_row((id.0, by), |row| row.get(0))?)
}
