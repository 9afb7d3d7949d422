//! Messages: posting, deleting, reading, catching up.

use super::{Actor, Chat, Result};
use crate::model::forwards::{Forwardable, NewForward, Source};
use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UploadId, UserId};
use crate::model::instance::Instance;
use crate::model::messages::{
    Changes, Digest, MAX_ATTACHMENTS, MAX_CHANGES, MAX_PAGE, Message, MessagePage, PageAt,
};
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::MessageText;
use crate::model::threads::Reply;
use crate::secrets;
use crate::store::{DeleteOutcome, NewMessage, PostOutcome};

/// A message as its author's client sends it.
pub struct PostMessage {
    /// The key that the client made.
    pub key: MessageKey,
    /// The text as it was typed.
    pub text: String,
    /// The number of the message that it quotes.
    pub quote: Option<Number>,
    /// The message that it forwards; then it has no files and no quote of its own.
    pub forward: Option<Source>,
    /// What it answers, if it is a reply in a thread.
    pub reply: Option<Reply>,
    /// The files that go with it.
    pub attachments: Vec<UploadId>,
    /// Who wrote it and where, when the client says so.
    pub sender: Option<Sender>,
}

/// The person that a client believes it writes as, and the installation that it believes it writes
/// to. A message that was written as somebody else, or for other data, is refused: it may have
/// waited in a browser while the data folder was replaced or somebody else signed in.
pub struct Sender {
    /// The author.
    pub user: UserId,
    /// The installation, and the state of its data.
    pub instance: Instance,
}

/// A message that is on disk.
pub struct Posted {
    /// The message in its present form.
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

    /// Posts a message, once for ever for one key. The author is in the channel afterwards.
    ///
    /// # Errors
    /// `OtherInstance`, `OtherSender`, `Text`, `TooManyAttachments`, `NotFound`, `KeyReused`, `QuotedGone`,
    /// `TooMany`; `Muted`, `AllMuted`, `HostsWrite`, `Locked`, `Archived`, `Slow`.
    pub async fn post_message(
        &self,
        actor: &Actor,
        channel: ChannelId,
        message: PostMessage,
    ) -> Result<Posted> {
        if let Some(sender) = &message.sender {
            self.check_sender(actor, sender)?;
        }
        let carries = message.forward.is_some() || !message.attachments.is_empty();
        let text = MessageText::parse(&message.text, carries);
        let text = text.map_err(Refusal::Text)?;
        if message.attachments.len() > MAX_ATTACHMENTS {
            return Err(Refusal::TooManyAttachments { max: MAX_ATTACHMENTS }.into());
        }
        if message.forward.is_some() && (!message.attachments.is_empty() || message.quote.is_some())
        {
            return Err(Refusal::Malformed { field: "forward" }.into());
        }
        let forwardable = match message.forward {
            Some(source) => self.forwardable(actor, source).await?,
            None => None,
        };
        let at = self.clock.now();
        let carried = forwardable.as_ref().map_or(0, |forwardable| forwardable.bytes);
        let (now, kilobytes) = (self.clock.uptime(), kilobytes(text.as_str().len() + carried));
        self.meters.message_kb.check_many(actor, kilobytes, now)?;
        self.meters.messages.take(actor, now)?;
        self.meters.message_kb.take_many(actor, kilobytes, now)?;
        let mentions = self.called(actor, channel, text.as_str()).await?;
        let files = forwardable.map(|forwardable| forwardable.files).unwrap_or_default();
        let copies = self.copy_files(actor, &files).await?;
        let copied = copies.copies.clone();
        let forward = message.forward.map(|source| NewForward { source, copies: copied.clone() });
        let message = NewMessage {
            channel,
            author: actor.id(),
            key: message.key,
            text,
            mentions,
            quote: message.quote,
            forward,
            reply: message.reply,
            attachments: message.attachments,
            at,
        };
        let outcome = self.store.post_message(message).await;
        if !matches!(outcome, Ok(PostOutcome::Posted(_))) {
            self.forget_copies(&copied).await;
        }
        match outcome? {
            PostOutcome::Posted(message) => Ok(Posted { message, replayed: false }),
            PostOutcome::Replayed(message) => Ok(Posted { message, replayed: true }),
            PostOutcome::KeyReused => Err(Refusal::KeyReused.into()),
            PostOutcome::NoThread => Err(Refusal::NotFound(Noun::Message).into()),
            PostOutcome::NoUpload(_) => Err(Refusal::NotFound(Noun::Upload).into()),
            PostOutcome::NoSource => Err(Refusal::NotFound(Noun::Message).into()),
            PostOutcome::NoQuoted => Err(Refusal::QuotedGone.into()),
        }
    }

    /// What is to be known of a message before it is forwarded. `None`: there is none for the actor. Posting
    /// answers that, as the message may have been forwarded under its key before.
    async fn forwardable(&self, actor: &Actor, source: Source) -> Result<Option<Forwardable>> {
        // Where a narrow token does not reach, there is nothing for it.
        let Source { channel, number } = source;
        let channel = if actor.reach.covers(channel) { channel } else { ChannelId(0) };
        Ok(self.store.forwardable(Source { channel, number }, actor.id()).await?)
    }

    /// Refuses a sender that is not the session's person at this installation.
    ///
    /// # Errors
    /// `OtherInstance`, `OtherSender`.
    pub fn check_sender(&self, actor: &Actor, sender: &Sender) -> Result<()> {
        if sender.instance != *self.store.instance() {
            return Err(Refusal::OtherInstance.into());
        }
        if sender.user != actor.id() {
            return Err(Refusal::OtherSender.into());
        }
        Ok(())
    }

    /// Deletes a message of the actor's; a tombstone stays. Deleting it again answers with the
    /// tombstone.
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

    /// A page of messages, at most `limit` (1–100).
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn messages(
        &self,
        actor: &Actor,
        channel: ChannelId,
        at: PageAt,
        limit: usize,
    ) -> Result<MessagePage> {
        let limit = limit.clamp(1, MAX_PAGE);
        let page = self.store.messages(channel, actor.id(), at, limit).await?;
        Ok(page.ok_or(Refusal::NotFound(Noun::Channel))?)
    }

    /// How many messages stand above a number, without replies that are in threads alone.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn messages_above(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
    ) -> Result<i64> {
        let above = self.store.in_run_above(channel, actor.id(), number).await?;
        Ok(above.ok_or(Refusal::NotFound(Noun::Channel))?)
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
    pub async fn digest(&self, actor: &Actor, channel: ChannelId, last: usize) -> Result<Digest> {
        let last = last.clamp(1, MAX_CHANGES);
        let digest = self.store.digest(channel, actor.id(), last).await?;
        Ok(digest.ok_or(Refusal::NotFound(Noun::Channel))?)
    }
}

/// What a text of so many bytes counts in the limit of kilobytes; a part of a kilobyte counts as a whole one.
pub(super) fn kilobytes(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(1_000)).unwrap_or(u32::MAX)
}
