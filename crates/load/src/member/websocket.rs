//! A listener over WebSocket: from dialling to the stream of events.
//!
//! It owns no read buffer. What came in part is kept until the rest is there; in a steady
//! stream that is rare, and otherwise nothing is allocated per event.

use std::io::Write;

use mio::net::TcpStream;

use super::{Dialect, Ended, first_request, read_some};
use crate::wire::frame::{self, Kind};
use crate::wire::packet::{self, Packet};

/// The upgrade answer's head may not be longer.
const MAX_HEAD: usize = 16 << 10;

/// How far a connection has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Dialling,
    Upgrading,
    Opening,
    Listening,
}

/// A connection.
#[derive(Debug)]
pub(crate) struct WebSocket {
    stream: TcpStream,
    stage: Stage,
    dialect: Dialect,
    partial: Vec<u8>,
}

impl WebSocket {
    /// Takes a connection that is being made.
    pub(super) fn new(stream: TcpStream, dialect: Dialect) -> Self {
        Self { stream, stage: Stage::Dialling, dialect, partial: Vec::new() }
    }

    /// For registering it with a poll.
    pub(super) fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }

    /// Whether it hears events.
    pub(super) fn is_listening(&self) -> bool {
        self.stage == Stage::Listening
    }

    /// Asks for the upgrade once the connection is there. Returns whether it was asked.
    pub(super) fn begin(&mut self, host: &str, cookie: &str) -> Result<bool, Ended> {
        if self.stage != Stage::Dialling {
            return Ok(false);
        }
        let is_asked = first_request(&mut self.stream, &upgrade_request(host, cookie))?;
        if is_asked {
            self.stage = Stage::Upgrading;
        }
        Ok(is_asked)
    }

    /// Reads what is there and hands every message to `heard`. `buffer` is lent by the thread.
    ///
    /// A read that did not fill the buffer has emptied the socket, so that the usual event
    /// costs one system call.
    pub(super) fn read(
        &mut self,
        buffer: &mut [u8],
        mut heard: impl FnMut(&[u8]),
    ) -> Result<(), Ended> {
        if self.stage == Stage::Dialling {
            return Ok(());
        }
        while let Some(count) = read_some(&mut self.stream, buffer)? {
            self.take(&buffer[..count], &mut heard)?;
            if count < buffer.len() {
                break;
            }
        }
        Ok(())
    }

    fn take(&mut self, bytes: &[u8], heard: &mut impl FnMut(&[u8])) -> Result<(), Ended> {
        if self.partial.is_empty() && self.stage != Stage::Upgrading {
            let used = self.frames(bytes, heard)?;
            self.partial.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        let mut whole = std::mem::take(&mut self.partial);
        whole.extend_from_slice(bytes);
        let mut used = 0;
        if self.stage == Stage::Upgrading {
            let Some(head) = upgraded(&whole)? else {
                self.partial = whole;
                return Ok(());
            };
            self.stage = match self.dialect {
                Dialect::Plain => Stage::Listening,
                Dialect::SocketIo | Dialect::Polling => Stage::Opening,
            };
            used = head;
        }
        used += self.frames(&whole[used..], heard)?;
        if used < whole.len() {
            whole.drain(..used);
            self.partial = whole;
        }
        Ok(())
    }

    /// Handles the whole frames at the start of `bytes`; returns how many bytes they took.
    fn frames(&mut self, bytes: &[u8], heard: &mut impl FnMut(&[u8])) -> Result<usize, Ended> {
        let mut used = 0;
        while let Some(frame) = frame::parse(&bytes[used..])? {
            used += frame.used;
            match frame.kind {
                Kind::Text => self.packet(frame.payload, heard)?,
                Kind::Close => return Err(Ended::Closed),
                Kind::Ping => self.answer(&frame::client_pong(frame.payload))?,
                Kind::Other => {}
            }
        }
        Ok(used)
    }

    fn packet(&mut self, payload: &[u8], heard: &mut impl FnMut(&[u8])) -> Result<(), Ended> {
        match packet::read(payload) {
            Packet::Message(message) => heard(message),
            Packet::Ping => self.answer(&frame::client_text("3"))?,
            Packet::Open => self.answer(&frame::client_text("40/app,"))?,
            Packet::Connected => self.stage = Stage::Listening,
            Packet::Closed => return Err(Ended::Closed),
            Packet::Refused(why) => {
                return Err(Ended::Refused(String::from_utf8_lossy(why).into_owned()));
            }
            Packet::Other => {}
        }
        Ok(())
    }

    /// Answers are a few bytes long and the socket is otherwise unused in this direction, so
    /// one that does not fit means that the server has stopped reading.
    fn answer(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        Ok(self.stream.write_all(bytes)?)
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
fn upgrade_request(host: &str, cookie: &str) -> Vec<u8> {
    // The key is the sample of RFC 6455: its answer is of no interest here.
    format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: {cookie}\r\n\r\n"
    )
    .into_bytes()
}
