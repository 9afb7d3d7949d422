//! Serves what the public Engine.IO v4 and Socket.IO v5 protocol test suites expect of a server, on
//! port 3000: an echo under `/engine.io/`, the namespaces `/` and `/custom` under `/socket.io/`.
//!
//! `cargo run -p chinwag-socketio --example conformance`, then run the suites unchanged. Another
//! address can be given as the only argument; the address in use is printed.

mod suite;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http::request::Parts;
use serde_json::Value;
use socketio::{ConnectError, Event, Frame, Handler, Refusal, Server, Socket};

/// The Socket.IO side of the suites.
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
            // Asks the client, and sends its answer back.
            ("ask-me", _) => {
                let answer = socket.emit_with_ack("question", &["1"], Duration::from_secs(2)).await;
                let args = Value::from(answer.unwrap_or_default()).to_string();
                socket.emit(Frame::event(socket.namespace(), "answered", &[&args]));
            }
            _ => {}
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:3000".to_owned());
    let sockets = Server::start(suite::config(), Conformance)?;
    let app = suite::router(sockets, suite::config())?;
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
