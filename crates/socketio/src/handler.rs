//! The contract with a host: the [`Handler`] that it implements, and the [`Socket`] that its methods
//! are given. The two name each other, so they stand in one file.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::command::Command;
use crate::event::Event;
use crate::link::Link;
use crate::refusal::{ConnectError, Refusal};
use crate::socketio::acks::AckError;
use crate::socketio::state::SocketIo;
use crate::{DisconnectMode, DisconnectReason, Frame, SocketId, Target};

/// The host's side of a [`Server`](crate::Server).
///
/// The packets of one connection are handled one after the other: `connect`, `event` and
/// `disconnect` of a connection never run at the same time. Different connections run in parallel.
/// The server does not read from a connection while too many of its packets wait for the handler.
pub trait Handler: Send + Sync + Sized + 'static {
    /// What the host keeps for a session, that is for one connection from its handshake to its end.
    /// All namespaces of the connection share it.
    type Session: Send + Sync + 'static;

    /// Accepts or refuses a connection by the head of its first request (cookies, origin, query).
    fn handshake(
        &self,
        parts: &Parts,
        peer: IpAddr,
    ) -> impl Future<Output = Result<Self::Session, Refusal>> + Send;

    /// Whether a later request of a polling session, or its upgrade, comes from the client that
    /// opened it. A host with cookies compares them here; then a stolen session id is useless.
    fn same_client(&self, session: &Self::Session, parts: &Parts) -> bool {
        let _ = (session, parts);
        true
    }

    /// Accepts or refuses a namespace. Rooms that the socket joins here count before the client is
    /// told that it is connected; what is emitted to the socket meanwhile reaches it after that.
    fn connect(
        &self,
        socket: Socket<Self>,
        auth: Value,
    ) -> impl Future<Output = Result<(), ConnectError>> + Send;

    /// Handles an event of a connected socket.
    fn event(&self, socket: Socket<Self>, event: Event) -> impl Future<Output = ()> + Send;

    /// The end of a socket. Called exactly once for each successful `connect`, after the last event.
    fn disconnect(&self, socket: Socket<Self>, reason: DisconnectReason) {
        let _ = (socket, reason);
    }
}

/// A client in a namespace: one connection's membership in it, as the host holds it.
///
/// Cheap to clone. A socket whose connection has ended does nothing.
pub struct Socket<H: Handler> {
    pub(crate) link: Arc<Link<SocketIo<H>>>,
    pub(crate) namespace: Arc<str>,
    pub(crate) id: SocketId,
}

impl<H: Handler> Socket<H> {
    /// Its public id. Every connection gets a new one.
    pub fn id(&self) -> SocketId {
        self.id
    }

    /// What the host keeps for the connection.
    pub fn session(&self) -> &H::Session {
        &self.link.session
    }

    /// The namespace it is in.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// The target that selects only this socket.
    pub fn target(&self) -> Target {
        Target::namespace(Arc::clone(&self.namespace)).socket(self.id)
    }

    /// Sends a frame to this socket, after what was emitted to it before.
    pub fn emit(&self, frame: Frame) {
        let to = self.target();
        self.link.command(|_| Command::Emit { to, frame });
    }

    /// Sends an event and waits for the client's answer. `args_json` are JSON texts.
    pub async fn emit_with_ack(
        &self,
        name: &str,
        args_json: &[&str],
        timeout: Duration,
    ) -> Result<Vec<Value>, AckError> {
        let (answer, answered) = oneshot::channel();
        let most = self.link.shared.config().max_pending_acks;
        let id = self.link.state().acks.expect(answer, most)?;
        let _forget = Forget { socket: self, id };
        self.emit(Frame::event_with_ack(&self.namespace, name, args_json, id));
        match tokio::time::timeout(timeout, answered).await {
            Ok(Ok(args)) => Ok(args),
            Ok(Err(_)) => Err(AckError::Disconnected),
            Err(_) => Err(AckError::Timeout),
        }
    }

    /// Joins a room. The socket hears whatever is emitted to the room after this call.
    pub fn join(&self, room: &str) {
        let (select, room) = (self.target(), room.into());
        self.link.command(|_| Command::Join { select, room });
    }

    /// Leaves a room. The socket hears nothing that is emitted to the room after this call.
    pub fn leave(&self, room: &str) {
        let (select, room) = (self.target(), room.into());
        self.link.command(|_| Command::Leave { select, room });
    }

    /// Ends the socket, or its whole connection, after what is queued for it has been sent.
    pub fn disconnect(&self, mode: DisconnectMode) {
        let (select, reason) = (self.target(), DisconnectReason::Host("ended by the server"));
        self.link.command(|_| Command::Disconnect { select, mode, reason });
    }
}

/// Takes an awaited acknowledgement off the list, also when its future is dropped.
struct Forget<'a, H: Handler> {
    socket: &'a Socket<H>,
    id: u64,
}

impl<H: Handler> Drop for Forget<'_, H> {
    fn drop(&mut self) {
        self.socket.link.state().acks.forget(self.id);
    }
}

impl<H: Handler> Clone for Socket<H> {
    fn clone(&self) -> Self {
        Self { link: Arc::clone(&self.link), namespace: Arc::clone(&self.namespace), id: self.id }
    }
}

impl<H: Handler> std::fmt::Debug for Socket<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Socket({} in {})", self.id, self.namespace)
    }
}
