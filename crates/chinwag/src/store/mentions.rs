//! Mentions: whom texts call.

use async_trait::async_trait;

use super::Result;
use crate::model::ids::{ChannelId, UserId};
use crate::model::mentions::{Callable, Mention};
use crate::model::readings::Letters;

/// Names in texts.
#[async_trait]
pub trait Mentions: Send + Sync {
    /// Whom a text by `author` calls, in the order of their places: of the people whom the author may know
    /// of, the one with the longest name that fits.
    async fn called(&self, author: UserId, text: &str) -> Result<Vec<Mention>>;

    /// The people whom `viewer` may mean by these letters in a channel, at most
    /// [`MAX_CALLABLE`](crate::model::mentions::MAX_CALLABLE): who wrote last there first, then its other
    /// members by name, then others. Without letters, and in a direct conversation, only those in it.
    /// `None`: there is no such channel, or `viewer` may not know of it.
    async fn callable(
        &self,
        viewer: UserId,
        channel: ChannelId,
        letters: Letters,
    ) -> Result<Option<Vec<Callable>>>;
}
