//! Forwarding messages: what a message carries of another one is copied in the transaction that posts it.

use async_trait::async_trait;
use rusqlite::Connection;

use super::SqliteStore;
use super::editing::standing_message;
use super::rows::uploads;
use crate::model::forwards::{Forwardable, Forwarded, NewForward, Source};
use crate::model::ids::UserId;
use crate::model::messages::Message;
use crate::model::time::Timestamp;
use crate::model::uploads::Upload;
use crate::store::{Forwards, Result};

#[async_trait]
impl Forwards for SqliteStore {
    async fn forwardable(&self, source: Source, viewer: UserId) -> Result<Option<Forwardable>> {
        self.readers.read(move |db| forwardable(db, source, viewer)).await
    }
}

/// See [`Forwards::forwardable`].
pub(super) fn forwardable(
    db: &Connection,
    Source { channel, number }: Source,
    viewer: UserId,
) -> Result<Option<Forwardable>> {
    let found = standing_message(db, channel, number, viewer, Timestamp(0))?;
    Ok(found.map(|(message, _)| Forwardable {
        bytes: carried(&message).text.len(),
        files: message.attachments,
    }))
}

/// What a message that is forwarded hands on. Of one that is a forward itself and says nothing of its own, that is
/// what it carries.
fn carried(message: &Message) -> Forwarded {
    match &message.forwarded {
        Some(forwarded) if message.text.is_empty() => forwarded.clone(),
        _ => Forwarded {
            author: message.author.clone(),
            text: message.whole_text(),
            at: message.created_at,
        },
    }
}

/// What a new message of `by` carries, and the rows of its files, which are not written yet. `None`: there is no
/// such message for them, or a file of it has no copy.
pub(super) fn take(
    db: &Connection,
    NewForward { source, copies }: &NewForward,
    by: UserId,
    at: Timestamp,
) -> Result<Option<(Forwarded, Vec<Upload>)>> {
    let found = standing_message(db, source.channel, source.number, by, at)?;
    let Some((message, _)) = found else { return Ok(None) };
    let mut files = Vec::with_capacity(message.attachments.len());
    for file in &message.attachments {
        let copy = copies.iter().find(|copy| copy.of == file.id);
        let (Some(copy), Some(mut upload)) = (copy, uploads::upload(db, file.id)?) else {
            return Ok(None);
        };
        upload.attachment.id = copy.id;
        files.push(Upload { owner: by, created_at: at, message: None, ..upload });
    }
    Ok(Some((carried(&message), files)))
}
