//! Rows of channels, as everybody and as one person sees them.

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::head::{HEAD, Head, read_head};
use super::standing::{STATE, STATE_WIDTH};
use super::users::read_user;
use super::{direct, members, mentions, old_channel_names, sql_count, standing};
use crate::model::channels::{
    Channel, ChannelKind, ChannelState, ChannelView, Membership, MessageSummary, ReadMark,
};
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::permissions::sees;
use crate::model::roles::Standing;
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::{Error, Result};

/// A channel with the membership of person `?1`.
///
/// Tombstones and lines above a read mark are counted in the index that holds nothing else; without its name
/// here, SQLite would read every message above the mark.
fn view_query() -> String {
    let mentions = mentions::count("c.id", "max(mine.read_number, c.floor)");
    format!("
    SELECT c.id, c.name, c.topic, c.created_at, maker.id, maker.name, c.member_count, c.revision,
           c.last_number, coalesce(mine.own_revision, gone.own_revision, 0), mine.joined_at,
           mine.read_number, mine.read_step, mine.own_above,
           CASE WHEN mine.read_number < c.last_quiet THEN (
               SELECT count(*) FROM messages INDEXED BY messages_deleted
               WHERE channel_id = c.id AND number > max(mine.read_number, c.floor)
                 AND deleted_at IS NOT NULL AND off_run = 0)
           ELSE 0 END,
           mine.host, mine.muted_until, mine.hidden, kept.user_id IS NOT NULL,
           coalesce(viewer.role, 'guest'), viewer.password_hash IS NOT NULL,
           c.kind, CASE c.threads_open WHEN 1 THEN 'open_threads' ELSE c.posting END,
           c.locked_at IS NOT NULL, c.archived_at IS NOT NULL,
           c.muted_at IS NOT NULL, c.slow_s, c.newcomers, c.hosts_pin, locker.id, locker.name, muter.id, muter.name,
           c.archived_at, c.floor,
           CASE WHEN mine.read_number < c.last_mention THEN {mentions} ELSE 0 END,
           c.last_in_run, c.off_count - max(coalesce(mine.read_off, 0), c.floor_off), mine.level
    FROM channels c
    LEFT JOIN users viewer ON viewer.id = ?1
    LEFT JOIN kept_out kept ON kept.channel_id = c.id AND kept.user_id = ?1
    JOIN users maker ON maker.id = c.created_by
    LEFT JOIN users locker ON locker.id = c.locked_by
    LEFT JOIN users muter ON muter.id = c.muted_by
    LEFT JOIN members mine ON mine.channel_id = c.id AND mine.user_id = ?1
    LEFT JOIN departures gone ON gone.channel_id = c.id AND gone.user_id = ?1")
}

/// Takes the next revision of a channel that exists.
pub(crate) fn next_revision(db: &Connection, id: ChannelId) -> Result<Revision> {
    let mut update = db.prepare_cached(
        "UPDATE channels SET revision = revision + 1 WHERE id = ?1 RETURNING revision",
    )?;
    Ok(update.query_row([id.0], |row| row.get(0).map(Revision))?)
}

/// The id of no person: a view for it shows what everybody sees.
const NOBODY: UserId = UserId(0);

/// All public channels, as everybody sees them, oldest first.
pub(crate) fn public(db: &Connection) -> Result<Vec<Channel>> {
    let mut find =
        db.prepare_cached(&format!("{} WHERE c.kind = 'public' ORDER BY c.id", view_query()))?;
    let found = find.query_map([NOBODY.0], |row| Ok(read_view(row)?.0.channel))?;
    let mut found: Vec<Channel> = found.collect::<rusqlite::Result<_>>()?;
    for channel in &mut found {
        complete(db, channel)?;
    }
    Ok(found)
}

/// The channels that newcomers are put into, oldest first, at most `limit`.
pub(crate) fn for_newcomers(db: &Connection, limit: usize) -> Result<Vec<ChannelId>> {
    let mut find = db.prepare_cached(
        "SELECT id FROM channels WHERE newcomers = 1 AND kind = 'public' AND archived_at IS NULL
         ORDER BY id LIMIT ?1",
    )?;
    let found = find.query_map([sql_count(limit)], |row| row.get(0).map(ChannelId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A channel as a person sees it. `None`: there is no such channel, or they may not know of it.
pub(crate) fn view(db: &Connection, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
    one(db, "WHERE c.id = ?2", (user.0, id.0))
}

/// The public channel whose name has that key, or else the one that had it last, as a person sees it.
pub(crate) fn with_key(db: &Connection, key: &str, user: UserId) -> Result<Option<ChannelView>> {
    let named = one(db, "WHERE c.name_key = ?2 AND c.kind = 'public'", (user.0, key))?;
    if named.is_some() {
        return Ok(named);
    }
    match old_channel_names::leads_to(db, key)? {
        Some(id) => view(db, id, user),
        None => Ok(None),
    }
}

/// A channel as the directory lists it for a person. `None`: it does not list it.
pub(crate) fn listed(db: &Connection, id: ChannelId, viewer: UserId) -> Result<Option<Channel>> {
    let found = view(db, id, viewer)?.map(|view| view.channel);
    Ok(found.filter(|channel| channel.state.kind == ChannelKind::Public))
}

/// Whether a public channel's name has that key.
pub(crate) fn is_held(db: &Connection, key: &str) -> Result<bool> {
    let mut find = db.prepare_cached("SELECT 1 FROM channels WHERE name_key = ?1")?;
    Ok(find.exists([key])?)
}

/// A channel that exists: it was read before in this transaction.
pub(crate) fn existing_view(db: &Connection, id: ChannelId, user: UserId) -> Result<ChannelView> {
    view(db, id, user)?.ok_or_else(|| Error::Corrupt(format!("channel {id} is missing")))
}

/// A channel that exists, as everybody sees it.
pub(crate) fn existing(db: &Connection, id: ChannelId) -> Result<Channel> {
    let mut find = db.prepare_cached(&format!("{} WHERE c.id = ?2", view_query()))?;
    let found = find.query_row((NOBODY.0, id.0), |row| Ok(read_view(row)?.0.channel));
    let mut channel =
        found.optional()?.ok_or_else(|| Error::Corrupt(format!("channel {id} is missing")))?;
    complete(db, &mut channel)?;
    Ok(channel)
}

/// The newest message of the run of channel `c` that is not deleted, as one number: when it was posted, times
/// 64, and how far it is behind the newest row of the run. It is searched for among the newest 50 numbers only, so that a
/// channel full of tombstones and lines costs little more than another. Two numbers would be two searches.
pub(crate) const NEWEST_LEFT: &str = "(
    SELECT newest.created_at * 64 + c.last_in_run - newest.number FROM messages newest
    WHERE newest.channel_id = c.id AND newest.number > max(c.floor, c.last_in_run - 50)
          AND newest.number <= c.last_in_run AND newest.deleted_at IS NULL AND newest.off_run = 0
    ORDER BY newest.number DESC LIMIT 1)";

/// Reads [`NEWEST_LEFT`] of a channel whose newest row of the run is `last`, in column `at`.
pub(crate) fn read_newest_left(
    row: &Row<'_>,
    at: usize,
    last: Number,
) -> rusqlite::Result<Option<MessageSummary>> {
    let found: Option<i64> = row.get(at)?;
    Ok(found.map(|found| MessageSummary {
        number: Number(last.0 - found.rem_euclid(64)),
        created_at: Timestamp(found.div_euclid(64)),
    }))
}

/// The newest message that is not deleted.
pub(crate) fn newest_left(db: &Connection, id: ChannelId) -> Result<Option<MessageSummary>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT {NEWEST_LEFT}, c.last_in_run FROM channels c WHERE c.id = ?1"
    ))?;
    let found = find.query_row([id.0], |row| read_newest_left(row, 0, Number(row.get(1)?)));
    Ok(found.optional()?.flatten())
}

/// Where a channel stands.
pub(crate) fn head(db: &Connection, id: ChannelId) -> Result<Option<Head>> {
    Ok(head_and_state(db, id)?.map(|(head, _)| head))
}

/// The same, and what may be done in the channel.
pub(crate) fn head_and_state(
    db: &Connection,
    id: ChannelId,
) -> Result<Option<(Head, ChannelState)>> {
    let mut find =
        db.prepare_cached(&format!("SELECT {STATE}, {HEAD} FROM channels c WHERE c.id = ?1"))?;
    let found = find
        .query_row([id.0], |row| Ok((read_head(row, STATE_WIDTH)?, standing::read_state(row, 0)?)));
    Ok(found.optional()?)
}

fn one(db: &Connection, filter: &str, values: impl Params) -> Result<Option<ChannelView>> {
    let mut find = db.prepare_cached(&format!("{} {filter}", view_query()))?;
    let mut found = find.query_row(values, read_seen).optional()?.flatten();
    if let Some(view) = &mut found {
        complete(db, &mut view.channel)?;
    }
    Ok(found)
}

/// Adds what [`view_query`] does not have: the newest message, and the people of a direct conversation.
fn complete(db: &Connection, channel: &mut Channel) -> Result<()> {
    channel.last_message = newest_left(db, channel.id)?;
    if channel.state.kind == ChannelKind::Direct {
        channel.people = direct::people(db, channel.id)?;
    }
    Ok(())
}

/// Reads [`view_query`]; `None` when the person may not know of the channel.
fn read_seen(row: &Row<'_>) -> rusqlite::Result<Option<ChannelView>> {
    let (view, standing) = read_view(row)?;
    Ok(sees(standing, view.channel.state.kind).then_some(view))
}

/// Reads [`view_query`], and what the person is in the channel. Whether they are muted is not looked at.
fn read_view(row: &Row<'_>) -> rusqlite::Result<(ChannelView, Standing)> {
    let channel = Channel {
        id: ChannelId(row.get(0)?),
        name: row.get(1)?,
        state: standing::read_state(row, 21)?,
        topic: row.get(2)?,
        created_at: Timestamp(row.get(3)?),
        created_by: read_user(row, 4)?,
        people: Vec::new(),
        locked_by: read_somebody(row, 29)?,
        muted_by: read_somebody(row, 31)?,
        archived_at: row.get::<_, Option<i64>>(33)?.map(Timestamp),
        member_count: row.get(6)?,
        revision: Revision(row.get(7)?),
        last_number: Number(row.get(8)?),
        last_in_run: Number(row.get(36)?),
        floor: Number(row.get(34)?),
        last_message: None,
    };
    let own_revision = Revision(row.get(9)?);
    let membership = match row.get::<_, Option<i64>>(10)? {
        None => None,
        Some(joined_at) => {
            let read = ReadMark { number: Number(row.get(11)?), step: Revision(row.get(12)?) };
            let above = channel.last_number.0 - read.number.max(channel.floor).0;
            let above = above - row.get::<_, i64>(37)?;
            let unread = members::unread(above, row.get(14)?, row.get(13)?);
            let host = row.get(15)?;
            let muted_until = row.get::<_, Option<i64>>(16)?.map(Timestamp);
            let joined_at = Timestamp(joined_at);
            let (hidden, mentions) = (row.get(17)?, row.get(35)?);
            let level = members::read_level(row, 38, channel.state.kind)?;
            Some(Membership { joined_at, host, muted_until, hidden, level, read, unread, mentions })
        }
    };
    let seat = standing::seat(membership.map(|membership| membership.host), row.get(18)?);
    let standing = Standing { role: standing::read_role(row, 19)?, seat, muted: false };
    Ok((ChannelView { channel, membership, own_revision }, standing))
}

/// Reads a person who is perhaps nobody, the first of their columns at `at`.
fn read_somebody(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<User>> {
    match row.get::<_, Option<i64>>(at)? {
        Some(_) => read_user(row, at).map(Some),
        None => Ok(None),
    }
}
