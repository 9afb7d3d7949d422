//! The run of a channel: its rows without the replies that are in threads alone.
//!
//! The rows of the run stand among the others, in the order of their numbers. A reader passes over a few
//! others as it goes; over many, it jumps. Each row of the run says how wide the gap before it is, and an
//! index holds those behind a wide one.

use rusqlite::{Connection, OptionalExtension};

use super::head::Head;
use crate::model::ids::ChannelId;
use crate::store::Result;

/// The first row of the run behind a gap that is wider than 50, from number `?2` on.
const NEXT: &str = "SELECT number, gap FROM messages INDEXED BY messages_behind_gaps
                    WHERE channel_id = ?1 AND number >= ?2 AND gap > 50 ORDER BY number LIMIT 1";
/// The last one up to number `?2`.
const LAST: &str = "SELECT number, gap FROM messages INDEXED BY messages_behind_gaps
                    WHERE channel_id = ?1 AND number <= ?2 AND gap > 50
                    ORDER BY number DESC LIMIT 1";

/// Numbers from one to another, both included, with no wide gap among them. At both ends stand rows of the
/// run, unless the floor, or whatever number the reader began with, cuts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) from: i64,
    pub(crate) to: i64,
}

/// The last stretch of the run below number `before`. `None`: nothing of the run is there.
pub(crate) fn before(
    db: &Connection,
    channel: ChannelId,
    head: Head,
    before: i64,
) -> Result<Option<Stretch>> {
    let floor = head.floor.0;
    let mut to = head.last_in_run.0.min(before.saturating_sub(1));
    if head.off_count == 0 || to <= floor {
        return Ok(some(floor + 1, to));
    }
    if let Some((behind, gap)) = find(db, NEXT, channel, to + 1)? {
        to = to.min(behind - gap - 1);
    }
    let from = find(db, LAST, channel, to)?.map_or(0, |(behind, _)| behind);
    Ok(some(from.max(floor + 1), to))
}

/// The first stretch of the run above number `after`. `None`: nothing of the run is there.
pub(crate) fn after(
    db: &Connection,
    channel: ChannelId,
    head: Head,
    after: i64,
) -> Result<Option<Stretch>> {
    let mut from = after.max(head.floor.0).saturating_add(1);
    let last = head.last_in_run.0;
    if head.off_count == 0 || from > last {
        return Ok(some(from, last));
    }
    let mut next = find(db, NEXT, channel, from)?;
    if let Some((behind, gap)) = next
        && behind - gap <= from
    {
        from = behind;
        next = find(db, NEXT, channel, from + 1)?;
    }
    Ok(some(from, next.map_or(last, |(behind, gap)| behind - gap - 1)))
}

fn some(from: i64, to: i64) -> Option<Stretch> {
    (from <= to).then_some(Stretch { from, to })
}

/// The number of a row behind a wide gap, and how wide it is.
fn find(db: &Connection, sql: &str, channel: ChannelId, number: i64) -> Result<Option<(i64, i64)>> {
    let mut find = db.prepare_cached(sql)?;
    let found = find.query_row((channel.0, number), |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}
