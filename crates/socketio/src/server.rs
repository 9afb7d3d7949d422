//! The Socket.IO server as a host holds it.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::Full;

use crate::front::Front;
use crate::socketio::SocketIo;
use crate::{Config, DisconnectReason, Emitter, Handler, Stats};

/// A Socket.IO server. Cheap to clone; the last clone stops its threads when it is dropped.
pub struct Server<H: Handler> {
    front: Arc<Front<SocketIo<H>>>,
}

impl<H: Handler> Server<H> {
    /// Starts the threads that own connections. Must be called inside a Tokio runtime, on which
    /// the handler will run.
    pub fn start(config: Config, handler: impl Into<Arc<H>>) -> io::Result<Self> {
        let protocol = SocketIo { handler: handler.into() };
        Ok(Self { front: Arc::new(Front::start(config, protocol, true)?) })
    }

    /// Answers an HTTP request: handshakes, polls, posts, and the upgrade to a WebSocket. The host
    /// decides under which path (usually `/socket.io/`), and adds CORS headers if it wants any.
    pub async fn serve<B>(&self, req: Request<B>, peer: IpAddr) -> Response<Full<Bytes>>
    where
        B: Body + Send,
        B::Data: Send,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.front.serve(req, peer).await
    }

    /// The host's way to speak to many.
    pub fn emitter(&self) -> Emitter {
        Emitter { hub: Arc::clone(&self.front.shared.hub) }
    }

    /// The host's handler.
    pub fn handler(&self) -> &Arc<H> {
        &self.front.shared.protocol.handler
    }

    /// Stops: new handshakes are refused, every connection is sent what is queued for it and then
    /// closed (clients come back by themselves), the handlers are told, the threads end. Takes at
    /// most [`Config::linger`] and two seconds.
    pub async fn close(&self, reason: DisconnectReason) {
        self.front.close(reason).await;
    }

    /// Waits until one of the threads ends that was not told to: a defect, or a system that does not
    /// serve it. Its connections are gone, and whoever would get one there is refused with 503. A
    /// host should end its process, so that it is started again.
    pub async fn died(&self) {
        self.front.died().await;
    }

    /// Whether every thread answers in that time.
    pub async fn answers(&self, within: Duration) -> bool {
        self.front.answers(within).await
    }

    /// The counters of this moment.
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
