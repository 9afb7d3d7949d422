//! A shard without its thread, for fuzzers: bytes go straight into [`Shard::received`].

use std::cell::RefCell;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use mio::{Poll, Waker};

use super::state::{INBOX, Shard};
use crate::command::{Opening, OpeningTransport};
use crate::hub::Hub;
use crate::id::{Address, SocketId};
use crate::inbox::Inbox;
use crate::stream::Stream;
use crate::upper::{Flow, Incoming, Upper};
use crate::{Config, DisconnectReason};

/// Small enough that inputs pass it.
const LIMIT: usize = 2_000;

/// What one connection told its host, for comparing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A text message.
    Text(String),
    /// A binary message.
    Binary(Vec<u8>),
    /// The end, and why.
    Closed(String),
}

impl From<Incoming<'_>> for Said {
    fn from(message: Incoming<'_>) -> Self {
        match message {
            Incoming::Text(text) => Self::Text(text.to_owned()),
            Incoming::Binary(bytes) => Self::Binary(bytes.to_vec()),
        }
    }
}

/// An [`Upper`] that notes what it is told.
#[derive(Default)]
struct Listener(Mutex<Vec<Said>>);

impl Listener {
    fn note(&self, said: Said) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(said);
    }
}

impl Upper for Listener {
    fn opened(&self, _: Address) {}

    fn message(self: Arc<Self>, message: Incoming<'_>) -> Result<Flow, DisconnectReason> {
        let length = match message {
            Incoming::Text(text) => text.len(),
            Incoming::Binary(bytes) => bytes.len(),
        };
        assert!(length <= LIMIT, "a message of {length} bytes came through");
        self.note(message.into());
        Ok(Flow::Go)
    }

    fn kicked(self: Arc<Self>, _: SocketId, _: DisconnectReason) {}

    fn upgraded(&self) {}

    fn closed(self: Arc<Self>, reason: DisconnectReason) {
        self.note(Said::Closed(reason.to_string()));
    }

    fn gone(&self) {}
}

/// How many inputs one shard is used for. Timers of connections that are gone add up in it.
const INPUTS_PER_SHARD: u32 = 1_000;

thread_local! {
    /// A poll costs several system calls; one lasts for many inputs of a thread.
    static SHARD: RefCell<Option<(Shard, u32)>> = const { RefCell::new(None) };
}

/// Feeds these pieces to a new connection. Returns what the host was told, and how many bytes of
/// unfinished messages are kept.
pub(crate) fn feed(pieces: &[&[u8]]) -> (Vec<Said>, usize) {
    SHARD.with_borrow_mut(|shard| {
        if shard.as_ref().is_none_or(|(_, used)| *used == INPUTS_PER_SHARD) {
            *shard = None;
        }
        let fresh = || (start().expect("a poll can be made"), 0);
        let (shard, used) = shard.get_or_insert_with(fresh);
        *used += 1;
        let (near, far) = UnixStream::pair().expect("a pair of sockets can be made");
        let listener = Arc::new(Listener::default());
        let slot = open(shard, near, &listener);
        for piece in pieces {
            shard.received(slot, &mut piece.to_vec());
        }
        shard.flush();
        let kept = shard.partial_bytes;
        let open = shard.connections.get(slot).is_some_and(super::connection::Connection::is_open);
        assert!(open || kept == 0, "bytes are kept for a connection that is over");
        let said = std::mem::take(&mut *listener.0.lock().unwrap_or_else(PoisonError::into_inner));
        if shard.connections.contains(slot) {
            shard.drop_connection(slot, DisconnectReason::TransportClosed);
        }
        drop(far);
        assert_eq!(shard.partial_bytes, 0, "bytes are counted for a connection that is gone");
        assert!(shard.connections.is_empty());
        (said, kept)
    })
}

fn start() -> std::io::Result<Shard> {
    let poll = Poll::new()?;
    let config = Config { max_payload_bytes: LIMIT, ..Config::default() };
    let inbox = Inbox::new(Waker::new(poll.registry(), INBOX)?, &config);
    let died = tokio::sync::watch::Sender::new(false);
    let hub = Arc::new(Hub { config, key: [0; 5], shards: vec![inbox], died });
    Ok(Shard::new(0, &hub, poll))
}

/// Takes in a WebSocket, as after its handshake. Returns its slot.
fn open(shard: &mut Shard, near: UnixStream, listener: &Arc<Listener>) -> usize {
    let stream = Stream::bridge(near).expect("a socket can be set to not block");
    let slot = shard.connections.vacant_key();
    shard.open(Opening {
        upper: Arc::clone(listener) as Arc<dyn Upper>,
        hello: None,
        place: None,
        transport: OpeningTransport::WebSocket { stream, early: Bytes::new() },
        joins: false,
    });
    slot
}
