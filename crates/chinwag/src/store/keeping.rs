//! Messages that are kept at hand: pins and what people saved.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{ChannelId, Number, Revision, UserId};
use crate::model::keeping::{Saved, Saving};
use crate::model::messages::Message;
use crate::model::saved_page::SavedPage;
use crate::model::time::Timestamp;

/// Pinned and saved messages.
#[async_trait]
pub trait Keeping: Send + Sync {
    /// Pins a message in its channel (`on`), or takes it down. It takes the channel's next revision, unless
    /// it was like that before; pinning writes a line. Returns the message as they see it. `None`: there is
    /// no such message for them, or it is deleted. Events: `MessagePinned`, `LineWritten`.
    ///
    /// # Errors
    /// `Denied` when they may not, and `Conflict(Pins)`.
    async fn pin(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        on: bool,
        at: Timestamp,
    ) -> Result<Option<Message>>;

    /// The pinned messages of a channel, those that were pinned last first. `None`: no such channel for
    /// them.
    async fn pins(&self, channel: ChannelId, viewer: UserId) -> Result<Option<Vec<Message>>>;

    /// Saves a message for oneself, changes the note to it, or does not save it any more. `None`: there is no such message for them. Event, if anything changed: `MessageSaved`.
    ///
    /// # Errors
    /// `Conflict(Saved)`.
    async fn save(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        wish: Saving,
        at: Timestamp,
    ) -> Result<Option<Saved>>;

    /// What a person saved, the newest first, from `before` on.
    async fn saved(
        &self,
        user: UserId,
        before: Option<Revision>,
        limit: usize,
    ) -> Result<SavedPage>;
}
