//! The Socket.IO server as a host holds it.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;

use crate::body::RequestBody;
use crate::front::Front;
use crate::socketio::state::SocketIo;
use crate::{Config, DisconnectReason, Emitter, Handler, Stats};

/// A Socket.IO server. Cheap to clone; the last clone stops its threads when it is dropped.
pub struct Server<H: Handler> {
    front: Arc<Front<SocketIo<H>>>,
}

impl<H: Handler> Server<H> {
    /// Starts the threads that own connections. Must be called inside a Tokio runtime; the handler
    /// runs on it.
    ///
    /// # Errors
    /// When the system gives no thread, no poll or no randomness.
    pub fn start(config: Config, handler: impl Into<Arc<H>>) -> io::Result<Self> {
        let protocol = SocketIo { handler: handler.into() };
        Ok(Self { front: Arc::new(Front::start(config, protocol, true)?) })
    }

    /// Answers an HTTP request: a handshake, a poll, a post, or the upgrade to a WebSocket. The host
    /// decides which path leads here (usually `/socket.io/`), and adds CORS headers if it wants any.
    pub async fn serve<B: RequestBody>(
        &self,
        req: Request<B>,
        peer: IpAddr,
    ) -> Response<Full<Bytes>> {
        self.front.serve(req, peer).await
    }

    /// A handle by which the host speaks to many connections.
    pub fn emitter(&self) -> Emitter {
        Emitter { hub: Arc::clone(&self.front.shared.hub) }
    }

    /// The host's handler.
    pub fn handler(&self) -> &Arc<H> {
        &self.front.shared.protocol.handler
    }

    /// Stops the server: it refuses new handshakes, sends every connection what is queued for it and
    /// closes it, tells the handlers, and ends the threads. Clients reconnect by themselves. Takes at
    /// most [`Config::linger`] and two seconds.
    pub async fn close(&self, reason: DisconnectReason) {
        self.front.close(reason).await;
    }

    /// Waits until one of the threads ends without having been told to, because of a defect or
    /// because the system refuses to poll. The connections of that thread are gone, and new
    /// handshakes are refused with 503. A host should end its process, so that it is started again.
    pub async fn died(&self) {
        self.front.died().await;
    }

    /// Whether every thread answers within that time.
    pub async fn answers(&self, within: Duration) -> bool {
        self.front.answers(within).await
    }

    /// The counters as they are now.
    pub fn stats(&self) -> Stats {
        self.front.stats()
    }
}

impl<H: Handler> Clone for Server<H> {
    fn clone(&self) -> Self {
        Self { front: Arc::clone(&self.front) }
    }
}

impl<H: Handler> std::fmt::Debug for Server<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({:?})", self.stats())
    }
}
