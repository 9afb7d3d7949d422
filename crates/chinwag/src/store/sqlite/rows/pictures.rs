//! Rows of pictures of people.

use rusqlite::{Connection, OptionalExtension};

use crate::model::ids::PictureId;
use crate::store::{NewPicture, Result};

/// Adds a picture in its sizes.
pub(crate) fn add(db: &Connection, new: &NewPicture) -> Result<()> {
    let mut insert =
        db.prepare_cached("INSERT INTO pictures (id, side, bytes) VALUES (?1, ?2, ?3)")?;
    for (side, bytes) in &new.squares {
        insert.execute((new.id.0, side, bytes))?;
    }
    Ok(())
}

/// Removes a picture.
pub(crate) fn remove(db: &Connection, id: PictureId) -> Result<()> {
    db.prepare_cached("DELETE FROM pictures WHERE id = ?1")?.execute([id.0])?;
    Ok(())
}

/// The smallest square of a picture that is at least `side` wide, else the largest.
pub(crate) fn square(db: &Connection, id: PictureId, side: u32) -> Result<Option<Vec<u8>>> {
    let mut find = db.prepare_cached(
        "SELECT bytes FROM pictures WHERE id = ?1
         ORDER BY side < ?2, CASE WHEN side < ?2 THEN -side ELSE side END LIMIT 1",
    )?;
    Ok(find.query_row((id.0, side), |row| row.get(0)).optional()?)
}
