//! Rows of messages.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::{forwards, lines, mentions, pins, quotes, reactions, saved, threads, uploads, users};
use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UserId};
use crate::model::lines::{Line, Passage};
use crate::model::messages::Message;
use crate::model::quotes::Quote;
use crate::model::threads::Reply;
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::Result;

/// The beginning of the queries for [`select`].
pub(crate) const MESSAGE: &str = "
    SELECT m.number, m.revision, m.key, m.author_id, m.text, m.created_at, m.deleted_at,
           m.attachments, m.edits, m.edited_at, m.reactions, m.mentions, m.pinned,
           CASE WHEN m.deleted_at IS NULL THEN 0 ELSE EXISTS (
               SELECT 1 FROM removals r WHERE r.channel_id = m.channel_id AND r.number = m.number)
           END,
           m.root, m.off_run, m.gap, m.thread, m.quote, m.forwarded
    FROM messages m";

/// One message of a channel, without its reactions.
pub(crate) fn message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Message>> {
    let sql = format!("{MESSAGE} WHERE m.channel_id = ?1 AND m.number = ?2");
    Ok(select(db, &sql, channel, None, &[&number.0])?.pop())
}

/// One message of a channel, as `reader` sees it.
pub(crate) fn message_for(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    reader: UserId,
) -> Result<Option<Message>> {
    let sql = format!("{MESSAGE} WHERE m.channel_id = ?1 AND m.number = ?2");
    Ok(select(db, &sql, channel, Some(reader), &[&number.0])?.pop())
}

/// The message that its author sent under that key, in whichever channel.
pub(crate) fn with_key(
    db: &Connection,
    author: UserId,
    key: MessageKey,
) -> Result<Option<Message>> {
    let mut find = db.prepare_cached(
        "SELECT channel_id, number FROM messages WHERE author_id = ?1 AND key = ?2",
    )?;
    let found = find
        .query_row((author.0, key.0), |row| Ok((ChannelId(row.get(0)?), Number(row.get(1)?))))
        .optional()?;
    match found {
        None => Ok(None),
        Some((channel, number)) => message_for(db, channel, number, author),
    }
}

/// The digest of what was posted first, if the message was edited since.
pub(crate) fn first_digest(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<[u8; 32]>> {
    let mut find = db.prepare_cached(
        "SELECT first_digest FROM messages WHERE channel_id = ?1 AND number = ?2",
    )?;
    Ok(find.query_row((channel.0, number.0), |row| row.get(0)).optional()?.flatten())
}

/// Runs a query that begins with [`MESSAGE`], with the channel as `?1` and `rest` from `?2` on. The messages
/// have their reactions if there is a reader.
pub(crate) fn select(
    db: &Connection,
    sql: &str,
    channel: ChannelId,
    reader: Option<UserId>,
    rest: &[&dyn ToSql],
) -> Result<Vec<Message>> {
    select_while(db, sql, channel, reader, rest, |_| true)
}

/// As [`select`], up to the first message that does not fit.
pub(crate) fn select_while(
    db: &Connection,
    sql: &str,
    channel: ChannelId,
    reader: Option<UserId>,
    rest: &[&dyn ToSql],
    mut fits: impl FnMut(&Message) -> bool,
) -> Result<Vec<Message>> {
    let mut find = db.prepare_cached(sql)?;
    let values = std::iter::once(&channel.0 as &dyn ToSql).chain(rest.iter().copied());
    let mut found = find.query(rusqlite::params_from_iter(values))?;
    let mut messages = Vec::new();
    // A page has few authors. Looking each up once is cheaper than a join, which does it for each row.
    let mut people = People { db, known: HashMap::new() };
    while let Some(row) = found.next()? {
        let author = people.find(UserId(row.get(3)?))?;
        let mut message = read_message(row, channel, author)?;
        // The text of a tombstone is empty.
        if message.deleted_at.is_some() && !message.text.is_empty() {
            let text = std::mem::take(&mut message.text);
            message.line = lines::line_of(&text).map(|line| people.named(line)).transpose()?;
        }
        // Most messages have no files: the count in the row avoids the look-up.
        if row.get::<_, i64>(7)? > 0 {
            message.attachments = uploads::of_message(db, channel, message.number)?;
        }
        // The same of mentions, threads and reactions.
        if row.get::<_, i64>(11)? > 0 {
            message.mentions = mentions::of_message(db, channel, message.number)?;
        }
        if row.get(12)? {
            message.pin = pins::of_message(db, channel, message.number)?;
        }
        if row.get(17)? {
            message.thread = threads::of_message(db, channel, message.number)?;
        }
        if row.get(19)? {
            message.forwarded = forwards::of_message(db, channel, message.number)?;
        }
        if let (Some(reader), 1..) = (reader, row.get::<_, i64>(10)?) {
            message.reactions = reactions::of_message(db, channel, message.number, reader)?;
        }
        if !fits(&message) {
            break;
        }
        messages.push(message);
    }
    quotes::fill(db, channel, &mut messages)?;
    if let Some(reader) = reader {
        mark_saved(db, channel, reader, &mut messages)?;
    }
    Ok(messages)
}

/// Marks those that the reader saved.
fn mark_saved(
    db: &Connection,
    channel: ChannelId,
    reader: UserId,
    messages: &mut [Message],
) -> Result<()> {
    let numbers = messages.iter().map(|message| message.number);
    let Some(ends) = numbers.clone().min().zip(numbers.max()) else { return Ok(()) };
    let saved = saved::numbers(db, reader, channel, ends)?;
    for message in messages.iter_mut() {
        message.saved = saved.contains(&message.number);
    }
    Ok(())
}

/// People as they were looked up for the rows before.
struct People<'a> {
    db: &'a Connection,
    known: HashMap<i64, User>,
}

impl People<'_> {
    fn find(&mut self, id: UserId) -> Result<&User> {
        Ok(match self.known.entry(id.0) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(users::user(self.db, id)?),
        })
    }

    fn named(&mut self, line: Line<UserId>) -> Result<Line> {
        let Line { kind, people, from, to } = line;
        let mut named = Vec::with_capacity(people.len());
        for Passage { who, joined, at, by } in people {
            let who = self.find(who)?.clone();
            let by = by.map(|by| self.find(by).cloned()).transpose()?;
            named.push(Passage { who, joined, at, by });
        }
        Ok(Line { kind, people: named, from, to })
    }
}

fn read_message(row: &Row<'_>, channel: ChannelId, author: &User) -> rusqlite::Result<Message> {
    Ok(Message {
        channel,
        number: Number(row.get(0)?),
        revision: Revision(row.get(1)?),
        key: MessageKey(row.get(2)?),
        author: author.clone(),
        text: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        deleted_at: row.get::<_, Option<i64>>(6)?.map(Timestamp),
        removed: row.get(13)?,
        attachments: Vec::new(),
        line: None,
        edits: row.get(8)?,
        edited_at: row.get::<_, Option<i64>>(9)?.map(Timestamp),
        mentions: Vec::new(),
        quote: match row.get(18)? {
            0 => None,
            number => Some(Quote { number: Number(number), original: None }),
        },
        forwarded: None,
        pin: None,
        saved: false,
        reactions: Vec::new(),
        reply: match row.get::<_, Option<i64>>(14)? {
            None => None,
            Some(root) => Some(Reply { root: Number(root), in_run: !row.get::<_, bool>(15)? }),
        },
        gap: row.get(16)?,
        thread: None,
    })
}

/// About how many bytes a message takes as JSON.
pub(crate) fn json_bytes(message: &Message) -> usize {
    /// What the fields take beside the text of a message, or beside the name of a file.
    const FRAME: usize = 300;
    let files = message.attachments.iter().map(|file| FRAME + file.name.len());
    let people = message.line.iter().flat_map(|line| &line.people);
    let people = people.map(|person| FRAME / 2 + person.who.name.len());
    let named = message.author.name.len() + people.sum::<usize>();
    let kinds = FRAME / 3 * message.reactions.len();
    let faces = message.thread.iter().flat_map(|thread| &thread.faces);
    let named = named + faces.map(|face| FRAME / 2 + face.name.len()).sum::<usize>();
    let quote = if message.quote.is_some() { 1_000 } else { 0 };
    let forwarded = message.forwarded.iter().map(|forwarded| FRAME + forwarded.text.len());
    let carried = files.sum::<usize>() + forwarded.sum::<usize>();
    FRAME + message.text.len() + named + carried + kinds + quote
}
