//! Writing the index. Whoever changes or removes a message that the index has takes its words out, in the same
//! transaction and before the words are gone, and puts the new ones in. New messages are added in batches behind
//! the commit.

use rusqlite::{Connection, OptionalExtension};

use super::marks::{self, Mark};
use crate::model::ids::{ChannelId, Number};
use crate::model::messages::Message;
use crate::model::search::{Document, VERSION, joined, tags_of};
use crate::model::time::Timestamp;
use crate::store::Result;
use crate::store::sqlite::rows::{messages, sql_count};

/// The most messages of one batch. Others wait for it some milliseconds.
const BATCH: usize = 200;
/// How many bits of an id tell messages of one millisecond apart.
const BITS: u32 = 21;
/// The last moment that an id can hold, in milliseconds: in the year 2109.
const LAST_MS: i64 = (1 << 42) - 1;

/// What a batch did.
pub(super) struct Batch {
    /// The channels of which newer messages were added, and up to which number.
    pub(super) reached: Vec<(ChannelId, Number)>,
    /// Whether older messages are left.
    pub(super) has_older: bool,
    /// How many messages were looked at.
    pub(super) looked_at: usize,
}

/// The first id of messages of a moment.
pub(super) fn first_id(at: Timestamp) -> i64 {
    at.0.clamp(0, LAST_MS) << BITS
}

/// The moment of an id.
pub(super) fn moment(id: i64) -> Timestamp {
    Timestamp(id >> BITS)
}

/// Begins anew if the index holds words of another version; `true` if it does.
pub(crate) fn settle(db: &Connection) -> rusqlite::Result<bool> {
    let known: i64 = db.query_row("SELECT search_version FROM place", [], |row| row.get(0))?;
    if known == VERSION {
        return Ok(false);
    }
    db.execute_batch(
        "INSERT INTO search_index (search_index) VALUES ('delete-all');
         DELETE FROM search_rows;",
    )?;
    marks::begin_anew(db)?;
    db.execute("UPDATE place SET search_version = ?1", [VERSION])?;
    Ok(true)
}

/// Takes the words of a message out, if the index has it. The message is as it was put in.
pub(crate) fn take_out(db: &Connection, message: &Message) -> Result<()> {
    if !marks::of(db, message.channel)?.has(message.number) {
        return Ok(());
    }
    let Some(id) = id_of(db, message)? else { return Ok(()) };
    write(db, Act::TakeOut, id, message)?;
    db.prepare_cached("DELETE FROM search_rows WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Puts the words of a message in, if the channel is indexed there.
pub(crate) fn put_in(db: &Connection, message: &Message) -> Result<()> {
    if marks::of(db, message.channel)?.has(message.number) { add(db, message) } else { Ok(()) }
}

/// Takes the words of the first messages of a channel out, up to a number: they are about to be removed.
pub(crate) fn take_out_first(
    db: &Connection,
    channel: ChannelId,
    through: i64,
    limit: i64,
) -> Result<()> {
    let sql = format!(
        "{} WHERE m.channel_id = ?1 AND m.deleted_at IS NULL AND m.number IN
             (SELECT number FROM messages WHERE channel_id = ?1 AND number <= ?2
              ORDER BY number LIMIT ?3)",
        messages::MESSAGE
    );
    for message in messages::select(db, &sql, channel, None, &[&through, &limit])? {
        take_out(db, &message)?;
    }
    Ok(())
}

/// Forgets a channel that is removed, of which no message is left.
pub(crate) fn forget_channel(db: &Connection, channel: ChannelId) -> Result<()> {
    marks::forget(db, channel)
}

/// Adds some of what is missing: newer messages of those channels first, then older ones.
pub(super) fn add_some(db: &Connection, behind: &[ChannelId]) -> Result<Batch> {
    let mut batch = Batch { reached: Vec::new(), has_older: false, looked_at: 0 };
    let mut found = Vec::new();
    for &channel in behind {
        let room = BATCH - batch.looked_at;
        if room == 0 {
            break;
        }
        let mark = marks::of(db, channel)?;
        let rows = rows(db, channel, Side::Newer(mark.high), room)?;
        batch.looked_at += rows.looked_at;
        let high = rows.last.unwrap_or(mark.high);
        if high > mark.high {
            marks::set(db, channel, Mark { high, ..mark })?;
        }
        batch.reached.push((channel, high));
        found.extend(rows.standing);
    }
    while batch.looked_at < BATCH
        && let Some((channel, mark)) = marks::older(db)?
    {
        let room = BATCH - batch.looked_at;
        let rows = rows(db, channel, Side::Older(mark.low), room)?;
        let is_end = rows.looked_at < room;
        // A channel without a message left costs a look too.
        batch.looked_at += rows.looked_at.max(1);
        let low = rows.last.filter(|_| !is_end).map_or(Number(0), |last| Number(last.0 - 1));
        marks::set(db, channel, Mark { low, ..mark })?;
        found.extend(rows.standing);
    }
    // The index takes ascending ids at once.
    found.sort_by_key(|message| (message.created_at, message.channel, message.number));
    for message in &found {
        add(db, message)?;
    }
    batch.has_older = marks::has_older(db)?;
    Ok(batch)
}

/// From which number on, and which way.
enum Side {
    /// Above.
    Newer(Number),
    /// From there downwards.
    Older(Number),
}

/// Some rows of a channel.
struct Rows {
    /// Those that are neither tombstones nor lines.
    standing: Vec<Message>,
    /// The number of the row that was looked at last.
    last: Option<Number>,
    looked_at: usize,
}

fn rows(db: &Connection, channel: ChannelId, side: Side, room: usize) -> Result<Rows> {
    let (range, from) = match side {
        Side::Newer(from) => ("m.number > ?2 ORDER BY m.number LIMIT ?3", from),
        Side::Older(from) => ("m.number <= ?2 ORDER BY m.number DESC LIMIT ?3", from),
    };
    let sql = format!("{} WHERE m.channel_id = ?1 AND {range}", messages::MESSAGE);
    let found = messages::select(db, &sql, channel, None, &[&from.0, &sql_count(room)])?;
    let last = found.last().map(|message| message.number);
    let looked_at = found.len();
    let standing = found.into_iter().filter(|message| message.deleted_at.is_none()).collect();
    Ok(Rows { standing, last, looked_at })
}

fn add(db: &Connection, message: &Message) -> Result<()> {
    let first = first_id(message.created_at);
    let end = first + (1 << BITS);
    let mut newest =
        db.prepare_cached("SELECT max(id) FROM search_rows WHERE id >= ?1 AND id < ?2")?;
    let newest: Option<i64> = newest.query_row((first, end), |row| row.get(0))?;
    let id = newest.map_or(first, |newest| newest + 1);
    // Two million messages of one millisecond: what is more than that is not found.
    if id >= end {
        return Ok(());
    }
    let mut insert =
        db.prepare_cached("INSERT INTO search_rows (id, channel_id, number) VALUES (?1, ?2, ?3)")?;
    insert.execute((id, message.channel.0, message.number.0))?;
    write(db, Act::PutIn, id, message)
}

/// The id under which the index has a message.
fn id_of(db: &Connection, message: &Message) -> Result<Option<i64>> {
    let first = first_id(message.created_at);
    let mut find = db.prepare_cached(
        "SELECT id FROM search_rows
         WHERE id >= ?1 AND id < ?2 AND channel_id = ?3 AND number = ?4",
    )?;
    let values = (first, first + (1 << BITS), message.channel.0, message.number.0);
    Ok(find.query_row(values, |row| row.get(0)).optional()?)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    PutIn,
    TakeOut,
}

fn write(db: &Connection, act: Act, id: i64, message: &Message) -> Result<()> {
    let document = Document::of_message(message);
    let tags: Vec<String> = tags_of(message).into_iter().map(|tag| tag.token()).collect();
    let sql = match act {
        Act::PutIn => "INSERT INTO search_index (rowid, body, names, tags) VALUES (?1, ?2, ?3, ?4)",
        // Without the words as they were put in, they would stay.
        Act::TakeOut => {
            "INSERT INTO search_index (search_index, rowid, body, names, tags)
             VALUES ('delete', ?1, ?2, ?3, ?4)"
        }
    };
    let mut write = db.prepare_cached(sql)?;
    write.execute((id, joined(&document.body), joined(&document.names), tags.join(" ")))?;
    Ok(())
}
