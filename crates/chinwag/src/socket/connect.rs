//! Who may connect, and what they hear.
//!
//! The HTTP side puts a [`Visitor`] into the request. It is looked up again for every namespace and
//! event, so that an ended session ends at once. Rooms are joined first and the right to them is
//! checked after, so that no change between the two is missed.

use std::collections::BTreeSet;
use std::net::IpAddr;

use http::request::Parts;
use serde_json::{Value, json};
use socketio::{ConnectError, DisconnectReason, Event, Handler, Refusal, Socket};

use super::connection::Connection;
use super::gate::Gate;
use super::{classic, door, presence, preview};
use crate::chat::{Actor, Credential, Visitor};
use crate::live::{
    APP, CLASSIC, CLASSIC_ALL, DOOR, MEMBERS, ORDER, channel_room, kept_out_room, narrow_room,
    narrow_room_in, session_room, token_room, user_room,
};
use crate::model::channels::MAX_MEMBERSHIPS;
use crate::model::ids::ChannelId;
use crate::model::permissions::{PlaceAction, may_in_place};
use crate::model::roles::Role;
use crate::model::streams::Heads;
use crate::secrets::Secret;

/// How many times the channels of a connection are read, at most, until they stop changing.
const MOST_LOOKS: usize = 10;

impl Gate {
    /// The actor, after the socket joined the rooms of the person and of the credential: from then
    /// on the end of either reaches this socket.
    async fn admit(&self, socket: &Socket<Self>, visitor: &Visitor) -> Result<Actor, ConnectError> {
        let actor = self.actor(visitor).await?;
        let slot = self.chat().place_for_socket(&actor).map_err(|_| too_many())?;
        socket.session().occupy(socket.namespace(), actor.id(), visitor, slot)?;
        hear_person(socket, &actor);
        socket.join(&match actor.credential {
            Credential::Session(session) => session_room(session),
            Credential::Token(token) => token_room(token),
        });
        hear_place(socket, &actor);
        // Read after the person's own room was joined, by which a later change reaches the socket.
        for channel in self.chat().kept_out_of(&actor).await.map_err(unavailable)? {
            socket.join(&kept_out_room(channel));
        }
        Ok(actor)
    }

    async fn enter(&self, socket: &Socket<Self>, auth: Value) -> Result<(), ConnectError> {
        let visitor = shown(socket.session().visitor(), &auth)?;
        match socket.namespace() {
            APP => self.connect_app(socket, &visitor).await,
            CLASSIC => self.connect_classic(socket, &visitor).await,
            DOOR => door::connect(self, socket, &visitor).await,
            _ => Err(ConnectError::invalid_namespace()),
        }
    }

    async fn connect_app(
        &self,
        socket: &Socket<Self>,
        visitor: &Visitor,
    ) -> Result<(), ConnectError> {
        let removals = self.live().removals();
        let actor = self.admit(socket, visitor).await?;
        let heads = self.hear_own(socket, visitor, actor, removals).await?;
        socket.emit(self.live().heads_frame(&heads));
        Ok(())
    }

    /// Joins the rooms of the channels that the actor is in; `removals` was read before the actor was.
    /// Returns where their streams stand.
    async fn hear_own(
        &self,
        socket: &Socket<Self>,
        visitor: &Visitor,
        mut actor: Actor,
        mut removals: u64,
    ) -> Result<Heads, ConnectError> {
        let mut joined = BTreeSet::new();
        for _ in 0..MOST_LOOKS {
            // A channel that the person joins from here on reaches the socket by the person's own
            // room.
            let published = self.live().published();
            let heads = self.chat().heads(&actor).await.map_err(unavailable)?;
            let moved = subscribe(socket, &heads, &mut joined);
            // When the rooms were joined before the store was read, its answer holds: a right that
            // is lost later reaches the socket in its room, and so does every later change. When
            // they were joined just now, it holds if nobody lost a right meanwhile and nothing was
            // published, which would be neither in the heads nor heard. And an event may have joined
            // a room again that was left just now, which needs another look in any case.
            let holds = match moved {
                Moved::Nothing => true,
                Moved::In => {
                    self.live().removals() == removals && self.live().published() == published
                }
                Moved::Out => false,
            };
            if holds {
                return Ok(heads);
            }
            removals = self.live().removals();
            actor = self.actor(visitor).await?;
            hear_place(socket, &actor);
        }
        tracing::warn!("the channels of a connection changed faster than it could join them");
        Err(ConnectError::new("unavailable"))
    }

    async fn connect_classic(
        &self,
        socket: &Socket<Self>,
        visitor: &Visitor,
    ) -> Result<(), ConnectError> {
        let removals = self.live().removals();
        let actor = self.admit(socket, visitor).await?;
        if !hears_place(&actor) {
            // They hear the public channels that they are in: nothing of a private one is ever encoded
            // for this namespace.
            self.hear_own(socket, visitor, actor, removals).await?;
            return Ok(());
        }
        socket.join(CLASSIC_ALL);
        if self.live().removals() != removals {
            self.actor(visitor).await?;
        }
        Ok(())
    }
}

impl Handler for Gate {
    type Session = Connection;

    async fn handshake(&self, parts: &Parts, _peer: IpAddr) -> Result<Connection, Refusal> {
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let visitor = visitor
            .ok_or_else(|| Refusal::forbidden("the request did not come through the front door"))?;
        Ok(Connection::of(visitor))
    }

    fn same_client(&self, session: &Connection, parts: &Parts) -> bool {
        parts.extensions.get::<Visitor>().is_some_and(|visitor| {
            let first = session.visitor();
            // Clients may send their cookie with the handshake alone, as the reference server
            // allows: the session id of the transport, which nobody can guess, identifies them. A
            // client that sends another person's credential is refused.
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
        } else if event.name == "presence" {
            presence::said(self, &socket, event).await;
        } else if event.name == "typing" {
            presence::typing(self, &socket, event).await;
        }
        // Commands go over HTTP; on `/app` a client only says what it shows and that its person is there.
    }

    fn disconnect(&self, socket: Socket<Self>, reason: DisconnectReason) {
        socket.session().leave(socket.namespace());
        if socket.namespace() == APP {
            presence::left(self, &socket, reason);
            socket.session().preview.forget();
        }
    }
}

/// The visitor of a namespace: with the bot token in `auth` if there is one, else with the
/// credentials of the connection.
fn shown(first: &Visitor, auth: &Value) -> Result<Visitor, ConnectError> {
    let Some(token) = auth.get("token").and_then(Value::as_str) else { return Ok(first.clone()) };
    let bearer = Secret::parse(token).map(|secret| secret.hash());
    let bearer = bearer.ok_or_else(|| ConnectError::new("not_signed_in"))?;
    Ok(Visitor { bearer: Some(bearer), ..first.clone() })
}

/// Lets a socket hear the person's own stream, or with a narrow token only what becomes of its channels.
fn hear_person(socket: &Socket<Gate>, actor: &Actor) {
    let Some(channels) = &actor.reach.channels else {
        socket.join(&user_room(actor.id()));
        return;
    };
    socket.join(&narrow_room(actor.id()));
    for channel in channels {
        socket.join(&narrow_room_in(actor.id(), *channel));
    }
}

/// Lets a socket hear what its person's role lets them hear: members the place's stream, and those who
/// keep order what they are told. A narrow token hears neither.
fn hear_place(socket: &Socket<Gate>, actor: &Actor) {
    for (room, action) in [(MEMBERS, PlaceAction::Browse), (ORDER, PlaceAction::DealWithReports)] {
        if may_in_place(actor.role(), action) && !actor.reach.is_narrow() {
            socket.join(room);
        } else {
            socket.leave(room);
        }
    }
}

fn hears_place(actor: &Actor) -> bool {
    actor.role() != Role::Guest && !actor.reach.is_narrow()
}

/// What changed in a socket's rooms.
enum Moved {
    /// Nothing: it was in the right rooms.
    Nothing,
    /// It joined rooms.
    In,
    /// It left rooms, and perhaps joined others.
    Out,
}

/// Makes a socket join and leave rooms until they are those of `heads`. `joined` are the rooms that
/// earlier calls joined.
fn subscribe(socket: &Socket<Gate>, heads: &Heads, joined: &mut BTreeSet<ChannelId>) -> Moved {
    // Only the newest channels: an older version let people join more.
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

/// The person has as many sockets as one person may have.
fn too_many() -> ConnectError {
    ConnectError { message: "too_many".to_owned(), data: Some(json!({ "retry_after_s": 5 })) }
}

fn unavailable(error: crate::chat::Error) -> ConnectError {
    tracing::error!(%error, "could not read the channels of a connection");
    ConnectError::new("unavailable")
}
