//! Reading all that a person wrote, for whoever takes it along.

use async_trait::async_trait;

use super::Result;
use crate::model::channels::ChannelKind;
use crate::model::ids::{ChannelId, Number, UserId};
use crate::model::messages::Message;

/// Up to where was read: the channel, and the number of the message in it.
pub type Place = (ChannelId, Number);

/// A part of what a person wrote.
#[derive(Debug, Clone)]
pub struct WrittenPage {
    /// The kind and the name of the channel that the messages are in; nobody needs them if there are none.
    pub channel: (ChannelKind, String),
    /// Their messages that stand, about a megabyte at most, all of one channel. There may be none.
    pub messages: Vec<Message>,
    /// Where to go on; `None`: this was the last part.
    pub next: Option<Place>,
}

/// Reading all that a person wrote.
#[async_trait]
pub trait Exports: Send + Sync {
    /// The next part of what a person wrote, in the order of the channels' ids and the messages' numbers:
    /// in the channels that they see, or with `everywhere`, which is for the operator, in all.
    async fn written_page(
        &self,
        whom: UserId,
        everywhere: bool,
        after: Place,
    ) -> Result<WrittenPage>;
}
