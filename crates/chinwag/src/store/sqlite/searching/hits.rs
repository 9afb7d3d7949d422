//! Where the hits of a search stand, the newest first: those of the index, and those among the messages that the
//! index does not have yet.

use std::cmp::Reverse;

use rusqlite::{Connection, Row, Rows, ToSql};

use super::index::{end_id, first_id, is_well_before};
use super::marks;
use super::matching::expression;
use super::time::Time;
use super::wanted::{Readable, Wanted};
use crate::model::ids::{ChannelId, Number};
use crate::model::keeping::MAX_SAVED;
use crate::model::messages::Message;
use crate::model::search::Is;
use crate::model::time::Timestamp;
use crate::store::Result;
use crate::store::sqlite::rows::{messages, saved, sql_count};

/// So many rows of the index are looked at for one search. What is not reached then is not counted.
const MOST_LOOKED_AT: usize = 500_000;
/// So many messages are looked at for one search that the index does not have yet. There are more only if the writer
/// cannot keep up; then they are not counted.
const MOST_BEHIND: usize = 5_000;
/// And so many bytes of their texts, which are held at once.
const MOST_BYTES_BEHIND: usize = 16 << 20;

/// Where a message stands among all: later ones have a higher place.
pub(super) type At = (Timestamp, ChannelId, Number);

/// The hits that stand below a place.
pub(super) struct Hits {
    /// The newest first; at least so many as were asked for, if there are so many.
    pub(super) places: Vec<At>,
    /// Whether there may be more, because so many rows were looked at, or for so long.
    pub(super) gave_up: bool,
}

/// The newest `limit` hits below a place, and some more, which are of about the same time as the last one.
pub(super) fn newest(
    db: &Connection,
    wanted: &Wanted,
    behind: &[ChannelId],
    below: Option<At>,
    limit: usize,
    time: &Time,
) -> Result<Hits> {
    let mut readable = Readable::new(db, wanted.viewer);
    let mut places = Vec::new();
    let mut gave_up = false;
    let is_below = |at: &At| below.is_none_or(|below| *at < below);
    if wanted.asked.is.contains(&Is::Saved) {
        let found = saved_hits(db, wanted, &mut readable)?;
        let fitting = fitting(found, wanted, time, &mut gave_up);
        places.extend(fitting.iter().map(place).filter(is_below));
        places.sort_unstable_by_key(|at| Reverse(*at));
        return Ok(Hits { places, gave_up });
    }
    let mut room = Room { messages: MOST_BEHIND, bytes: MOST_BYTES_BEHIND, is_full: false };
    for &channel in behind {
        let found = not_indexed(db, wanted, &mut readable, channel, &mut room, time)?;
        let fitting = fitting(found, wanted, time, &mut gave_up);
        places.extend(fitting.iter().map(place).filter(is_below));
    }
    let first = wanted.asked.after.map_or(0, first_id);
    let last = [wanted.asked.before.map(end_id), below.map(|(at, ..)| end_id(at))];
    let last = last.into_iter().flatten().min().unwrap_or(i64::MAX);
    let reading = Reading { db, wanted, below, limit };
    let read = || match expression(wanted) {
        Some(expression) => {
            let mut find = db.prepare_cached(
                "SELECT r.id, m.created_at, r.channel_id, r.number FROM search_index f
                 CROSS JOIN search_rows r ON r.id = f.rowid
                 CROSS JOIN messages m ON m.channel_id = r.channel_id AND m.number = r.number
                 WHERE f.search_index MATCH ?3 AND f.rowid >= ?1 AND f.rowid < ?2
                 ORDER BY f.rowid DESC",
            )?;
            reading.read(find.query((first, last, expression))?, &mut readable, &mut places)
        }
        None => {
            let mut find = db.prepare_cached(
                "SELECT r.id, m.created_at, r.channel_id, r.number FROM search_rows r
                 CROSS JOIN messages m ON m.channel_id = r.channel_id AND m.number = r.number
                 WHERE r.id >= ?1 AND r.id < ?2 ORDER BY r.id DESC",
            )?;
            reading.read(find.query((first, last))?, &mut readable, &mut places)
        }
    };
    gave_up |= time.limit(read)?.unwrap_or(true) || room.is_full;
    places.sort_unstable_by_key(|at| Reverse(*at));
    Ok(Hits { places, gave_up })
}

/// Those of the messages that fit, as far as there is time to look.
fn fitting(
    mut found: Vec<Message>,
    wanted: &Wanted,
    time: &Time,
    gave_up: &mut bool,
) -> Vec<Message> {
    found.retain(|message| {
        *gave_up |= time.is_over();
        !*gave_up && wanted.fits(message)
    });
    found
}

/// The messages that the viewer saved, which are not many.
fn saved_hits(
    db: &Connection,
    wanted: &Wanted,
    readable: &mut Readable<'_>,
) -> Result<Vec<Message>> {
    let mut found = Vec::new();
    for saved in saved::before(db, wanted.viewer, None, MAX_SAVED)? {
        if readable.above(saved.channel)?.is_some_and(|floor| saved.number > floor) {
            found.extend(messages::message_for(db, saved.channel, saved.number, wanted.viewer)?);
        }
    }
    Ok(found)
}

/// Reading the rows of the index.
struct Reading<'a> {
    db: &'a Connection,
    wanted: &'a Wanted,
    below: Option<At>,
    limit: usize,
}

impl Reading<'_> {
    /// Adds the places of rows that fit. Returns whether it gave up, after so many rows.
    fn read(
        &self,
        mut rows: Rows<'_>,
        readable: &mut Readable<'_>,
        places: &mut Vec<At>,
    ) -> Result<bool> {
        let (mut looked_at, mut taken, mut last) = (0, 0, i64::MAX);
        let asked = &self.wanted.asked;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            if looked_at == MOST_LOOKED_AT {
                return Ok(true);
            }
            // Rows of about one time come in no order. Whether there are more rows says nothing of more hits.
            if taken >= self.limit && is_well_before(id, last) {
                return Ok(false);
            }
            looked_at += 1;
            let at = read(row)?;
            let (time, channel, number) = at;
            let is_then = self.below.is_none_or(|below| at < below)
                && asked.after.is_none_or(|after| time >= after)
                && asked.before.is_none_or(|before| time < before);
            if is_then
                && readable.above(channel)?.is_some_and(|floor| number > floor)
                && self.is_it(channel, number)?
            {
                if taken < self.limit {
                    (taken, last) = (taken + 1, id);
                }
                places.push(at);
            }
        }
        Ok(false)
    }

    /// Whether a message is what the index does not know of: of a thread, where that is asked for.
    fn is_it(&self, channel: ChannelId, number: Number) -> Result<bool> {
        if !self.wanted.asked.is.contains(&Is::Thread) {
            return Ok(true);
        }
        let mut find = self.db.prepare_cached(
            "SELECT 1 FROM messages WHERE channel_id = ?1 AND number = ?2
                 AND (root IS NOT NULL OR thread)",
        )?;
        Ok(find.exists((channel.0, number.0))?)
    }
}

fn read(row: &Row<'_>) -> Result<At> {
    Ok((Timestamp(row.get(1)?), ChannelId(row.get(2)?), Number(row.get(3)?)))
}

/// Where a message stands.
pub(super) fn place(message: &Message) -> At {
    (message.created_at, message.channel, message.number)
}

/// How much may still be looked at of what the index does not have yet.
struct Room {
    messages: usize,
    bytes: usize,
    /// Whether something was left out.
    is_full: bool,
}

/// The messages of a channel that the index does not have yet, the newest first.
fn not_indexed(
    db: &Connection,
    wanted: &Wanted,
    readable: &mut Readable<'_>,
    channel: ChannelId,
    room: &mut Room,
    time: &Time,
) -> Result<Vec<Message>> {
    let inside = &wanted.asked.inside;
    if !inside.is_empty() && !inside.contains(&channel) {
        return Ok(Vec::new());
    }
    let Some(floor) = readable.above(channel)? else { return Ok(Vec::new()) };
    let high = marks::of(db, channel)?.high.max(floor);
    let sql = format!(
        "{} WHERE m.channel_id = ?1 AND m.number > ?2 ORDER BY m.number DESC LIMIT ?3",
        messages::MESSAGE
    );
    let most = sql_count(room.messages);
    let values: [&dyn ToSql; 2] = [&high.0, &most];
    let fits = |message: &Message| {
        room.is_full |= time.is_over() || message.text.len() > room.bytes;
        room.bytes = room.bytes.saturating_sub(message.text.len());
        !room.is_full
    };
    let found = messages::select_while(db, &sql, channel, Some(wanted.viewer), &values, fits)?;
    room.messages = room.messages.saturating_sub(found.len());
    room.is_full |= room.messages == 0;
    Ok(found)
}
