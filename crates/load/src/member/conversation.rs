//! What a listener says and hears, over either transport: it asks for its namespace, answers
//! heartbeats, and hears messages.

use std::io;

use thiserror::Error;

use crate::http::ResponseError;
use crate::wire::frame::FrameError;
use crate::wire::packet::{self, Packet};

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
    /// Not WebSocket as this generator speaks it.
    #[error("broken framing: {0}")]
    Frame(#[from] FrameError),
    /// Not HTTP as this generator speaks it.
    #[error("broken answer: {0}")]
    Response(#[from] ResponseError),
}

/// The state of the conversation.
#[derive(Debug, Default)]
pub(super) struct Conversation {
    /// The listener is in its namespace and hears events.
    pub(super) is_listening: bool,
}

impl Conversation {
    /// Takes one packet and hands it to `heard` if it is a message. Returns the packet to answer, if
    /// there is one.
    pub(super) fn take(
        &mut self,
        payload: &[u8],
        heard: &mut impl FnMut(&[u8]),
    ) -> Result<Option<&'static str>, Ended> {
        match packet::read(payload) {
            Packet::Message(message) => heard(message),
            Packet::Ping => return Ok(Some("3")),
            Packet::Open => return Ok(Some("40/app,")),
            Packet::Connected => self.is_listening = true,
            Packet::Closed => return Err(Ended::Closed),
            Packet::Refused(why) => {
                return Err(Ended::Refused(String::from_utf8_lossy(why).into_owned()));
            }
            Packet::Other => {}
        }
        Ok(None)
    }
}
