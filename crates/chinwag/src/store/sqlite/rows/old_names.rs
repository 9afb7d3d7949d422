//! Rows of names that people gave up and that are kept for them.

use rusqlite::{Connection, OptionalExtension, named_params};

use crate::model::ids::UserId;
use crate::model::time::Timestamp;
use crate::model::users::MAX_OLD_NAMES;
use crate::store::Result;
use crate::store::sqlite::rows::sql_count;
use crate::store::sqlite::rows::users::HeldName;

/// The person for whom the name with that key is kept at `at`.
pub(crate) fn kept_for(db: &Connection, key: &str, at: Timestamp) -> Result<Option<UserId>> {
    let mut find =
        db.prepare_cached("SELECT user_id FROM old_names WHERE name_key = ?1 AND ends_at > ?2")?;
    Ok(find.query_row((key, at.0), |row| row.get(0).map(UserId)).optional()?)
}

/// Keeps a name that a person gives up. When they have more than [`MAX_OLD_NAMES`], the ones that
/// they gave up first are free.
pub(crate) fn keep(db: &Connection, user: UserId, name: &HeldName, until: Timestamp) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO old_names (user_id, name_key, look_drawn, look_folded, ends_at)
         VALUES (:user, :key, :drawn, :folded, :until)",
    )?;
    insert.execute(named_params! {
        ":user": user.0,
        ":key": name.key,
        ":drawn": name.look.drawn,
        ":folded": name.look.folded,
        ":until": until.0,
    })?;
    let mut free = db.prepare_cached(
        "DELETE FROM old_names WHERE user_id = ?1 AND id NOT IN
             (SELECT id FROM old_names WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2)",
    )?;
    free.execute((user.0, sql_count(MAX_OLD_NAMES)))?;
    Ok(())
}

/// Removes the row of a name that somebody takes now.
pub(crate) fn remove(db: &Connection, key: &str) -> Result<()> {
    db.prepare_cached("DELETE FROM old_names WHERE name_key = ?1")?.execute([key])?;
    Ok(())
}

/// Removes the names that are not kept any more at `at`; returns how many.
pub(crate) fn sweep(db: &Connection, at: Timestamp) -> Result<usize> {
    let mut delete = db.prepare_cached("DELETE FROM old_names WHERE ends_at <= ?1")?;
    Ok(delete.execute([at.0])?)
}
