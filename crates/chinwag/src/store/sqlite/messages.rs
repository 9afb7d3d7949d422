//! Reading messages: pages and fingerprints.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, OptionalExtension, Row, ToSql};
use sha2::{Digest as _, Sha256};

use super::{channels, uploads, users};
use crate::model::hex::hex;
use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UserId};
use crate::model::messages::{Digest, MAX_ANSWER_BYTES, MAX_PAGE, Message, MessagePage, PageAt};
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::{MAX_DIGEST, Result};

/// What the queries for [`select`] begin with.
pub(super) const MESSAGE: &str = "
    SELECT m.number, m.revision, m.key, m.author_id, m.text, m.created_at, m.deleted_at,
           m.attachments
    FROM messages m";

pub(super) fn page(
    db: &Connection,
    channel: ChannelId,
    at: PageAt,
    limit: usize,
) -> Result<Option<MessagePage>> {
    let Some(head) = channels::head(db, channel)? else { return Ok(None) };
    let messages = run_of(db, channel, at, limit.clamp(1, MAX_PAGE))?;
    // Numbers have no gaps, so the ends of the run tell what lies beyond them.
    let (has_older, has_newer) = match (messages.first(), messages.last()) {
        (Some(first), Some(last)) => (first.number.0 > 1, last.number < head.last_number),
        _ => beside_nothing(at, head.last_number),
    };
    let channels::Head { revision, last_number } = head;
    Ok(Some(MessagePage { channel, revision, last_number, messages, has_older, has_newer }))
}

pub(super) fn digest(db: &Connection, channel: ChannelId, last: usize) -> Result<Option<Digest>> {
    let Some(head) = channels::head(db, channel)? else { return Ok(None) };
    let oldest = head.last_number.0 - rows(last.min(MAX_DIGEST));
    let mut find = db.prepare_cached(
        "SELECT number, revision FROM messages WHERE channel_id = ?1 AND number > ?2
         ORDER BY number",
    )?;
    let mut found = find.query([channel.0, oldest])?;
    let mut sum = Sha256::new();
    while let Some(row) = found.next()? {
        sum.update(format!("{}:{}\n", row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    }
    Ok(Some(Digest { channel, revision: head.revision, digest: hex(&sum.finalize()) }))
}

pub(super) fn message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Message>> {
    let sql = format!("{MESSAGE} WHERE m.channel_id = ?1 AND m.number = ?2");
    Ok(select(db, &sql, channel, &[&number.0])?.pop())
}

/// The message that its author sent under that key, wherever it is.
pub(super) fn with_key(
    db: &Connection,
    author: UserId,
    key: MessageKey,
) -> Result<Option<Message>> {
    let mut find = db.prepare_cached(
        "SELECT channel_id, number FROM messages WHERE author_id = ?1 AND key = ?2",
    )?;
    let place = find
        .query_row((author.0, key.0), |row| Ok((ChannelId(row.get(0)?), Number(row.get(1)?))))
        .optional()?;
    match place {
        None => Ok(None),
        Some((channel, number)) => message(db, channel, number),
    }
}

/// Ascending by number.
fn run_of(db: &Connection, channel: ChannelId, at: PageAt, limit: usize) -> Result<Vec<Message>> {
    let older = format!(
        "{MESSAGE} WHERE m.channel_id = ?1 AND m.number < ?2 ORDER BY m.number DESC LIMIT ?3"
    );
    let newer =
        format!("{MESSAGE} WHERE m.channel_id = ?1 AND m.number > ?2 ORDER BY m.number LIMIT ?3");
    let (sql, from, descending) = match at {
        PageAt::Newest => (older, i64::MAX, true),
        PageAt::Before(number) => (older, number.0, true),
        PageAt::After(number) => (newer, number.0, false),
    };
    let mut bytes = 0;
    let fits = |message: &Message| {
        bytes += json_bytes(message);
        bytes <= MAX_ANSWER_BYTES || bytes == json_bytes(message)
    };
    let mut messages = select_while(db, &sql, channel, &[&from, &rows(limit)], fits)?;
    if descending {
        messages.reverse();
    }
    Ok(messages)
}

/// Whether there are older and newer ones than a run that holds nothing.
fn beside_nothing(at: PageAt, last: Number) -> (bool, bool) {
    let any = last.0 > 0;
    match at {
        PageAt::Newest => (false, false),
        PageAt::Before(_) => (false, any),
        PageAt::After(_) => (any, false),
    }
}

/// About how many bytes a message takes as JSON.
fn json_bytes(message: &Message) -> usize {
    /// What stands around a text, and around the name of a file.
    const FRAME: usize = 300;
    let files = message.attachments.iter().map(|file| FRAME + file.name.len());
    FRAME + message.text.len() + message.author.name.len() + files.sum::<usize>()
}

/// Runs a query that begins with [`MESSAGE`] and whose `?1` is the channel.
pub(super) fn select(
    db: &Connection,
    sql: &str,
    channel: ChannelId,
    rest: &[&dyn ToSql],
) -> Result<Vec<Message>> {
    select_while(db, sql, channel, rest, |_| true)
}

/// The same, up to the first message that does not fit.
fn select_while(
    db: &Connection,
    sql: &str,
    channel: ChannelId,
    rest: &[&dyn ToSql],
    mut fits: impl FnMut(&Message) -> bool,
) -> Result<Vec<Message>> {
    let mut find = db.prepare_cached(sql)?;
    let values = std::iter::once(&channel.0 as &dyn ToSql).chain(rest.iter().copied());
    let mut found = find.query(rusqlite::params_from_iter(values))?;
    let mut messages = Vec::new();
    // Few people write a page: looking each up once is cheaper than a join, which does it per row.
    let mut authors = HashMap::new();
    while let Some(row) = found.next()? {
        let author = match authors.entry(row.get(3)?) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let author = users::user(db, UserId(*unknown.key()))?;
                unknown.insert(author)
            }
        };
        let mut message = read_message(row, channel, author)?;
        // Most messages carry no files; the count in the row spares them the look.
        if row.get::<_, i64>(7)? > 0 {
            message.attachments = uploads::of_message(db, channel, message.number)?;
        }
        if !fits(&message) {
            break;
        }
        messages.push(message);
    }
    Ok(messages)
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
        attachments: Vec::new(),
    })
}

pub(super) fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
