//! A lane: one HTTP connection that is kept open, with at most one request under way.

use std::io::{self, Read, Write};

use mio::net::TcpStream;
use mio::{Registry, Token};
use thiserror::Error;

use super::{Response, ResponseError, parse};
use crate::readiness::{self, not_yet};
use crate::target::Target;

/// Bytes read at a time. An answer to a send has fewer.
const READ_BYTES: usize = 16 << 10;

/// Why a lane cannot be used any more.
#[derive(Debug, Error)]
pub(crate) enum LaneError {
    /// The connection broke.
    #[error("the connection broke: {0}")]
    Io(#[from] io::Error),
    /// The server closed it before it answered.
    #[error("the server closed the connection without an answer")]
    Closed,
    /// The answer was not HTTP as this generator speaks it.
    #[error(transparent)]
    Response(#[from] ResponseError),
}

/// The connection.
#[derive(Debug)]
pub(crate) struct Lane {
    stream: TcpStream,
    to_write: Vec<u8>,
    written: usize,
    received: Vec<u8>,
    is_busy: bool,
}

impl Lane {
    /// Starts to connect, as the connection number `number` of this process, and reports its events
    /// under `token`.
    pub(crate) fn open(
        target: &Target,
        number: usize,
        registry: &Registry,
        token: Token,
    ) -> io::Result<Self> {
        let mut stream = target.dial(number)?;
        readiness::register(registry, &mut stream, token)?;
        let (to_write, received) = (Vec::new(), Vec::new());
        Ok(Self { stream, to_write, written: 0, received, is_busy: false })
    }

    /// Whether an answer is awaited.
    pub(crate) fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// Sends a request. The lane must not be busy.
    pub(crate) fn send(&mut self, request: &[u8]) -> io::Result<()> {
        debug_assert!(!self.is_busy, "one request at a time");
        self.to_write.clear();
        self.to_write.extend_from_slice(request);
        self.written = 0;
        self.is_busy = true;
        self.flush()
    }

    /// Does what the socket is ready for. Returns the answer when it has arrived whole.
    pub(crate) fn advance(&mut self) -> Result<Option<Response>, LaneError> {
        self.flush()?;
        let mut buffer = [0; READ_BYTES];
        loop {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Err(LaneError::Closed),
                Ok(count) => self.received.extend_from_slice(&buffer[..count]),
                Err(error) if not_yet(&error) => break,
                Err(error) => return Err(error.into()),
            }
        }
        if !self.is_busy {
            return Ok(None);
        }
        let Some((response, used)) = parse(&self.received)? else { return Ok(None) };
        self.received.drain(..used);
        self.is_busy = false;
        Ok(Some(response))
    }

    fn flush(&mut self) -> io::Result<()> {
        while self.written < self.to_write.len() {
            match self.stream.write(&self.to_write[self.written..]) {
                Ok(count) => self.written += count,
                Err(error) if not_yet(&error) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
