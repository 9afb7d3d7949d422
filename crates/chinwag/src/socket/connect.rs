//! Who comes in, and what she hears.
//!
//! The HTTP side put a [`Visitor`] into the request; here it is looked at, anew for every namespace
//! and event, so that an ended session ends at once. Rooms are joined first and the right to them
//! is checked after, so that no change between the two is missed.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use http::request::Parts;
use serde_json::{Value, json};
use socketio::{ConnectError, DisconnectReason, Event, Handler, Refusal, Socket};

use super::preview::Preview;
use super::{classic, preview};
use crate::chat::{Actor, Chat, Credential, SocketPlace, Visitor};
use crate::live::{
    APP, CLASSIC, CLASSIC_ALL, Live, channel_room, session_room, token_room, user_room,
};
use crate::model::channels::MAX_MEMBERSHIPS;
use crate::model::ids::{ChannelId, UserId};
use crate::model::streams::Heads;
use crate::secrets::Secret;

/// How often the channels of a connection are looked at, at most, until they hold still.
const MOST_LOOKS: usize = 10;

/// A connection: what came with it, and who is in by it.
pub struct Caller {
    /// What the front door saw of the first request.
    visitor: Visitor,
    admitted: Mutex<Admitted>,
    /// What is looked at on `/app`.
    pub(super) preview: Preview,
}

/// Who is in by a connection.
#[derive(Default)]
struct Admitted {
    /// The one person that the connection stands for, from the first namespace on.
    person: Option<UserId>,
    /// By namespace, with what they showed there and the place that they take.
    namespaces: Vec<(String, Visitor, SocketPlace)>,
}

impl Caller {
    /// What they showed when they came into that namespace.
    pub(super) fn visitor_in(&self, namespace: &str) -> Visitor {
        let admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        let found = admitted.namespaces.iter().find(|(entered, ..)| entered == namespace);
        found.map_or_else(|| self.visitor.clone(), |(_, visitor, _)| visitor.clone())
    }

    /// Notes who came into a namespace.
    ///
    /// # Errors
    /// When the connection stands for somebody else: one would hear as one person and speak as
    /// another.
    fn occupy(
        &self,
        namespace: &str,
        person: UserId,
        visitor: &Visitor,
        place: SocketPlace,
    ) -> Result<(), ConnectError> {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        if *admitted.person.get_or_insert(person) != person {
            return Err(ConnectError::new("other_identity"));
        }
        admitted.namespaces.retain(|(entered, ..)| entered != namespace);
        admitted.namespaces.push((namespace.to_owned(), visitor.clone(), place));
        Ok(())
    }

    fn leave(&self, namespace: &str) {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        admitted.namespaces.retain(|(entered, ..)| entered != namespace);
    }
}

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
        let place = self.chat.place_for_socket(&actor).map_err(|_| too_many())?;
        socket.session().occupy(socket.namespace(), actor.id(), visitor, place)?;
        socket.join(&user_room(actor.id()));
        socket.join(&match actor.credential {
            Credential::Session(session) => session_room(session),
            Credential::Token(token) => token_room(token),
        });
        Ok(actor)
    }

    async fn enter(&self, socket: &Socket<Self>, auth: Value) -> Result<(), ConnectError> {
        let visitor = shown(&socket.session().visitor, &auth)?;
        match socket.namespace() {
            APP => self.connect_app(socket, &visitor).await,
            CLASSIC => self.connect_classic(socket, &visitor).await,
            _ => Err(ConnectError::invalid_namespace()),
        }
    }

    async fn connect_app(
        &self,
        socket: &Socket<Self>,
        visitor: &Visitor,
    ) -> Result<(), ConnectError> {
        let mut removals = self.live.removals();
        let mut actor = self.admit(socket, visitor).await?;
        let mut joined = BTreeSet::new();
        for _ in 0..MOST_LOOKS {
            // What the person joins from here on finds the socket by the person's own room.
            let heads = self.chat.heads(&actor).await.map_err(unavailable)?;
            let moved = subscribe(socket, &heads, &mut joined);
            // Where the rooms were joined before the store was read, what it says holds: a right that
            // is lost later finds the socket in its room. Where they were joined just now, it holds
            // if nobody lost a right meanwhile. And a room that was left just now may have been
            // joined again by an event in between: that needs another look in any case.
            let holds = match moved {
                Moved::Nothing => true,
                Moved::In => self.live.removals() == removals,
                Moved::Out => false,
            };
            if holds {
                socket.emit(self.live.heads_frame(&heads));
                return Ok(());
            }
            removals = self.live.removals();
            actor = self.actor(visitor).await?;
        }
        tracing::warn!("the channels of a connection changed faster than it could join them");
        Err(ConnectError::new("unavailable"))
    }

    async fn connect_classic(
        &self,
        socket: &Socket<Self>,
        visitor: &Visitor,
    ) -> Result<(), ConnectError> {
        let removals = self.live.removals();
        self.admit(socket, visitor).await?;
        socket.join(CLASSIC_ALL);
        if self.live.removals() != removals {
            self.actor(visitor).await?;
        }
        Ok(())
    }
}

impl Handler for Gate {
    type Session = Caller;

    async fn handshake(&self, parts: &Parts, _peer: IpAddr) -> Result<Caller, Refusal> {
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let visitor = visitor
            .ok_or_else(|| Refusal::forbidden("the request did not come through the front door"))?;
        Ok(Caller { visitor, admitted: Mutex::default(), preview: Preview::default() })
    }

    fn same_client(&self, session: &Caller, parts: &Parts) -> bool {
        parts.extensions.get::<Visitor>().is_some_and(|visitor| {
            let first = &session.visitor;
            // Clients may send their cookie with the handshake alone, as the reference server
            // allows: the session id, which nobody can guess, says the rest. One who sends another
            // person's is another.
            let brings_none = visitor.session.is_none() && visitor.bearer.is_none();
            brings_none || (visitor.session == first.session && visitor.bearer == first.bearer)
        })
    }

    async fn connect(&self, socket: Socket<Self>, auth: Value) -> Result<(), ConnectError> {
        let entered = self.enter(&socket, auth).await;
        if entered.is_err() {
            socket.session().leave(socket.namespace());
        }
        entered
    }

    async fn event(&self, socket: Socket<Self>, event: Event) {
        if socket.namespace() == CLASSIC {
            classic::event(self, &socket, event).await;
        } else if event.name == "preview" {
            preview::event(self, &socket, event).await;
        }
        // Commands go over HTTP; `/app` only listens, and says what it looks at.
    }

    fn disconnect(&self, socket: Socket<Self>, _reason: DisconnectReason) {
        socket.session().leave(socket.namespace());
        if socket.namespace() == APP {
            socket.session().preview.forget();
        }
    }
}

/// What somebody shows at a namespace: the bot token in `auth` if there is one, else what came with
/// the connection.
fn shown(first: &Visitor, auth: &Value) -> Result<Visitor, ConnectError> {
    let Some(token) = auth.get("token").and_then(Value::as_str) else { return Ok(first.clone()) };
    let bearer = Secret::parse(token).map(|secret| secret.hash());
    let bearer = bearer.ok_or_else(|| ConnectError::new("not_signed_in"))?;
    Ok(Visitor { bearer: Some(bearer), ..first.clone() })
}

/// What became of a socket's rooms.
enum Moved {
    /// It was in the right ones.
    Nothing,
    /// It joined some.
    In,
    /// It left some, and perhaps joined others.
    Out,
}

/// Brings the rooms of a socket to what the store says. `joined` are those that it was brought into
/// by this before.
fn subscribe(socket: &Socket<Gate>, heads: &Heads, joined: &mut BTreeSet<ChannelId>) -> Moved {
    // The newest channels, where an older version let somebody into more.
    let most = heads.channels.iter().rev().take(MAX_MEMBERSHIPS);
    let wanted: BTreeSet<ChannelId> = most.map(|(channel, _)| *channel).collect();
    let mut moved = Moved::Nothing;
    for channel in wanted.difference(joined) {
        socket.join(&channel_room(*channel));
        moved = Moved::In;
    }
    for channel in joined.difference(&wanted) {
        socket.leave(&channel_room(*channel));
        moved = Moved::Out;
    }
    *joined = wanted;
    moved
}

/// She has as many sockets as one person may.
fn too_many() -> ConnectError {
    ConnectError { message: "too_many".to_owned(), data: Some(json!({ "retry_after_s": 5 })) }
}

fn unavailable(error: crate::chat::Error) -> ConnectError {
    tracing::error!(%error, "could not read the channels of a connection");
    ConnectError::new("unavailable")
}
