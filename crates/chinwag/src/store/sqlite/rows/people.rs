//! Rows of people as others see them.

use rusqlite::{Connection, OptionalExtension, Row};

use super::standing::read_role;
use super::users::{self, read_face, read_profile};
use crate::model::ids::UserId;
use crate::model::people::Person;
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::store::Result;

/// The columns of a person `u` that [`read_person`] reads, from the first column on.
pub(crate) const PERSON: &str = "u.id, u.name, u.picture, u.role, u.password_hash IS NOT NULL, \
                                 u.deactivated_at IS NOT NULL, u.about, u.zone, \
                                 u.status_emoji, u.status_text, u.status_until";
/// How many columns that is.
pub(crate) const PERSON_WIDTH: usize = 11;

/// A person as `viewer` sees them. `None`: there is no such person, or `viewer` may not know of them.
pub(crate) fn seen_by(db: &Connection, viewer: UserId, whom: UserId) -> Result<Option<Person>> {
    let sees_all = may_in_place(users::active_role(db, viewer)?, PlaceAction::Browse);
    if !sees_all && viewer != whom && !share_a_channel(db, viewer, whom)? {
        return Ok(None);
    }
    let mut find = db.prepare_cached(&format!("SELECT {PERSON} FROM users u WHERE u.id = ?1"))?;
    Ok(find.query_row([whom.0], read_person).optional()?)
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
    })
}
