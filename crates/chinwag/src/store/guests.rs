//! The guests of a channel: the door by which they come, and the end of their visits.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{ChannelId, UserId};
use crate::model::log::Doer;
use crate::model::place::ChannelDoor;
use crate::model::time::Timestamp;

/// How many visits are ended in one transaction, at most.
pub const ENDED_AT_ONCE: usize = 200;

/// What became of the visits of a channel's guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// How many guests are in the channel no more: their visits ended, or they were taken out.
    pub guests: usize,
    /// Whether there may be others whose visits go on.
    pub more: bool,
}

/// Guests of channels. What is done is written into the log.
#[async_trait]
pub trait Guests: Send + Sync {
    /// The door of a channel, for whoever keeps it. Of the invites they see what they see elsewhere; at
    /// most `limit` invites and names.
    ///
    /// # Errors
    /// `Denied`.
    async fn channel_door(
        &self,
        channel: ChannelId,
        viewer: UserId,
        at: Timestamp,
        limit: usize,
    ) -> Result<ChannelDoor>;

    /// Ends the visit of a guest now. Nothing happens if it has ended. Events: `AccountChanged`,
    /// `SessionEnded` for each session, `TokenRevoked` for each token.
    ///
    /// # Errors
    /// `Denied` when `by` may not do that, or it is no guest.
    async fn end_visit(&self, by: Doer, whom: UserId) -> Result<()>;

    /// Ends the visit of a guest who is in a channel. A host ends a visit where it is theirs alone: a
    /// guest who is also in a channel that `by` does not run is only taken out of this one. Events: those
    /// of [`end_visit`](Self::end_visit), or of being taken out.
    ///
    /// # Errors
    /// `Denied`, `NoSuchPerson` when they are not in the channel.
    async fn end_visit_in(&self, channel: ChannelId, by: Doer, whom: UserId) -> Result<()>;

    /// The same for all guests in a channel who came by an invite that leads there, at most
    /// [`ENDED_AT_ONCE`]. With `close`, the doors of the invites that bring guests there are closed
    /// before, so that nobody comes back.
    ///
    /// # Errors
    /// `Denied`.
    async fn end_visits_in(&self, channel: ChannelId, by: Doer, close: bool) -> Result<Ended>;
}
