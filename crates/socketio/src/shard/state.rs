//! The state of one shard's thread. The files beside this one say what is done with it.

use std::sync::Arc;
use std::time::Instant;

use mio::{Poll, Token};
use slab::Slab;

use crate::Config;
use crate::hub::Hub;
use crate::id::Address;
use crate::inbox::Inbox;

use super::connection::Connection;
use super::pace::Pace;
use super::pass::Pass;
use super::rooms::Rooms;
use super::wheel::Wheel;

/// Bytes read from one connection at a time, into the one buffer of the thread.
const READ_BYTES: usize = 64 * 1024;
/// The token of the inbox; connections have their slot.
pub(super) const INBOX: Token = Token(usize::MAX);

/// The state of one thread.
pub(crate) struct Shard {
    pub(super) index: u8,
    pub(super) hub: Arc<Hub>,
    pub(super) inbox: Arc<Inbox>,
    pub(super) poll: Poll,
    pub(super) connections: Slab<Connection>,
    /// Counts connections, so that the address of an earlier connection in the same slot is
    /// recognised.
    pub(super) generations: u32,
    pub(super) rooms: Rooms,
    pub(super) wheel: Wheel,
    pub(super) pass: Pass,
    pub(super) pace: Pace,
    /// Connections that have more to read although no event will come for it.
    pub(super) ready: Vec<Address>,
    /// The read buffer of the thread.
    pub(super) buffer: Vec<u8>,
    /// Bytes of unfinished messages, of all connections together.
    pub(super) partial_bytes: usize,
    /// Set when the shard was told to stop: the time at which it ends, even if connections are left.
    pub(super) stop_at: Option<Instant>,
}

impl Shard {
    pub(super) fn new(index: u8, hub: &Arc<Hub>, poll: Poll) -> Self {
        let config = &hub.config;
        let now = Instant::now();
        Self {
            index,
            inbox: Arc::clone(&hub.shards[usize::from(index)]),
            poll,
            connections: Slab::new(),
            generations: 0,
            rooms: Rooms::default(),
            wheel: Wheel::new(now, config.ping_timeout),
            pass: Pass::default(),
            pace: Pace::new(now, config.max_gap),
            ready: Vec::new(),
            buffer: vec![0; READ_BYTES],
            partial_bytes: 0,
            stop_at: None,
            hub: Arc::clone(hub),
        }
    }

    pub(super) fn config(&self) -> &Config {
        &self.hub.config
    }

    /// The slot of an address, if the connection is still there.
    pub(super) fn slot(&self, at: Address) -> Option<usize> {
        let slot = at.slot as usize;
        let connection = self.connections.get(slot)?;
        (connection.generation == at.generation).then_some(slot)
    }

    pub(super) fn address(&self, slot: usize) -> Option<Address> {
        let generation = self.connections.get(slot)?.generation;
        Some(Address { shard: self.index, slot: slot as u32, generation })
    }
}
