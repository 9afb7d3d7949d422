//! Channels.

use async_trait::async_trait;

use super::Result;
use crate::model::channels::{Channel, ChannelView};
use crate::model::ids::{ChannelId, UserId};
use crate::model::names::ChannelName;
use crate::model::text::Topic;
use crate::model::time::Timestamp;

/// Channels, as everybody and as one person sees them.
#[async_trait]
pub trait Channels: Send + Sync {
    /// Makes a channel with its maker in it. Events: `ChannelCreated`, `MembershipChanged`.
    ///
    /// # Errors
    /// `Conflict(ChannelName)` when the name is taken, `Conflict(ChannelLook)` when it looks like one
    /// that is, `Conflict(Memberships)` when the maker is in too many channels.
    async fn create_channel(
        &self,
        name: ChannelName,
        topic: Topic,
        by: UserId,
        at: Timestamp,
    ) -> Result<ChannelView>;

    /// All channels as the person sees them, oldest first.
    async fn channels(&self, user: UserId) -> Result<Vec<ChannelView>>;

    /// One channel as the person sees it.
    async fn channel(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>>;

    /// The channel with that name (by its key) as the person sees it.
    async fn channel_named(&self, name: &ChannelName, user: UserId) -> Result<Option<ChannelView>>;

    /// Replaces the topic. `None`: no such channel. If the topic differs, the change takes the
    /// channel's next revision. Event: `ChannelChanged` if it differs.
    async fn set_topic(&self, id: ChannelId, topic: Topic) -> Result<Option<Channel>>;
}
