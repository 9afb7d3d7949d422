//! A raw client: it writes HTTP/1.1 and WebSocket frames by hand, so that a test decides every byte.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::host::{DEADLINE, TestServer};

/// The paths of the Socket.IO server and of the Engine.IO echo.
pub const SOCKET: &str = "/socket.io/";
pub const ENGINE: &str = "/engine.io/";

/// Waits for something that must come.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    tokio::time::timeout(DEADLINE, future)
        .await
        .unwrap_or_else(|_| panic!("waited in vain for {what}"))
}

/// An answer over HTTP.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

/// One request on a connection of its own.
pub async fn request(server: &TestServer, method: &str, target: &str, body: &[u8]) -> Reply {
    request_with(server, method, target, "", body).await
}

/// The same with more headers, each ended by CRLF.
pub async fn request_with(
    server: &TestServer,
    method: &str,
    target: &str,
    headers: &str,
    body: &[u8],
) -> Reply {
    let stream = send_request(server.address, method, target, headers, body).await;
    read_reply(stream).await
}

/// Sends a request; the caller reads the answer.
pub async fn send_request(
    address: SocketAddr,
    method: &str,
    target: &str,
    headers: &str,
    body: &[u8],
) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("sending the head");
    stream.write_all(body).await.expect("sending the body");
    stream
}

/// Reads an answer to its end.
pub async fn read_reply(mut stream: TcpStream) -> Reply {
    let mut data = Vec::new();
    soon("an HTTP answer", stream.read_to_end(&mut data)).await.expect("reading");
    let text = String::from_utf8(data).expect("text");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Reply { status, head: head.to_owned(), body: body.to_owned() }
}

/// A polling client.
pub struct Poller<'a> {
    server: &'a TestServer,
    path: &'static str,
    pub sid: String,
    pub headers: String,
}

impl<'a> Poller<'a> {
    pub async fn open(server: &'a TestServer, path: &'static str) -> Self {
        Self::open_with(server, path, "").await
    }

    pub async fn open_with(server: &'a TestServer, path: &'static str, headers: &str) -> Self {
        let target = format!("{path}?EIO=4&transport=polling");
        let reply = request_with(server, "GET", &target, headers, b"").await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        let hello: Value = serde_json::from_str(&reply.body[1..]).expect("an open packet");
        let sid = hello["sid"].as_str().expect("a sid").to_owned();
        Self { server, path, sid, headers: headers.to_owned() }
    }

    /// Opens a session, joins the main namespace, and polls up to its `auth` event.
    pub async fn connect(server: &'a TestServer) -> Self {
        let poller = Self::open(server, SOCKET).await;
        assert_eq!(poller.post("40").await.status, 200);
        let mut seen = String::new();
        while !seen.contains("auth") {
            seen += &poller.poll().await.body;
        }
        poller
    }

    pub fn target(&self) -> String {
        format!("{}?EIO=4&transport=polling&sid={}", self.path, self.sid)
    }

    pub async fn poll(&self) -> Reply {
        request_with(self.server, "GET", &self.target(), &self.headers, b"").await
    }

    /// Starts a poll; the caller reads its answer later.
    pub async fn begin_poll(&self) -> TcpStream {
        let headers = &self.headers;
        send_request(self.server.address, "GET", &self.target(), headers, b"").await
    }

    pub async fn post(&self, body: &str) -> Reply {
        let target = self.target();
        request_with(self.server, "POST", &target, &self.headers, body.as_bytes()).await
    }

    /// A WebSocket that is to take over from polling.
    pub async fn probe(&self) -> WebSocket {
        let target = format!("{}?EIO=4&transport=websocket&sid={}", self.path, self.sid);
        WebSocket::upgrade(self.server.address, &target, &self.headers).await.expect("an upgrade")
    }

    /// The same, after the answer to its probe: the packet `5` makes it take over.
    pub async fn answered_probe(&self) -> WebSocket {
        let mut socket = self.probe().await;
        socket.send("2probe").await;
        assert_eq!(socket.text().await, "3probe");
        socket
    }
}

/// What came over a WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Text(String),
    Binary(Vec<u8>),
    Pong(Vec<u8>),
    /// The close frame, with its code.
    Close(Option<u16>),
    /// The end of the stream.
    End,
}

/// A WebSocket client.
pub struct WebSocket {
    pub stream: TcpStream,
    data: Vec<u8>,
}

impl WebSocket {
    /// Sends an upgrade request. If it is refused, returns the HTTP answer.
    pub async fn upgrade(address: SocketAddr, target: &str, headers: &str) -> Result<Self, Reply> {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let key = base64::engine::general_purpose::STANDARD.encode([7; 16]);
        let head = format!(
            "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{headers}\r\n"
        );
        stream.write_all(head.as_bytes()).await.expect("sending");
        let mut socket = Self { stream, data: Vec::new() };
        let head = loop {
            if let Some(end) = socket.data.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break socket.data.drain(..end + 4).collect::<Vec<u8>>();
            }
            assert!(socket.fill().await, "no head");
        };
        let head = String::from_utf8(head).expect("text");
        if head.starts_with("HTTP/1.1 101") {
            return Ok(socket);
        }
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Err(Reply { status: status.expect("a status"), head, body: String::new() })
    }

    /// Opens a session and reads the open packet.
    pub async fn open(server: &TestServer, path: &str) -> Self {
        let target = format!("{path}?EIO=4&transport=websocket");
        let mut socket = Self::upgrade(server.address, &target, "").await.expect("an upgrade");
        assert!(socket.text().await.starts_with('0'));
        socket
    }

    /// Opens a session, joins the main namespace, and reads up to its `auth` event.
    pub async fn connect(server: &TestServer) -> Self {
        Self::connect_with(server, "40").await
    }

    /// The same with this connect packet.
    pub async fn connect_with(server: &TestServer, packet: &str) -> Self {
        let mut socket = Self::open(server, SOCKET).await;
        socket.send(packet).await;
        assert!(socket.packet().await.starts_with("40"));
        assert!(socket.packet().await.contains("auth"));
        socket
    }

    /// A connection in these rooms of the main namespace.
    pub async fn in_rooms(server: &TestServer, rooms: &[&str]) -> Self {
        let auth = serde_json::json!({ "rooms": rooms });
        Self::connect_with(server, &format!("40{auth}")).await
    }

    pub async fn send(&mut self, text: &str) {
        self.send_raw(&frame(0x81, text.as_bytes())).await;
    }

    pub async fn send_binary(&mut self, data: &[u8]) {
        self.send_raw(&frame(0x82, data)).await;
    }

    /// Sends any bytes. If the server has closed the connection already, reading will show it.
    pub async fn send_raw(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next message of any kind.
    pub async fn next(&mut self) -> Message {
        loop {
            if let Some((first, range)) = self.frame_range() {
                let payload = self.data[range.clone()].to_vec();
                self.data.drain(..range.end);
                return message(first, payload);
            }
            if !soon("a frame", self.fill()).await {
                return Message::End;
            }
        }
    }

    /// The next text, which must come.
    pub async fn text(&mut self) -> String {
        match self.next().await {
            Message::Text(text) => text,
            other => panic!("no text but {other:?}"),
        }
    }

    /// The next text that is not a ping.
    pub async fn packet(&mut self) -> String {
        loop {
            let text = self.text().await;
            if text != "2" {
                return text;
            }
        }
    }

    /// Reads up to the end. Returns the close code, if there was a close frame.
    pub async fn closed(&mut self) -> Option<u16> {
        let mut code = None;
        loop {
            match self.next().await {
                Message::Close(given) => code = given,
                Message::End => return code,
                _ => {}
            }
        }
    }

    /// Whether nothing comes for a while. Only for messages that must never come.
    pub async fn is_silent(&mut self) -> bool {
        tokio::time::timeout(Duration::from_millis(50), self.next()).await.is_err()
    }

    fn frame_range(&self) -> Option<(u8, std::ops::Range<usize>)> {
        let [first, second, rest @ ..] = self.data.as_slice() else { return None };
        let (start, length) = match second {
            126 => (4, usize::from(u16::from_be_bytes(rest.get(..2)?.try_into().ok()?))),
            127 => (10, u64::from_be_bytes(rest.get(..8)?.try_into().ok()?) as usize),
            short => (2, usize::from(*short)),
        };
        (self.data.len() >= start + length).then_some((*first, start..start + length))
    }

    /// Reads more. `false` at the end.
    async fn fill(&mut self) -> bool {
        matches!(self.stream.read_buf(&mut self.data).await, Ok(length) if length > 0)
    }
}

fn message(first: u8, payload: Vec<u8>) -> Message {
    match first {
        0x81 => Message::Text(String::from_utf8(payload).expect("UTF-8")),
        0x82 => Message::Binary(payload),
        0x8a => Message::Pong(payload),
        0x88 => Message::Close(payload.first_chunk().map(|code| u16::from_be_bytes(*code))),
        other => panic!("unexpected frame {other:#x}"),
    }
}

/// A masked frame with this first byte.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut out = vec![first];
    match payload.len() {
        length @ 0..=125 => out.push(0x80 | length as u8),
        length @ 126..=65_535 => {
            out.push(0x80 | 126);
            out.extend((length as u16).to_be_bytes());
        }
        length => {
            out.push(0x80 | 127);
            out.extend((length as u64).to_be_bytes());
        }
    }
    let mask = [0x11, 0x22, 0x33, 0x44];
    out.extend(mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    out
}
