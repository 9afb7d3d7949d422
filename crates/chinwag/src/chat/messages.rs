//! Messages: posting, deleting, reading, catching up.

use super::{Actor, Chat, Result};
use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UploadId, UserId};
use crate::model::instance::Instance;
use crate::model::messages::{
    Changes, Digest, MAX_ATTACHMENTS, MAX_CHANGES, MAX_PAGE, Message, MessagePage, PageAt,
};
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::MessageText;
use crate::secrets;
use crate::store::{DeleteOutcome, NewMessage, PostOutcome};

/// A message as its author's client sends it.
pub struct Draft {
    /// The client's key.
    pub key: MessageKey,
    /// What she wrote.
    pub text: String,
    /// The files that go with it.
    pub attachments: Vec<UploadId>,
    /// Who it was written by and where, when the client says so.
    pub sender: Option<Sender>,
}

/// Whom a client takes the session for, and which state of which installation the server. A message
/// that was written as somebody else, or for other data, is refused: it may have waited in a browser
/// while the data folder was replaced or somebody else signed in.
pub struct Sender {
    /// Who writes.
    pub user: UserId,
    /// Which installation.
    pub instance: Instance,
}

/// A message that is on disk.
pub struct Posted {
    /// It, in its present form.
    pub message: Message,
    /// Whether the same key had posted it before.
    pub replayed: bool,
}

impl Chat {
    /// A key for a send whose client made none.
    ///
    /// # Errors
    /// When the operating system has no random bits to give.
    pub fn new_key(&self) -> Result<MessageKey> {
        Ok(secrets::message_key(self.clock.now())?)
    }

    /// Posts a message, once for ever for one key. Whoever posts is in the channel afterwards.
    ///
    /// # Errors
    /// `OtherInstance`, `OtherSender`, `Text`, `TooManyAttachments`, `NotFound`, `KeyReused`,
    /// `TooMany`.
    pub async fn post_message(
        &self,
        actor: &Actor,
        channel: ChannelId,
        draft: Draft,
    ) -> Result<Posted> {
        if let Some(sender) = &draft.sender {
            self.expect(actor, sender)?;
        }
        let text = MessageText::parse(&draft.text, !draft.attachments.is_empty());
        let text = text.map_err(Refusal::Text)?;
        if draft.attachments.len() > MAX_ATTACHMENTS {
            return Err(Refusal::TooManyAttachments { max: MAX_ATTACHMENTS }.into());
        }
        let at = self.clock.now();
        let (now, kilobytes) = (self.clock.uptime(), kilobytes(text.as_str()));
        self.meters.message_kb.check_many(actor, kilobytes, now)?;
        self.meters.messages.take(actor, now)?;
        self.meters.message_kb.take_many(actor, kilobytes, now)?;
        let message = NewMessage {
            channel,
            author: actor.id(),
            key: draft.key,
            text,
            attachments: draft.attachments,
            at,
        };
        match self.store.post_message(message).await? {
            PostOutcome::Posted(message) => Ok(Posted { message, replayed: false }),
            PostOutcome::Replayed(message) => Ok(Posted { message, replayed: true }),
            PostOutcome::KeyReused => Err(Refusal::KeyReused.into()),
            PostOutcome::NoChannel => Err(Refusal::NotFound(Noun::Channel).into()),
            PostOutcome::NoUpload(_) => Err(Refusal::NotFound(Noun::Upload).into()),
        }
    }

    /// Whether the session and this server are what a client takes them for.
    fn expect(&self, actor: &Actor, sender: &Sender) -> Result<()> {
        if sender.instance != *self.store.instance() {
            return Err(Refusal::OtherInstance.into());
        }
        if sender.user != actor.id() {
            return Err(Refusal::OtherSender.into());
        }
        Ok(())
    }

    /// Deletes her own message; a tombstone stays. Deleting it again answers with the tombstone.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooMany`.
    pub async fn delete_message(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
    ) -> Result<Message> {
        let at = self.clock.now();
        self.meters.messages.take(actor, self.clock.uptime())?;
        match self.store.delete_message(channel, number, actor.id(), at).await? {
            DeleteOutcome::Deleted(message, files) => {
                for id in files {
                    self.files.remove(id).await;
                }
                Ok(message)
            }
            DeleteOutcome::AlreadyDeleted(message) => Ok(message),
            DeleteOutcome::NotAuthor => Err(Refusal::Forbidden.into()),
            DeleteOutcome::NotFound => Err(Refusal::NotFound(Noun::Message).into()),
        }
    }

    /// A run of messages, at most `limit` (1–100).
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn messages(
        &self,
        _actor: &Actor,
        channel: ChannelId,
        at: PageAt,
        limit: usize,
    ) -> Result<MessagePage> {
        let page = self.store.messages(channel, at, limit.clamp(1, MAX_PAGE)).await?;
        Ok(page.ok_or(Refusal::NotFound(Noun::Channel))?)
    }

    /// What changed after a revision, at most `limit` messages (1–500), and the channel itself.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn changes(
        &self,
        actor: &Actor,
        channel: ChannelId,
        since: Revision,
        limit: usize,
    ) -> Result<Changes> {
        let changes = self.store.changes(channel, actor.id(), since, limit).await?;
        Ok(changes.ok_or(Refusal::NotFound(Noun::Channel))?)
    }

    /// A fingerprint of the newest `last` messages (1–500).
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn digest(&self, _actor: &Actor, channel: ChannelId, last: usize) -> Result<Digest> {
        let digest = self.store.digest(channel, last.clamp(1, MAX_CHANGES)).await?;
        Ok(digest.ok_or(Refusal::NotFound(Noun::Channel))?)
    }
}

/// What a text counts for in the limit of bytes: a part of a kilobyte is one.
fn kilobytes(text: &str) -> u32 {
    u32::try_from(text.len().div_ceil(1_000)).unwrap_or(u32::MAX)
}
