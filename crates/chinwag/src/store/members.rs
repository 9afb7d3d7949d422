//! Who is in a channel, and how far they have read.

use async_trait::async_trait;

use super::Result;
use crate::model::channels::{ChannelView, MarkKind, ReadState};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::time::Timestamp;
use crate::model::users::User;

/// Memberships and their read marks.
#[async_trait]
pub trait Members: Send + Sync {
    /// Puts a person into a channel, with the read mark at its newest message. `None`: no such
    /// channel. Events, if they were not in it: `MemberJoined`, `MembershipChanged`.
    ///
    /// # Errors
    /// `Conflict(Memberships)` when the person is in too many channels.
    async fn join(&self, id: ChannelId, user: UserId, at: Timestamp)
    -> Result<Option<ChannelView>>;

    /// Remembers the channel as the one that the person visited last, whether or not they are in it.
    /// `None`: no such channel. Event: `AccountChanged` if it was another channel before.
    async fn visit(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>>;

    /// Takes a person out of a channel, and forgets it as the one they visited last. `None`: no such
    /// channel. Events, each if something changed: `MemberLeft`, `MembershipChanged`,
    /// `AccountChanged`.
    async fn leave(&self, id: ChannelId, user: UserId) -> Result<Option<()>>;

    /// The people in a channel, sorted by name, at most `limit`; and how many there are in all.
    async fn members(&self, id: ChannelId, limit: usize) -> Result<(Vec<User>, i64)>;

    /// Moves a person's read mark to `number`, which is clamped to 0 and the newest message. Only
    /// [`MarkKind::Mark`] moves it down. Returns where the mark is then; `None` when the person is
    /// not in the channel. Event: `ReadMoved` if it moved.
    async fn mark_read(
        &self,
        id: ChannelId,
        user: UserId,
        number: Number,
        kind: MarkKind,
    ) -> Result<Option<ReadState>>;
}
