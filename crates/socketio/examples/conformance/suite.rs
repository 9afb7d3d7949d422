//! What the public protocol test suites expect beside the Socket.IO handler: an Engine.IO echo, short
//! intervals, and both servers under their paths. The crate's own tests use it too.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::routing::any;
use http::request::Parts;
use socketio::{Config, Handler, Refusal, Server, engine};

/// The Engine.IO side: every message comes back.
struct Echo;

impl engine::Handler for Echo {
    type Session = ();

    async fn handshake(&self, _: &Parts, _: IpAddr) -> Result<(), Refusal> {
        Ok(())
    }

    async fn message(&self, connection: engine::Connection<Self>, message: engine::Message) {
        connection.send(&message);
    }
}

/// The intervals that the suites expect.
pub fn config() -> Config {
    Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        connect_timeout: Duration::from_secs(1),
        ..Config::default()
    }
}

/// Serves `sockets` under `/socket.io/`, and an echo with the same settings under `/engine.io/`.
///
/// # Errors
/// When the echo cannot be started.
pub fn router<H: Handler>(sockets: Server<H>, config: Config) -> std::io::Result<Router> {
    let engine = Arc::new(engine::Server::start(config, Echo)?);
    let socket_route = any(move |ConnectInfo(peer): ConnectInfo<SocketAddr>, req: Request| {
        let sockets = sockets.clone();
        async move { sockets.serve(req, peer.ip()).await.map(Body::new) }
    });
    let engine_route = any(move |ConnectInfo(peer): ConnectInfo<SocketAddr>, req: Request| {
        let engine = Arc::clone(&engine);
        async move { engine.serve(req, peer.ip()).await.map(Body::new) }
    });
    Ok(Router::new().route("/socket.io/", socket_route).route("/engine.io/", engine_route))
}
