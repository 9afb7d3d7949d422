//! Rows of people as others see them.

use rusqlite::{Connection, OptionalExtension, Row};

use super::sql_count;
use super::standing::read_role;
use super::users::{self, read_face, read_profile};
use crate::model::channels::ChannelKind;
use crate::model::ids::{ChannelId, UserId};
use crate::model::people::{MAX_TOGETHER, Person, SharedChannel, Together};
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::model::time::Timestamp;
use crate::store::Result;

/// The columns of a person `u` that [`read_person`] reads, from the first column on.
pub(crate) const PERSON: &str = "u.id, u.name, u.picture, u.role, u.password_hash IS NOT NULL, \
                                 u.deactivated_at IS NOT NULL, u.about, u.zone, \
                                 u.status_emoji, u.status_text, u.status_until, u.status_quiet, \
                                 u.created_at";
/// How many columns that is.
pub(crate) const PERSON_WIDTH: usize = 13;

/// A person as `viewer` sees them. `None`: there is no such person, or `viewer` may not know of them.
pub(crate) fn seen_by(db: &Connection, viewer: UserId, whom: UserId) -> Result<Option<Person>> {
    let sees_all = may_in_place(users::active_role(db, viewer)?, PlaceAction::Browse);
    if !sees_all && viewer != whom && !share_a_channel(db, viewer, whom)? {
        return Ok(None);
    }
    let mut find = db.prepare_cached(&format!("SELECT {PERSON} FROM users u WHERE u.id = ?1"))?;
    Ok(find.query_row([whom.0], read_person).optional()?)
}

/// The channels that two people are in together, direct conversations aside.
pub(crate) fn together(db: &Connection, viewer: UserId, whom: UserId) -> Result<Together> {
    let mut find = db.prepare_cached(
        "SELECT c.id, c.name, c.kind, theirs.host, count(*) OVER ()
         FROM members mine
         JOIN members theirs ON theirs.channel_id = mine.channel_id AND theirs.user_id = ?2
         JOIN channels c ON c.id = mine.channel_id AND c.kind <> 'direct'
         WHERE mine.user_id = ?1 ORDER BY c.name_key, c.id LIMIT ?3",
    )?;
    let mut rows = find.query((viewer.0, whom.0, sql_count(MAX_TOGETHER)))?;
    let mut together = Together::default();
    while let Some(row) = rows.next()? {
        // The CHECK of the table leaves no unknown code.
        let kind: String = row.get(2)?;
        let kind = ChannelKind::of_code(&kind).unwrap_or(ChannelKind::Private);
        let (id, name) = (ChannelId(row.get(0)?), row.get(1)?);
        together.channels.push(SharedChannel { id, name, kind, host: row.get(3)? });
        together.total = row.get(4)?;
    }
    Ok(together)
}

/// Those of these people of whom `viewer` may know; for members of the place, also ids that nobody has.
pub(crate) fn known_to(
    db: &Connection,
    viewer: UserId,
    mut whom: Vec<UserId>,
) -> Result<Vec<UserId>> {
    if may_in_place(users::active_role(db, viewer)?, PlaceAction::Browse) {
        return Ok(whom);
    }
    let mut failed = None;
    whom.retain(|whom| {
        let shared = share_a_channel(db, viewer, *whom);
        shared.unwrap_or_else(|error| {
            failed.get_or_insert(error);
            false
        })
    });
    failed.map_or(Ok(whom), Err)
}

/// Whether two people are in the same channel. A guest, of whom this is asked, is in few.
fn share_a_channel(db: &Connection, one: UserId, other: UserId) -> Result<bool> {
    let mut find = db.prepare_cached(
        "SELECT 1 FROM members mine JOIN members theirs ON theirs.channel_id = mine.channel_id
         WHERE mine.user_id = ?1 AND theirs.user_id = ?2",
    )?;
    Ok(find.exists((one.0, other.0))?)
}

/// Reads [`PERSON`].
pub(crate) fn read_person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        user: read_face(row, 0)?,
        role: read_role(row, 3)?,
        deactivated: row.get(5)?,
        profile: read_profile(row, 6)?,
        created_at: Timestamp(row.get(12)?),
    })
}
