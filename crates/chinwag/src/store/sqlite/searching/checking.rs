//! Comparing the index with the messages.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::model::ids::ChannelId;
use crate::model::search::Tag;
use crate::store::Result;

/// Channels of which the index lacks messages that it should have.
const MISSING: &str = "
    SELECT DISTINCT channel_id FROM (
        SELECT m.channel_id, m.number FROM messages m
        JOIN search_marks s ON s.channel_id = m.channel_id AND m.number > s.low AND m.number <= s.high
        WHERE m.deleted_at IS NULL
        EXCEPT SELECT channel_id, number FROM search_rows)";

/// Channels of which it has messages that it may not have, or has one twice.
const TOO_MANY: &str = "
    SELECT DISTINCT r.channel_id FROM search_rows r WHERE NOT EXISTS (
        SELECT 1 FROM messages m
        JOIN search_marks s ON s.channel_id = m.channel_id AND m.number > s.low AND m.number <= s.high
        WHERE m.channel_id = r.channel_id AND m.number = r.number AND m.deleted_at IS NULL)
    UNION
    SELECT channel_id FROM search_rows GROUP BY channel_id, number HAVING count(*) > 1";

/// The channels of which the index does not have just the messages that it should have.
pub(crate) fn broken(db: &Connection) -> Result<BTreeSet<ChannelId>> {
    let mut broken = BTreeSet::new();
    for sql in [MISSING, TOO_MANY] {
        let mut find = db.prepare(sql)?;
        let found = find.query_map([], |row| row.get(0).map(ChannelId))?;
        for channel in found {
            broken.insert(channel?);
        }
    }
    // The tags of each row of the index. Its words are not read back: FTS5 keeps no texts.
    let mut channels = db.prepare("SELECT channel_id FROM search_marks ORDER BY channel_id")?;
    let channels = channels
        .query_map([], |row| row.get(0).map(ChannelId))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for channel in channels {
        let has: i64 = db
            .prepare_cached("SELECT count(*) FROM search_index WHERE search_index MATCH ?1")?
            .query_row([format!("tags : \"{}\"", Tag::In(channel).token())], |row| row.get(0))?;
        let told: i64 = db
            .prepare_cached(
                "SELECT count(*) FROM search_index f JOIN search_rows r ON r.id = f.rowid
                 WHERE f.search_index MATCH ?1 AND r.channel_id = ?2",
            )?
            .query_row((format!("tags : \"{}\"", Tag::In(channel).token()), channel.0), |row| {
                row.get(0)
            })?;
        let rows: i64 = db
            .prepare_cached("SELECT count(*) FROM search_rows WHERE channel_id = ?1")?
            .query_row([channel.0], |row| row.get(0))?;
        if has != told || told != rows {
            broken.insert(channel);
        }
    }
    Ok(broken)
}
