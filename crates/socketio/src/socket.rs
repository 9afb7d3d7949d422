//! A socket: one connection's membership in one namespace, as the host holds it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::oneshot;

use crate::command::Command;
use crate::link::Link;
use crate::socketio::SocketIo;
use crate::{DisconnectMode, DisconnectReason, Frame, Handler, SocketId, Target};

/// A client in a namespace. Cheap to clone; may outlive its connection, then it does nothing.
pub struct Socket<H: Handler> {
    pub(crate) link: Arc<Link<SocketIo<H>>>,
    pub(crate) namespace: Arc<str>,
    pub(crate) id: SocketId,
}

/// Why an acknowledgement did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AckError {
    /// The client did not answer in time.
    #[error("no acknowledgement in time")]
    Timeout,
    /// The connection ended first.
    #[error("the connection ended before the acknowledgement")]
    Disconnected,
    /// Too many are awaited from this connection already.
    #[error("too many acknowledgements awaited")]
    TooMany,
}

impl<H: Handler> Socket<H> {
    /// Its public id, new with every connection.
    pub fn id(&self) -> SocketId {
        self.id
    }

    /// The host's state of the connection.
    pub fn session(&self) -> &H::Session {
        &self.link.session
    }

    /// The namespace it is in.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Everything that selects only this socket.
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

    /// Joins a room; effective before anything emitted later.
    pub fn join(&self, room: &str) {
        let (select, room) = (self.target(), room.into());
        self.link.command(|_| Command::Join { select, room });
    }

    /// Leaves a room; effective before anything emitted later.
    pub fn leave(&self, room: &str) {
        let (select, room) = (self.target(), room.into());
        self.link.command(|_| Command::Leave { select, room });
    }

    /// Ends the socket, or its whole connection, after what is queued for it.
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
