//! Taking a connection in.

use bytes::Bytes;
use mio::Token;

use crate::DisconnectReason;
use crate::command::{Opening, OpeningTransport};
use crate::id::Address;

use super::connection::{Allowance, Chain, Connection, Phase, Polling, Transport};
use super::state::Shard;
use super::timers::bytes_burst;
use std::sync::atomic::Ordering::Relaxed;

impl Shard {
    pub(super) fn open(&mut self, opening: Opening) {
        if self.stop_at.is_some() {
            return;
        }
        let Opening { upper, hello, place, transport, joins } = opening;
        let config = &self.hub.config;
        let (phase, limit) = match &transport {
            OpeningTransport::Probe { target, .. } => {
                (Phase::Probe { target: *target, asked: false }, Some(config.upgrade_timeout))
            }
            _ => (Phase::Open, joins.then_some(config.connect_timeout)),
        };
        let (transport, early) = match transport {
            OpeningTransport::WebSocket { stream, early }
            | OpeningTransport::Probe { stream, early, .. } => {
                (Transport::WebSocket(stream), early)
            }
            OpeningTransport::Polling { reply } => {
                let polling = Polling { parked: Some(reply), ..Polling::default() };
                (Transport::Polling(Box::new(polling)), Bytes::new())
            }
        };
        self.generations = self.generations.wrapping_add(1);
        let slot = self.connections.insert(Connection {
            generation: self.generations,
            phase,
            transport,
            upper,
            queue: None,
            input: None,
            sockets: Vec::new(),
            entering: 0,
            chain: Chain::EMPTY,
            timers: self.first_timers(limit),
            allowance: Allowance {
                packets: config.packets_burst as f32,
                bytes: bytes_burst(config),
                tick: self.tick(),
            },
            paused: false,
            readable: false,
            _place: place,
        });
        self.welcome(slot, hello.map(|frame| frame.0), early);
    }

    /// Registers the connection, sends the open packet, and takes what came along with the request.
    fn welcome(&mut self, slot: usize, hello: Option<Bytes>, early: Bytes) {
        let Some(address) = self.address(slot) else { return };
        let registry = self.poll.registry();
        let connection = &mut self.connections[slot];
        let counters = &self.inbox.counters;
        counters.connections.fetch_add(1, Relaxed);
        let registered = match &mut connection.transport {
            Transport::WebSocket(stream) => stream.register(registry, Token(slot)),
            Transport::Polling(_) => {
                counters.polling_sessions.fetch_add(1, Relaxed);
                Ok(())
            }
        };
        if let Phase::Probe { target, .. } = connection.phase {
            if !self.begin_probe(slot, target) {
                return self.drop_connection(slot, DisconnectReason::ParseError);
            }
        } else {
            connection.upper.opened(address);
        }
        if let Err(error) = registered {
            tracing::warn!(%error, "a connection could not be polled");
            return self.drop_connection(slot, DisconnectReason::TransportError);
        }
        if let Some(hello) = hello {
            self.send(slot, hello);
        }
        self.arm(slot);
        if !early.is_empty() {
            self.received(slot, &mut Vec::from(early));
        }
    }

    /// Notes a probe with its target. `false` if the target has one already.
    fn begin_probe(&mut self, slot: usize, target: Address) -> bool {
        let probe = self.address(slot);
        let Some(polling) = self.polling(target) else { return false };
        let free = polling.probe.is_none();
        if free {
            polling.probe = probe;
        }
        free
    }

    /// The polling side of an open connection.
    pub(super) fn polling(&mut self, at: Address) -> Option<&mut Polling> {
        let slot = self.slot(at)?;
        match self.connections.get_mut(slot)? {
            Connection { phase: Phase::Open, transport: Transport::Polling(polling), .. } => {
                Some(polling)
            }
            _ => None,
        }
    }
}
