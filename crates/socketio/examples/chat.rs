//! A chat in one file: every client is in the room `lobby` and hears what any of them says there.
//!
//! `cargo run -p chinwag-socketio --example chat`, then connect any Socket.IO client to port 3000
//! and emit `say`.

use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::routing::any;
use http::request::Parts;
use serde_json::Value;
use socketio::{
    Config, ConnectError, DisconnectReason, Emitter, Event, Frame, Handler, Refusal, Server,
    Socket, Target,
};
use std::sync::OnceLock;

/// The handler. It has the emitter as soon as the server is started.
#[derive(Default)]
struct Chat {
    emitter: OnceLock<Emitter>,
}

impl Chat {
    fn say(&self, text: &Value) {
        let everybody = Target::namespace("/").room("lobby");
        let frame = Frame::event("/", "said", &[&text.to_string()]);
        if let Some(emitter) = self.emitter.get() {
            emitter.emit(&everybody, frame);
        }
    }
}

impl Handler for Chat {
    type Session = IpAddr;

    async fn handshake(&self, _: &Parts, peer: IpAddr) -> Result<IpAddr, Refusal> {
        Ok(peer)
    }

    async fn connect(&self, socket: Socket<Self>, _: Value) -> Result<(), ConnectError> {
        socket.join("lobby");
        self.say(&format!("somebody came from {}", socket.session()).into());
        Ok(())
    }

    async fn event(&self, _: Socket<Self>, event: Event) {
        if event.name == "say" {
            event.args.iter().for_each(|text| self.say(text));
        }
        if let Some(ack) = event.ack {
            ack.send(&[true.into()]);
        }
    }

    fn disconnect(&self, _: Socket<Self>, reason: DisconnectReason) {
        self.say(&format!("somebody left: {reason}").into());
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    let server = Server::start(Config::default(), Chat::default())?;
    // This is the only call, so it has not been set before.
    let _ = server.handler().emitter.set(server.emitter());
    let route = any(move |ConnectInfo(peer): ConnectInfo<SocketAddr>, req: Request| {
        let server = server.clone();
        async move { server.serve(req, peer.ip()).await.map(Body::new) }
    });
    let app = Router::new().route("/socket.io/", route);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
