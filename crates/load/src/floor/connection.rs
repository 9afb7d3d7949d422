//! One connection of the floor: HTTP until it is upgraded, then a socket that is written to.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::sync::Arc;

use mio::net::TcpStream;

use crate::readiness::not_yet;
use crate::wire::frame;

/// The longest request: its head and its body.
const MAX_REQUEST: usize = 64 << 10;

/// What a connection's input means to the server.
pub(super) enum Step {
    /// The client listens from now on.
    Joined,
    /// The client posted a message, with this body.
    Posted(Vec<u8>),
    /// The connection has ended.
    Closed,
}

/// What the connection is used for.
#[derive(PartialEq, Eq)]
enum Role {
    Http,
    Upgraded,
    Listening,
}

/// The connection.
pub(super) struct Connection {
    stream: TcpStream,
    role: Role,
    received: Vec<u8>,
    waiting: VecDeque<(Arc<[u8]>, usize)>,
}

/// One request, and how many bytes it took.
struct Asked {
    method: String,
    path: String,
    body: Vec<u8>,
    used: usize,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, role: Role::Http, received: Vec::new(), waiting: VecDeque::new() }
    }

    /// Does what the socket is ready for.
    pub(super) fn ready(&mut self, buffer: &mut [u8], revision: u64) -> Vec<Step> {
        self.flush();
        let mut steps = Vec::new();
        loop {
            match self.stream.read(buffer) {
                Ok(0) => {
                    steps.push(Step::Closed);
                    return steps;
                }
                Ok(count) => self.take(&buffer[..count], revision, &mut steps),
                Err(error) if not_yet(&error) => return steps,
                Err(_) => {
                    steps.push(Step::Closed);
                    return steps;
                }
            }
        }
    }

    fn take(&mut self, bytes: &[u8], revision: u64, steps: &mut Vec<Step>) {
        match self.role {
            Role::Http => {
                self.received.extend_from_slice(bytes);
                while let Some(asked) = request(&self.received) {
                    self.received.drain(..asked.used);
                    self.answer(asked, revision, steps);
                }
                if self.received.len() > MAX_REQUEST {
                    steps.push(Step::Closed);
                }
            }
            // The first packet of a client asks for the namespace.
            Role::Upgraded => {
                self.role = Role::Listening;
                self.received = Vec::new();
                self.write(&frame::server_text(b"40/app,{\"sid\":\"floor\"}").into());
                steps.push(Step::Joined);
            }
            Role::Listening => {}
        }
    }

    fn answer(&mut self, asked: Asked, revision: u64, steps: &mut Vec<Step>) {
        let channel = format!(r#"{{"id":1,"revision":{revision}}}"#);
        match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", path) if path.starts_with("/socket.io/") => self.upgrade(),
            ("POST", "/api/session") => {
                self.respond("201 Created", "Set-Cookie: chinwag_session=floor\r\n", "{}");
            }
            ("POST", path) if path.ends_with("/messages") => {
                self.respond("201 Created", "", "{}");
                steps.push(Step::Posted(asked.body));
            }
            ("POST", "/api/channels") => self.respond("201 Created", "", &channel),
            // Nothing is kept, so nothing can have been missed.
            ("GET", path) if path.contains("/changes?") => {
                let changes = format!(r#"{{"revision":{revision},"messages":[],"complete":true}}"#);
                self.respond("200 OK", "", &changes);
            }
            ("GET" | "PUT", path) if path.starts_with("/api/channels/") => {
                self.respond("200 OK", "", &channel);
            }
            _ => self.respond("404 Not Found", "", "{}"),
        }
    }

    fn upgrade(&mut self) {
        self.role = Role::Upgraded;
        // The answer to the sample key of RFC 6455. This generator always sends that key.
        let mut bytes = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
            Connection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
            .to_vec();
        let open = br#"0{"sid":"floor","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#;
        bytes.extend(frame::server_text(open));
        self.write(&bytes.into());
    }

    fn respond(&mut self, status: &str, header: &str, body: &str) {
        let length = body.len();
        let text = format!("HTTP/1.1 {status}\r\n{header}Content-Length: {length}\r\n\r\n{body}");
        self.write(&text.into_bytes().into());
    }

    /// One write; what the socket does not take waits until it does.
    pub(super) fn write(&mut self, bytes: &Arc<[u8]>) {
        let mut written = 0;
        if self.waiting.is_empty() {
            match self.stream.write(bytes) {
                Ok(count) if count == bytes.len() => return,
                Ok(count) => written = count,
                Err(error) if not_yet(&error) => {}
                // The next read of this connection will report that it has ended.
                Err(_) => return,
            }
        }
        self.waiting.push_back((Arc::clone(bytes), written));
    }

    fn flush(&mut self) {
        while let Some((bytes, written)) = self.waiting.front_mut() {
            match self.stream.write(&bytes[*written..]) {
                Ok(count) if *written + count == bytes.len() => drop(self.waiting.pop_front()),
                Ok(count) => *written += count,
                Err(_) => return,
            }
        }
    }
}

fn request(bytes: &[u8]) -> Option<Asked> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(start) = head.parse(bytes).ok()? else { return None };
    let length = head
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| std::str::from_utf8(header.value).ok()?.trim().parse().ok())
        .unwrap_or(0);
    let body = bytes.get(start..start.checked_add(length)?)?.to_vec();
    let method = head.method.unwrap_or("").to_owned();
    let path = head.path.unwrap_or("").to_owned();
    Some(Asked { method, path, body, used: start + length })
}
