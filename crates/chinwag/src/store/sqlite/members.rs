//! Who is in a channel. Joining and leaving are changes of the person's own stream; the channel's
//! count of members has no revision (see [`Event::MemberJoined`]).

use rusqlite::{Connection, OptionalExtension};

use super::users::{self, read_user};
use super::writer::Tx;
use super::{channels, streams};
use crate::model::channels::{ChannelView, MAX_MEMBERSHIPS};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::{Constraint, Error, Result};

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
    room_for_one_more(tx.db, user)?;
    enter(tx, id, user, at).map(Some)
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
    let own = streams::next_own(tx.db, user)?;
    let mut depart = tx.db.prepare_cached(
        "INSERT INTO departures (user_id, channel_id, own_revision) VALUES (?1, ?2, ?3)",
    )?;
    depart.execute((user.0, id.0, own.0))?;
    let member_count = count(tx.db, id, -1)?;
    let left = users::user(tx.db, user)?;
    tx.happened(Event::MemberLeft { channel: id, user: left, member_count });
    let view = channels::existing(tx.db, id, user)?;
    tx.happened(Event::MembershipChanged { user, view });
    let last = users::account(tx.db, user)?.and_then(|account| account.last_channel);
    if last == Some(id) {
        users::set_last_channel(tx, user, None)?;
    }
    Ok(Some(()))
}

/// Refuses one membership more than a person may have. Before anything is written.
pub(super) fn room_for_one_more(db: &Connection, user: UserId) -> Result<()> {
    let mut count = db.prepare_cached("SELECT count(*) FROM members WHERE user_id = ?1")?;
    let has: i64 = count.query_row([user.0], |row| row.get(0))?;
    if usize::try_from(has).is_ok_and(|has| has >= MAX_MEMBERSHIPS) {
        return Err(Error::Conflict(Constraint::Memberships));
    }
    Ok(())
}

/// Puts somebody who is not in it into a channel that exists, with the mark at its newest message.
pub(super) fn enter(
    tx: &mut Tx<'_>,
    id: ChannelId,
    user: UserId,
    at: Timestamp,
) -> Result<ChannelView> {
    let member_count = add(tx.db, id, user, at)?;
    let joined = users::user(tx.db, user)?;
    tx.happened(Event::MemberJoined { channel: id, user: joined, member_count });
    let view = channels::existing(tx.db, id, user)?;
    tx.happened(Event::MembershipChanged { user, view: view.clone() });
    Ok(view)
}

/// The row and the count, without an event; answers how many are in it now.
pub(super) fn add(db: &Connection, id: ChannelId, user: UserId, at: Timestamp) -> Result<i64> {
    let own = streams::next_own(db, user)?;
    let mut insert = db.prepare_cached(
        "INSERT INTO members
             (channel_id, user_id, joined_at, read_number, read_step, own_revision)
         SELECT id, ?2, ?3, last_number, ?4, ?4 FROM channels WHERE id = ?1",
    )?;
    insert.execute((id.0, user.0, at.0, own.0))?;
    let mut back =
        db.prepare_cached("DELETE FROM departures WHERE user_id = ?1 AND channel_id = ?2")?;
    back.execute((user.0, id.0))?;
    count(db, id, 1)
}

/// Channels whose membership changed after `since`, those that were left among them. All
/// memberships are looked at: an index by revision would be written with every read mark.
pub(super) fn changed_since(
    db: &Connection,
    user: UserId,
    since: Revision,
) -> Result<Vec<(Revision, ChannelId)>> {
    let mut find = db.prepare_cached(
        "SELECT own_revision, channel_id FROM members WHERE user_id = ?1 AND own_revision > ?2
         UNION ALL
         SELECT own_revision, channel_id FROM departures WHERE user_id = ?1 AND own_revision > ?2",
    )?;
    let found = find
        .query_map((user.0, since.0), |row| Ok((Revision(row.get(0)?), ChannelId(row.get(1)?))))?;
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

/// What a member's row says of reading.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// The mark.
    pub(super) read_number: Number,
    /// The step of the mark.
    pub(super) read_step: Revision,
    /// The member's own messages above the mark that are not deleted.
    pub(super) own_above: i64,
}

/// `None`: not in it.
pub(super) fn place(db: &Connection, id: ChannelId, user: UserId) -> Result<Option<Place>> {
    let mut find = db.prepare_cached(
        "SELECT read_number, read_step, own_above FROM members
         WHERE channel_id = ?1 AND user_id = ?2",
    )?;
    let found = find.query_row((id.0, user.0), |row| {
        Ok(Place {
            read_number: Number(row.get(0)?),
            read_step: Revision(row.get(1)?),
            own_above: row.get(2)?,
        })
    });
    Ok(found.optional()?)
}

fn count(db: &Connection, id: ChannelId, by: i64) -> Result<i64> {
    let mut update = db.prepare_cached(
        "UPDATE channels SET member_count = member_count + ?2 WHERE id = ?1
         RETURNING member_count",
    )?;
    Ok(update.query_row((id.0, by), |row| row.get(0))?)
}
