//! Socket.IO over long-polling: who a transport session belongs to after its handshake.

use hyper::Method;

use crate::app::{TestApp, User};
use crate::client::{Client, Reply};

/// The address of a handshake.
const HANDSHAKE: &str = "/socket.io/?EIO=4&transport=polling";

/// A polling session.
struct Session {
    path: String,
}

impl Session {
    async fn open(client: &mut Client) -> Self {
        let reply = client.get(HANDSHAKE).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let hello: serde_json::Value = serde_json::from_str(&reply.text()[1..]).unwrap();
        Self { path: format!("{HANDSHAKE}&sid={}", hello["sid"].as_str().unwrap()) }
    }

    async fn post(&self, client: &mut Client, packet: &str) -> Reply {
        client.send(Method::POST, &self.path, "text/plain", packet.into()).await
    }

    /// Polls until a packet comes that begins like this.
    async fn hear(&self, client: &mut Client, beginning: &str) {
        loop {
            let reply = client.get(&self.path).await;
            assert_eq!(reply.status, 200, "before {beginning}: {}", reply.text());
            for packet in reply.text().split('\u{1e}') {
                if packet.starts_with(beginning) {
                    return;
                }
                if packet == "2" {
                    assert_eq!(self.post(client, "3").await.status, 200);
                }
            }
        }
    }
}

/// Ada, with a session in `/app`, and the client that has no cookie.
async fn connected(app: &TestApp) -> (User, Client, Session) {
    let mut ada = app.user("Ada").await;
    let session = Session::open(&mut ada.client).await;
    let mut bare = app.browser();
    assert_eq!(session.post(&mut bare, "40/app,").await.status, 200);
    session.hear(&mut bare, "40/app,").await;
    (ada, bare, session)
}

/// Parsing takes time that others wait for, so nobody may send more than the product needs.
#[tokio::test]
async fn a_packet_is_as_large_as_the_longest_message_needs() {
    let app = TestApp::start().await;
    let (mut ada, mut bare, session) = connected(&app).await;
    let hello = ada.client.get(HANDSHAKE).await.text();
    let hello: serde_json::Value = serde_json::from_str(&hello[1..]).unwrap();
    assert_eq!(hello["maxPayload"], 262_144);
    ada.channel("general").await;
    assert_eq!(session.post(&mut bare, "40").await.status, 200);
    session.hear(&mut bare, "40").await;
    // Each character as a client of the origin encodes it, at its longest.
    let msg = "%F0%9F%98%80".repeat(10_000);
    let send = format!(r#"42["send msg",{{"user":"Ada","channel":"general","msg":"{msg}"}}]"#);
    assert_eq!(session.post(&mut bare, &send).await.status, 200);
    session.hear(&mut bare, "42[\"emit msg\"").await;
    let larger = format!(r#"42["send msg","{}"]"#, "x".repeat(262_144));
    assert_eq!(session.post(&mut bare, &larger).await.status, 413);
}

/// The reference server allows this, and `python-socketio` does it.
#[tokio::test]
async fn a_cookie_with_the_handshake_is_enough() {
    let app = TestApp::start().await;
    let (mut ada, mut bare, session) = connected(&app).await;
    let channel = ada.channel("general").await;
    ada.say(channel, "hello").await;
    session.hear(&mut bare, "42/app,[\"message\"").await;
    // A client that sends the cookie each time is served as before.
    assert_eq!(session.post(&mut ada.client, "40").await.status, 200);
    session.hear(&mut ada.client, "40").await;
    // The WebSocket that the session is upgraded to needs no cookie either.
    let target = session.path.replace("polling", "websocket");
    let upgrade = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "AAAAAAAAAAAAAAAAAAAAAA=="),
    ];
    bare.headers = upgrade.map(|(name, value)| (name, value.to_owned())).into();
    assert_eq!(bare.get(&target).await.status, 101);
}

#[tokio::test]
async fn a_session_id_does_not_make_somebody_else_of_anybody() {
    let app = TestApp::start().await;
    let (_ada, mut bare, session) = connected(&app).await;
    let mut grace = app.user("Grace").await;
    assert_eq!(session.post(&mut grace.client, "41/app,").await.status, 400);
    assert_eq!(grace.client.get(&session.path).await.status, 400);
    // A page of another site is refused, with or without the cookie.
    bare.headers.push(("origin", "http://evil.example".into()));
    assert_eq!(session.post(&mut bare, "41/app,").await.status, 403);
    assert_eq!(bare.get(&session.path).await.status, 403);
}

#[tokio::test]
async fn an_ended_session_ends_it() {
    let app = TestApp::start().await;
    let (mut ada, mut bare, session) = connected(&app).await;
    assert_eq!(ada.client.delete("/api/session").await.status, 204);
    session.hear(&mut bare, "41/app,").await;
    assert_eq!(session.post(&mut bare, "40/app,").await.status, 200);
    session.hear(&mut bare, "44/app,{\"message\":\"not_signed_in\"}").await;
}
