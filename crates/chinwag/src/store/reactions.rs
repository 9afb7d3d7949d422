//! Reactions to messages.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::messages::Message;
use crate::model::reactions::{Emoji, Reactors};
use crate::model::time::Timestamp;

/// Emoji that people put to messages.
#[async_trait]
pub trait Reactions: Send + Sync {
    /// Puts an emoji to a message (`on`), or takes it back. It takes the channel's next revision, unless it
    /// was like that before. Returns the message as they see it. `None`: there is no such message for them,
    /// or it is deleted. Event: `Reacted`.
    ///
    /// # Errors
    /// `Denied` when they may not, and `Conflict(ReactionKinds)`.
    async fn react(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        wish: (Emoji, bool),
        at: Timestamp,
    ) -> Result<Option<Message>>;

    /// Who put an emoji to a message. `None`: no such message for them, or it is deleted.
    async fn reactors(
        &self,
        channel: ChannelId,
        number: Number,
        emoji: Emoji,
        viewer: UserId,
    ) -> Result<Option<Reactors>>;
}
