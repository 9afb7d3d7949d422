//! Deleting messages: a tombstone stays, and nothing of what the message said. It takes the channel's next
//! revision.

use super::rows::{
    channels, forwards, mentions, messages, pins, reactions, standing, threads, uploads, versions,
};
use super::writer::Tx;
use super::{activity, reading, searching};
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::messages::Message;
use crate::model::time::Timestamp;
use crate::store::{DeleteOutcome, Error, Result};

/// See [`Messages::delete_message`](crate::store::Messages::delete_message).
pub(super) fn delete(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    number: Number,
    by: UserId,
    at: Timestamp,
) -> Result<DeleteOutcome> {
    // As in `editing::standing_message`: of a channel that they do not see, no message is read.
    let Some(seen) = standing::seen(tx.db, channel, by, at)? else {
        return Ok(DeleteOutcome::NotFound);
    };
    let stands = |message: &Message| message.line.is_none() && number > seen.head.floor;
    let Some(message) = messages::message(tx.db, channel, number)?.filter(stands) else {
        return Ok(DeleteOutcome::NotFound);
    };
    if message.author.id != by {
        return Ok(DeleteOutcome::NotAuthor);
    }
    if message.deleted_at.is_some() {
        return Ok(DeleteOutcome::AlreadyDeleted(message));
    }
    wipe(tx, message, at)
}

/// Makes a tombstone of a message that stands. If it was removed, `removals` has that already. Event:
/// `MessageDeleted`.
pub(super) fn wipe(tx: &mut Tx<'_>, message: Message, at: Timestamp) -> Result<DeleteOutcome> {
    searching::take_out(tx.db, &message)?;
    let (channel, number, author) = (message.channel, message.number, message.author.id);
    let mut head = tx.db.prepare_cached(
        "UPDATE channels SET revision = revision + 1, last_quiet = max(last_quiet, ?2)
         WHERE id = ?1 RETURNING revision",
    )?;
    let quiet = if message.in_run() { number } else { Number(0) };
    let revision: i64 = head.query_row((channel.0, quiet.0), |row| row.get(0))?;
    let mut update = tx.db.prepare_cached(
        "UPDATE messages SET revision = ?3, deleted_at = ?4, text = '', attachments = 0, edits = 0,
             edited_at = NULL, first_digest = NULL, reactions = 0, mentions = 0,
             pinned = 0, quote = 0, forwarded = 0
         WHERE channel_id = ?1 AND number = ?2",
    )?;
    update.execute((channel.0, number.0, revision, at.0))?;
    versions::forget(tx.db, channel, number)?;
    reactions::forget(tx.db, channel, number)?;
    mentions::forget(tx.db, channel, number)?;
    pins::forget(tx.db, channel, number)?;
    forwards::forget(tx.db, channel, number)?;
    let freed = uploads::forget_of_message(tx.db, channel, number)?;
    if message.in_run() {
        reading::deleted(tx.db, channel, author, number)?;
    }
    let head = match message.reply {
        Some(reply) => {
            threads::deleted(tx.db, channel, reply.root)?;
            threads::changed(tx.db, channel, reply.root, Revision(revision))?
        }
        None => None,
    };
    let tombstone = messages::message(tx.db, channel, number)?;
    let tombstone = tombstone.ok_or_else(|| Error::Corrupt("a message is missing".to_owned()))?;
    let last_message = channels::newest_left(tx.db, channel)?;
    tx.happened(Event::MessageDeleted { message: tombstone.clone(), last_message, head });
    activity::deleted(tx, channel, number)?;
    Ok(DeleteOutcome::Deleted(tombstone, freed))
}
