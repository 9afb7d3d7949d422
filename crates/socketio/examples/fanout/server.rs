//! The two servers: the hub, and the loop that it is compared with.

use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::routing::any;
use http::request::Parts;
use serde_json::Value;
use socketio::{
    Config, ConnectError, Emitter, Event, Frame, Handler, Refusal, Server, Socket, Target,
};

/// The message: 200 bytes of JSON.
pub fn message() -> String {
    format!("\"{}\"", "m".repeat(180))
}

/// Writes one frame to every socket for each byte that the first one sends.
pub fn raw(members: usize) -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?.port());
    let mut sockets = Vec::with_capacity(members);
    for _ in 0..members {
        let (socket, _) = listener.accept()?;
        socket.set_nodelay(true)?;
        sockets.push(socket);
    }
    let text = format!("42[\"m\",{}]", message());
    let mut frame = vec![0x81, 126];
    frame.extend((text.len() as u16).to_be_bytes());
    frame.extend(text.as_bytes());
    let mut asked = [0; 64];
    loop {
        let count = sockets[0].read(&mut asked)?;
        if count == 0 {
            return Ok(());
        }
        for _ in 0..count {
            for socket in &mut sockets {
                socket.write_all(&frame)?;
            }
        }
    }
}

#[derive(Default)]
struct Host {
    emitter: OnceLock<Emitter>,
}

impl Handler for Host {
    type Session = ();

    async fn handshake(&self, _: &Parts, _: IpAddr) -> Result<(), Refusal> {
        Ok(())
    }

    async fn connect(&self, _: Socket<Self>, _: Value) -> Result<(), ConnectError> {
        Ok(())
    }

    async fn event(&self, _: Socket<Self>, _: Event) {
        if let Some(emitter) = self.emitter.get() {
            emitter.emit(&Target::namespace("/"), Frame::event("/", "m", &[&message()]));
        }
    }
}

/// The hub, behind axum.
#[tokio::main(flavor = "current_thread")]
pub async fn hub() -> std::io::Result<()> {
    let server = Server::start(Config::default(), Host::default())?;
    // This is the only call, so it has not been set before.
    let _ = server.handler().emitter.set(server.emitter());
    let route = any(move |ConnectInfo(peer): ConnectInfo<SocketAddr>, req: Request| {
        let server = server.clone();
        async move { server.serve(req, peer.ip()).await.map(Body::new) }
    });
    let app = Router::new().route("/socket.io/", route);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await
}
