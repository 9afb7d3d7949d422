//! Rows of what concerns people.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::sql_count;
use crate::model::activity::{
    ActivityFilter, ActivityPart, MAX_ACTIVITY, MAX_CALLS_OF_EVERYBODY, MAX_DIRECT,
};
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::time::Timestamp;
use crate::store::Result;

/// Stands for everybody in the channel, in the column of the person.
pub(crate) const EVERYBODY: UserId = UserId(0);

/// The code of a message that calls somebody, or everybody.
pub(crate) const MENTION: i64 = 1;
/// The code of reactions to what somebody wrote.
pub(crate) const REACTION: i64 = 2;
/// The code of the newest reply in a thread that somebody follows. No row has it: threads have these.
pub(crate) const REPLY: i64 = 3;
/// The code of somebody being put into a channel.
pub(crate) const INVITATION: i64 = 4;
/// The code of a message in a direct conversation. Its row is for everybody in it.
pub(crate) const DIRECT: i64 = 5;

/// A row as its person reads it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) channel: ChannelId,
    pub(crate) number: Number,
    pub(crate) kind: i64,
    pub(crate) turn: i64,
    pub(crate) at: Timestamp,
    pub(crate) by: UserId,
    pub(crate) late: bool,
    pub(crate) new: bool,
}

/// A row to be written.
#[derive(Clone, Copy)]
pub(crate) struct New {
    pub(crate) user: UserId,
    pub(crate) channel: ChannelId,
    pub(crate) number: Number,
    pub(crate) kind: i64,
    pub(crate) at: Timestamp,
    pub(crate) by: UserId,
    pub(crate) late: bool,
}

/// Writes a row, as the newest. One that is there already moves up. The oldest of the person, or of the calls of
/// everybody in the channel, goes.
pub(crate) fn add(db: &Connection, new: New) -> Result<()> {
    let turn = next_turn(db)?;
    let mut insert = db.prepare_cached(
        "INSERT INTO activity (user_id, channel_id, number, kind, turn, at, by, late, seen)
         VALUES (:user, :channel, :number, :kind, :turn, :at, :by, :late, 0)
         ON CONFLICT (user_id, channel_id, number, kind) DO UPDATE SET
             turn = excluded.turn, at = excluded.at, by = excluded.by,
             seen = CASE kind WHEN 4 THEN 0 ELSE seen END",
    )?;
    insert.execute(named_params! {
        ":user": new.user.0, ":channel": new.channel.0, ":number": new.number.0, ":kind": new.kind,
        ":turn": turn, ":at": new.at.0, ":by": new.by.0, ":late": new.late,
    })?;
    if new.user == EVERYBODY {
        let mut forget = db.prepare_cached(
            // Without its sign, the index by turn would lead through the calls of the whole place.
            "DELETE FROM activity WHERE user_id = 0 AND channel_id = ?1 AND +turn <=
                 (SELECT turn FROM activity WHERE user_id = 0 AND channel_id = ?1
                  ORDER BY +turn DESC LIMIT 1 OFFSET ?2)",
        )?;
        forget.execute((new.channel.0, sql_count(MAX_CALLS_OF_EVERYBODY)))?;
        return Ok(());
    }
    forget_oldest(db, new.user)
}

/// Notes a message of a direct conversation, and forgets those before the newest of them.
pub(crate) fn add_direct(db: &Connection, new: New) -> Result<()> {
    add(db, New { user: EVERYBODY, kind: DIRECT, ..new })?;
    let mut forget = db.prepare_cached(
        "DELETE FROM activity WHERE user_id = 0 AND channel_id = ?1 AND kind = 5 AND number <=
             (SELECT number FROM activity WHERE user_id = 0 AND channel_id = ?1 AND kind = 5
              ORDER BY number DESC LIMIT 1 OFFSET ?2)",
    )?;
    forget.execute((new.channel.0, sql_count(MAX_DIRECT)))?;
    Ok(())
}

/// Who in a channel has read a message and did not write it, at most `most`.
pub(crate) fn readers(
    db: &Connection,
    (channel, number): (ChannelId, Number),
    author: UserId,
    most: usize,
) -> Result<Vec<UserId>> {
    let mut find = db.prepare_cached(
        "SELECT user_id FROM members
         WHERE channel_id = ?1 AND read_number >= ?2 AND user_id <> ?3 LIMIT ?4",
    )?;
    let found = find.query_map((channel.0, number.0, author.0, sql_count(most)), |row| {
        row.get(0).map(UserId)
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Removes the rows of a person beyond those that are kept.
fn forget_oldest(db: &Connection, user: UserId) -> Result<()> {
    let mut forget = db.prepare_cached(
        "DELETE FROM activity WHERE user_id = ?1 AND turn <=
             (SELECT turn FROM activity INDEXED BY activity_by_turn WHERE user_id = ?1
              ORDER BY turn DESC LIMIT 1 OFFSET ?2)",
    )?;
    forget.execute((user.0, sql_count(MAX_ACTIVITY)))?;
    Ok(())
}

/// Notes who reacted last, if the row is the newest of all already: then it does not move.
pub(crate) fn stays_newest(db: &Connection, new: New) -> Result<bool> {
    let mut update = db.prepare_cached(
        "UPDATE activity SET at = ?5, by = ?6
         WHERE user_id = ?1 AND channel_id = ?2 AND number = ?3 AND kind = ?4
           AND turn = (SELECT last_turn FROM place)",
    )?;
    let key = (new.user.0, new.channel.0, new.number.0, new.kind, new.at.0, new.by.0);
    Ok(update.execute(key)? > 0)
}

/// The next turn, which is given once.
pub(crate) fn next_turn(db: &Connection) -> Result<i64> {
    let mut find = db.prepare_cached("SELECT last_turn FROM place")?;
    let turn = find.query_row([], |row| row.get::<_, i64>(0))? + 1;
    db.prepare_cached("UPDATE place SET last_turn = ?1")?.execute([turn])?;
    Ok(turn)
}

/// Whether there is a row of that kind about a message, for a person or for everybody.
pub(crate) fn has(
    db: &Connection,
    user: UserId,
    (channel, number): (ChannelId, Number),
    kind: i64,
) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM activity
         WHERE user_id = ?1 AND channel_id = ?2 AND number = ?3 AND kind = ?4",
    )?;
    Ok(find.exists((user.0, channel.0, number.0, kind))?)
}

/// Whom the rows about a message are for, of the people.
pub(crate) fn people_of(
    db: &Connection,
    (channel, number): (ChannelId, Number),
    kind: i64,
) -> Result<Vec<UserId>> {
    let mut find = db.prepare_cached(
        "SELECT user_id FROM activity WHERE channel_id = ?1 AND number = ?2 AND kind = ?3
             AND user_id <> 0 ORDER BY user_id",
    )?;
    let found = find.query_map((channel.0, number.0, kind), |row| row.get(0).map(UserId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Removes a row.
pub(crate) fn remove(
    db: &Connection,
    user: UserId,
    (channel, number): (ChannelId, Number),
    kind: i64,
) -> Result<bool> {
    let mut delete = db.prepare_cached(
        "DELETE FROM activity
         WHERE user_id = ?1 AND channel_id = ?2 AND number = ?3 AND kind = ?4",
    )?;
    Ok(delete.execute((user.0, channel.0, number.0, kind))? > 0)
}

/// Removes all rows about a message. That somebody was put into its channel stays.
pub(crate) fn forget(db: &Connection, channel: ChannelId, number: Number) -> Result<()> {
    db.prepare_cached("DELETE FROM activity WHERE channel_id = ?1 AND number = ?2 AND kind <> 4")?
        .execute((channel.0, number.0))?;
    Ok(())
}

/// Removes all rows of a person. Others see them in the calls that they wrote.
pub(crate) fn forget_person(db: &Connection, user: UserId) -> Result<()> {
    db.prepare_cached("DELETE FROM activity WHERE user_id = ?1")?.execute([user.0])?;
    Ok(())
}

/// What person `?1` has, the newest first, before turn `?2`: their own rows; the calls of everybody in the
/// channels that they are in, since they came in; the newest message by others of each of their direct
/// conversations; and the newest reply in each thread that they follow. Of a message that concerns them for
/// several reasons one row stands, their own first. `?3`: only what is new; `?4`: the kinds, a bit for each. Whom
/// they muted or blocked is left out.
const LIST: &str = "
    SELECT channel_id, number, kind, turn, at, by, late, new FROM (
        SELECT a.channel_id, a.number, a.kind, a.turn, a.at, a.by, a.late,
               a.kind IN (1, 4) AND a.seen = 0 AND a.turn > me.activity_seen
                   AND (a.late = 1 OR a.number > coalesce(mine.read_number, a.number)) AS new
        FROM users me
        CROSS JOIN activity a INDEXED BY activity_by_turn ON a.user_id = me.id AND a.turn < ?2
        LEFT JOIN members mine ON mine.channel_id = a.channel_id AND mine.user_id = ?1
        WHERE me.id = ?1
        UNION ALL
        SELECT a.channel_id, a.number, a.kind, a.turn, a.at, a.by, a.late,
               a.turn > me.activity_seen AND a.number > mine.read_number
        FROM users me
        CROSS JOIN members mine ON mine.user_id = me.id
        CROSS JOIN activity a ON a.user_id = 0 AND a.channel_id = mine.channel_id
        WHERE me.id = ?1 AND +a.turn < ?2 AND a.by <> ?1 AND a.at >= mine.joined_at
          AND NOT EXISTS (SELECT 1 FROM activity own
                          WHERE own.user_id = ?1 AND own.channel_id = a.channel_id
                            AND own.number = a.number AND own.kind = 1)
          AND (a.kind <> 5 OR NOT EXISTS (
                   SELECT 1 FROM activity later
                   WHERE later.user_id = 0 AND later.channel_id = a.channel_id
                     AND later.number >= a.number AND later.by <> ?1
                     AND NOT EXISTS (SELECT 1 FROM set_aside aside
                                     WHERE aside.user_id = ?1 AND aside.whom = later.by)
                     AND (later.kind = 1 AND later.number = a.number
                          OR later.kind = 5 AND later.number > a.number)))
        UNION ALL
        SELECT f.channel_id, t.told_number, 3, t.turn, t.told_at, t.told_by, 1,
               t.turn > me.activity_seen AND t.told_number > f.read_number
        FROM users me
        CROSS JOIN follows f ON f.user_id = me.id AND f.following = 1
        CROSS JOIN threads t ON t.channel_id = f.channel_id AND t.root = f.root
        WHERE me.id = ?1 AND t.turn BETWEEN 1 AND ?2 - 1 AND t.told_by <> ?1
          AND NOT EXISTS (SELECT 1 FROM activity own
                          WHERE own.user_id = ?1 AND own.channel_id = t.channel_id
                            AND own.number = t.told_number AND own.kind = 1))
    WHERE (?3 = 0 OR new) AND (?4 >> kind) & 1
      AND (kind = 2 OR NOT EXISTS (SELECT 1 FROM set_aside aside
                                            WHERE aside.user_id = ?1 AND aside.whom = by))
    ORDER BY turn DESC LIMIT ?5";

/// See [`LIST`].
pub(crate) fn list(
    db: &Connection,
    user: UserId,
    filter: ActivityFilter,
    before: Option<i64>,
    limit: usize,
) -> Result<Vec<Found>> {
    let mut find = db.prepare_cached(LIST)?;
    let before = before.unwrap_or(i64::MAX);
    let kinds = kinds_of(filter.part);
    let values = (user.0, before, filter.only_new, kinds, sql_count(limit));
    let found = find.query_map(values, read)?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A bit for each kind of a part.
fn kinds_of(part: ActivityPart) -> i64 {
    let kinds: &[i64] = match part {
        ActivityPart::All => &[MENTION, REACTION, REPLY, INVITATION, DIRECT],
        ActivityPart::Mentions => &[MENTION],
        ActivityPart::Replies => &[REPLY],
        ActivityPart::Reactions => &[REACTION],
        ActivityPart::Counted => &[MENTION, INVITATION],
    };
    kinds.iter().fold(0, |bits, kind| bits | 1 << kind)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        channel: ChannelId(row.get(0)?),
        number: Number(row.get(1)?),
        kind: row.get(2)?,
        turn: row.get(3)?,
        at: Timestamp(row.get(4)?),
        by: UserId(row.get(5)?),
        late: row.get(6)?,
        new: row.get(7)?,
    })
}

/// Who reacted to a message, at most `most`, without whoever wrote it and whom they muted or blocked.
pub(crate) fn reacted(
    db: &Connection,
    (channel, number): (ChannelId, Number),
    author: UserId,
    most: usize,
) -> Result<Vec<UserId>> {
    let mut find = db.prepare_cached(
        "SELECT DISTINCT r.user_id FROM reactions r
         WHERE r.channel_id = ?1 AND r.number = ?2 AND r.user_id <> ?3
           AND NOT EXISTS (SELECT 1 FROM set_aside aside
                           WHERE aside.user_id = ?3 AND aside.whom = r.user_id)
         LIMIT ?4",
    )?;
    let found = find.query_map((channel.0, number.0, author.0, sql_count(most)), |row| {
        row.get(0).map(UserId)
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Whether anybody but its author reacted to a message.
pub(crate) fn is_reacted(
    db: &Connection,
    (channel, number): (ChannelId, Number),
    author: UserId,
) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM reactions WHERE channel_id = ?1 AND number = ?2 AND user_id <> ?3",
    )?;
    Ok(find.exists((channel.0, number.0, author.0))?)
}

/// Up to which turn a person has seen all, and their own revision of the newest change of what they have seen.
pub(crate) fn seen(db: &Connection, user: UserId) -> Result<Option<(i64, Revision)>> {
    let mut find =
        db.prepare_cached("SELECT activity_seen, activity_revision FROM users WHERE id = ?1")?;
    let found = find.query_row([user.0], |row| Ok((row.get(0)?, Revision(row.get(1)?))));
    Ok(found.optional()?)
}

/// Writes that.
pub(crate) fn set_seen(db: &Connection, user: UserId, through: i64, own: Revision) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE users SET activity_seen = ?2, activity_revision = ?3 WHERE id = ?1",
    )?;
    update.execute((user.0, through, own.0))?;
    Ok(())
}

/// The newest turn of all.
pub(crate) fn last_turn(db: &Connection) -> Result<i64> {
    Ok(db.prepare_cached("SELECT last_turn FROM place")?.query_row([], |row| row.get(0))?)
}

/// Notes that a person has seen that a message calls them, or that they were put into its channel. Returns whether it was not seen before.
pub(crate) fn see_own(
    db: &Connection,
    user: UserId,
    (channel, number): (ChannelId, Number),
) -> Result<bool> {
    let mut update = db.prepare_cached(
        "UPDATE activity SET seen = 1
         WHERE user_id = ?1 AND channel_id = ?2 AND number = ?3 AND kind IN (1, 4) AND seen = 0",
    )?;
    Ok(update.execute((user.0, channel.0, number.0))? > 0)
}

/// Notes that a person has seen a call of everybody: they get a row of their own. Returns whether there is such
/// a call.
pub(crate) fn see_everybodys(
    db: &Connection,
    user: UserId,
    (channel, number): (ChannelId, Number),
) -> Result<bool> {
    let mut copy = db.prepare_cached(
        "INSERT INTO activity (user_id, channel_id, number, kind, turn, at, by, late, seen)
         SELECT ?1, channel_id, number, kind, turn, at, by, 0, 1 FROM activity
         WHERE user_id = 0 AND channel_id = ?2 AND number = ?3 AND kind = 1
         ON CONFLICT DO NOTHING",
    )?;
    let is_copied = copy.execute((user.0, channel.0, number.0))? > 0;
    if is_copied {
        forget_oldest(db, user)?;
    }
    Ok(is_copied)
}
