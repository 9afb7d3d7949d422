//! Socket.IO over a link: namespaces, events and acknowledgements of one connection.
//!
//! As packets arrive, their heads are read and their attachments collected. An acknowledgement goes
//! at once to the code that waits for it, which may be a handler. Everything else goes through the
//! mailbox and is handled in order. Rooms are kept by the shard.

pub(crate) mod acks;
mod assembly;
pub(crate) mod state;

use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use serde_json::Value;

use crate::DisconnectReason;
use crate::command::Command;
use crate::event::{Ack, Event};
use crate::frame::Frame;
use crate::handler::{Handler, Socket};
use crate::id::SocketId;
use crate::link::{Link, Protocol};
use crate::refusal::{ConnectError, Refusal};
use crate::upper::Incoming;
use crate::wire::packet::{self, Kind};

use acks::Acks;
pub(crate) use assembly::Assembly;
use assembly::Head;
#[cfg(feature = "fuzzing")]
pub(crate) use assembly::Progress;
use state::{Entry, Item, SocketIo, State};

impl<H: Handler> Protocol for SocketIo<H> {
    type Session = H::Session;
    type Item = Item;
    type State = State;

    async fn handshake(&self, parts: &Parts, peer: IpAddr) -> Result<H::Session, Refusal> {
        self.handler.handshake(parts, peer).await
    }

    fn same_client(&self, session: &H::Session, parts: &Parts) -> bool {
        self.handler.same_client(session, parts)
    }

    fn has_joined(link: &Link<Self>) -> bool {
        !link.state().sockets.is_empty()
    }

    fn receive(
        link: &Arc<Link<Self>>,
        message: Incoming<'_>,
    ) -> Result<Option<(Item, usize)>, DisconnectReason> {
        let config = link.shared.config();
        let mut state = link.state();
        let complete = match (message, state.assembly.take()) {
            (Incoming::Text(text), None) => Assembly::begin(text, config)?,
            (Incoming::Binary(data), Some(assembly)) => assembly.add(data, config)?,
            _ => return Err(DisconnectReason::ParseError),
        };
        let (head, attachments, weight) = match complete {
            assembly::Progress::Partial(assembly) => {
                state.assembly = Some(assembly);
                return Ok(None);
            }
            assembly::Progress::Whole { head, attachments, weight } => (head, attachments, weight),
        };
        if head.kind == Kind::Ack {
            let args =
                serde_json::from_str(&head.json).map_err(|_| DisconnectReason::ParseError)?;
            state.acks.resolve(head.id, args);
            return Ok(None);
        }
        Ok(Some((Item::Packet { head, attachments }, weight)))
    }

    fn kicked(id: SocketId, reason: DisconnectReason) -> Option<Item> {
        Some(Item::Kicked { id, reason })
    }

    async fn handle(link: &Arc<Link<Self>>, item: Item) {
        match item {
            Item::Kicked { id, reason } => forget(link, |entry| entry.id == id, reason),
            Item::Packet { head, attachments } => match head.kind {
                Kind::Connect => connect(link, head).await,
                Kind::Disconnect => leave(link, &head.namespace),
                Kind::Event | Kind::Ack => event(link, head, attachments).await,
            },
        }
    }

    fn end(link: &Arc<Link<Self>>, reason: DisconnectReason) {
        let sockets = std::mem::take(&mut link.state().sockets);
        for entry in sockets {
            link.shared.protocol.handler.disconnect(socket(link, &entry), reason);
        }
    }

    fn cut(link: &Link<Self>) {
        let mut state = link.state();
        state.acks = Acks::closed();
        state.assembly = None;
    }
}

fn socket<H: Handler>(link: &Arc<Link<SocketIo<H>>>, entry: &Entry) -> Socket<H> {
    Socket { link: Arc::clone(link), namespace: Arc::clone(&entry.namespace), id: entry.id }
}

/// Takes a socket off the list and tells the host.
fn forget<H: Handler>(
    link: &Arc<Link<SocketIo<H>>>,
    which: impl Fn(&Entry) -> bool,
    reason: DisconnectReason,
) {
    let entry = {
        let mut state = link.state();
        let Some(at) = state.sockets.iter().position(which) else { return };
        state.sockets.swap_remove(at)
    };
    link.shared.protocol.handler.disconnect(socket(link, &entry), reason);
}

/// A client asks to be in a namespace.
async fn connect<H: Handler>(link: &Arc<Link<SocketIo<H>>>, head: Head) {
    let Some(entry) = admit(link, &head) else { return };
    let auth = match head.json.as_str() {
        "" => Value::Object(serde_json::Map::new()),
        json => match serde_json::from_str(json) {
            Ok(auth) => auth,
            Err(_) => return link.close(DisconnectReason::ParseError),
        },
    };
    let id = entry.id;
    let namespace = Arc::clone(&entry.namespace);
    link.command(|at| Command::Enter { at, namespace, id });
    let answer = link.shared.protocol.handler.connect(socket(link, &entry), auth).await;
    match answer {
        Ok(()) => {
            let mut state = link.state();
            // Most connections have one socket; a vector grows to four by itself.
            state.sockets.reserve_exact(1);
            state.sockets.push(entry);
            drop(state);
            link.command(|at| Command::Accept { at, id });
        }
        Err(error) => {
            let last = Some(Frame::connect_error(&entry.namespace, &error.to_json()));
            link.command(|at| Command::Exit { at, id, last });
        }
    }
}

/// Whether the connection may ask for this namespace at all.
fn admit<H: Handler>(link: &Arc<Link<SocketIo<H>>>, head: &Head) -> Option<Entry> {
    let at = link.address()?;
    let sockets = link.state().sockets.clone();
    if sockets.iter().any(|entry| *entry.namespace == *head.namespace) {
        link.close(DisconnectReason::ParseError);
        return None;
    }
    if sockets.len() >= link.shared.config().max_namespaces_per_connection {
        let error = ConnectError::new("Too many namespaces").to_json();
        let frame = Frame::connect_error(&head.namespace, &error);
        link.command(|at| Command::Send { at, frame });
        return None;
    }
    match SocketId::new(link.shared.hub.key, at) {
        Ok(id) => Some(Entry { namespace: head.namespace.as_str().into(), id }),
        Err(error) => {
            tracing::error!(%error, "no randomness for a socket id");
            link.close(DisconnectReason::HandlerPanicked);
            None
        }
    }
}

/// A client leaves a namespace.
fn leave<H: Handler>(link: &Arc<Link<SocketIo<H>>>, namespace: &str) {
    let id = link.state().sockets.iter().find(|e| *e.namespace == *namespace).map(|e| e.id);
    if let Some(id) = id {
        link.command(|at| Command::Exit { at, id, last: None });
        forget(link, |entry| entry.id == id, DisconnectReason::ClientLeft);
    }
}

/// A client sends an event. An event for a namespace that the client is not in is ignored: it may
/// have been on its way while the server ended the socket.
async fn event<H: Handler>(link: &Arc<Link<SocketIo<H>>>, head: Head, attachments: Vec<Bytes>) {
    let Ok((name, args)) = event_args(&head.json) else {
        return link.close(DisconnectReason::ParseError);
    };
    if name.len() > link.shared.config().event_name_bytes {
        return link.close(DisconnectReason::LimitExceeded);
    }
    let entry = link.state().sockets.iter().find(|e| *e.namespace == *head.namespace).cloned();
    let (Some(entry), Some(outlet)) = (entry, link.outlet()) else { return };
    let ack = head.id.map(|id| Ack { outlet, namespace: Arc::clone(&entry.namespace), id });
    let event = Event { name, args, attachments, ack };
    link.shared.protocol.handler.event(socket(link, &entry), event).await;
}

/// The name and the arguments of an event, from its JSON.
fn event_args(json: &str) -> Result<(String, Vec<Value>), packet::Malformed> {
    let mut args: Vec<Value> = serde_json::from_str(json).map_err(|_| packet::Malformed)?;
    if args.is_empty() {
        return Err(packet::Malformed);
    }
    match args.remove(0) {
        Value::String(name) if packet::name_is_free(&name) => Ok((name, args)),
        _ => Err(packet::Malformed),
    }
}
