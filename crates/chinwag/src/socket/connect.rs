//! Who comes in, and what she hears.
//!
//! The HTTP side put a [`Visitor`] into the request; here it is looked at, anew for every namespace
//! and event, so that an ended session ends at once. Rooms are joined first and the right to them
//! is checked after, so that no change between the two is missed.

use std::net::IpAddr;
use std::sync::Arc;

use http::request::Parts;
use serde_json::Value;
use socketio::{ConnectError, Event, Handler, Refusal, Socket};

use super::classic;
use crate::chat::{Actor, Chat, Credential, Visitor};
use crate::live::{
    APP, CLASSIC, CLASSIC_ALL, Live, channel_room, session_room, token_room, user_room,
};
use crate::model::ids::{ChannelId, Revision};
use crate::secrets::Secret;

/// The host's side of the Socket.IO server.
pub struct Gate {
    chat: Arc<Chat>,
    live: Arc<Live>,
}

impl Gate {
    /// Lets people in to these use cases.
    #[must_use]
    pub fn new(chat: Arc<Chat>, live: Arc<Live>) -> Self {
        Self { chat, live }
    }

    /// Who she is, asked of the store.
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

    /// Who she is, with the rooms joined that follow her and her credential: from then on the end
    /// of either finds this socket.
    async fn admit(&self, socket: &Socket<Self>, visitor: &Visitor) -> Result<Actor, ConnectError> {
        let actor = self.actor(visitor).await?;
        socket.join(&user_room(actor.id()));
        socket.join(&match actor.credential {
            Credential::Session(session) => session_room(session),
            Credential::Token(token) => token_room(token),
        });
        Ok(actor)
    }

    async fn connect_app(
        &self,
        socket: &Socket<Self>,
        visitor: &Visitor,
    ) -> Result<(), ConnectError> {
        let removals = self.live.removals();
        let actor = self.admit(socket, visitor).await?;
        // What she joins meanwhile finds her by her own room.
        let mut heads = self.chat.heads(&actor).await.map_err(unavailable)?;
        for (channel, _) in &heads {
            socket.join(&channel_room(*channel));
        }
        if self.live.removals() != removals {
            heads = self.look_again(socket, visitor, heads).await?;
        }
        socket.emit(self.live.heads_frame(&heads));
        Ok(())
    }

    /// Somebody lost a right while this socket was admitted. Now that its rooms are joined, what
    /// the store says holds.
    async fn look_again(
        &self,
        socket: &Socket<Self>,
        visitor: &Visitor,
        joined: Vec<(ChannelId, Revision)>,
    ) -> Result<Vec<(ChannelId, Revision)>, ConnectError> {
        let actor = self.actor(visitor).await?;
        let heads = self.chat.heads(&actor).await.map_err(unavailable)?;
        for (channel, _) in joined {
            if !heads.iter().any(|(kept, _)| *kept == channel) {
                socket.leave(&channel_room(channel));
            }
        }
        Ok(heads)
    }

    async fn connect_classic(
        &self,
        socket: &Socket<Self>,
        visitor: &Visitor,
    ) -> Result<(), ConnectError> {
        let visitor = Visitor { bearer: None, ..visitor.clone() };
        let removals = self.live.removals();
        self.admit(socket, &visitor).await?;
        socket.join(CLASSIC_ALL);
        if self.live.removals() != removals {
            self.actor(&visitor).await?;
        }
        Ok(())
    }
}

impl Handler for Gate {
    type Session = Visitor;

    async fn handshake(&self, parts: &Parts, _peer: IpAddr) -> Result<Visitor, Refusal> {
        parts
            .extensions
            .get::<Visitor>()
            .cloned()
            .ok_or_else(|| Refusal::forbidden("the request did not come through the front door"))
    }

    fn same_client(&self, session: &Visitor, parts: &Parts) -> bool {
        parts.extensions.get::<Visitor>().is_some_and(|visitor| {
            visitor.session == session.session && visitor.bearer == session.bearer
        })
    }

    async fn connect(&self, socket: Socket<Self>, auth: Value) -> Result<(), ConnectError> {
        let visitor = socket.session();
        match socket.namespace() {
            APP => match auth.get("token").and_then(Value::as_str) {
                Some(token) => {
                    let bearer = Secret::parse(token).map(|secret| secret.hash());
                    let bearer = bearer.ok_or_else(|| ConnectError::new("not_signed_in"))?;
                    let visitor = Visitor { bearer: Some(bearer), ..visitor.clone() };
                    self.connect_app(&socket, &visitor).await
                }
                None => self.connect_app(&socket, visitor).await,
            },
            CLASSIC => self.connect_classic(&socket, visitor).await,
            _ => Err(ConnectError::invalid_namespace()),
        }
    }

    async fn event(&self, socket: Socket<Self>, event: Event) {
        if socket.namespace() == CLASSIC {
            classic::event(self, &socket, event).await;
        }
        // Commands go over HTTP; `/app` only listens.
    }
}

fn unavailable(error: crate::chat::Error) -> ConnectError {
    tracing::error!(%error, "could not read the channels of a connection");
    ConnectError::new("unavailable")
}
