//! The upgrade: a WebSocket, called a probe until then, takes over from a polling connection.
//!
//! `2probe` is answered by `3probe`; from then on polls are answered at once, so that the client can
//! stop polling. `5` moves the stream to the polling connection; what is queued there goes over the
//! stream. What a poll was answered before is not sent again, so nothing is lost or doubled.

use std::sync::atomic::Ordering::Relaxed;

use mio::Token;

use crate::DisconnectReason;
use crate::command::PollAnswer;
use crate::id::Address;

use super::connection::{Connection, Transport};
use super::input::Outcome;
use super::state::Shard;
use crate::upper::Incoming;

impl Shard {
    /// A packet of a WebSocket that has not taken over yet.
    pub(super) fn probe_packet(
        &mut self,
        slot: usize,
        target: Address,
        asked: bool,
        packet: Incoming<'_>,
    ) -> Outcome {
        match packet {
            Incoming::Text("2probe") if !asked => self.probe(slot, target),
            Incoming::Text("5") if asked => match self.upgrade(slot, target) {
                Some(target) => Outcome::Moved(target),
                None => Outcome::fault(DisconnectReason::ParseError),
            },
            _ => Outcome::fault(DisconnectReason::ParseError),
        }
    }

    fn probe(&mut self, slot: usize, target: Address) -> Outcome {
        let Some(polling) = self.polling(target) else {
            return Outcome::fault(DisconnectReason::ParseError);
        };
        polling.upgrading = true;
        if let Some(parked) = polling.parked.take() {
            answer(parked, "6");
        }
        if let Some(connection) = self.connections.get_mut(slot) {
            connection.phase = super::connection::Phase::Probe { target, asked: true };
        }
        self.say(slot, "3probe");
        Outcome::Go
    }

    /// Moves the stream to its target. Returns the slot of the target.
    fn upgrade(&mut self, slot: usize, target: Address) -> Option<usize> {
        // The answer to the probe goes out before anything of the target.
        self.flush_one(slot);
        let target_slot = self.slot(target)?;
        let polling = self.polling(target)?;
        if polling.stalled.is_some() {
            return None;
        }
        if let Some(parked) = polling.parked.take() {
            answer(parked, "6");
        }
        if self.connections.get(slot)?.queue.is_some() {
            return None;
        }
        let Connection { transport: Transport::WebSocket(mut stream), .. } =
            self.connections.try_remove(slot)?
        else {
            return None;
        };
        self.inbox.counters.connections.fetch_sub(1, Relaxed);
        if let Err(error) = stream.reregister(self.poll.registry(), Token(target_slot)) {
            tracing::warn!(%error, "an upgraded connection could not be polled");
            self.drop_connection(target_slot, DisconnectReason::TransportError);
            return Some(target_slot);
        }
        let connection = self.connections.get_mut(target_slot)?;
        connection.transport = Transport::WebSocket(stream);
        self.inbox.counters.polling_sessions.fetch_sub(1, Relaxed);
        connection.upper.upgraded();
        self.writable(target_slot);
        Some(target_slot)
    }
}

/// Answers a poll. If its client went away, the guard of the request notices.
pub(super) fn answer(poll: tokio::sync::oneshot::Sender<PollAnswer>, packets: &str) {
    let _ = poll.send(packets.to_owned());
}
