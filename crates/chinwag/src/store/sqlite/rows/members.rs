//! Rows of members.

use rusqlite::{Connection, OptionalExtension, Row};

use super::follows;
use super::revisions;
use super::standing::read_role;
use super::users::read_face;
use crate::model::channels::{
    ChannelKind, MANY_UNREAD, MAX_MEMBERS_PAGE, MAX_MEMBERSHIPS, Member, MembersPage, MembersQuery,
};
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::levels::Level;
use crate::model::roles::Seat;
use crate::model::time::Timestamp;
use crate::store::{Constraint, Error, Result};

/// The columns of a member's row about reading.
#[derive(Clone, Copy)]
pub(crate) struct MemberRow {
    /// The read mark: the newest message that counts as read.
    pub(crate) read_number: Number,
    /// The revision of the member's own stream with which the mark moved last.
    pub(crate) read_step: Revision,
    /// How many of the member's own messages of the run above the mark are not deleted.
    pub(crate) own_above: i64,
    /// How many rows are off the run up to the mark.
    pub(crate) read_off: i64,
    /// Whether they are one of the hosts.
    pub(crate) host: bool,
    /// Until when they may not write in the channel.
    pub(crate) muted_until: Option<Timestamp>,
    /// When they wrote last while the channel had slow mode.
    pub(crate) wrote_at: Option<Timestamp>,
}

/// The row of a member; `None` when the person is not in the channel.
pub(crate) fn row(db: &Connection, id: ChannelId, user: UserId) -> Result<Option<MemberRow>> {
    let mut find = db.prepare_cached(
        "SELECT read_number, read_step, own_above, host, muted_until, wrote_at, read_off FROM members
         WHERE channel_id = ?1 AND user_id = ?2",
    )?;
    let found = find.query_row((id.0, user.0), |row| {
        Ok(MemberRow {
            read_number: Number(row.get(0)?),
            read_step: Revision(row.get(1)?),
            own_above: row.get(2)?,
            host: row.get(3)?,
            muted_until: row.get::<_, Option<i64>>(4)?.map(Timestamp),
            wrote_at: row.get::<_, Option<i64>>(5)?.map(Timestamp),
            read_off: row.get(6)?,
        })
    });
    Ok(found.optional()?)
}

/// Writes what the row of a member says about reading.
pub(crate) fn set(db: &Connection, id: ChannelId, user: UserId, row: MemberRow) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE members SET read_number = ?3, read_step = ?4, own_revision = ?4, own_above = ?5,
                            read_off = ?6
         WHERE channel_id = ?1 AND user_id = ?2",
    )?;
    let MemberRow { read_number, read_step, own_above, read_off, .. } = row;
    update.execute((id.0, user.0, read_number.0, read_step.0, own_above, read_off))?;
    Ok(())
}

/// Notes when a member wrote in a channel with slow mode.
pub(crate) fn wrote(db: &Connection, id: ChannelId, user: UserId, at: Timestamp) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE members SET wrote_at = ?3 WHERE channel_id = ?1 AND user_id = ?2",
    )?;
    update.execute((id.0, user.0, at.0))?;
    Ok(())
}

/// Reads what a member chose to be told of, or what holds for a channel of that kind.
pub(crate) fn read_level(row: &Row<'_>, at: usize, kind: ChannelKind) -> rusqlite::Result<Level> {
    let chosen = row.get::<_, Option<i64>>(at)?.and_then(Level::of_code);
    Ok(chosen.unwrap_or(kind.level()))
}

/// Writes what a member wants to be told of. Returns whether that is another choice than before; then the
/// next revision of their own stream has to be noted with [`changed`].
pub(crate) fn set_level(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    level: Level,
) -> Result<bool> {
    let mut update = db.prepare_cached(
        "UPDATE members SET level = ?3
         WHERE channel_id = ?1 AND user_id = ?2 AND level IS NOT ?3",
    )?;
    Ok(update.execute((id.0, user.0, level.code()))? > 0)
}

/// Notes a change of a membership that is no read mark, with the revision of the member's own stream.
pub(crate) fn changed(db: &Connection, id: ChannelId, user: UserId, own: Revision) -> Result<()> {
    let mut update = db.prepare_cached(
        "UPDATE members SET own_revision = ?3 WHERE channel_id = ?1 AND user_id = ?2",
    )?;
    update.execute((id.0, user.0, own.0))?;
    Ok(())
}

/// How many messages are unread when `above` rows of the run are above the mark, `quiet` ones (tombstones
/// and lines) and `own_above` among them. At most [`MANY_UNREAD`].
pub(crate) fn unread(above: i64, quiet: i64, own_above: i64) -> i64 {
    (above - quiet - own_above).clamp(0, MANY_UNREAD)
}

/// Checks that a person may be in one more channel. A command calls it before it writes.
///
/// # Errors
/// `Conflict(Memberships)` when they may not.
pub(crate) fn check_room_for_one_more(db: &Connection, user: UserId) -> Result<()> {
    let mut count = db.prepare_cached("SELECT count(*) FROM members WHERE user_id = ?1")?;
    let has: i64 = count.query_row([user.0], |row| row.get(0))?;
    if usize::try_from(has).is_ok_and(|has| has >= MAX_MEMBERSHIPS) {
        return Err(Error::Conflict(Constraint::Memberships));
    }
    Ok(())
}

/// Adds a person who is not in it to a channel that exists, with the read mark at its newest message. They
/// are muted if they were when they left. No event. Returns how many people are in the channel now.
pub(crate) fn add(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    at: Timestamp,
    seat: Seat,
) -> Result<i64> {
    let own = revisions::next_own(db, user)?;
    let mut insert = db.prepare_cached(
        "INSERT INTO members
             (channel_id, user_id, joined_at, read_number, read_off, read_step, own_revision, host,
              muted_until)
         SELECT id, ?2, ?3, last_number, off_count, ?4, ?4, ?5,
                (SELECT muted_until FROM departures WHERE user_id = ?2 AND channel_id = ?1)
         FROM channels WHERE id = ?1",
    )?;
    insert.execute((id.0, user.0, at.0, own.0, seat == Seat::Host))?;
    let mut back =
        db.prepare_cached("DELETE FROM departures WHERE user_id = ?1 AND channel_id = ?2")?;
    back.execute((user.0, id.0))?;
    count(db, id, 1)
}

/// Removes a membership and notes the departure; `None` when the person is not in the channel.
/// Returns how many people are in it now, and the own revision of this change.
pub(crate) fn remove(
    db: &Connection,
    id: ChannelId,
    user: UserId,
) -> Result<Option<(i64, Revision)>> {
    let Some(member) = row(db, id, user)? else { return Ok(None) };
    let mut delete =
        db.prepare_cached("DELETE FROM members WHERE channel_id = ?1 AND user_id = ?2")?;
    delete.execute((id.0, user.0))?;
    follows::forget(db, id, user)?;
    let own = departed(db, id, user)?;
    if let Some(until) = member.muted_until {
        let mut keep = db.prepare_cached(
            "UPDATE departures SET muted_until = ?3 WHERE user_id = ?1 AND channel_id = ?2",
        )?;
        keep.execute((user.0, id.0, until.0))?;
    }
    Ok(Some((count(db, id, -1)?, own)))
}

/// Notes that what a person outside of a channel may know of it changed: it takes their next own
/// revision, which is returned.
pub(crate) fn departed(db: &Connection, id: ChannelId, user: UserId) -> Result<Revision> {
    let own = revisions::next_own(db, user)?;
    let mut depart = db.prepare_cached(
        "INSERT INTO departures (user_id, channel_id, own_revision) VALUES (?1, ?2, ?3)
         ON CONFLICT DO UPDATE SET own_revision = excluded.own_revision",
    )?;
    depart.execute((user.0, id.0, own.0))?;
    Ok(own)
}

/// Everybody in a channel.
pub(crate) fn all(db: &Connection, id: ChannelId) -> Result<Vec<UserId>> {
    let mut find = db.prepare_cached("SELECT user_id FROM members WHERE channel_id = ?1")?;
    let found = find.query_map([id.0], |row| row.get(0).map(UserId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Whether a channel has another host than a person, whose account is not deactivated.
pub(crate) fn has_other_host(db: &Connection, id: ChannelId, than: UserId) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.channel_id = ?1 AND m.host = 1 AND m.user_id <> ?2 AND u.deactivated_at IS NULL",
    )?;
    Ok(find.exists((id.0, than.0))?)
}

/// Makes whoever is in the channel for the longest time its host, if it has none who can act and anybody but guests
/// is in it. Returns them.
pub(crate) fn hand_over(db: &Connection, id: ChannelId) -> Result<Option<UserId>> {
    if has_other_host(db, id, UserId(0))? {
        return Ok(None);
    }
    let mut find = db.prepare_cached(
        "SELECT m.user_id FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.channel_id = ?1 AND u.role <> 'guest' AND u.deactivated_at IS NULL
         ORDER BY m.joined_at, m.user_id LIMIT 1",
    )?;
    let next = find.query_row([id.0], |row| row.get(0).map(UserId)).optional()?;
    if let Some(next) = next {
        let own = revisions::next_own(db, next)?;
        let mut update = db.prepare_cached(
            "UPDATE members SET host = 1, own_revision = ?3 WHERE channel_id = ?1 AND user_id = ?2",
        )?;
        update.execute((id.0, next.0, own.0))?;
    }
    Ok(next)
}

/// The channels whose membership of a person changed after `since`, including those that they left.
/// It reads all memberships: an index by revision would be written with every read mark.
pub(crate) fn changed_since(
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

/// A page of the people in a channel. `runs`: whether it is for those who run the channel, who are told of
/// mutes and of the ends of visits. `viewer`: who is told when the others were here last, if anybody is.
pub(crate) fn members(
    db: &Connection,
    id: ChannelId,
    query: &MembersQuery,
    runs: bool,
    viewer: Option<UserId>,
) -> Result<MembersPage> {
    let limit = query.limit.clamp(1, MAX_MEMBERS_PAGE);
    let mut find = db.prepare_cached(
        "SELECT u.id, u.name FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.channel_id = ?1 AND (
               NOT EXISTS (SELECT 1 FROM members WHERE channel_id = ?1 AND user_id = ?2)
               OR (1 - m.host, u.name_key) >
               (SELECT 1 - o.host, l.name_key FROM members o JOIN users l ON l.id = o.user_id
                WHERE o.channel_id = ?1 AND o.user_id = ?2))
         ORDER BY m.host DESC, u.name_key",
    )?;
    let mut rows = find.query((id.0, query.after.map(|after| after.0)))?;
    let (mut members, mut complete) = (Vec::new(), true);
    while let Some(row) = rows.next()? {
        let name = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        if !query.letters.is_empty() && !query.letters.find(name) {
            continue;
        }
        if members.len() == limit {
            complete = false;
            break;
        }
        members.push(member(db, id, UserId(row.get(0)?), runs, viewer)?);
    }
    let mut total = db.prepare_cached("SELECT member_count FROM channels WHERE id = ?1")?;
    let total = total.query_row([id.0], |row| row.get(0)).optional()?;
    Ok(MembersPage { members, total: total.unwrap_or(0), complete })
}

/// A person who is in a channel; see [`members`].
fn member(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    runs: bool,
    viewer: Option<UserId>,
) -> Result<Member> {
    let mut find = db.prepare_cached(
        "SELECT u.id, u.name, u.picture, u.role, u.password_hash IS NOT NULL, m.host, m.muted_until,
                u.visit_ends_at,
                CASE WHEN ?3 IS NOT NULL AND u.invisible = 0
                      AND NOT EXISTS (SELECT 1 FROM set_aside a WHERE a.kind = 'block'
                                      AND a.user_id = ?3 AND a.whom = u.id)
                      AND NOT EXISTS (SELECT 1 FROM set_aside a WHERE a.kind = 'block'
                                      AND a.user_id = u.id AND a.whom = ?3)
                 THEN (SELECT max(s.seen_at) FROM sessions s WHERE s.user_id = u.id) END
         FROM members m JOIN users u ON u.id = m.user_id
         WHERE m.channel_id = ?1 AND m.user_id = ?2",
    )?;
    let told = |row: &Row<'_>, at| {
        Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.filter(|_| runs).map(Timestamp))
    };
    Ok(find.query_row((id.0, user.0, viewer.map(|viewer| viewer.0)), |row| {
        Ok(Member {
            user: read_face(row, 0)?,
            role: read_role(row, 3)?,
            host: row.get(5)?,
            muted_until: told(row, 6)?,
            visit_ends_at: told(row, 7)?,
            last_here: row.get::<_, Option<i64>>(8)?.map(Timestamp),
        })
    })?)
}

/// The channels that a person is in.
pub(crate) fn channels_of(db: &Connection, user: UserId) -> Result<Vec<ChannelId>> {
    let mut find =
        db.prepare_cached("SELECT channel_id FROM members WHERE user_id = ?1 ORDER BY 1")?;
    let found = find.query_map([user.0], |row| row.get(0).map(ChannelId))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Changes the number of members of a channel; returns it.
fn count(db: &Connection, id: ChannelId, by: i64) -> Result<i64> {
    let mut update = db.prepare_cached(
        "UPDATE channels SET member_count = member_count + ?2 WHERE id = ?1
         RETURNING member_count",
    )?;
    Ok(update.query_row((id.0, by), |row| row.get(0))?)
}
