//! Rows of direct conversations, and the people whose they are.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use super::standing::read_role;
use super::users::read_face;
use crate::model::direct::People;
use crate::model::ids::{ChannelId, UserId};
use crate::model::permissions::{Partner, may_begin_with};
use crate::model::users::User;
use crate::store::{Error, Result};

/// One of the people of a conversation.
pub(crate) struct Party {
    /// Who it is.
    pub(crate) user: UserId,
    /// Whether they are a member: they opened it, or something was written in it.
    pub(crate) inside: bool,
    /// Whether they hide it.
    pub(crate) hidden: bool,
    /// Whether their account is deactivated.
    pub(crate) deactivated: bool,
    /// Whether they blocked the author, or the author blocked them.
    pub(crate) blocked: bool,
}

/// The conversation of these people, if they have one.
pub(crate) fn of_people(db: &Connection, people: &People) -> Result<Option<ChannelId>> {
    let mut find = db.prepare_cached("SELECT channel_id FROM directs WHERE people = ?1")?;
    Ok(find.query_row([people.key()], |row| row.get(0).map(ChannelId)).optional()?)
}

/// Notes whose conversation a channel is.
pub(crate) fn add(db: &Connection, id: ChannelId, people: &People) -> Result<()> {
    db.prepare_cached("INSERT INTO directs (channel_id, people) VALUES (?1, ?2)")?
        .execute((id.0, people.key()))?;
    let mut insert =
        db.prepare_cached("INSERT INTO direct_people (channel_id, user_id) VALUES (?1, ?2)")?;
    for person in people.ids() {
        insert.execute((id.0, person.0))?;
    }
    Ok(())
}

/// The people whose conversation it is, by name; none for a channel of another kind.
pub(crate) fn people(db: &Connection, id: ChannelId) -> Result<Vec<User>> {
    let mut find = db.prepare_cached(
        "SELECT u.id, u.name, u.picture FROM direct_people p JOIN users u ON u.id = p.user_id
         WHERE p.channel_id = ?1 ORDER BY u.name_key",
    )?;
    let found = find.query_map([id.0], |row| read_face(row, 0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The people of all conversations that somebody is one of the people of, by name. One statement costs a
/// third of one for each of hundreds.
pub(crate) fn people_beside(
    db: &Connection,
    user: UserId,
) -> Result<HashMap<ChannelId, Vec<User>>> {
    let mut find = db.prepare_cached(
        "SELECT p.channel_id, u.id, u.name, u.picture
         FROM direct_people mine CROSS JOIN direct_people p ON p.channel_id = mine.channel_id
         CROSS JOIN users u ON u.id = p.user_id
         WHERE mine.user_id = ?1 ORDER BY p.channel_id, u.name_key",
    )?;
    let mut found = find.query([user.0])?;
    let mut people: HashMap<ChannelId, Vec<User>> = HashMap::new();
    while let Some(row) = found.next()? {
        people.entry(ChannelId(row.get(0)?)).or_default().push(read_face(row, 1)?);
    }
    Ok(people)
}

/// Whether one of persons `u` and `?2` blocked the other, as SQL.
const BLOCKED: &str = "(EXISTS (SELECT 1 FROM set_aside
                                WHERE user_id = u.id AND whom = ?2 AND kind = 'block')
                        OR EXISTS (SELECT 1 FROM set_aside
                                   WHERE user_id = ?2 AND whom = u.id AND kind = 'block'))";

/// The people whose conversation it is, as they stand in it and to its author.
pub(crate) fn parties(db: &Connection, id: ChannelId, author: UserId) -> Result<Vec<Party>> {
    let mut find = db.prepare_cached(&format!(
        "SELECT p.user_id, m.user_id IS NOT NULL, coalesce(m.hidden, 0),
                u.deactivated_at IS NOT NULL, {BLOCKED}
         FROM direct_people p JOIN users u ON u.id = p.user_id
         LEFT JOIN members m ON m.channel_id = p.channel_id AND m.user_id = p.user_id
         WHERE p.channel_id = ?1"
    ))?;
    let found = find.query_map([id.0, author.0], |row| {
        Ok(Party {
            user: UserId(row.get(0)?),
            inside: row.get(1)?,
            hidden: row.get(2)?,
            deactivated: row.get(3)?,
            blocked: row.get(4)?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Checks that one person may begin a conversation with another. A person who is not there costs the same
/// statement as one whom they may not know of.
///
/// # Errors
/// `Denied`.
pub(crate) fn check_begin(db: &Connection, by: UserId, with: UserId) -> Result<()> {
    let mut find = db.prepare_cached(&format!(
        "SELECT u.role, u.password_hash IS NOT NULL, u.deactivated_at IS NOT NULL OR {BLOCKED},
                EXISTS (SELECT 1 FROM members theirs
                        CROSS JOIN members mine ON mine.channel_id = theirs.channel_id
                        CROSS JOIN channels c ON c.id = theirs.channel_id
                        WHERE theirs.user_id = u.id AND mine.user_id = ?2 AND c.kind <> 'direct')
         FROM users u WHERE u.id = ?1"
    ))?;
    let found = find.query_row((with.0, by.0), |row| {
        Ok(Partner {
            role: read_role(row, 0)?,
            unreachable: row.get(2)?,
            shares_channel: row.get(3)?,
        })
    });
    may_begin_with(found.optional()?).map_err(Error::Denied)
}

/// Hides a conversation from a member, or shows it to them. Returns whether that changed anything; then
/// the next revision of their own stream has to be noted with [`super::members::changed`].
pub(crate) fn set_hidden(
    db: &Connection,
    id: ChannelId,
    user: UserId,
    hidden: bool,
) -> Result<bool> {
    let mut update = db.prepare_cached(
        "UPDATE members SET hidden = ?3 WHERE channel_id = ?1 AND user_id = ?2 AND hidden <> ?3",
    )?;
    Ok(update.execute((id.0, user.0, hidden))? > 0)
}
