//! Writing: frames are gathered in the pass, then each connection gets its share in one write.
//!
//! Only what a connection cannot take at once is queued for it, and a full queue closes it.

use std::io::{self, IoSlice};
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;

use crate::DisconnectReason;
use crate::stream::Stream;
use crate::target::{Target, To};

use super::connection::{Chain, Full, NONE, Queue, Transport};
use super::pass::{MOST_LINKS, Pass};
use super::state::Shard;

/// Frames in one vectored write.
const SLICES: usize = 64;
/// How many connections are written before other threads on this core have their turn. A pass over
/// thousands of connections takes long, and a request that comes meanwhile needs four threads.
const WRITES_IN_A_ROW: usize = 32;

impl Shard {
    /// Sends one frame to one connection.
    pub(super) fn send(&mut self, slot: usize, frame: Bytes) {
        let frame = self.pass.frame(frame, 1);
        if let Some(connection) = self.connections.get_mut(slot) {
            self.pass.give(slot as u32, &mut connection.chain, frame);
        }
    }

    /// Sends one frame to every socket that a target selects.
    pub(super) fn emit(&mut self, to: &Target, frame: Bytes, events: u32) {
        if self.pass.links.len() > MOST_LINKS {
            self.flush();
        }
        let frame = self.pass.frame(frame, events);
        if let To::Socket(_) = to.to {
            self.selected(to).into_iter().for_each(|socket| self.give(socket, frame));
            return;
        }
        let excepted = self.rooms.excepted(to, |id| self.find_socket(id));
        let mut entering = Vec::new();
        for member in self.rooms.members(to) {
            if !excepted.is_empty() && excepted.binary_search(&member.socket).is_ok() {
                continue;
            }
            let Some(connection) = self.connections.get_mut(member.connection as usize) else {
                continue;
            };
            if connection.entering > 0 {
                entering.push(member.socket);
            } else {
                self.pass.give(member.connection, &mut connection.chain, frame);
            }
        }
        entering.into_iter().for_each(|socket| self.give(socket, frame));
    }

    /// Gives a frame to a socket, or holds it while the host has not accepted the socket.
    fn give(&mut self, socket: u32, frame: u32) {
        let Some(entry) = self.rooms.sockets.get_mut(socket as usize) else { return };
        let slot = entry.connection as usize;
        let Some(held) = &mut entry.held else {
            if let Some(connection) = self.connections.get_mut(slot) {
                self.pass.give(slot as u32, &mut connection.chain, frame);
            }
            return;
        };
        let bytes = self.pass.frames[frame as usize].bytes.clone();
        held.bytes += bytes.len();
        if held.bytes > self.hub.config.queue_bytes {
            self.drop_connection(slot, DisconnectReason::SlowReader);
        } else {
            held.frames.push(bytes);
        }
    }

    /// Writes the pass. Returns whether there was anything to write.
    pub(super) fn flush(&mut self) -> bool {
        let dirty = std::mem::take(&mut self.pass.dirty);
        for some in dirty.chunks(WRITES_IN_A_ROW) {
            some.iter().for_each(|slot| self.flush_one(*slot as usize));
            if some.len() == WRITES_IN_A_ROW {
                std::thread::yield_now();
            }
        }
        let wrote = !dirty.is_empty();
        self.pace.wrote(self.pass.delivered, dirty.len());
        // Closing a connection may have given frames to others. The next pass writes those.
        if self.pass.dirty.is_empty() {
            self.pass.dirty = dirty;
            self.pass.dirty.clear();
            self.pass.frames.clear();
            self.pass.links.clear();
        }
        let counters = &self.inbox.counters;
        counters.frames_delivered.fetch_add(std::mem::take(&mut self.pass.delivered), Relaxed);
        counters.bytes_sent.fetch_add(std::mem::take(&mut self.pass.written), Relaxed);
        wrote
    }

    /// Writes one connection's share of the pass.
    pub(super) fn flush_one(&mut self, slot: usize) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        let chain = std::mem::replace(&mut connection.chain, Chain::EMPTY);
        if chain.head == NONE {
            return;
        }
        self.pass.gather(chain);
        let mut written = 0;
        if let Transport::WebSocket(stream) = &mut connection.transport
            && connection.queue.is_none()
        {
            match write_share(stream, &self.pass) {
                Ok(bytes) => written = bytes,
                Err(_) => return self.drop_connection(slot, DisconnectReason::TransportError),
            }
            self.pass.written += written as u64;
        }
        match self.enqueue_share(slot, written) {
            Ok(()) => self.answer_poll(slot),
            Err(Full) => self.drop_connection(slot, DisconnectReason::SlowReader),
        }
    }

    /// Queues what could not be written of the share.
    fn enqueue_share(&mut self, slot: usize, mut written: usize) -> Result<(), Full> {
        let Some(connection) = self.connections.get_mut(slot) else { return Ok(()) };
        let limit = self.hub.config.queue_bytes;
        let before = connection.queue.as_ref().map_or(0, |queue| queue.cost());
        let mut result = Ok(());
        for bytes in self.pass.shared() {
            if written >= bytes.len() {
                written -= bytes.len();
                continue;
            }
            let rest = bytes.slice(written..);
            written = 0;
            result = connection.queue.get_or_insert_default().push(rest, limit);
            if result.is_err() {
                break;
            }
        }
        let after = connection.queue.as_ref().map_or(0, |queue| queue.cost());
        self.inbox.counters.queued_bytes.fetch_add((after - before) as u64, Relaxed);
        result
    }

    /// The connection takes bytes again: writes what is queued.
    pub(super) fn writable(&mut self, slot: usize) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        let Transport::WebSocket(stream) = &mut connection.transport else { return };
        let Some(queue) = &mut connection.queue else { return };
        let before = queue.cost();
        let result = write_queue(stream, queue);
        let freed = (before - queue.cost()) as u64;
        self.inbox.counters.queued_bytes.fetch_sub(freed, Relaxed);
        if queue.frames.is_empty() {
            connection.queue = None;
        }
        match result {
            Ok(bytes) => self.pass.written += bytes as u64,
            Err(_) => return self.drop_connection(slot, DisconnectReason::TransportError),
        }
        self.finish_if_closing(slot);
    }
}

/// Writes the gathered share as far as the stream takes it. Returns how many bytes it took.
fn write_share(stream: &mut Stream, pass: &Pass) -> io::Result<usize> {
    if let [frame] = pass.share[..] {
        return once(|| stream.write(&pass.frames[frame as usize].bytes));
    }
    let mut total = 0;
    for frames in pass.share.chunks(SLICES) {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let mut length = 0;
        for (slice, frame) in slices.iter_mut().zip(frames) {
            let bytes = &pass.frames[*frame as usize].bytes;
            length += bytes.len();
            *slice = IoSlice::new(bytes);
        }
        let written = once(|| stream.write_vectored(&slices[..frames.len()]))?;
        total += written;
        if written < length {
            break;
        }
    }
    Ok(total)
}

/// Writes a queue until it is empty or the stream takes no more. Returns how many bytes it took.
fn write_queue(stream: &mut Stream, queue: &mut Queue) -> io::Result<usize> {
    let mut total = 0;
    while !queue.frames.is_empty() {
        let mut slices = [IoSlice::new(&[]); SLICES];
        let mut count = 0;
        for (slice, bytes) in slices.iter_mut().zip(&queue.frames) {
            *slice = IoSlice::new(bytes);
            count += 1;
        }
        let written = once(|| stream.write_vectored(&slices[..count]))?;
        if written == 0 {
            break;
        }
        total += written;
        queue.advance(written);
    }
    Ok(total)
}

/// Writes once. A stream that takes nothing now has taken 0 bytes.
fn once(mut write: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match write() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(0),
            other => return other,
        }
    }
}
