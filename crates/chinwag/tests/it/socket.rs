//! A Socket.IO client over a bare WebSocket: it shows what is on the wire.

use std::collections::VecDeque;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::app::DEADLINE;
use crate::client::Client;

/// A connection.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    events: VecDeque<(String, Value)>,
    /// What came while nobody waited for anything: see [`Socket::read_on`].
    unread: Vec<String>,
    acks: u64,
}

impl Socket {
    /// Opens the transport with a client's cookies.
    pub async fn open(client: &Client) -> Self {
        Self::try_open(client).await.expect("the handshake is accepted")
    }

    /// The same; the HTTP status when the connection is refused.
    pub async fn try_open(client: &Client) -> Result<Self, u16> {
        let url = format!("ws://{}/socket.io/?EIO=4&transport=websocket", client.address);
        let mut request = url.into_client_request().unwrap();
        if let Some(host) = &client.host {
            request.headers_mut().insert("host", host.parse().unwrap());
        }
        if !client.cookies.is_empty() {
            request.headers_mut().insert("cookie", client.cookie_line().parse().unwrap());
        }
        for (name, value) in &client.headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((stream, _)) => {
                let (events, unread) = (VecDeque::new(), Vec::new());
                let mut socket = Self { stream, events, unread, acks: 0 };
                assert!(socket.packet().await.unwrap().starts_with('0'), "the open packet first");
                Ok(socket)
            }
            Err(tokio_tungstenite::tungstenite::Error::Http(response)) => {
                Err(response.status().as_u16())
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// Connects to a namespace; the error is the refusal.
    pub async fn connect(&mut self, namespace: &str, auth: Option<Value>) -> Result<(), Value> {
        let prefix = prefix(namespace);
        let auth = auth.map_or(String::new(), |auth| auth.to_string());
        self.send(&format!("40{prefix}{auth}")).await;
        loop {
            let packet = self.packet().await.expect("an answer to the connect");
            if packet.strip_prefix(&format!("40{prefix}")).is_some() {
                return Ok(());
            }
            if let Some(error) = packet.strip_prefix(&format!("44{prefix}")) {
                return Err(serde_json::from_str(error).unwrap());
            }
            self.keep(&packet);
        }
    }

    /// The next event with that name, which may have come already; other events are kept.
    pub async fn event(&mut self, name: &str) -> Value {
        self.first(name, |event| event["type"] != "line").await
    }

    /// The next change of a channel's content, lines included.
    pub async fn change(&mut self) -> Value {
        self.first("message", |_| true).await
    }

    /// The next line of a channel.
    pub async fn line(&mut self) -> Value {
        self.first("message", |event| event["type"] == "line").await
    }

    async fn first(&mut self, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let at = self.events.iter().position(|(kept, event)| kept == name && wanted(event));
            if let Some(at) = at {
                return self.events.remove(at).unwrap().1;
            }
            let packet = self.packet().await.unwrap_or_else(|| panic!("{name} before the end"));
            self.keep(&packet);
        }
    }

    /// Whether an event with that name has come and was not taken yet.
    pub fn has(&self, name: &str) -> bool {
        self.events.iter().any(|(kept, _)| kept == name)
    }

    /// All events that come before the answer to a ping of ours: everything that was sent until
    /// now.
    pub async fn settled(&mut self) -> Vec<(String, Value)> {
        for packet in std::mem::take(&mut self.unread) {
            self.keep(&packet);
        }
        // The server always answers an unknown event of the classic namespace, after everything
        // that it sent before.
        self.ask("/", "are we there", json!({})).await;
        self.events.drain(..).collect()
    }

    /// Reads until the end of the connection, or until nobody waits for it any more: pings are answered
    /// at once, and what came is understood when [`Socket::settled`] asks for it.
    pub async fn read_on(&mut self) {
        while let Some(packet) = self.packet_at_last().await {
            self.unread.push(packet);
        }
    }

    /// Emits an event and waits for its acknowledgement.
    pub async fn ask(&mut self, namespace: &str, name: &str, payload: Value) -> Value {
        self.acks += 1;
        let (prefix, id) = (prefix(namespace), self.acks);
        self.send(&format!("42{prefix}{id}{}", json!([name, payload]))).await;
        let head = format!("43{prefix}{id}");
        loop {
            let packet = self.packet().await.expect("an acknowledgement");
            if let Some(answer) = packet.strip_prefix(&head) {
                let answer: Value = serde_json::from_str(answer).unwrap();
                return answer[0].clone();
            }
            self.keep(&packet);
        }
    }

    /// Emits an event.
    pub async fn emit(&mut self, namespace: &str, name: &str, payload: Value) {
        self.send(&format!("42{}{}", prefix(namespace), json!([name, payload]))).await;
    }

    /// Waits until the server ends this namespace, or the connection.
    pub async fn ended(&mut self, namespace: &str) {
        let goodbye = format!("41{}", prefix(namespace));
        while let Some(packet) = self.packet().await {
            if packet == goodbye {
                return;
            }
            self.keep(&packet);
        }
    }

    /// Waits until the connection is closed.
    pub async fn closed(&mut self) {
        while self.packet().await.is_some() {}
    }

    pub async fn send(&mut self, packet: &str) {
        self.stream.send(Frame::text(packet)).await.expect("the connection is open");
    }

    /// The next packet that is not a ping; `None` at the end of the connection. Pings do not extend
    /// the deadline.
    async fn packet(&mut self) -> Option<String> {
        let packet = tokio::time::timeout(DEADLINE, self.packet_at_last()).await;
        packet.expect("a packet in time")
    }

    async fn packet_at_last(&mut self) -> Option<String> {
        loop {
            match self.stream.next().await? {
                Ok(Frame::Text(text)) if text.as_str() == "2" => self.send("3").await,
                Ok(Frame::Text(text)) => return Some(text.as_str().to_owned()),
                Ok(Frame::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    fn keep(&mut self, packet: &str) {
        let Some(rest) = packet.strip_prefix("42") else { return };
        let json = rest.find('[').map_or("[]", |at| &rest[at..]);
        let parts: Vec<Value> = serde_json::from_str(json).unwrap();
        let name = parts[0].as_str().unwrap().to_owned();
        self.events.push_back((name, parts.get(1).cloned().unwrap_or(Value::Null)));
    }
}

fn prefix(namespace: &str) -> String {
    if namespace == "/" { String::new() } else { format!("{namespace},") }
}
