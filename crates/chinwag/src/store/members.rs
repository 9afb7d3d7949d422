//! Who is in a channel, and how far they have read.

use async_trait::async_trait;

use super::Result;
use crate::model::channels::{ChannelView, MarkKind, MembersPage, MembersQuery, ReadState};
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::levels::Level;
use crate::model::time::Timestamp;

/// Memberships and their read marks.
#[async_trait]
pub trait Members: Send + Sync {
    /// Lets a person come into a public channel, with the read mark at its newest message. Events, if
    /// they were not in it: `MemberJoined`, `MembershipChanged`.
    ///
    /// # Errors
    /// `Denied`, or `Conflict(Memberships)` when the person is in too many channels.
    async fn join(&self, id: ChannelId, user: UserId, at: Timestamp) -> Result<ChannelView>;

    /// Remembers the channel as the one that the person visited last, whether or not they are in it.
    /// `None`: no such channel for them. Event: `AccountChanged` if it was another channel before.
    async fn visit(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>>;

    /// Lets a person leave a channel, and forgets it as the one they visited last. If they were the last
    /// host, whoever is in it for the longest time becomes one. Events, each if something changed:
    /// `MemberLeft`; `MembershipChanged`, or `MembershipLost` when they may not know of the channel any
    /// more; `AccountChanged`.
    ///
    /// # Errors
    /// `Denied`.
    async fn leave(&self, id: ChannelId, user: UserId, at: Timestamp) -> Result<()>;

    /// A page of the people in a channel that `viewer` sees. `None`: no such channel for them.
    async fn members(
        &self,
        id: ChannelId,
        viewer: UserId,
        query: MembersQuery,
    ) -> Result<Option<MembersPage>>;

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

    /// Notes how much of a channel its member wants to be told of. Whoever leaves and comes back has chosen
    /// nothing. Returns the channel as they see it; `None` when they are not in it. Event, if it changed:
    /// `MembershipChanged`.
    async fn set_level(
        &self,
        id: ChannelId,
        user: UserId,
        level: Level,
    ) -> Result<Option<ChannelView>>;
}
