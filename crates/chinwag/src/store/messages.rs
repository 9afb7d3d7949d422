//! Messages: posting, deleting and reading them.

use async_trait::async_trait;

use super::Result;
use crate::model::forwards::NewForward;
use crate::model::ids::{ChannelId, MessageKey, Number, Revision, UploadId, UserId};
use crate::model::mentions::Mention;
use crate::model::messages::{Changes, Digest, Message, MessagePage, PageAt};
use crate::model::text::MessageText;
use crate::model::threads::Reply;
use crate::model::time::Timestamp;

/// The most messages that a digest covers.
pub const MAX_DIGEST: usize = 1_000;

/// A message to be posted.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The channel.
    pub channel: ChannelId,
    /// Who writes.
    pub author: UserId,
    /// The key that the client made.
    pub key: MessageKey,
    /// The text.
    pub text: MessageText,
    /// Whom the text calls, as [`Mentions::called`](super::Mentions::called) found them.
    pub mentions: Vec<Mention>,
    /// The number of the message of the channel that it quotes.
    pub quote: Option<Number>,
    /// Which message it forwards; then it has no files and no quote of its own.
    pub forward: Option<NewForward>,
    /// What it answers, if it is a reply in a thread.
    pub reply: Option<Reply>,
    /// The files, in order. Each must be the author's and not yet in a message.
    pub attachments: Vec<UploadId>,
    /// Now.
    pub at: Timestamp,
}

/// What became of a message to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PostOutcome {
    /// It is stored. An author who was not in the channel is in it now (the events of joining come
    /// first).
    Posted(Message),
    /// The author used the key before for the same channel, thread, text, files and quote. This is the first
    /// message in its present form: a tombstone if it was deleted since, whatever the text.
    Replayed(Message),
    /// The author used the key before for another text, other files, another quote, another thread or another
    /// channel.
    KeyReused,
    /// There is no message that begins the thread, or it cannot begin one.
    NoThread,
    /// There is no such file, or it is not the author's, or it is in a message already.
    NoUpload(UploadId),
    /// There is no such message to forward, for its author, or it is deleted.
    NoSource,
    /// There is no such message to quote: it is deleted, cleared, a line, or was never there.
    NoQuoted,
}

/// What became of a message to be deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeleteOutcome {
    /// It is a tombstone now. The caller deletes these files, which belong to no message any more.
    Deleted(Message, Vec<UploadId>),
    /// It was a tombstone before.
    AlreadyDeleted(Message),
    /// Somebody else wrote it.
    NotAuthor,
    /// There is no such message.
    NotFound,
}

/// Messages of channels.
#[async_trait]
pub trait Messages: Send + Sync {
    /// Posts a message; it takes the channel's next number and revision. The author's read mark moves
    /// to it if no unread message of others lies between, unless it is in a thread alone. A reply also counts
    /// under the root of its thread, which takes the same revision; whoever takes part follows the thread.
    /// Events: those of [`join`](super::Members::join) if the author was not in the channel;
    /// `MessagePosted` or `Replied`; `ReadMoved` if the mark moved; `FollowChanged`.
    ///
    /// # Errors
    /// `Denied` when the author may not write there, `Slow` when they have to wait, and
    /// `Conflict(Memberships)` when they would have to join and are in too many channels. A key that was
    /// used before is answered first, to whoever may still read the channel.
    async fn post_message(&self, message: NewMessage) -> Result<PostOutcome>;

    /// Makes a tombstone of a message of `by`: takes the channel's next revision, wipes the text and
    /// frees the files. Event: `MessageDeleted`.
    async fn delete_message(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        at: Timestamp,
    ) -> Result<DeleteOutcome>;

    /// A part of the run of a channel, for `viewer`. At most `limit`, which is clamped to 1 and
    /// [`MAX_PAGE`](crate::model::messages::MAX_PAGE), and about
    /// [`MAX_ANSWER_BYTES`](crate::model::messages::MAX_ANSWER_BYTES). `None`: no such channel for them.
    async fn messages(
        &self,
        channel: ChannelId,
        viewer: UserId,
        at: PageAt,
        limit: usize,
    ) -> Result<Option<MessagePage>>;

    /// How many messages of the run stand above a number now, tombstones and lines included. `None`: no such
    /// channel for them.
    async fn in_run_above(
        &self,
        channel: ChannelId,
        viewer: UserId,
        number: Number,
    ) -> Result<Option<i64>>;

    /// What changed after `since`, with the channel as `user` sees it. At most `limit` messages, which
    /// is clamped to 1 and [`MAX_CHANGES`](crate::model::messages::MAX_CHANGES), and about
    /// [`MAX_ANSWER_BYTES`](crate::model::messages::MAX_ANSWER_BYTES); but all messages of a revision,
    /// and at least one revision. `None`: no such channel.
    async fn changes(
        &self,
        channel: ChannelId,
        user: UserId,
        since: Revision,
        limit: usize,
    ) -> Result<Option<Changes>>;

    /// A digest of the newest `last` rows of the run, at most [`MAX_DIGEST`], for `viewer`. `None`: no such
    /// channel for them.
    async fn digest(
        &self,
        channel: ChannelId,
        viewer: UserId,
        last: usize,
    ) -> Result<Option<Digest>>;
}
