//! Serves, on port 3000, what the public Engine.IO v4 and Socket.IO v5 protocol test suites expect
//! of a server: under `/engine.io/` an echo, under `/socket.io/` the namespaces `/` and `/custom`.
//!
//! `cargo run -p chinwag-socketio --example conformance`, then run the suites unchanged. Another
//! address can be given as the only argument; port 0 prints the port that was taken.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::response::Response;
use axum::routing::any;
use http::request::Parts;
use serde_json::Value;
use socketio::{Config, ConnectError, Event, Frame, Handler, Refusal, Server, Socket, engine};

/// The Socket.IO side.
struct Conformance;

impl Handler for Conformance {
    type Session = ();

    async fn handshake(&self, _: &Parts, _: IpAddr) -> Result<(), Refusal> {
        Ok(())
    }

    async fn connect(&self, socket: Socket<Self>, auth: Value) -> Result<(), ConnectError> {
        if !matches!(socket.namespace(), "/" | "/custom") {
            return Err(ConnectError::invalid_namespace());
        }
        socket.emit(Frame::event(socket.namespace(), "auth", &[&auth.to_string()]));
        Ok(())
    }

    async fn event(&self, socket: Socket<Self>, event: Event) {
        match (event.name.as_str(), event.ack) {
            ("message", _) => {
                let args: Vec<String> = event.args.iter().map(Value::to_string).collect();
                let args: Vec<&str> = args.iter().map(String::as_str).collect();
                let (namespace, attachments) = (socket.namespace(), &event.attachments);
                socket.emit(Frame::event_with_attachments(
                    namespace,
                    "message-back",
                    &args,
                    attachments,
                ));
            }
            ("message-with-ack", Some(ack)) => {
                ack.send_with_attachments(&event.args, &event.attachments);
            }
            // Asks the client, and tells it what it answered.
            ("ask-me", _) => {
                let answer = socket.emit_with_ack("question", &["1"], Duration::from_secs(2)).await;
                let args = Value::from(answer.unwrap_or_default()).to_string();
                socket.emit(Frame::event(socket.namespace(), "answered", &[&args]));
            }
            _ => {}
        }
    }
}

/// The Engine.IO side.
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

fn config() -> Config {
    Config {
        ping_interval: Duration::from_millis(300),
        ping_timeout: Duration::from_millis(200),
        connect_timeout: Duration::from_secs(1),
        max_payload_bytes: 1_000_000,
        ..Config::default()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let sockets = Server::start(config(), Conformance)?;
    let engine = Arc::new(engine::Server::start(config(), Echo)?);
    let app = Router::new()
        .route(
            "/socket.io/",
            any(move |ConnectInfo(peer): ConnectInfo<SocketAddr>, req: Request| {
                let sockets = sockets.clone();
                async move { sockets.serve(req, peer.ip()).await.map(Body::new) }
            }),
        )
        .route(
            "/engine.io/",
            any(move |ConnectInfo(peer): ConnectInfo<SocketAddr>, req: Request| {
                let engine = Arc::clone(&engine);
                async move { Response::map(engine.serve(req, peer.ip()).await, Body::new) }
            }),
        );
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
