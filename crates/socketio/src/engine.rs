//! Engine.IO by itself: messages of text or bytes, without namespaces, events or rooms.
//!
//! It has the same transports, limits and heartbeats as the Socket.IO server. It is for hosts that
//! put a protocol of their own on top, and for the protocol's public test suite.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response};
use http_body_util::Full;

use crate::body::RequestBody;
use crate::command::Command;
use crate::frame::Frame;
use crate::front::Front;
use crate::id::SocketId;
use crate::link::{Link, Protocol};
use crate::upper::Incoming;
use crate::{Config, DisconnectReason, Refusal, Stats};

/// A message, either way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Bytes),
}

/// The host's side of a [`Server`]. Messages of one connection are handled in order.
pub trait Handler: Send + Sync + Sized + 'static {
    /// What the host keeps for a session, that is for one connection from its handshake to its end.
    type Session: Send + Sync + 'static;

    /// Accepts or refuses a connection.
    fn handshake(
        &self,
        parts: &Parts,
        peer: IpAddr,
    ) -> impl Future<Output = Result<Self::Session, Refusal>> + Send;

    /// Handles a message.
    fn message(
        &self,
        connection: Connection<Self>,
        message: Message,
    ) -> impl Future<Output = ()> + Send;

    /// The end of a connection, after its last message.
    fn close(&self, connection: Connection<Self>, reason: DisconnectReason) {
        let _ = (connection, reason);
    }
}

/// A client.
pub struct Connection<H: Handler> {
    link: Arc<Link<Raw<H>>>,
}

impl<H: Handler> Connection<H> {
    /// What the host keeps for it.
    pub fn session(&self) -> &H::Session {
        &self.link.session
    }

    /// Sends a message.
    pub fn send(&self, message: &Message) {
        let frame = match message {
            Message::Text(text) => Frame::text(&format!("4{text}")),
            Message::Binary(data) => Frame::binary(data),
        };
        self.link.command(|at| Command::Send { at, frame });
    }

    /// Ends it, after what is queued for it has been sent.
    pub fn close(&self) {
        self.link.close(DisconnectReason::Host("ended by the server"));
    }
}

impl<H: Handler> std::fmt::Debug for Connection<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Connection({:?})", self.link.address())
    }
}

/// The protocol above Engine.IO, which here adds nothing.
struct Raw<H: Handler> {
    handler: H,
}

impl<H: Handler> Protocol for Raw<H> {
    type Session = H::Session;
    type Item = Message;
    type State = ();

    async fn handshake(&self, parts: &Parts, peer: IpAddr) -> Result<H::Session, Refusal> {
        self.handler.handshake(parts, peer).await
    }

    fn same_client(&self, _: &H::Session, _: &Parts) -> bool {
        true
    }

    fn has_joined(_: &Link<Self>) -> bool {
        true
    }

    fn receive(
        _: &Arc<Link<Self>>,
        message: Incoming<'_>,
    ) -> Result<Option<(Message, usize)>, DisconnectReason> {
        Ok(Some(match message {
            Incoming::Text(text) => (Message::Text(text.to_owned()), text.len()),
            Incoming::Binary(data) => (Message::Binary(Bytes::copy_from_slice(data)), data.len()),
        }))
    }

    fn kicked(_: SocketId, _: DisconnectReason) -> Option<Message> {
        None
    }

    async fn handle(link: &Arc<Link<Self>>, message: Message) {
        let connection = Connection { link: Arc::clone(link) };
        link.shared.protocol.handler.message(connection, message).await;
    }

    fn end(link: &Arc<Link<Self>>, reason: DisconnectReason) {
        let connection = Connection { link: Arc::clone(link) };
        link.shared.protocol.handler.close(connection, reason);
    }

    fn cut(_: &Link<Self>) {}
}

/// An Engine.IO server.
pub struct Server<H: Handler> {
    front: Front<Raw<H>>,
}

impl<H: Handler> Server<H> {
    /// Starts the threads. Must be called inside a Tokio runtime.
    pub fn start(config: Config, handler: H) -> io::Result<Self> {
        Ok(Self { front: Front::start(config, Raw { handler }, false)? })
    }

    /// Answers an HTTP request.
    pub async fn serve<B: RequestBody>(
        &self,
        req: Request<B>,
        peer: IpAddr,
    ) -> Response<Full<Bytes>> {
        self.front.serve(req, peer).await
    }

    /// Ends every connection and the threads.
    pub async fn close(&self, reason: DisconnectReason) {
        self.front.close(reason).await;
    }

    /// The counters of this moment.
    pub fn stats(&self) -> Stats {
        self.front.stats()
    }
}

impl<H: Handler> std::fmt::Debug for Server<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "engine::Server({:?})", self.stats())
    }
}
