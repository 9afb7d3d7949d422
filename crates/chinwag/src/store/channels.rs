//! Channels.

use async_trait::async_trait;

use super::Result;
use crate::model::channels::{Channel, ChannelState, ChannelView};
use crate::model::ids::{ChannelId, UserId};
use crate::model::names::ChannelName;
use crate::model::text::Topic;
use crate::model::time::Timestamp;

/// A channel to be made.
#[derive(Debug, Clone)]
pub struct NewChannel {
    /// Its id, which nobody can guess. `None` for a public channel: it gets the next number.
    pub id: Option<ChannelId>,
    /// Its name.
    pub name: ChannelName,
    /// What it is for.
    pub topic: Topic,
    /// Its kind and who writes in it.
    pub state: ChannelState,
    /// Who makes it.
    pub by: UserId,
    /// Who else is in it from the beginning.
    pub people: Vec<UserId>,
    /// Now.
    pub at: Timestamp,
}

/// Channels, as everybody and as one person sees them.
#[async_trait]
pub trait Channels: Send + Sync {
    /// Makes a channel with its maker in it as its host. Events: `ChannelCreated` of a public channel,
    /// `MemberJoined` of another; `MembershipChanged`; the same two for each of the people, with a line that says so.
    ///
    /// # Errors
    /// For a public channel `Conflict(ChannelName)` when the name is taken and `Conflict(ChannelLook)`
    /// when it looks like one that is; `Conflict(Memberships)` when somebody is in too many channels;
    /// `NoSuchPerson`.
    async fn create_channel(&self, new: NewChannel) -> Result<ChannelView>;

    /// All public channels, oldest first.
    async fn public_channels(&self) -> Result<Vec<Channel>>;

    /// All channels and direct conversations that the person is in, oldest first.
    async fn channels(&self, user: UserId) -> Result<Vec<ChannelView>>;

    /// One channel as the person sees it. `None`: there is none, or they may not know of it.
    async fn channel(&self, id: ChannelId, user: UserId) -> Result<Option<ChannelView>>;

    /// The public channel with that name (by its key), or else the one that had it last, as the person sees it.
    async fn channel_named(&self, name: &ChannelName, user: UserId) -> Result<Option<ChannelView>>;

    /// The channels that a person may not come back into.
    async fn kept_out_of(&self, user: UserId) -> Result<Vec<ChannelId>>;
}
