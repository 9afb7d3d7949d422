//! Threads: reading them, following them, and how far somebody has read in them. Replies are posted as every
//! message is ([`Messages::post_message`](super::Messages::post_message)).

use async_trait::async_trait;

use super::Result;
use crate::model::channels::MarkKind;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::messages::PageAt;
use crate::model::thread_pages::{ThreadPage, ThreadsPage, ThreadsPart};
use crate::model::threads::Follow;
use crate::model::time::Timestamp;

/// Threads of channels.
#[async_trait]
pub trait Threads: Send + Sync {
    /// A part of the thread that a message begins or answers in, for `viewer`: at most `limit` replies, which is clamped to 1 and
    /// [`MAX_PAGE`](crate::model::messages::MAX_PAGE), and about
    /// [`MAX_ANSWER_BYTES`](crate::model::messages::MAX_ANSWER_BYTES). `None`: no message for them that begins
    /// a thread or could.
    async fn thread(
        &self,
        channel: ChannelId,
        root: Number,
        viewer: UserId,
        at: PageAt,
        limit: usize,
    ) -> Result<Option<ThreadPage>>;

    /// Lets a person follow a thread, or not any more; the same again changes nothing. Returns how they stand
    /// to it. `None`: no such thread for them. Event: `FollowChanged`.
    ///
    /// # Errors
    /// `Denied` when they are not in the channel, and `Conflict(Follows)`.
    async fn follow(
        &self,
        channel: ChannelId,
        root: Number,
        user: UserId,
        following: bool,
        at: Timestamp,
    ) -> Result<Option<Follow>>;

    /// Moves the mark up to which a person has read a thread, as
    /// [`mark_read`](super::Members::mark_read) does in a channel. `None`: they do not stand to it at all.
    /// Event: `FollowChanged`.
    async fn mark_thread_read(
        &self,
        channel: ChannelId,
        root: Number,
        user: UserId,
        number: Number,
        kind: MarkKind,
    ) -> Result<Option<Follow>>;

    /// The threads that a person follows: at most [`MAX_FOLLOWS`](crate::model::threads::MAX_FOLLOWS).
    async fn follows(&self, user: UserId) -> Result<Vec<Follow>>;

    /// A part of the list of the threads that a person follows. Unread ones come first, and then those with the
    /// latest reply.
    async fn threads(&self, user: UserId, part: ThreadsPart) -> Result<ThreadsPage>;
}
