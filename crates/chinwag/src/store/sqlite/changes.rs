//! What changed in a channel since a revision (promise 3).
//!
//! A row holds the revision of its newest change. Rows that never changed are in the order of their
//! numbers, so the range of those posted since is found by bisecting the numbers; only rows that
//! changed after they were posted stand in an index by revision. Both lists are merged.

use rusqlite::Connection;

use super::channels::{self, Head};
use super::messages::{MESSAGE, rows, select};
use crate::model::ids::{ChannelId, Revision};
use crate::model::messages::{Changes, MAX_CHANGES};
use crate::store::Result;

pub(super) fn changes(
    db: &Connection,
    channel: ChannelId,
    since: Revision,
    limit: usize,
) -> Result<Option<Changes>> {
    let Some(head) = channels::head(db, channel)? else { return Ok(None) };
    let limit = limit.clamp(1, MAX_CHANGES);
    let first = first_posted_after(db, channel, head, since)?;
    let posted = format!(
        "{MESSAGE} WHERE m.channel_id = ?1 AND m.number >= ?2 AND m.revision = m.posted_revision
         ORDER BY m.number LIMIT ?3"
    );
    let changed = format!(
        "{MESSAGE} WHERE m.channel_id = ?1 AND m.revision > ?2 AND m.revision > m.posted_revision
         ORDER BY m.revision LIMIT ?3"
    );
    let mut messages = select(db, &posted, channel, &[&first, &rows(limit)])?;
    messages.extend(select(db, &changed, channel, &[&since.0, &rows(limit)])?);
    messages.sort_unstable_by_key(|message| message.revision);
    messages.truncate(limit);
    // The newest change is always in some row, so a list that ends below it is not all.
    let reached = messages.last().map_or(since, |message| message.revision);
    let complete = reached >= head.revision;
    Ok(Some(Changes { channel, revision: head.revision, messages, complete }))
}

/// The first number that was posted with a revision above `since`; one past the newest when there
/// is none.
///
/// Message `n` was posted with a revision of at least `n`, and at most `n` plus the number of changes
/// that were not posts. That bounds the search; where nothing was ever deleted there is none.
fn first_posted_after(
    db: &Connection,
    channel: ChannelId,
    head: Head,
    since: Revision,
) -> Result<i64> {
    let end = head.last_number.0 + 1;
    let other_changes = head.revision.0 - head.last_number.0;
    let since = since.0.clamp(0, head.revision.0);
    let mut low = (since + 1 - other_changes).clamp(1, end);
    let mut high = (since + 1).clamp(1, end);
    let mut look = db.prepare_cached(
        "SELECT posted_revision FROM messages WHERE channel_id = ?1 AND number = ?2",
    )?;
    while low < high {
        let middle = low + (high - low) / 2;
        let posted: i64 = look.query_row([channel.0, middle], |row| row.get(0))?;
        if posted > since {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}
