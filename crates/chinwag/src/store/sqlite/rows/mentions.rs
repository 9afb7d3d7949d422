//! Rows of mentions.

use rusqlite::Connection;

use super::sql_count;
use crate::model::channels::MANY_UNREAD;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::mentions::{Called, Mention};
use crate::model::messages::Message;
use crate::store::Result;

/// Stands for everybody in the channel, in the column of the person.
const EVERYBODY: i64 = 0;

/// The mentions of a message, in the order of their places.
pub(crate) fn of_message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
) -> Result<Vec<Mention>> {
    let mut find = db.prepare_cached(
        "SELECT start, length, user_id FROM mentions WHERE channel_id = ?1 AND number = ?2
         ORDER BY start",
    )?;
    let found = find.query_map((channel.0, number.0), |row| {
        let called = match row.get(2)? {
            EVERYBODY => Called::Everybody,
            person => Called::Person(UserId(person)),
        };
        let unit = |at: usize| row.get::<_, i64>(at).map(|unit| usize::try_from(unit).unwrap_or(0));
        Ok(Mention { start: unit(0)?, length: unit(1)?, called })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Adds the mentions of a message that is stored already. Those of a reply that is in its thread alone are
/// counted there.
pub(crate) fn add(db: &Connection, message: &Message, mentions: &[Mention]) -> Result<()> {
    if mentions.is_empty() {
        return Ok(());
    }
    let (channel, number, author) = (message.channel, message.number, message.author.id);
    let root = message.reply.filter(|reply| !reply.in_run).map(|reply| reply.root.0);
    let mut insert = db.prepare_cached(
        "INSERT INTO mentions (channel_id, number, start, length, user_id, author_id, root)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for Mention { start, length, called } in mentions {
        let called = match called {
            Called::Everybody => EVERYBODY,
            Called::Person(person) => person.0,
        };
        let (start, length) = (sql_count(*start), sql_count(*length));
        insert.execute((channel.0, number.0, start, length, called, author.0, root))?;
    }
    if root.is_some() {
        return Ok(());
    }
    let mut newest = db
        .prepare_cached("UPDATE channels SET last_mention = max(last_mention, ?2) WHERE id = ?1")?;
    newest.execute((channel.0, number.0))?;
    Ok(())
}

/// Removes the mentions of a message.
pub(crate) fn forget(db: &Connection, channel: ChannelId, number: Number) -> Result<()> {
    db.prepare_cached("DELETE FROM mentions WHERE channel_id = ?1 AND number = ?2")?
        .execute((channel.0, number.0))?;
    Ok(())
}

/// How many messages of the run by others above a number of a channel call person `?1`, as SQL; at most
/// [`MANY_UNREAD`]. Whom the person set aside does not count.
pub(crate) fn count(channel: &str, above: &str) -> String {
    format!(
        "(SELECT count(*) FROM (
             SELECT DISTINCT called.number FROM mentions called INDEXED BY mentions_of
             WHERE called.user_id IN (?1, {EVERYBODY}) AND called.channel_id = {channel}
               AND called.root IS NULL AND called.number > {above} AND called.author_id <> ?1
               AND NOT EXISTS (SELECT 1 FROM set_aside aside
                               WHERE aside.user_id = ?1 AND aside.whom = called.author_id)
             LIMIT {MANY_UNREAD}))"
    )
}

/// The same for the replies of a thread that are not of the run.
pub(crate) fn count_in_thread(channel: &str, root: &str, above: &str) -> String {
    format!(
        "(SELECT count(*) FROM (
             SELECT DISTINCT called.number FROM mentions called INDEXED BY mentions_in_threads
             WHERE called.user_id IN (?1, {EVERYBODY}) AND called.channel_id = {channel}
               AND called.root = {root} AND called.number > {above} AND called.author_id <> ?1
               AND NOT EXISTS (SELECT 1 FROM set_aside aside
                               WHERE aside.user_id = ?1 AND aside.whom = called.author_id)
             LIMIT {MANY_UNREAD}))"
    )
}

/// How many messages of the run by others above a number of a channel call a person.
pub(crate) fn above(
    db: &Connection,
    channel: ChannelId,
    user: UserId,
    number: Number,
) -> Result<i64> {
    let mut find = db.prepare_cached(&format!("SELECT {}", count("?2", "?3")))?;
    Ok(find.query_row((user.0, channel.0, number.0), |row| row.get(0))?)
}
