//! Taking the next revision of a person's own stream and of the place's.

use rusqlite::{Connection, OptionalExtension};

use crate::model::ids::{Revision, UserId};
use crate::store::Result;

/// Takes the next revision of a person's own stream.
pub(crate) fn next_own(db: &Connection, user: UserId) -> Result<Revision> {
    let mut find = db.prepare_cached("SELECT own_revision FROM users WHERE id = ?1")?;
    let stands: i64 = find.query_row([user.0], |row| row.get(0))?;
    set_own(db, user, Revision(stands + 1))
}

/// Sets the revision of a person's own stream to the next one, when the one before was already read
/// in this transaction; returns it.
pub(crate) fn set_own(db: &Connection, user: UserId, revision: Revision) -> Result<Revision> {
    let mut update = db.prepare_cached("UPDATE users SET own_revision = ?2 WHERE id = ?1")?;
    update.execute((user.0, revision.0))?;
    Ok(revision)
}

/// Takes the next revision of the place's stream.
pub(crate) fn next_place(db: &Connection) -> Result<Revision> {
    let revision = Revision(place(db)?.0 + 1);
    db.prepare_cached("UPDATE place SET revision = ?1")?.execute([revision.0])?;
    Ok(revision)
}

/// The newest revision of the place's stream.
pub(crate) fn place(db: &Connection) -> Result<Revision> {
    let mut find = db.prepare_cached("SELECT revision FROM place")?;
    Ok(find.query_row([], |row| row.get(0).map(Revision))?)
}

/// The newest revision of a person's own stream. `None`: no such person.
pub(crate) fn own(db: &Connection, user: UserId) -> Result<Option<Revision>> {
    let mut find = db.prepare_cached("SELECT own_revision FROM users WHERE id = ?1")?;
    Ok(find.query_row([user.0], |row| row.get(0).map(Revision)).optional()?)
}
