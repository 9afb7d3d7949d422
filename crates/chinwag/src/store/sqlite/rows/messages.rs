//! Rows of messages.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::{uploads, users};
use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UserId};
use crate::model::messages::Message;
use crate::model::time::Timestamp;
use crate::model::users::User;
use crate::store::Result;

/// The beginning of the queries for [`select`].
pub(crate) const MESSAGE: &str = "
    SELECT m.number, m.revision, m.key, m.author_id, m.text, m.created_at, m.deleted_at,
           m.attachments,
           CASE WHEN m.deleted_at IS NULL THEN 0 ELSE EXISTS (
               SELECT 1 FROM removals r WHERE r.channel_id = m.channel_id AND r.number = m.number)
           END
    FROM messages m";

/// One message of a channel.
pub(crate) fn message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Message>> {
    let sql = format!("{MESSAGE} WHERE m.channel_id = ?1 AND m.number = ?2");
    Ok(select(db, &sql, channel, &[&number.0])?.pop())
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
        Some((channel, number)) => message(db, channel, number),
    }
}

/// Runs a query that begins with [`MESSAGE`], with the channel as `?1` and `rest` from `?2` on.
pub(crate) fn select(
    db: &Connection,
    sql: &str,
    channel: ChannelId,
    rest: &[&dyn ToSql],
) -> Result<Vec<Message>> {
    select_while(db, sql, channel, rest, |_| true)
}

/// As [`select`], up to the first message that does not fit.
pub(crate) fn select_while(
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
    // A page has few authors. Looking each up once is cheaper than a join, which does it for each row.
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
        // Most messages have no files: the count in the row avoids the look-up.
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
        removed: row.get(8)?,
        attachments: Vec::new(),
    })
}
