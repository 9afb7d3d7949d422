//! Rows of what messages carry of others.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::users;
use crate::model::forwards::{Forwarded, Source};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::time::Timestamp;
use crate::store::Result;

/// What a message carries.
pub(crate) fn of_message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Forwarded>> {
    let mut find = db.prepare_cached(
        "SELECT author_id, text, at FROM forwards WHERE channel_id = ?1 AND number = ?2",
    )?;
    let found = find.query_row((channel.0, number.0), |row| {
        Ok((UserId(row.get(0)?), row.get(1)?, Timestamp(row.get(2)?)))
    });
    let Some((author, text, at)) = found.optional()? else { return Ok(None) };
    Ok(Some(Forwarded { author: users::user(db, author)?, text, at }))
}

/// Which message that was.
pub(crate) fn source(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Option<Source>> {
    let mut find = db.prepare_cached(
        "SELECT from_channel, from_number FROM forwards WHERE channel_id = ?1 AND number = ?2",
    )?;
    let found = find.query_row((channel.0, number.0), |row| {
        Ok(Source { channel: ChannelId(row.get(0)?), number: Number(row.get(1)?) })
    });
    Ok(found.optional()?)
}

/// Adds what a message carries, which is stored already.
pub(crate) fn add(
    db: &Connection,
    (channel, number): (ChannelId, Number),
    forwarded: &Forwarded,
    source: Source,
) -> Result<()> {
    let mut insert = db.prepare_cached(
        "INSERT INTO forwards (channel_id, number, author_id, at, text, from_channel, from_number)
         VALUES (:channel, :number, :author, :at, :text, :from_channel, :from_number)",
    )?;
    insert.execute(named_params! {
        ":channel": channel.0,
        ":number": number.0,
        ":author": forwarded.author.id.0,
        ":at": forwarded.at.0,
        ":text": forwarded.text,
        ":from_channel": source.channel.0,
        ":from_number": source.number.0,
    })?;
    Ok(())
}

/// Removes what a message carries.
pub(crate) fn forget(db: &Connection, channel: ChannelId, number: Number) -> Result<()> {
    db.prepare_cached("DELETE FROM forwards WHERE channel_id = ?1 AND number = ?2")?
        .execute((channel.0, number.0))?;
    Ok(())
}
