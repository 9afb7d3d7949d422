//! Requests whose body comes late: whoever sent the head has no right any more when the body comes.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{TestApp, User};
use crate::client::Client;
use crate::ways_in::{come, invite};

/// A request of which the head was sent.
struct Half {
    stream: TcpStream,
    body: Vec<u8>,
}

impl Half {
    /// Sends the head and the first byte of the body, and waits until the server asks for the rest.
    async fn begin(by: &Client, line: &str, kind: &str, body: &[u8]) -> Self {
        let mut stream = TcpStream::connect(by.address).await.unwrap();
        let bearer: String =
            by.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n{bearer}Content-Type: {kind}\r\n\
             Expect: 100-continue\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            by.address,
            by.cookie_line(),
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut continues = [0; 25];
        stream.read_exact(&mut continues).await.unwrap();
        assert!(continues.starts_with(b"HTTP/1.1 100"), "the handler waits for the body");
        Self { stream, body: body.to_vec() }
    }

    /// Sends the body; returns the status of the answer.
    async fn end(mut self) -> u16 {
        self.stream.write_all(&self.body).await.unwrap();
        let mut answer = Vec::new();
        self.stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer);
        answer.split(' ').nth(1).unwrap().parse().unwrap()
    }
}

const JSON: &str = "application/json";

/// One request of each kind of body.
async fn all(by: &User, channel: i64) -> Vec<Half> {
    let form = b"--line\r\nContent-Disposition: form-data; name=\"msg\"\r\n\r\nlate form\r\n\
                 --line--\r\n";
    let multipart = "multipart/form-data; boundary=line";
    let messages = format!("POST /api/channels/{channel}/messages");
    let text = json!({ "text": "late", "key": "9f4d4f6e-9d5f-4a53-9c55-7c2f1f0f9b11" }).to_string();
    let urlencoded = "application/x-www-form-urlencoded";
    let mut halves = Vec::new();
    for (line, kind, body) in [
        (messages.as_str(), JSON, text.as_bytes()),
        ("PUT /api/me/name", JSON, br#"{"name":"Late"}"#),
        ("POST /api/me/tokens", JSON, br#"{"name":"late"}"#),
        ("POST /api/uploads?name=late.txt", "text/plain", b"late"),
        (&format!("POST /c/{channel}"), multipart, form),
        ("POST /channels", urlencoded, b"new_channel=late"),
    ] {
        halves.push(Half::begin(&by.client, line, kind, body).await);
    }
    halves
}

#[tokio::test]
async fn a_body_that_comes_after_the_end_of_its_session_does_nothing() {
    let app = TestApp::start().await;
    let mut mei = app.user("Mei").await;
    let mut ada = app.user("Ada").await;
    let tea = mei.channel("tea").await;
    ada.join(tea).await;
    let before = mei.client.get("/api/state").await.json()["channels"].clone();
    for in_time in all(&ada, tea).await.into_iter().take(1) {
        assert_eq!(in_time.end().await, 201, "a slow body alone is no reason");
    }
    let halves = all(&ada, tea).await;
    assert_eq!(ada.client.clone().delete("/api/session").await.status, 204);
    for half in halves {
        let status = half.end().await;
        assert!(status == 401 || status == 303, "{status}");
    }
    let path = format!("/api/channels/{tea}/messages");
    let messages = mei.client.get(&path).await.text();
    assert!(!messages.contains("late form"), "{messages}");
    assert!(mei.client.get("/api/people").await.text().contains("\"Ada\""));
    let after = mei.client.get("/api/state").await.json()["channels"].clone();
    assert_eq!(after.as_array().unwrap().len(), before.as_array().unwrap().len());
}

#[tokio::test]
async fn a_guest_whose_visit_has_ended_says_nothing_more() {
    let app = TestApp::start().await;
    let mut mei = app.owner("Mei", "invite").await;
    let tea = mei.channel("tea").await;
    let (path, _) = invite(&mut mei, &json!({ "role": "guest", "channels": [tea] })).await;
    let guest = come(&app, &path, "Ka Yan").await;
    let line = format!("POST /api/channels/{tea}/messages");
    let key = "9f4d4f6e-9d5f-4a53-9c55-7c2f1f0f9b12";
    let body = json!({ "text": "after the end", "key": key }).to_string();
    let half = Half::begin(&guest.client, &line, JSON, body.as_bytes()).await;
    let end = format!("/api/people/{}/visit", guest.id);
    let ended = mei.client.delete(&end).await;
    assert!(ended.status < 300, "{}", ended.text());
    assert_eq!(half.end().await, 401);
    let messages = mei.client.get(&format!("/api/channels/{tea}/messages")).await.text();
    assert!(!messages.contains("after the end"), "{messages}");
}

/// Whoever is not signed in yet may be slow too.
#[tokio::test]
async fn a_slow_sign_in_signs_in() {
    let app = TestApp::start().await;
    let half = Half::begin(&app.browser(), "POST /api/session", JSON, br#"{"name":"Slow"}"#).await;
    assert_eq!(half.end().await, 201);
    let _: Value = app.browser().get("/api/place").await.json();
}
