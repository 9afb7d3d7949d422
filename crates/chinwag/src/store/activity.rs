//! What concerns people: messages that call them, and reactions to what they wrote.

use async_trait::async_trait;

use super::Result;
use crate::model::activity::{ActivityFilter, ActivityPage, ActivitySeen, NewCalls};
use crate::model::ids::{ChannelId, Number, UserId};

/// Somebody's activity. It is written with the messages and reactions that it is about; what somebody may not
/// see any more is left out when they read it, as is whom they muted or blocked.
#[async_trait]
pub trait Activities: Send + Sync {
    /// A part of what concerns a person, the newest first, below a turn.
    async fn activity(
        &self,
        user: UserId,
        filter: ActivityFilter,
        before: Option<i64>,
        limit: usize,
    ) -> Result<ActivityPage>;

    /// The messages that call a person and that they have not seen.
    async fn new_calls(&self, user: UserId) -> Result<NewCalls>;

    /// Notes that a person has seen all up to a turn. The mark never goes down. Event, if it moved:
    /// `ActivitySeen`.
    async fn see_activity(&self, user: UserId, through: i64) -> Result<ActivitySeen>;

    /// Notes that a person has seen that a message calls them, or everybody. `None`: there is no such
    /// message for them. Event, if that is new: `ActivitySeen`.
    async fn see_call(
        &self,
        user: UserId,
        channel: ChannelId,
        number: Number,
    ) -> Result<Option<ActivitySeen>>;
}
