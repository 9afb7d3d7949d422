//! Channels, as everybody and as one person sees them.

use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::users::read_user;
use super::writer::Tx;
use super::{members, reading, streams};
use crate::model::channels::{Channel, ChannelView, Membership, MessageSummary, ReadMark};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::look_alikes::Look;
use crate::model::names::ChannelName;
use crate::model::text::Topic;
use crate::model::time::Timestamp;
use crate::store::{Constraint, Error, Result};

/// A channel with its newest message and the membership of person `?1`.
///
/// The newest message that is not deleted is looked for among the newest 20 numbers, so that a
/// channel full of tombstones costs no more than another. Tombstones above a mark are counted in the
/// index that holds nothing else; left alone, SQLite would read all messages above the mark.
const VIEW: &str = "
    SELECT c.id, c.name, c.topic, c.created_at, maker.id, maker.name, c.member_count, c.revision,
           c.last_number, last.number, author.id, author.name, substr(last.text, 1, 200),
           last.created_at, coalesce(mine.own_revision, gone.own_revision, 0), mine.joined_at,
           mine.read_number, mine.read_step, mine.own_above,
           CASE WHEN mine.read_number < c.last_number THEN (
               SELECT count(*) FROM messages INDEXED BY messages_deleted
               WHERE channel_id = c.id AND number > mine.read_number AND deleted_at IS NOT NULL)
           ELSE 0 END
    FROM channels c
    JOIN users maker ON maker.id = c.created_by
    LEFT JOIN messages last ON last.channel_id = c.id AND last.number = (
        SELECT number FROM messages
        WHERE channel_id = c.id AND number > c.last_number - 20 AND deleted_at IS NULL
        ORDER BY number DESC LIMIT 1)
    LEFT JOIN users author ON author.id = last.author_id
    LEFT JOIN members mine ON mine.channel_id = c.id AND mine.user_id = ?1
    LEFT JOIN departures gone ON gone.channel_id = c.id AND gone.user_id = ?1";

/// A person that nobody is: who asks as her sees what everybody sees.
const NOBODY: UserId = UserId(0);

/// Where a channel stands.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) revision: Revision,
    pub(super) last_number: Number,
}

fn looks_like_another(db: &Connection, look: &Look) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM channels WHERE look_drawn = ?1
         UNION ALL SELECT 1 FROM channels WHERE look_folded = ?2",
    )?;
    Ok(find.exists((&look.drawn, &look.folded))?)
}

pub(super) fn create(
    tx: &mut Tx<'_>,
    name: &ChannelName,
    topic: &Topic,
    by: UserId,
    at: Timestamp,
) -> Result<ChannelView> {
    if with_key(tx.db, name.key(), by)?.is_some() {
        return Err(Error::Conflict(Constraint::ChannelName));
    }
    if looks_like_another(tx.db, name.look())? {
        return Err(Error::Conflict(Constraint::ChannelLook));
    }
    let mut insert = tx.db.prepare_cached(
        "INSERT INTO channels (name, name_key, topic, created_at, created_by, place_revision,
                               look_drawn, look_folded)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    members::room_for_one_more(tx.db, by)?;
    let place = streams::next_place(tx.db)?;
    let (key, look) = (name.key(), name.look());
    insert.execute((
        name.as_str(),
        key,
        topic.as_str(),
        at.0,
        by.0,
        place.0,
        &look.drawn,
        &look.folded,
    ))?;
    let id = ChannelId(tx.db.last_insert_rowid());
    members::add(tx.db, id, by, at)?;
    let made = existing(tx.db, id, by)?;
    tx.happened(Event::ChannelCreated { channel: made.channel.clone(), place });
    tx.happened(Event::MembershipChanged { user: by, view: made.clone() });
    Ok(made)
}

pub(super) fn all(db: &Connection, user: UserId) -> Result<Vec<ChannelView>> {
    let mut find = db.prepare_cached(&format!("{VIEW} ORDER BY c.id"))?;
    let found = find.query_map([user.0], read_view)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Channels after one, oldest first, about so many bytes as JSON and at least one; and whether
/// those are all.
pub(super) fn after(
    db: &Connection,
    user: UserId,
    after: ChannelId,
    most_bytes: usize,
) -> Result<(Vec<ChannelView>, bool)> {
    let mut find = db.prepare_cached(&format!("{VIEW} WHERE c.id > ?2 ORDER BY c.id"))?;
    let mut found = find.query((user.0, after.0))?;
    let (mut channels, mut bytes) = (Vec::new(), 0);
    while let Some(row) = found.next()? {
        let view = read_view(row)?;
        bytes += json_bytes(&view.channel);
        if bytes > most_bytes && !channels.is_empty() {
            return Ok((channels, false));
        }
        channels.push(view);
    }
    Ok((channels, true))
}

/// About how many bytes a channel takes as JSON.
fn json_bytes(channel: &Channel) -> usize {
    /// The names of the fields, numbers, times.
    const FRAME: usize = 400;
    let last = channel.last_message.as_ref();
    let last = last.map_or(0, |message| message.text.len() + message.author.name.len() + 120);
    FRAME + channel.name.len() + channel.topic.len() + channel.created_by.name.len() + last
}

pub(super) fn view(db: &Connection, id: ChannelId, user: UserId) -> Result<Option<ChannelView>> {
    one(db, "WHERE c.id = ?2", (user.0, id.0))
}

pub(super) fn with_key(db: &Connection, key: &str, user: UserId) -> Result<Option<ChannelView>> {
    one(db, "WHERE c.name_key = ?2", (user.0, key))
}

/// A channel that was seen in this transaction.
pub(super) fn existing(db: &Connection, id: ChannelId, user: UserId) -> Result<ChannelView> {
    view(db, id, user)?.ok_or_else(|| Error::Corrupt(format!("channel {id} is missing")))
}

/// A channel that was seen in this transaction, as everybody sees it.
pub(super) fn everybodys(db: &Connection, id: ChannelId) -> Result<Channel> {
    Ok(existing(db, id, NOBODY)?.channel)
}

pub(super) fn set_topic(tx: &mut Tx<'_>, id: ChannelId, topic: &Topic) -> Result<Option<Channel>> {
    let mut update = tx.db.prepare_cached(
        "UPDATE channels SET topic = ?2, revision = revision + 1, facts_revision = revision + 1
         WHERE id = ?1 AND topic <> ?2",
    )?;
    if update.execute((id.0, topic.as_str()))? == 0 {
        return Ok(view(tx.db, id, NOBODY)?.map(|view| view.channel));
    }
    // The directory shows topics to people who do not hear the channel.
    let place = streams::next_place(tx.db)?;
    let mut listed =
        tx.db.prepare_cached("UPDATE channels SET place_revision = ?2 WHERE id = ?1")?;
    listed.execute((id.0, place.0))?;
    let channel = everybodys(tx.db, id)?;
    tx.happened(Event::ChannelChanged { channel: channel.clone(), place });
    Ok(Some(channel))
}

/// The newest message that is left, as in [`VIEW`].
pub(super) fn newest_left(db: &Connection, id: ChannelId) -> Result<Option<MessageSummary>> {
    Ok(existing(db, id, NOBODY)?.channel.last_message)
}

pub(super) fn head(db: &Connection, id: ChannelId) -> Result<Option<Head>> {
    let mut find = db.prepare_cached("SELECT revision, last_number FROM channels WHERE id = ?1")?;
    let found = find.query_row([id.0], |row| {
        Ok(Head { revision: Revision(row.get(0)?), last_number: Number(row.get(1)?) })
    });
    Ok(found.optional()?)
}

fn one(db: &Connection, filter: &str, values: impl Params) -> Result<Option<ChannelView>> {
    let mut find = db.prepare_cached(&format!("{VIEW} {filter}"))?;
    Ok(find.query_row(values, read_view).optional()?)
}

fn read_view(row: &Row<'_>) -> rusqlite::Result<ChannelView> {
    let channel = Channel {
        id: ChannelId(row.get(0)?),
        name: row.get(1)?,
        topic: row.get(2)?,
        created_at: Timestamp(row.get(3)?),
        created_by: read_user(row, 4)?,
        member_count: row.get(6)?,
        revision: Revision(row.get(7)?),
        last_number: Number(row.get(8)?),
        last_message: read_summary(row)?,
    };
    let own_revision = Revision(row.get(14)?);
    let membership = match row.get::<_, Option<i64>>(15)? {
        None => None,
        Some(joined_at) => {
            let read = ReadMark { number: Number(row.get(16)?), step: Revision(row.get(17)?) };
            let above = channel.last_number.0 - read.number.0;
            let unread = reading::remaining(above, row.get(19)?, row.get(18)?);
            Some(Membership { joined_at: Timestamp(joined_at), read, unread })
        }
    };
    Ok(ChannelView { channel, membership, own_revision })
}

fn read_summary(row: &Row<'_>) -> rusqlite::Result<Option<MessageSummary>> {
    let Some(number) = row.get::<_, Option<i64>>(9)? else { return Ok(None) };
    Ok(Some(MessageSummary {
        number: Number(number),
        author: read_user(row, 10)?,
        text: row.get(12)?,
        created_at: Timestamp(row.get(13)?),
    }))
}
