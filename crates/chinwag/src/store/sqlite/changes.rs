//! What changed in a channel since a revision (promise 3).
//!
//! A row has the revision of its newest change. Rows that never changed are in the order of their
//! numbers, so bisecting the numbers finds the range of those posted since. Only rows that changed
//! after they were posted are in an index by revision. The two lists are merged.

use rusqlite::{Connection, ToSql};

use super::rows::channels;
use super::rows::messages::{MESSAGE, select};
use super::rows::sql_count;
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::messages::{Changes, MAX_ANSWER_BYTES, MAX_CHANGES};
use crate::store::Result;

/// Rows above the floor `?4` that were posted with or after number `?2` and never changed since.
const POSTED: &str = "m.channel_id = ?1 AND m.number >= ?2 AND m.number > ?4
                      AND m.revision = m.posted_revision";
/// Rows above the floor `?4` that changed after revision `?2`, later than they were posted.
const CHANGED: &str = "m.channel_id = ?1 AND m.revision > ?2 AND m.number > ?4
                       AND m.revision > m.posted_revision";

/// What changed after `since`; see [`Messages::changes`](crate::store::Messages::changes).
pub(super) fn changes(
    db: &Connection,
    channel: ChannelId,
    user: UserId,
    since: Revision,
    limit: usize,
) -> Result<Option<Changes>> {
    let Some(view) = channels::view(db, channel, user)? else { return Ok(None) };
    let Channel { revision, last_number, floor, .. } = view.channel;
    let head = Ends { revision, last_number, floor };
    let first = first_posted_after(db, channel, head, since)?;
    let found = outline(db, head, channel, (first, since), limit.clamp(1, MAX_CHANGES))?;
    let taken = whole_revisions(&found, limit.clamp(1, MAX_CHANGES));
    let complete = taken == found.len();
    // The newest change may be one of the channel's own facts, which are in the answer too: then no
    // row has its revision.
    let reached = match found[..taken].last() {
        Some(row) if !complete => row.revision,
        _ => revision,
    };
    let mut messages = Vec::new();
    if let Some(last) = found[..taken].iter().filter(|row| row.posted).map(|row| row.number).max() {
        let posted = format!("{MESSAGE} WHERE {POSTED} AND m.number <= ?3 ORDER BY m.number");
        messages = select(db, &posted, channel, Some(user), &[&first, &last, &floor.0])?;
    }
    if found[..taken].iter().any(|row| !row.posted) {
        let changed = format!("{MESSAGE} WHERE {CHANGED} AND m.revision <= ?3 ORDER BY m.revision");
        messages.extend(select(
            db,
            &changed,
            channel,
            Some(user),
            &[&since.0, &reached.0, &floor.0],
        )?);
    }
    messages.sort_by_key(|message| message.revision);
    Ok(Some(Changes { channel, revision, reached, messages, complete, view }))
}

/// Where the channel begins and ends.
#[derive(Clone, Copy)]
struct Ends {
    revision: Revision,
    last_number: Number,
    floor: Number,
}

/// What decides whether a changed row is in the answer, read before the row itself.
struct Outline {
    revision: Revision,
    number: i64,
    bytes: usize,
    posted: bool,
}

/// The changed rows, ascending by revision; of each kind one more than fits. SQLite finds the length
/// of a text in the header of its row, without reading the text.
fn outline(
    db: &Connection,
    head: Ends,
    channel: ChannelId,
    (first, since): (i64, Revision),
    limit: usize,
) -> Result<Vec<Outline>> {
    /// How many times as long a line is as JSON as its text is.
    const OF_LINE: i64 = 6;
    /// About what a row takes as JSON beside its text, and each of its files.
    const FRAME: i64 = 300;
    /// About what a kind of reactions takes as JSON.
    const KIND: i64 = 80;
    /// About what a quote takes as JSON.
    const QUOTE: i64 = 1_000;
    let mut found = Vec::new();
    for (posted, filter, order, from) in
        [(true, POSTED, "m.number", first), (false, CHANGED, "m.revision", since.0)]
    {
        let mut find = db.prepare_cached(&format!(
            "SELECT m.revision, m.number,
                    octet_length(m.text) * iif(m.deleted_at IS NULL, 1, {OF_LINE})
                    + {FRAME} * (1 + m.attachments) + {KIND} * m.reactions
                    + iif(m.quote > 0, {QUOTE}, 0)
                    + iif(m.forwarded, {FRAME} + coalesce(
                        (SELECT octet_length(f.text) FROM forwards f
                         WHERE f.channel_id = m.channel_id AND f.number = m.number), 0), 0)
             FROM messages m WHERE {filter} ORDER BY {order} LIMIT ?3"
        ))?;
        let most = sql_count(limit + 1);
        let values: [&dyn ToSql; 4] = [&channel.0, &from, &most, &head.floor.0];
        let mut rows = find.query(values)?;
        while let Some(row) = rows.next()? {
            let bytes = usize::try_from(row.get::<_, i64>(2)?).unwrap_or(usize::MAX);
            let (revision, number) = (Revision(row.get(0)?), row.get(1)?);
            found.push(Outline { revision, number, bytes, posted });
        }
    }
    found.sort_by_key(|row| row.revision);
    Ok(found)
}

/// How many rows one answer takes: at most `limit` and [`MAX_ANSWER_BYTES`], but never a part of a
/// revision, and at least one revision.
fn whole_revisions(found: &[Outline], limit: usize) -> usize {
    let (mut taken, mut bytes) = (0, 0_usize);
    for rows in found.chunk_by(|a, b| a.revision == b.revision) {
        bytes = rows.iter().fold(bytes, |sum, row| sum.saturating_add(row.bytes));
        let over = taken + rows.len() > limit || bytes > MAX_ANSWER_BYTES;
        if over && taken > 0 {
            return taken;
        }
        taken += rows.len();
        if over {
            return taken;
        }
    }
    taken
}

/// The first number that was posted with a revision above `since`; one past the newest if there is
/// none.
///
/// Message `n` was posted with a revision of at least `n`, and at most `n` plus the number of changes
/// that were not posts. That bounds the search; if every change was a post, nothing is searched.
fn first_posted_after(
    db: &Connection,
    channel: ChannelId,
    head: Ends,
    since: Revision,
) -> Result<i64> {
    let end = head.last_number.0 + 1;
    let other_changes = head.revision.0 - head.last_number.0;
    let since = since.0.clamp(0, head.revision.0);
    let begin = head.floor.0 + 1;
    let mut low = (since + 1 - other_changes).clamp(begin, end);
    let mut high = (since + 1).clamp(begin, end);
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
