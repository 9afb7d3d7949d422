//! One listening connection: a WebSocket ([`websocket`]) or a chain of polls ([`polling`]).

mod polling;
mod websocket;

use std::io::{self, Read, Write};

use mio::net::TcpStream;
use thiserror::Error;

use crate::http::ResponseError;
use crate::target::not_yet;
use crate::wire::frame::FrameError;
use polling::Polling;
use websocket::WebSocket;

/// How a connection came to its end.
#[derive(Debug, Error)]
pub(crate) enum Ended {
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Io(#[from] io::Error),
    /// The server closed it.
    #[error("the server closed the connection")]
    Closed,
    /// The first request was refused.
    #[error("not let in: {0}")]
    NotLetIn(String),
    /// The namespace was refused.
    #[error("the namespace was refused: {0}")]
    Refused(String),
    /// Not WebSocket as it is spoken here.
    #[error("broken framing: {0}")]
    Frame(#[from] FrameError),
    /// Not HTTP as it is spoken here.
    #[error("broken answer: {0}")]
    Response(#[from] ResponseError),
}

/// What is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Engine.IO and Socket.IO over WebSocket: events come after a handshake of their own.
    SocketIo,
    /// The same over long-polling, and never upgraded.
    Polling,
    /// Messages alone over WebSocket, from the first frame on.
    Plain,
}

/// A connection.
#[derive(Debug)]
pub(crate) enum Member {
    /// Over WebSocket.
    WebSocket(WebSocket),
    /// Over long-polling.
    Polling(Polling),
}

impl Member {
    /// Takes a connection that is being made.
    pub(crate) fn new(stream: TcpStream, dialect: Dialect) -> Self {
        match dialect {
            Dialect::Polling => Self::Polling(Polling::new(stream)),
            Dialect::SocketIo | Dialect::Plain => Self::WebSocket(WebSocket::new(stream, dialect)),
        }
    }

    /// For registering it with a poll.
    pub(crate) fn stream(&mut self) -> &mut TcpStream {
        match self {
            Self::WebSocket(it) => it.stream(),
            Self::Polling(it) => it.stream(),
        }
    }

    /// Whether it hears events.
    pub(crate) fn is_listening(&self) -> bool {
        match self {
            Self::WebSocket(it) => it.is_listening(),
            Self::Polling(it) => it.is_listening(),
        }
    }

    /// Asks to be let in once the connection is there. Returns whether it was asked.
    pub(crate) fn begin(&mut self, host: &str, cookie: &str) -> Result<bool, Ended> {
        match self {
            Self::WebSocket(it) => it.begin(host, cookie),
            Self::Polling(it) => it.begin(host, cookie),
        }
    }

    /// Reads what is there and hands every message to `heard`. `buffer` is lent by the thread.
    pub(crate) fn read(
        &mut self,
        buffer: &mut [u8],
        heard: impl FnMut(&[u8]),
    ) -> Result<(), Ended> {
        match self {
            Self::WebSocket(it) => it.read(buffer, heard),
            Self::Polling(it) => it.read(buffer, heard),
        }
    }
}

/// Reads once; `None` when nothing is there.
fn read_some(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<Option<usize>, Ended> {
    match stream.read(buffer) {
        Ok(0) => Err(Ended::Closed),
        Ok(count) => Ok(Some(count)),
        Err(error) if not_yet(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Writes the first request as soon as the connection is there; tells whether it was.
fn first_request(stream: &mut TcpStream, request: &[u8]) -> Result<bool, Ended> {
    if let Some(error) = stream.take_error()? {
        return Err(error.into());
    }
    match stream.write(request) {
        Ok(count) if count == request.len() => Ok(true),
        Ok(_) => Err(Ended::NotLetIn("the request did not fit into the socket".to_owned())),
        Err(error) if not_yet(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
