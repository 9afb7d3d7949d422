//! What a shard can be asked to do, and the values that go along.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::oneshot;

use crate::frame::Frame;
use crate::id::{Address, SocketId};
use crate::limits::Place;
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
    /// A socket that waits for the host's answer; it hears nothing yet.
    Enter { at: Address, namespace: Arc<str>, id: SocketId },
    /// The host accepted it: the client is told, then hears what came meanwhile.
    Accept { at: Address, id: SocketId },
    /// The socket is no more; the frame, if any, is the last it hears.
    Exit { at: Address, id: SocketId, last: Option<Frame> },
    /// End a connection.
    Close { at: Address, reason: DisconnectReason },
    /// One frame for many.
    Emit { to: Target, frame: Frame },
    /// Many join a room.
    Join { select: Target, room: Arc<str> },
    /// Many leave a room.
    Leave { select: Target, room: Arc<str> },
    /// Many are ended.
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

    /// Whether it is taken even by a full inbox: the host gives few of these.
    pub(crate) fn is_always_taken(&self) -> bool {
        matches!(self, Self::Stop { .. } | Self::Ping { .. })
    }
}

/// A connection that wants in.
pub(crate) struct Opening {
    pub upper: Arc<dyn Upper>,
    /// The Engine.IO open packet; a probe has none.
    pub hello: Option<Frame>,
    pub place: Option<Place>,
    pub transport: OpeningTransport,
    /// It must join a namespace in time.
    pub joins: bool,
}

/// What it comes over.
pub(crate) enum OpeningTransport {
    /// A WebSocket after its 101, with the bytes that were read with the request.
    WebSocket { stream: Stream, early: Bytes },
    /// Long-polling; the first answer is the open packet.
    Polling { reply: oneshot::Sender<PollAnswer> },
    /// A WebSocket that wants to take over from a polling connection.
    Probe { stream: Stream, early: Bytes, target: Address },
}

/// The answer to a poll: the packets as text. None comes when the session is not there, or the
/// request broke its rules.
pub(crate) type PollAnswer = String;

/// The answer to a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Posted {
    Taken,
    Refused,
}
