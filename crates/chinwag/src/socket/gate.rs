//! What the handlers of this room share: the use cases, and who is connected.

use std::sync::Arc;

use socketio::ConnectError;

use crate::chat::{Actor, Chat, Visitor};
use crate::live::Live;

/// What the handlers of events share.
pub struct Gate {
    chat: Arc<Chat>,
    live: Arc<Live>,
}

impl Gate {
    /// Makes a gate to these use cases.
    #[must_use]
    pub fn new(chat: Arc<Chat>, live: Arc<Live>) -> Self {
        Self { chat, live }
    }

    /// The visitor as an actor, read from the store.
    pub(super) async fn actor(&self, visitor: &Visitor) -> Result<Actor, ConnectError> {
        match self.chat.actor(visitor).await {
            Ok(Some(actor)) => Ok(actor),
            Ok(None) => Err(ConnectError::new("not_signed_in")),
            Err(error) => {
                tracing::error!(%error, "could not look up a session");
                Err(ConnectError::new("unavailable"))
            }
        }
    }

    pub(super) fn chat(&self) -> &Chat {
        &self.chat
    }

    pub(super) fn live(&self) -> &Live {
        &self.live
    }
}
