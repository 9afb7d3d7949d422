//! A listener over WebSocket: from the upgrade to the stream of events.
//!
//! What came in part is kept until the rest is there; in a steady stream that is rare, and otherwise
//! nothing is allocated per event.

use super::conversation::{Conversation, Ended};
use crate::wire::frame::{self, Kind};

/// The longest head of the answer to the upgrade.
const MAX_HEAD: usize = 16 << 10;

/// The transport's side of a connection.
#[derive(Debug)]
pub(super) struct WebSocket {
    pub(super) conversation: Conversation,
    is_upgraded: bool,
    /// The server speaks no Socket.IO: messages come from the first frame on.
    is_plain: bool,
    partial: Vec<u8>,
}

impl WebSocket {
    /// A connection before its upgrade.
    pub(super) fn new(is_plain: bool) -> Self {
        let conversation = Conversation::default();
        Self { conversation, is_upgraded: false, is_plain, partial: Vec::new() }
    }

    /// Takes bytes, hands every message to `heard`, and puts answers into `out`.
    pub(super) fn take(
        &mut self,
        bytes: &[u8],
        heard: &mut impl FnMut(&[u8]),
        out: &mut Vec<u8>,
    ) -> Result<(), Ended> {
        if self.partial.is_empty() && self.is_upgraded {
            let used = self.frames(bytes, heard, out)?;
            self.partial.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        let mut whole = std::mem::take(&mut self.partial);
        whole.extend_from_slice(bytes);
        let mut used = 0;
        if !self.is_upgraded {
            let Some(head) = upgraded(&whole)? else {
                self.partial = whole;
                return Ok(());
            };
            self.is_upgraded = true;
            self.conversation.is_listening = self.is_plain;
            used = head;
        }
        used += self.frames(&whole[used..], heard, out)?;
        if used < whole.len() {
            whole.drain(..used);
            self.partial = whole;
        }
        Ok(())
    }

    /// Handles the whole frames at the start of `bytes`. Returns how many bytes they took.
    fn frames(
        &mut self,
        bytes: &[u8],
        heard: &mut impl FnMut(&[u8]),
        out: &mut Vec<u8>,
    ) -> Result<usize, Ended> {
        let mut used = 0;
        while let Some(frame) = frame::parse(&bytes[used..])? {
            used += frame.used;
            match frame.kind {
                Kind::Text => {
                    if let Some(answer) = self.conversation.take(frame.payload, heard)? {
                        out.extend(frame::client_text(answer));
                    }
                }
                Kind::Close => return Err(Ended::Closed),
                Kind::Ping => out.extend(frame::client_pong(frame.payload)),
                Kind::Other => {}
            }
        }
        Ok(used)
    }
}

/// The size of the answer to the upgrade, when it is there whole and says yes.
fn upgraded(bytes: &[u8]) -> Result<Option<usize>, Ended> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut headers);
    match head.parse(bytes) {
        Ok(httparse::Status::Complete(size)) if head.code == Some(101) => Ok(Some(size)),
        Ok(httparse::Status::Partial) if bytes.len() <= MAX_HEAD => Ok(None),
        _ => Err(Ended::NotLetIn(String::from_utf8_lossy(bytes).into_owned())),
    }
}

/// The request that turns a connection into a WebSocket.
pub(crate) fn upgrade_request(host: &str, cookie: &str) -> String {
    // The key is the sample of RFC 6455; nobody looks at its answer here.
    format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n"
    )
}
