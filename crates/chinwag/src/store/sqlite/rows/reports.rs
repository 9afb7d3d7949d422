//! Rows of reports about messages.

use rusqlite::Connection;

use crate::model::events::Event;
use crate::store::Result;
use crate::store::sqlite::writer::Tx;

/// How many messages have open reports.
pub(crate) fn open(db: &Connection) -> Result<i64> {
    let mut count = db.prepare_cached(
        "SELECT count(*) FROM (SELECT DISTINCT channel_id, number FROM message_reports
                               WHERE closed_at IS NULL)",
    )?;
    Ok(count.query_row([], |row| row.get(0))?)
}

/// Tells those who keep order how many messages have open reports now. Event: `ReportsChanged`.
pub(crate) fn changed(tx: &mut Tx<'_>) -> Result<()> {
    let open = open(tx.db)?;
    tx.happened(Event::ReportsChanged { open });
    Ok(())
}
