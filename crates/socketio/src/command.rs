//! What a shard can be asked to do, and the values that go along.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::frame::Frame;
use crate::id::{Address, SocketId};
use crate::places::Place;
use crate::stream::Stream;
use crate::target::Target;
use crate::upper::Upper;
use crate::wire::payload::Record;
use crate::{DisconnectMode, DisconnectReason};

/// What a shard can be asked to do.
pub(crate) enum Command {
    /// Take a connection in.
    Open(Box<Opening>),
    /// A polling client waits for packets.
    Poll { at: Address, reply: oneshot::Sender<PollAnswer> },
    /// The polling client went away while it waited.
    PollGone { at: Address },
    /// A polling client sent packets.
    Post { at: Address, records: Vec<Record>, reply: oneshot::Sender<Posted> },
    /// The mailbox has room again.
    Resume { at: Address },
    /// One frame for one connection.
    Send { at: Address, frame: Frame },
    /// Add a socket that waits for the host's answer. It hears nothing yet.
    Enter { at: Address, namespace: Arc<str>, id: SocketId },
    /// The host accepted a socket: tell its client, then send it what came meanwhile.
    Accept { at: Address, id: SocketId },
    /// Remove a socket. The frame, if any, is the last that it hears.
    Exit { at: Address, id: SocketId, last: Option<Frame> },
    /// End a connection.
    Close { at: Address, reason: DisconnectReason },
    /// One frame for many.
    Emit { to: Target, frame: Frame },
    /// Let many join a room.
    Join { select: Target, room: Arc<str> },
    /// Let many leave a room.
    Leave { select: Target, room: Arc<str> },
    /// End many.
    Disconnect { select: Target, mode: DisconnectMode, reason: DisconnectReason },
    /// End everything and then the thread.
    Stop { reason: DisconnectReason },
    /// Say that the thread is alive.
    Ping { reply: oneshot::Sender<()> },
    /// Die as a defect would.
    #[cfg(test)]
    Panic,
}

impl Command {
    /// Bytes of frames that it holds.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Send { frame, .. } | Self::Emit { frame, .. } => frame.0.len(),
            Self::Exit { last: Some(frame), .. } => frame.0.len(),
            _ => 0,
        }
    }

    /// Whether even a full inbox takes it. The host gives few of these.
    pub(crate) fn is_always_taken(&self) -> bool {
        matches!(self, Self::Stop { .. } | Self::Ping { .. })
    }
}

/// A connection that a shard is to take in.
pub(crate) struct Opening {
    pub upper: Arc<dyn Upper>,
    /// The Engine.IO open packet; a probe has none.
    pub hello: Option<Frame>,
    pub place: Option<Place>,
    pub transport: OpeningTransport,
    /// The connection must join a namespace in time.
    pub joins: bool,
}

/// The transport of a new connection.
pub(crate) enum OpeningTransport {
    /// A WebSocket after its 101, with the bytes that were read with the request.
    WebSocket { stream: Stream, early: Bytes },
    /// Long-polling; the first answer is the open packet.
    Polling { reply: oneshot::Sender<PollAnswer> },
    /// A WebSocket that wants to take over from a polling connection.
    Probe { stream: Stream, early: Bytes, target: Address },
}

/// The answer to a poll: the packets as text. Its sender is dropped when the session does not exist,
/// or when the request broke the rules of polling.
pub(crate) type PollAnswer = String;

/// The answer to a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Posted {
    Taken,
    Refused,
}
