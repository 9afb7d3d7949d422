//! What a shard keeps for one connection, as small as it can be while the connection is idle.
//!
//! What a connection needs only sometimes (a queue, half a message, a waiting poll) is behind an
//! option that is empty while the connection is idle.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::{Buf, Bytes};
use tokio::sync::oneshot;

use crate::command::{PollAnswer, Posted};
use crate::id::Address;
use crate::places::Place;
use crate::stream::Stream;
use crate::upper::Upper;
use crate::wire::payload::Record;
use crate::wire::websocket::Opcode;

/// Stands for "no tick" and for "no link".
pub(super) const NONE: u32 = u32::MAX;
/// What a queued frame counts against the bound beyond its bytes.
const FRAME_COST: usize = 64;

pub(super) struct Connection {
    pub generation: u32,
    pub phase: Phase,
    pub transport: Transport,
    pub upper: Arc<dyn Upper>,
    pub queue: Option<Box<Queue>>,
    pub input: Option<Box<Input>>,
    /// Its sockets, by their slot in `Rooms`.
    pub sockets: Vec<u32>,
    /// How many of them wait for the host's answer; they hear nothing yet.
    pub entering: u32,
    pub chain: Chain,
    pub timers: Timers,
    pub allowance: Allowance,
    /// The mailbox is full: nothing is read.
    pub paused: bool,
    /// There may be something to read although no event will come for it.
    pub readable: bool,
    /// Given back when the connection is dropped.
    pub _place: Option<Place>,
}

/// The phase of a connection's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Open,
    /// A WebSocket that wants to take over from a polling connection.
    Probe {
        target: Address,
        asked: bool,
    },
    /// The connection is over for the host; what is queued for the client still goes out.
    Closing,
}

pub(super) enum Transport {
    WebSocket(Stream),
    Polling(Box<Polling>),
}

/// The polling side of a connection.
#[derive(Default)]
pub(super) struct Polling {
    /// The poll that waits for packets.
    pub parked: Option<oneshot::Sender<PollAnswer>>,
    /// A post that waits for room in the mailbox.
    pub stalled: Option<Stalled>,
    /// A probe is under way.
    pub probe: Option<Address>,
    /// The probe was answered: polls are not kept waiting.
    pub upgrading: bool,
}

pub(super) struct Stalled {
    pub records: VecDeque<Record>,
    pub reply: oneshot::Sender<Posted>,
}

/// The links of a connection in the current pass, see `Pass`.
#[derive(Clone, Copy)]
pub(super) struct Chain {
    pub head: u32,
    pub tail: u32,
}

impl Chain {
    pub(super) const EMPTY: Self = Self { head: NONE, tail: NONE };
}

/// When something happens without a command, in ticks of the wheel.
#[derive(Clone, Copy)]
pub(super) struct Timers {
    /// The tick of the one entry in the wheel that counts. Other entries are stale.
    pub armed: u32,
    /// When the next ping is due, or the pong.
    pub heartbeat: u32,
    pub awaiting_pong: bool,
    /// When the time for joining, closing or upgrading is over.
    pub limit: u32,
}

/// How many packets the connection may still send at once, and how many bytes of them.
#[derive(Clone, Copy)]
pub(super) struct Allowance {
    pub packets: f32,
    pub bytes: f32,
    pub tick: u32,
}

impl Connection {
    pub(super) fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }
}

/// The beginning of a message that has not arrived whole.
#[derive(Default)]
pub(super) struct Input {
    /// The beginning of a frame.
    pub partial: Vec<u8>,
    /// The fragments of a message that have arrived.
    pub message: Vec<u8>,
    /// What the message is.
    pub kind: Option<Opcode>,
}

impl Input {
    pub(super) fn is_idle(&self) -> bool {
        self.partial.is_empty() && self.kind.is_none()
    }

    pub(super) fn bytes(&self) -> usize {
        self.partial.len() + self.message.len()
    }
}

/// Frames that could not be written yet.
#[derive(Default)]
pub(super) struct Queue {
    pub frames: VecDeque<Bytes>,
    cost: usize,
}

/// The queue has no room for a frame.
pub(super) struct Full;

impl Queue {
    /// Adds a frame. An empty queue takes any frame, so that one larger than the bound can be sent.
    pub(super) fn push(&mut self, frame: Bytes, limit: usize) -> Result<(), Full> {
        let cost = frame.len() + FRAME_COST;
        if !self.frames.is_empty() && self.cost + cost > limit {
            return Err(Full);
        }
        self.push_last(frame);
        Ok(())
    }

    /// Adds a frame after which there is no other.
    pub(super) fn push_last(&mut self, frame: Bytes) {
        self.cost += frame.len() + FRAME_COST;
        self.frames.push_back(frame);
    }

    /// Takes written bytes off the front.
    pub(super) fn advance(&mut self, mut written: usize) {
        while let Some(front) = self.frames.front_mut() {
            if written < front.len() {
                front.advance(written);
                self.cost -= written;
                return;
            }
            written -= front.len();
            self.cost -= front.len() + FRAME_COST;
            self.frames.pop_front();
        }
    }

    /// How much the queue counts against the bound.
    pub(super) fn cost(&self) -> usize {
        self.cost
    }
}
