//! Changing messages. An edit takes the channel's next revision; the text that it replaces is kept.

use async_trait::async_trait;
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::SqliteStore;
use super::rows::{
    channels, forwards, mentions, messages, place, sql_count, standing, uploads, versions,
};
use super::writer::Tx;
use super::{activity, calling, searching};
use crate::model::edits::{Edit, Version};
use crate::model::events::Event;
use crate::model::forwards::Source;
use crate::model::ids::{ChannelId, Number, UploadId, UserId};
use crate::model::mentions::Mention;
use crate::model::messages::Message;
use crate::model::permissions::{Action, may};
use crate::model::time::Timestamp;
use crate::store::{EditOutcome, Edits, Error, Result};

#[async_trait]
impl Edits for SqliteStore {
    async fn edit_message(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        wanted: Edit,
        at: Timestamp,
    ) -> Result<EditOutcome> {
        self.writer.run(move |tx| edit(tx, (channel, number), by, &wanted, at)).await
    }

    async fn versions(
        &self,
        channel: ChannelId,
        number: Number,
        viewer: UserId,
    ) -> Result<Option<Vec<Version>>> {
        self.readers.read(move |db| versions(db, channel, number, viewer)).await
    }
}

/// A message that stands in a channel that the viewer sees, as they see it, with what they are there.
pub(super) fn standing_message(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    viewer: UserId,
    at: Timestamp,
) -> Result<Option<(Message, standing::Seen)>> {
    // Of a channel that they do not see, no message is read: it costs what one costs that is not there.
    let Some(seen) = standing::seen(db, channel, viewer, at)? else { return Ok(None) };
    let message = messages::message_for(db, channel, number, viewer)?;
    let stands = |message: &Message| message.deleted_at.is_none() && number > seen.head.floor;
    Ok(message.filter(stands).map(|message| (message, seen)))
}

/// See [`Edits::versions`].
pub(super) fn versions(
    db: &Connection,
    channel: ChannelId,
    number: Number,
    viewer: UserId,
) -> Result<Option<Vec<Version>>> {
    if standing_message(db, channel, number, viewer, Timestamp(0))?.is_none() {
        return Ok(None);
    }
    versions::of_message(db, channel, number).map(Some)
}

/// See [`Edits::edit_message`].
pub(super) fn edit(
    tx: &mut Tx<'_>,
    (channel, number): (ChannelId, Number),
    by: UserId,
    wanted: &Edit,
    at: Timestamp,
) -> Result<EditOutcome> {
    let Some((message, seen)) = standing_message(tx.db, channel, number, by, at)? else {
        return Ok(EditOutcome::NotFound);
    };
    if message.author.id != by {
        return Ok(EditOutcome::NotAuthor);
    }
    let taken_out = match &wanted.files {
        None => Vec::new(),
        Some(stay) => {
            let has = |id: &UploadId| message.attachments.iter().any(|file| file.id == *id);
            if let Some(id) = stay.iter().find(|id| !has(id)) {
                return Ok(EditOutcome::NoUpload(*id));
            }
            let gone = message.attachments.iter().map(|file| file.id);
            gone.filter(|id| !stay.contains(id)).collect()
        }
    };
    if message.text == wanted.text.as_str() && taken_out.is_empty() {
        return Ok(EditOutcome::Unchanged(message));
    }
    may(seen.standing, Action::EditOwn, seen.state).map_err(Error::Denied)?;
    super::direct::check_reachable(tx.db, channel, by, seen.state.kind)?;
    if !place::place(tx.db)?.editing.allows(message.created_at, at) {
        return Ok(EditOutcome::TooLate);
    }
    if wanted.edits.is_some_and(|edits| edits != message.edits) {
        return Ok(EditOutcome::Meanwhile(message));
    }
    let carries = message.forwarded.is_some() || message.attachments.len() > taken_out.len();
    if wanted.text.as_str().is_empty() && !carries {
        return Ok(EditOutcome::Empty);
    }
    let mentions = calling::allowed(tx.db, &wanted.mentions, seen.standing, seen.state)?;
    searching::take_out(tx.db, &message)?;
    write(tx, &message, (wanted.text.as_str(), &mentions), &taken_out, at)?;
    let edited = messages::message(tx.db, channel, number)?;
    let edited = edited.ok_or_else(|| Error::Corrupt("a message is missing".to_owned()))?;
    searching::put_in(tx.db, &edited)?;
    tx.happened(Event::MessageEdited(edited.clone()));
    activity::called(tx, &message, &mentions, at, true)?;
    let Message { reactions, saved, .. } = message;
    Ok(EditOutcome::Edited(Message { reactions, saved, ..edited }, taken_out))
}

fn write(
    tx: &mut Tx<'_>,
    message: &Message,
    (text, mentions): (&str, &[Mention]),
    taken_out: &[UploadId],
    at: Timestamp,
) -> Result<()> {
    let Message { channel, number, .. } = *message;
    let source = match message.forwarded {
        None => None,
        Some(_) => forwards::source(tx.db, channel, number)?,
    };
    let first = (message.edits == 0).then(|| {
        let files = message.attachments.iter().map(|file| file.id);
        digest(&message.text, files, message.quote.as_ref().map(|quote| quote.number), source)
    });
    if message.text != text {
        versions::keep(tx.db, message)?;
    }
    for id in taken_out {
        uploads::forget(tx.db, *id)?;
    }
    let revision = channels::next_revision(tx.db, channel)?;
    let mut update = tx.db.prepare_cached(
        "UPDATE messages SET revision = ?3, text = ?4, attachments = ?5, edits = edits + 1,
             edited_at = ?6, first_digest = coalesce(?7, first_digest), mentions = ?8
         WHERE channel_id = ?1 AND number = ?2",
    )?;
    let files = sql_count(message.attachments.len() - taken_out.len());
    let calls = sql_count(mentions.len());
    update.execute((channel.0, number.0, revision.0, text, files, at.0, first, calls))?;
    mentions::forget(tx.db, channel, number)?;
    mentions::add(tx.db, message, mentions)
}

/// The digest by which a message that was edited since is known again when it is posted again: SHA-256 of
/// the ids of its files, of what it quotes or forwards, and of its text. A forward has copies of files, which are
/// made anew with each try, so they do not count.
pub(super) fn digest(
    text: &str,
    files: impl Iterator<Item = UploadId>,
    quote: Option<Number>,
    source: Option<Source>,
) -> [u8; 32] {
    /// No count of files: so a message without a quote has the digest that it had before there were any.
    const QUOTES: u8 = 255;
    const FORWARDS: u8 = 254;
    let mut hasher = Sha256::new();
    let mut count = 0_u8;
    for file in files.filter(|_| source.is_none()) {
        hasher.update(file.0);
        count = count.wrapping_add(1);
    }
    if let Some(number) = quote {
        hasher.update([QUOTES]);
        hasher.update(number.0.to_be_bytes());
    }
    if let Some(source) = source {
        hasher.update([FORWARDS]);
        hasher.update(source.channel.0.to_be_bytes());
        hasher.update(source.number.0.to_be_bytes());
    }
    hasher.update([count]);
    hasher.update(text);
    hasher.finalize().into()
}
