//! The way into the shards: an ordered inbox each, and what may be put in.
//!
//! Whoever holds a [`Hub`] can reach every connection and none of the host's types. What one thread
//! puts in is done in that order on every shard.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use mio::Waker;
use tokio::sync::{oneshot, watch};

use crate::frame::Frame;
use crate::id::{Address, SocketId};
use crate::limits::Place;
use crate::shard::{Stream, Upper};
use crate::stats::Counters;
use crate::target::{Target, To};
use crate::wire::payload::Record;
use crate::{Config, DisconnectMode, DisconnectReason};

/// All shards.
pub(crate) struct Hub {
    pub config: Config,
    /// Hides the address inside socket ids.
    pub key: [u8; 5],
    pub shards: Vec<Arc<Inbox>>,
    /// Turns true when a shard ended that was not told to.
    pub died: watch::Sender<bool>,
}

/// One shard's inbox.
///
/// It is emptied every pass, at most `max_gap` and one pass apart, and bounded for the case that a
/// pass takes too long. A command that finds it full is dropped, and the shard then closes all its
/// connections: whoever was to hear that command comes back and asks for what was missed, so
/// nobody is served a stream with a hole in it.
pub(crate) struct Inbox {
    waiting: Mutex<Waiting>,
    most_commands: usize,
    most_bytes: usize,
    waker: Waker,
    pub counters: Counters,
}

/// What waits for a shard.
#[derive(Default)]
struct Waiting {
    commands: Vec<Command>,
    /// Bytes of the frames among them.
    bytes: usize,
    /// A command was dropped since the last pass.
    is_overrun: bool,
    /// The shard has ended: nothing is taken any more.
    is_closed: bool,
}

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
    fn bytes(&self) -> usize {
        match self {
            Self::Send { frame, .. } | Self::Emit { frame, .. } => frame.0.len(),
            Self::Exit { last: Some(frame), .. } => frame.0.len(),
            _ => 0,
        }
    }

    /// Whether it is taken even by a full inbox: the host gives few of these.
    fn is_always_taken(&self) -> bool {
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

impl Inbox {
    pub(crate) fn new(waker: Waker, config: &Config) -> Arc<Self> {
        Arc::new(Self {
            waiting: Mutex::default(),
            most_commands: config.inbox_commands,
            most_bytes: config.inbox_bytes,
            waker,
            counters: Counters::default(),
        })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a command in and wakes the shard if it may be asleep. One that is not taken is dropped,
    /// with whatever waits for its answer.
    pub(crate) fn push(&self, command: Command) {
        let bytes = command.bytes();
        let was_empty = {
            let mut waiting = self.waiting();
            let is_full = waiting.commands.len() >= self.most_commands
                || (waiting.bytes > 0 && waiting.bytes + bytes > self.most_bytes);
            if waiting.is_closed || (is_full && !command.is_always_taken()) {
                waiting.is_overrun = true;
                drop(waiting);
                return drop(command);
            }
            waiting.bytes += bytes;
            waiting.commands.push(command);
            waiting.commands.len() == 1
        };
        if was_empty && let Err(error) = self.waker.wake() {
            tracing::error!(%error, "a shard could not be woken");
        }
    }

    /// Swaps the waiting commands for an empty list; whether some were dropped since the last time.
    pub(crate) fn take(&self, into: &mut Vec<Command>) -> bool {
        let mut waiting = self.waiting();
        std::mem::swap(&mut waiting.commands, into);
        waiting.bytes = 0;
        std::mem::take(&mut waiting.is_overrun)
    }

    /// Takes nothing any more. Whoever waits for an answer to what is left sees it dropped.
    pub(crate) fn close(&self) {
        let left = {
            let mut waiting = self.waiting();
            waiting.is_closed = true;
            std::mem::take(&mut waiting.commands)
        };
        drop(left);
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting().commands.len()
    }
}

impl Hub {
    /// Puts a command in the inbox of one connection's shard.
    pub(crate) fn to(&self, shard: u8, command: Command) {
        if let Some(inbox) = self.shards.get(usize::from(shard)) {
            inbox.push(command);
        }
    }

    /// Puts a command in the inbox of every shard that may hold one of the selected.
    pub(crate) fn to_selected(&self, target: &Target, command: impl Fn() -> Command) {
        match target.to {
            To::Socket(id) => self.to(id.place(self.key).0, command()),
            To::Everyone | To::Room(_) => self.shards.iter().for_each(|inbox| {
                inbox.push(command());
            }),
        }
    }
}

/// The way to one connection.
#[derive(Clone)]
pub(crate) struct Outlet {
    pub hub: Arc<Hub>,
    pub at: Address,
}

impl Outlet {
    pub(crate) fn send(&self, frame: Frame) {
        self.hub.to(self.at.shard, Command::Send { at: self.at, frame });
    }
}

impl std::fmt::Debug for Outlet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Outlet({:?})", self.at)
    }
}
