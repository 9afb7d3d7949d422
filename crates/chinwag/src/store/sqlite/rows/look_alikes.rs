//! Names that look like others.

use rusqlite::Connection;

use crate::model::look_alikes::Look;
use crate::store::Result;

/// Whether a name in that table, `users` or `channels`, has that look.
pub(crate) fn has_look(db: &Connection, table: &'static str, look: &Look) -> Result<bool> {
    let mut find = db.prepare_cached(&format!(
        "SELECT 1 FROM {table} WHERE look_drawn = ?1
         UNION ALL SELECT 1 FROM {table} WHERE look_folded = ?2"
    ))?;
    Ok(find.exists((&look.drawn, &look.folded))?)
}
