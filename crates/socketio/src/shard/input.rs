//! Reading: bytes to frames, frames to messages, messages to packets.
//!
//! Frames are taken from the thread's one buffer where they lie; only the beginning of a frame or
//! of a fragmented message is kept with its connection.

use std::io;
use std::sync::atomic::Ordering::Relaxed;

use crate::DisconnectReason;
use crate::frame::Frame;
use crate::wire::payload::Packet;
use crate::wire::websocket::{self, FrameError, Opcode, Step};

use super::connection::{Input, Phase, Transport};
use super::state::Shard;
use crate::upper::{Flow, Incoming};

/// How many buffers are read from one connection before the others have their turn.
const READS_PER_TURN: usize = 4;

/// What a piece of input led to.
pub(super) enum Outcome {
    Go,
    /// The mailbox is full: nothing more for now.
    Full,
    /// The stream now belongs to this slot; so does the rest of what was read.
    Moved(usize),
    /// The connection has ended; nothing more is looked at.
    Ended,
    /// It broke the protocol or a limit.
    Fault(DisconnectReason, u16),
}

impl Outcome {
    pub(super) fn fault(reason: DisconnectReason) -> Self {
        Self::Fault(reason, reason.close_code())
    }
}

impl Shard {
    /// Reads what has arrived. `to_end` says that the other side has finished, so that no event will
    /// follow.
    pub(super) fn read(&mut self, slot: usize, to_end: bool) {
        let mut buffer = std::mem::take(&mut self.buffer);
        let mut more = true;
        for _ in 0..READS_PER_TURN {
            more = self.read_once(slot, &mut buffer, to_end);
            if !more {
                break;
            }
        }
        self.buffer = buffer;
        if more && let Some(address) = self.address(slot) {
            self.ready.push(address);
        }
    }

    /// Reads once. Returns whether there may be more.
    fn read_once(&mut self, slot: usize, buffer: &mut [u8], to_end: bool) -> bool {
        let Some(connection) = self.connections.get_mut(slot) else { return false };
        if connection.paused {
            connection.readable = true;
            return false;
        }
        let Transport::WebSocket(stream) = &mut connection.transport else { return false };
        match stream.read(buffer) {
            Ok(0) => {
                self.drop_connection(slot, DisconnectReason::TransportClosed);
                false
            }
            Ok(length) => {
                self.received(slot, &mut buffer[..length]);
                // A short read has emptied the stream; the next byte is a new event.
                to_end || length == buffer.len()
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => false,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => true,
            Err(_) => {
                self.drop_connection(slot, DisconnectReason::TransportError);
                false
            }
        }
    }

    /// Goes on with the connections that had more to read when their turn was over.
    pub(super) fn read_ready(&mut self) {
        for address in std::mem::take(&mut self.ready) {
            if let Some(slot) = self.slot(address) {
                self.read(slot, true);
            }
        }
    }

    /// The mailbox has room again: takes what was read already, then reads on.
    pub(super) fn resume(&mut self, slot: usize) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        connection.paused = false;
        if let Transport::Polling(_) = connection.transport {
            return self.resume_post(slot);
        }
        self.received(slot, &mut []);
        let readable = |connection: &mut super::connection::Connection| {
            !connection.paused && std::mem::take(&mut connection.readable)
        };
        if self.connections.get_mut(slot).is_some_and(readable)
            && let Some(address) = self.address(slot)
        {
            self.ready.push(address);
        }
    }

    /// Takes bytes of a connection; they follow those of its unfinished message, if there is one.
    pub(super) fn received(&mut self, slot: usize, data: &mut [u8]) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        if connection.phase == Phase::Closing {
            return;
        }
        let mut input = connection.input.take().map(|input| *input).unwrap_or_default();
        self.partial_bytes -= input.bytes();
        let (rest, outcome) = if input.partial.is_empty() {
            let (used, outcome) = self.frames(slot, &mut input, data);
            (data[used..].to_vec(), outcome)
        } else {
            let mut whole = std::mem::take(&mut input.partial);
            whole.extend_from_slice(data);
            let (used, outcome) = self.frames(slot, &mut input, &mut whole);
            whole.drain(..used);
            (if whole.is_empty() { Vec::new() } else { whole }, outcome)
        };
        input.partial = rest;
        self.received_so_far(slot, input, outcome);
    }

    fn received_so_far(&mut self, slot: usize, mut input: Input, outcome: Outcome) {
        match outcome {
            Outcome::Fault(reason, code) => self.close_with(slot, reason, code),
            Outcome::Ended => {}
            Outcome::Moved(target) => {
                self.received(target, &mut std::mem::take(&mut input.partial));
                if let Some(address) = self.address(target) {
                    self.ready.push(address);
                }
            }
            Outcome::Go | Outcome::Full => {
                let Some(connection) = self.connections.get_mut(slot) else { return };
                connection.paused = matches!(outcome, Outcome::Full);
                // What cannot be read now is asked for when reading goes on.
                connection.readable |= connection.paused;
                if connection.phase == Phase::Closing || input.is_idle() {
                    return;
                }
                self.partial_bytes += input.bytes();
                connection.input = Some(Box::new(input));
                if self.partial_bytes > self.hub.config.partial_bytes {
                    self.close(slot, DisconnectReason::LimitExceeded);
                }
            }
        }
    }

    /// Takes whole frames off the front. Returns how many bytes they had, and what they led to.
    fn frames(&mut self, slot: usize, input: &mut Input, data: &mut [u8]) -> (usize, Outcome) {
        let mut used = 0;
        loop {
            let limit = self.message_limit(slot);
            let frame = match websocket::parse(&mut data[used..], limit) {
                Ok(Step::Frame(frame)) => frame,
                Ok(Step::Need(_)) => return (used, Outcome::Go),
                Err(FrameError::TooLarge) => {
                    return (used, Outcome::fault(DisconnectReason::TooLarge));
                }
                Err(FrameError::Malformed) => {
                    return (used, Outcome::fault(DisconnectReason::ParseError));
                }
            };
            let payload = &data[used + frame.payload.start..used + frame.payload.end];
            let outcome = self.frame(slot, input, frame.fin, frame.opcode, payload);
            used += frame.payload.end;
            if !matches!(outcome, Outcome::Go) {
                return (used, outcome);
            }
        }
    }

    /// The largest message that a connection may send now, in bytes.
    fn message_limit(&self, slot: usize) -> usize {
        let config = self.config();
        match self.connections.get(slot) {
            Some(connection) if !connection.sockets.is_empty() => config.max_payload_bytes,
            _ => config.max_payload_bytes.min(config.max_unjoined_payload_bytes),
        }
    }

    /// Takes one frame.
    fn frame(
        &mut self,
        slot: usize,
        input: &mut Input,
        fin: bool,
        opcode: Opcode,
        payload: &[u8],
    ) -> Outcome {
        self.inbox.counters.packets_received.fetch_add(1, Relaxed);
        if !self.may_send(slot, payload.len()) {
            return Outcome::fault(DisconnectReason::LimitExceeded);
        }
        match opcode {
            Opcode::Pong => Outcome::Go,
            Opcode::Ping => {
                let mut pong = Vec::with_capacity(payload.len() + 2);
                websocket::put_frame(&mut pong, Opcode::Pong, payload);
                self.send(slot, pong.into());
                Outcome::Go
            }
            Opcode::Close => self.close_frame(slot, payload),
            Opcode::Text | Opcode::Binary if input.kind.is_some() => {
                Outcome::fault(DisconnectReason::ParseError)
            }
            Opcode::Text | Opcode::Binary if fin => self.message(slot, opcode, payload),
            Opcode::Text | Opcode::Binary => {
                input.kind = Some(opcode);
                input.message = payload.to_vec();
                Outcome::Go
            }
            Opcode::Continuation => self.fragment(slot, input, fin, payload),
        }
    }

    /// Takes one more piece of a message.
    fn fragment(&mut self, slot: usize, input: &mut Input, fin: bool, payload: &[u8]) -> Outcome {
        let Some(kind) = input.kind else {
            return Outcome::fault(DisconnectReason::ParseError);
        };
        if input.message.len() + payload.len() > self.message_limit(slot) {
            return Outcome::fault(DisconnectReason::TooLarge);
        }
        input.message.extend_from_slice(payload);
        if !fin {
            return Outcome::Go;
        }
        input.kind = None;
        let message = std::mem::take(&mut input.message);
        self.message(slot, kind, &message)
    }

    /// Takes a whole WebSocket message: one Engine.IO packet.
    fn message(&mut self, slot: usize, kind: Opcode, payload: &[u8]) -> Outcome {
        if kind == Opcode::Binary {
            return self.packet(slot, Incoming::Binary(payload));
        }
        match std::str::from_utf8(payload) {
            Ok(text) => self.packet(slot, Incoming::Text(text)),
            Err(_) => Outcome::Fault(DisconnectReason::ParseError, 1007),
        }
    }

    /// Takes one Engine.IO packet, over either transport.
    pub(super) fn packet(&mut self, slot: usize, packet: Incoming<'_>) -> Outcome {
        let Some(connection) = self.connections.get_mut(slot) else { return Outcome::Ended };
        if let Phase::Probe { target, asked } = connection.phase {
            return self.probe_packet(slot, target, asked, packet);
        }
        let message = match packet {
            Incoming::Binary(_) => packet,
            Incoming::Text(text) => match Packet::parse(text) {
                Ok(Packet::Message(data)) => Incoming::Text(data),
                Ok(Packet::Pong) => {
                    self.pong(slot);
                    return Outcome::Go;
                }
                Ok(Packet::Close) => {
                    self.closed_by_client(slot);
                    return Outcome::Ended;
                }
                Ok(Packet::Noop | Packet::Upgrade) => return Outcome::Go,
                // In this protocol only the server pings.
                Ok(Packet::Ping(_)) | Err(_) => {
                    return Outcome::fault(DisconnectReason::ParseError);
                }
            },
        };
        match std::sync::Arc::clone(&connection.upper).message(message) {
            Ok(Flow::Go) => Outcome::Go,
            Ok(Flow::Full) => Outcome::Full,
            Err(reason) => Outcome::fault(reason),
        }
    }

    /// The client's half of the closing handshake.
    fn close_frame(&mut self, slot: usize, payload: &[u8]) -> Outcome {
        if !websocket::close_payload_is_valid(payload) {
            return Outcome::fault(DisconnectReason::ParseError);
        }
        self.close_with(slot, DisconnectReason::TransportClosed, 1000);
        Outcome::Ended
    }

    /// Sends a text packet of the shard's own.
    pub(super) fn say(&mut self, slot: usize, packet: &'static str) {
        self.send(slot, Frame::text(packet).0);
    }
}
