//! What the Socket.IO protocol keeps: for the server the handler, for a connection its sockets.

use std::sync::Arc;

use bytes::Bytes;

use crate::DisconnectReason;
use crate::id::SocketId;

use super::acks::Acks;
use super::assembly::{Assembly, Head};

/// The protocol, with the host's handler in it.
pub(crate) struct SocketIo<H> {
    pub handler: Arc<H>,
}

/// A connection's sockets, and what it is in the middle of.
#[derive(Default)]
pub(crate) struct State {
    pub(super) sockets: Vec<Entry>,
    pub(super) assembly: Option<Box<Assembly>>,
    pub acks: Acks,
}

#[derive(Clone)]
pub(super) struct Entry {
    pub(super) namespace: Arc<str>,
    pub(super) id: SocketId,
}

/// What waits in the mailbox.
pub(crate) enum Item {
    Packet { head: Head, attachments: Vec<Bytes> },
    Kicked { id: SocketId, reason: DisconnectReason },
}
