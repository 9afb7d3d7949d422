//! The row of the place.

use rusqlite::Connection;

use crate::model::place::{Callers, EditTime, Place, WayIn};
use crate::model::roles::Role;
use crate::store::Result;

/// What is known of the place as a whole.
pub(crate) fn place(db: &Connection) -> Result<Place> {
    let mut find = db.prepare_cached(
        "SELECT name, about, way_in, needs_password,
                EXISTS (SELECT 1 FROM users WHERE role = 'owner'), channel_makers, editing, callers
         FROM place",
    )?;
    Ok(find.query_row([], |row| {
        Ok(Place {
            name: row.get(0)?,
            about: row.get(1)?,
            // The CHECK of the table leaves no unknown code.
            way_in: WayIn::of_code(row.get_ref(2)?.as_str()?).unwrap_or(WayIn::Closed),
            needs_password: row.get(3)?,
            has_owner: row.get(4)?,
            channel_makers: Role::of_code(row.get_ref(5)?.as_str()?).unwrap_or(Role::Moderator),
            editing: EditTime::of_code(row.get_ref(6)?.as_str()?).unwrap_or(EditTime::Never),
            callers: Callers::of_code(row.get_ref(7)?.as_str()?).unwrap_or(Callers::Hosts),
        })
    })?)
}
