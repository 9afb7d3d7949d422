//! Ending a connection: either after what is queued and a close packet have been sent, or at once.
//!
//! For the host the connection is over at once in both cases.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::DisconnectReason;
use crate::frame::Frame;
use crate::wire::websocket::{Opcode, put_frame};

use super::connection::{Phase, Transport};
use super::probe::answer;
use super::state::Shard;

impl Shard {
    /// Ends a connection for this reason.
    pub(super) fn close(&mut self, slot: usize, reason: DisconnectReason) {
        self.close_with(slot, reason, reason.close_code());
    }

    /// Ends a connection; a WebSocket client gets this close code.
    pub(super) fn close_with(&mut self, slot: usize, reason: DisconnectReason, code: u16) {
        self.flush_one(slot);
        match self.connections.get(slot).map(|connection| connection.phase) {
            Some(Phase::Open) => {}
            Some(Phase::Probe { .. }) => return self.drop_connection(slot, reason),
            Some(Phase::Closing) | None => return,
        }
        self.end(slot, reason);
        let Some(connection) = self.connections.get_mut(slot) else { return };
        let farewell = match &mut connection.transport {
            Transport::WebSocket(_) => {
                let mut frame = Vec::with_capacity(4);
                put_frame(&mut frame, Opcode::Close, &code.to_be_bytes());
                frame.into()
            }
            Transport::Polling(_) => Frame::text("1").0,
        };
        let queue = connection.queue.get_or_insert_default();
        let before = queue.cost();
        queue.push_last(farewell);
        let added = (queue.cost() - before) as u64;
        self.inbox.counters.queued_bytes.fetch_add(added, Relaxed);
        let is_faulty = matches!(
            reason,
            DisconnectReason::ParseError
                | DisconnectReason::TooLarge
                | DisconnectReason::LimitExceeded
        );
        match connection.transport {
            Transport::WebSocket(_) => self.writable(slot),
            Transport::Polling(_) => {
                self.answer_poll(slot);
                self.finish_if_closing(slot);
                // A session that broke the protocol is not kept for another poll.
                if is_faulty {
                    return self.drop_connection(slot, reason);
                }
            }
        }
        let linger = self.config().linger;
        self.set_limit(slot, Some(linger));
    }

    /// The client said that it closes: its waiting poll is answered, and nothing more is sent.
    pub(super) fn closed_by_client(&mut self, slot: usize) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        if let Transport::Polling(polling) = &mut connection.transport {
            if let Some(parked) = polling.parked.take() {
                answer(parked, "6");
            }
            return self.drop_connection(slot, DisconnectReason::TransportClosed);
        }
        self.close(slot, DisconnectReason::TransportClosed);
    }

    /// If everything queued has been sent: a WebSocket waits for the other side, and a polling session
    /// is removed.
    pub(super) fn finish_if_closing(&mut self, slot: usize) {
        let Some(connection) = self.connections.get(slot) else { return };
        if connection.phase != Phase::Closing || connection.queue.is_some() {
            return;
        }
        match &connection.transport {
            // Dropping the stream now could lose what is on its way. It is kept until the client has
            // finished too, or until the limit.
            Transport::WebSocket(stream) => {
                if stream.finish().is_err() {
                    self.drop_connection(slot, DisconnectReason::TransportClosed);
                }
            }
            Transport::Polling(_) => self.drop_connection(slot, DisconnectReason::TransportClosed),
        }
    }

    /// Ends a connection at once.
    pub(super) fn drop_connection(&mut self, slot: usize, reason: DisconnectReason) {
        self.end(slot, reason);
        let Some(connection) = self.connections.get_mut(slot) else { return };
        let probe = match connection.phase {
            Phase::Probe { target, .. } => Some(target),
            _ => None,
        };
        let counters = &self.inbox.counters;
        counters.connections.fetch_sub(1, Relaxed);
        let queued = connection.queue.as_ref().map_or(0, |queue| queue.cost());
        counters.queued_bytes.fetch_sub(queued as u64, Relaxed);
        match &mut connection.transport {
            Transport::WebSocket(stream) => {
                // The stream is closed in any case when it is dropped.
                let _ = stream.deregister(self.poll.registry());
            }
            Transport::Polling(polling) => {
                counters.polling_sessions.fetch_sub(1, Relaxed);
                if let Some(parked) = polling.parked.take() {
                    answer(parked, "1");
                }
            }
        }
        if probe.is_none() {
            connection.upper.gone();
        }
        self.connections.remove(slot);
        if let Some(polling) = probe.and_then(|target| self.polling(target)) {
            polling.probe = None;
            polling.upgrading = false;
        }
    }

    /// The end for the host: removes the sockets of the connection, and takes nothing more from it.
    fn end(&mut self, slot: usize, reason: DisconnectReason) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        if let Some(input) = connection.input.take() {
            self.partial_bytes -= input.bytes();
        }
        if connection.phase != Phase::Open {
            return;
        }
        connection.phase = Phase::Closing;
        connection.paused = false;
        if std::mem::take(&mut connection.readable)
            && let Some(address) = self.address(slot)
        {
            // What the client still sends is read and thrown away, up to its end.
            self.ready.push(address);
        }
        let Some(connection) = self.connections.get_mut(slot) else { return };
        for socket in std::mem::take(&mut connection.sockets) {
            self.rooms.exit(socket);
        }
        connection.entering = 0;
        let counters = &self.inbox.counters;
        match reason {
            DisconnectReason::SlowReader => counters.closed_slow.fetch_add(1, Relaxed),
            DisconnectReason::ParseError
            | DisconnectReason::TooLarge
            | DisconnectReason::LimitExceeded => counters.closed_faulty.fetch_add(1, Relaxed),
            _ => 0,
        };
        tracing::debug!(%reason, "connection closed");
        Arc::clone(&connection.upper).closed(reason);
    }
}
