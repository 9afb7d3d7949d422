//! Which installation this is.

use rusqlite::Connection;

use crate::model::ids::InstanceId;
use crate::store::Result;

pub(super) fn id(db: &Connection) -> Result<InstanceId> {
    let mut find = db.prepare_cached("SELECT id FROM instance")?;
    Ok(InstanceId(find.query_row([], |row| row.get(0))?))
}
