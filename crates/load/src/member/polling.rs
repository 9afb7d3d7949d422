//! A listener over long-polling: one request always waits for the next packets.
//!
//! All requests of a listener share one connection. What it has to say itself (the namespace, the
//! answer to a heartbeat) is posted between two polls.

use memchr::memmem;

use super::conversation::{Conversation, Ended};
use crate::http::{self, Response};

/// What separates the packets of an answer.
const SEPARATOR: u8 = 0x1e;
/// The path of every request.
pub(super) const PATH: &str = "/socket.io/?EIO=4&transport=polling";

/// What the request under way is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Packets,
    Post,
}

/// The transport's side of a connection.
#[derive(Debug)]
pub(super) struct Polling {
    pub(super) conversation: Conversation,
    asked: Asked,
    /// `Host` and `Cookie`, as they stand in every request.
    headers: String,
    sid: String,
    to_say: Vec<&'static str>,
    partial: Vec<u8>,
}

impl Polling {
    /// A connection that has asked for nothing yet.
    pub(super) fn new() -> Self {
        Self {
            conversation: Conversation::default(),
            asked: Asked::Packets,
            headers: String::new(),
            sid: String::new(),
            to_say: Vec::new(),
            partial: Vec::new(),
        }
    }

    /// The request for a session.
    pub(super) fn first_request(&mut self, host: &str, cookie: &str) -> String {
        self.headers = format!("Host: {host}\r\nCookie: {cookie}\r\n");
        self.request("GET", None)
    }

    /// Takes bytes, hands every message to `heard`, and puts the next request into `out`.
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        heard: &mut impl FnMut(&[u8]),
        out: &mut Vec<u8>,
    ) -> Result<(), Ended> {
        self.partial.extend_from_slice(bytes);
        // One request at a time, so there is at most one answer.
        let Some((response, _)) = http::parse(&self.partial)? else { return Ok(()) };
        self.partial = Vec::new();
        self.answered(&response, heard)?;
        out.extend(self.next_request().into_bytes());
        Ok(())
    }

    fn answered(
        &mut self,
        response: &Response,
        heard: &mut impl FnMut(&[u8]),
    ) -> Result<(), Ended> {
        if response.status != 200 {
            let said = String::from_utf8_lossy(&response.body);
            return Err(Ended::NotLetIn(format!("{}: {said}", response.status)));
        }
        if self.asked == Asked::Packets {
            for packet in response.body.split(|byte| *byte == SEPARATOR) {
                if self.sid.is_empty() {
                    self.sid = sid(packet).unwrap_or_default();
                }
                self.to_say.extend(self.conversation.take(packet, heard)?);
            }
        }
        if response.closes { Err(Ended::Closed) } else { Ok(()) }
    }

    /// What there is to say, otherwise the next poll.
    fn next_request(&mut self) -> String {
        if self.to_say.is_empty() {
            self.asked = Asked::Packets;
            return self.request("GET", None);
        }
        self.asked = Asked::Post;
        let body = std::mem::take(&mut self.to_say).join("\u{1e}");
        self.request("POST", Some(&body))
    }

    fn request(&self, method: &str, body: Option<&str>) -> String {
        let Self { headers, sid, .. } = self;
        let session = if sid.is_empty() { String::new() } else { format!("&sid={sid}") };
        let mut text = format!("{method} {PATH}{session} HTTP/1.1\r\n{headers}");
        if let Some(body) = body {
            text.push_str("Content-Type: text/plain;charset=UTF-8\r\n");
            text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
        } else {
            text.push_str("\r\n");
        }
        text
    }
}

/// The session's id in the open packet.
fn sid(open: &[u8]) -> Option<String> {
    const NAME: &[u8] = b"\"sid\":\"";
    let from = memmem::find(open, NAME)? + NAME.len();
    let length = open.get(from..)?.iter().position(|byte| *byte == b'"')?;
    String::from_utf8(open[from..from + length].to_vec()).ok()
}
