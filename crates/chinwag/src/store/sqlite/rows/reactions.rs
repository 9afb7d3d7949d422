//! Rows of reactions: the kinds under a message with their counts, and who has which.

use rusqlite::{Connection, OptionalExtension};

use super::sql_count;
use super::users::read_face;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::reactions::{Emoji, MAX_KINDS, MAX_PEOPLE, Reaction, Reactors};
use crate::store::Result;

/// A kind of reaction to a message.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// Where it stands among the others.
    pub(crate) place: i64,
    /// How many people have it.
    pub(crate) count: i64,
}

/// The reactions to a message, as `reader` sees them.
pub(crate) fn of_message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    reader: UserId,
) -> Result<Vec<Reaction>> {
    let mut find = db.prepare_cached(
        "SELECT k.emoji, k.count, EXISTS (
             SELECT 1 FROM reactions r WHERE r.channel_id = k.channel_id AND r.number = k.number
                 AND r.place = k.place AND r.user_id = ?3)
         FROM reaction_kinds k WHERE k.channel_id = ?1 AND k.number = ?2 ORDER BY k.place",
    )?;
    let found = find.query_map((channel.0, number.0, reader.0), |row| {
        Ok(Reaction { emoji: row.get(0)?, count: row.get(1)?, mine: row.get(2)? })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The kind of an emoji under a message, if anybody has it.
pub(crate) fn kind(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    emoji: Emoji,
) -> Result<Option<Kind>> {
    let mut find = db.prepare_cached(
        "SELECT place, count FROM reaction_kinds
         WHERE channel_id = ?1 AND number = ?2 AND emoji = ?3",
    )?;
    let found = find.query_row((channel.0, number.0, emoji.as_str()), |row| {
        Ok(Kind { place: row.get(0)?, count: row.get(1)? })
    });
    Ok(found.optional()?)
}

/// Whether a person has a kind.
pub(crate) fn has(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    place: i64,
    user: UserId,
) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM reactions
         WHERE channel_id = ?1 AND number = ?2 AND place = ?3 AND user_id = ?4",
    )?;
    Ok(find.exists((channel.0, number.0, place, user.0))?)
}

/// Adds a person to a kind, or begins the kind behind the others. Returns how many have it now; `None` when
/// there are [`MAX_KINDS`] others.
pub(crate) fn add(
    db: &Connection,
    (channel, number): (ChannelId, Number),
    (emoji, kind): (Emoji, Option<Kind>),
    user: UserId,
    revision: Revision,
) -> Result<Option<i64>> {
    let (place, count) = match kind {
        Some(Kind { place, count }) => {
            set_count(db, channel, number, place, count + 1)?;
            (place, count + 1)
        }
        None => {
            let mut find = db.prepare_cached(
                "SELECT count(*), coalesce(max(place), 0) + 1 FROM reaction_kinds
                 WHERE channel_id = ?1 AND number = ?2",
            )?;
            let (kinds, place): (i64, i64) =
                find.query_row((channel.0, number.0), |row| Ok((row.get(0)?, row.get(1)?)))?;
            if kinds >= sql_count(MAX_KINDS) {
                return Ok(None);
            }
            let mut insert = db.prepare_cached(
                "INSERT INTO reaction_kinds (channel_id, number, place, emoji, count)
                 VALUES (?1, ?2, ?3, ?4, 1)",
            )?;
            insert.execute((channel.0, number.0, place, emoji.as_str()))?;
            (place, 1)
        }
    };
    let mut insert = db.prepare_cached(
        "INSERT INTO reactions (channel_id, number, place, user_id, revision)
         VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    insert.execute((channel.0, number.0, place, user.0, revision.0))?;
    Ok(Some(count))
}

/// Takes a person out of a kind that they have; the kind goes with the last one. Returns how many have it
/// now.
pub(crate) fn remove(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    kind: Kind,
    user: UserId,
) -> Result<i64> {
    let Kind { place, count } = kind;
    let mut delete = db.prepare_cached(
        "DELETE FROM reactions
         WHERE channel_id = ?1 AND number = ?2 AND place = ?3 AND user_id = ?4",
    )?;
    delete.execute((channel.0, number.0, place, user.0))?;
    if count > 1 {
        set_count(db, channel, number, place, count - 1)?;
    } else {
        let mut delete = db.prepare_cached(
            "DELETE FROM reaction_kinds WHERE channel_id = ?1 AND number = ?2 AND place = ?3",
        )?;
        delete.execute((channel.0, number.0, place))?;
    }
    Ok(count - 1)
}

/// Removes all reactions to a message.
pub(crate) fn forget(db: &Connection, channel: ChannelId, number: Number) -> Result<()> {
    db.prepare_cached("DELETE FROM reaction_kinds WHERE channel_id = ?1 AND number = ?2")?
        .execute((channel.0, number.0))?;
    Ok(())
}

/// Who has a kind, in the order in which they came.
pub(crate) fn reactors(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    kind: Kind,
) -> Result<Reactors> {
    let mut find = db.prepare_cached(
        "SELECT u.id, u.name, u.picture FROM reactions r JOIN users u ON u.id = r.user_id
         WHERE r.channel_id = ?1 AND r.number = ?2 AND r.place = ?3 ORDER BY r.revision LIMIT ?4",
    )?;
    let found = find
        .query_map((channel.0, number.0, kind.place, sql_count(MAX_PEOPLE)), |row| {
            read_face(row, 0)
        })?;
    let people = found.collect::<rusqlite::Result<_>>()?;
    Ok(Reactors { people, total: kind.count })
}

fn set_count(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    place: i64,
    count: i64,
) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE reaction_kinds SET count = ?4
         WHERE channel_id = ?1 AND number = ?2 AND place = ?3",
    )?;
    update.execute((channel.0, number.0, place, count))?;
    Ok(())
}
