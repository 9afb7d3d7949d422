//! Writing the index. Whoever changes or removes a message that the index has takes its words out, in the same
//! transaction and before the words are gone, and puts the new ones in. New messages are added in batches behind
//! the commit.

use rusqlite::{Connection, OptionalExtension, ToSql};

use super::marks::{self, Mark};
use crate::model::ids::{ChannelId, Number};
use crate::model::messages::Message;
use crate::model::search::{Document, VERSION, joined, tags_of};
use crate::model::time::Timestamp;
use crate::store::Result;
use crate::store::sqlite::rows::messages::{self, select_while};
use crate::store::sqlite::rows::sql_count;

/// How much goes into the index in one batch, in short messages. Others wait for it some milliseconds.
const BATCH: usize = 200;
/// How much goes out of it in one batch, each of which takes about 1.5 ms. A single message of ten thousand different
/// characters takes a quarter of a second.
const TAKEN_AT_ONCE: usize = 25;
/// How many bits of an id tell messages of one second apart. With more of them, ids were further apart and the index
/// larger. If there are more messages in a second than that, some have an id of a second after it.
const BITS: u32 = 10;
/// The last second that an id can hold: in the year 36,812.
const LAST_S: i64 = (1 << 40) - 1;

/// What a batch did.
pub(super) struct Batch {
    /// The channels of which newer messages were added, and up to which number.
    pub(super) reached: Vec<(ChannelId, Number)>,
    /// Whether older messages are left.
    pub(super) has_older: bool,
    /// How much was looked at, in short messages.
    pub(super) looked_at: usize,
}

/// The first id of messages of the second of a moment. No message of that moment or a later one has a lower id.
pub(super) fn first_id(at: Timestamp) -> i64 {
    at.0.div_euclid(1_000).clamp(0, LAST_S) << BITS
}

/// The first id that messages of that moment do not have, unless there are tens of thousands in few seconds.
pub(super) fn end_id(at: Timestamp) -> i64 {
    /// In seconds.
    const MARGIN: i64 = 64;
    first_id(at) + (MARGIN << BITS)
}

/// Whether one id is of a second that is well before that of another.
pub(super) fn is_well_before(one: i64, other: i64) -> bool {
    (one >> BITS) + 1 < other >> BITS
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
    if marks::of(db, message.channel)?.has(message.number) {
        add(db, message, 0)?;
    }
    Ok(())
}

/// Takes the words of some messages of a channel out, the first ones up to a number, which are about to be removed.
/// `false`: the index has none of them any more.
pub(crate) fn take_out_some(db: &Connection, channel: ChannelId, through: i64) -> Result<bool> {
    let mark = marks::of(db, channel)?;
    let end = Number(mark.high.0.min(through));
    if mark.low >= end {
        return Ok(false);
    }
    let sql = format!(
        "{} WHERE m.channel_id = ?1 AND m.number > ?2 AND m.number <= ?3 ORDER BY m.number LIMIT ?4",
        messages::MESSAGE
    );
    let mut room = Room::of(TAKEN_AT_ONCE);
    let most = sql_count(TAKEN_AT_ONCE);
    let values: [&dyn ToSql; 3] = [&mark.low.0, &end.0, &most];
    let first = select_while(db, &sql, channel, None, &values, |message| room.takes(message))?;
    for message in first.iter().filter(|message| message.deleted_at.is_none()) {
        take_out(db, message)?;
    }
    let is_part = room.is_full || first.len() == TAKEN_AT_ONCE;
    let low = first.last().filter(|_| is_part).map_or(end, |last| last.number);
    marks::set(db, channel, Mark { low, ..mark })?;
    Ok(true)
}

/// Notes that the rows of a channel up to a number are gone: nothing that is older than what is indexed is left there.
pub(crate) fn removed(db: &Connection, channel: ChannelId, through: i64) -> Result<()> {
    let mark = marks::of(db, channel)?;
    if mark.low.0 > 0 && mark.low.0 <= through {
        marks::set(db, channel, Mark { low: Number(0), ..mark })?;
    }
    Ok(())
}

/// Forgets a channel that is removed, of which no message is left.
pub(crate) fn forget_channel(db: &Connection, channel: ChannelId) -> Result<()> {
    marks::forget(db, channel)
}

/// What a text of so many bytes weighs in the index: as much as so many short messages. Words are put in and taken out one by one.
pub(crate) fn weight(bytes: usize) -> usize {
    const SHORT: usize = 160;
    1 + bytes / SHORT
}

/// How much goes into or out of the index at once.
struct Room {
    most: usize,
    taken: usize,
    /// Whether a message did not fit any more.
    is_full: bool,
}

impl Room {
    fn of(most: usize) -> Self {
        Self { most, taken: 0, is_full: false }
    }

    /// Whether a message fits: the last one may be larger than what is left, so that a batch with more behind it is full.
    fn takes(&mut self, message: &Message) -> bool {
        self.is_full = self.taken >= self.most;
        if !self.is_full {
            let carried = message.forwarded.as_ref().map_or(0, |forwarded| forwarded.text.len());
            self.taken += weight(message.text.len() + carried);
        }
        !self.is_full
    }
}

/// Adds some of what is missing: newer messages of those channels first, then older ones.
pub(super) fn add_some(db: &Connection, behind: &[(ChannelId, Number)]) -> Result<Batch> {
    let mut batch = Batch { reached: Vec::new(), has_older: false, looked_at: 0 };
    let mut found = Vec::new();
    for &(channel, newest) in behind {
        let room = BATCH.saturating_sub(batch.looked_at);
        if room == 0 {
            break;
        }
        let mark = marks::of(db, channel)?;
        let rows = rows(db, channel, Side::Newer(mark.high), room)?;
        batch.looked_at += rows.weight;
        let high = rows.last.unwrap_or(mark.high);
        if high > mark.high {
            marks::set(db, channel, Mark { high, ..mark })?;
        }
        // At the end of the channel nothing of what was known of is left, also if it was removed meanwhile.
        let is_end = rows.is_end;
        batch.reached.push((channel, if is_end { high.max(newest) } else { high }));
        found.extend(rows.standing);
    }
    while batch.looked_at < BATCH
        && let Some((channel, mark)) = marks::older(db)?
    {
        let room = BATCH - batch.looked_at;
        let rows = rows(db, channel, Side::Older(mark.low), room)?;
        // A channel without a message left costs a look too.
        batch.looked_at += rows.weight.max(1);
        let low = rows.last.filter(|_| !rows.is_end).map_or(Number(0), |last| Number(last.0 - 1));
        marks::set(db, channel, Mark { low, ..mark })?;
        found.extend(rows.standing);
    }
    // The index takes ascending ids at once.
    found.sort_by_key(|message| (message.created_at, message.channel, message.number));
    let mut from = 0;
    for message in &found {
        from = add(db, message, from)?;
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
    /// What they weigh.
    weight: usize,
    /// Whether there are no more of them.
    is_end: bool,
}

fn rows(db: &Connection, channel: ChannelId, side: Side, room: usize) -> Result<Rows> {
    let (range, from) = match side {
        Side::Newer(from) => ("m.number > ?2 ORDER BY m.number LIMIT ?3", from),
        Side::Older(from) => ("m.number <= ?2 ORDER BY m.number DESC LIMIT ?3", from),
    };
    let sql = format!("{} WHERE m.channel_id = ?1 AND {range}", messages::MESSAGE);
    let mut weighed = Room::of(room);
    let values: [&dyn ToSql; 2] = [&from.0, &sql_count(room)];
    let found = select_while(db, &sql, channel, None, &values, |message| weighed.takes(message))?;
    let last = found.last().map(|message| message.number);
    let is_end = !weighed.is_full && found.len() < room;
    let standing = found.into_iter().filter(|message| message.deleted_at.is_none()).collect();
    Ok(Rows { standing, last, weight: weighed.taken, is_end })
}

/// Adds a message, under the first free id of its second from `from` on. Returns its id.
fn add(db: &Connection, message: &Message, from: i64) -> Result<i64> {
    let mut newest =
        db.prepare_cached("SELECT max(id) FROM search_rows WHERE id >= ?1 AND id < ?2")?;
    let mut first = first_id(message.created_at).max(from >> BITS << BITS);
    let id = loop {
        let end = first + (1 << BITS);
        let newest: Option<i64> = newest.query_row((first, end), |row| row.get(0))?;
        match newest {
            None => break first,
            Some(newest) if newest + 1 < end => break newest + 1,
            Some(_) => first = end,
        }
    };
    let mut insert =
        db.prepare_cached("INSERT INTO search_rows (id, channel_id, number) VALUES (?1, ?2, ?3)")?;
    insert.execute((id, message.channel.0, message.number.0))?;
    write(db, Act::PutIn, id, message)?;
    Ok(id)
}

/// The id under which the index has a message.
fn id_of(db: &Connection, message: &Message) -> Result<Option<i64>> {
    let mut find = db.prepare_cached(
        "SELECT id FROM search_rows
         WHERE id >= ?1 AND channel_id = ?2 AND number = ?3 ORDER BY id LIMIT 1",
    )?;
    let values = (first_id(message.created_at), message.channel.0, message.number.0);
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
