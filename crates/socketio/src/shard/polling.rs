//! Long-polling: answers polls from the queue and takes posts.

use tokio::sync::oneshot;

use crate::DisconnectReason;
use crate::command::{PollAnswer, Posted};
use crate::id::Address;
use crate::wire::payload::{self, Record};

use super::connection::{Connection, Phase, Queue, Stalled, Transport};
use super::input::Outcome;
use super::probe::answer;
use super::state::Shard;
use crate::upper::Incoming;
use std::collections::VecDeque;
use std::sync::atomic::Ordering::Relaxed;

/// Packets in one answer. Clients have a bound of their own; Python's takes no more than 16.
const PACKETS_PER_ANSWER: usize = 16;

impl Shard {
    /// A client waits for packets. Two polls at once would race for them, so a second one ends the
    /// session.
    pub(super) fn poll(&mut self, at: Address, reply: oneshot::Sender<PollAnswer>) {
        self.read_probe(at);
        let polling = self.slot(at).and_then(|slot| self.connections.get_mut(slot));
        let Some(Connection { transport: Transport::Polling(polling), .. }) = polling else {
            // The reply is dropped, which tells the request that the session is gone.
            return;
        };
        let slot = at.slot as usize;
        if polling.parked.is_some() {
            return self.close(slot, DisconnectReason::ParseError);
        }
        polling.parked = Some(reply);
        self.flush_one(slot);
        self.answer_poll(slot);
        self.finish_if_closing(slot);
    }

    /// Reads what a probe has said before this poll is looked at. A client that has upgraded and then
    /// polls is refused, although the two travelled on different connections.
    fn read_probe(&mut self, at: Address) {
        let probe = self.polling(at).and_then(|polling| polling.probe);
        if let Some(slot) = probe.and_then(|probe| self.slot(probe)) {
            self.read(slot, false);
        }
    }

    /// The client of a waiting poll went away. Packets could be lost in the answer, so the session
    /// ends.
    pub(super) fn poll_gone(&mut self, at: Address) {
        if let Some(slot) = self.slot(at)
            && matches!(self.connections[slot].transport, Transport::Polling(_))
        {
            self.drop_connection(slot, DisconnectReason::TransportClosed);
        }
    }

    /// Answers the waiting poll if there is something to answer.
    pub(super) fn answer_poll(&mut self, slot: usize) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        let Transport::Polling(polling) = &mut connection.transport else { return };
        if connection.queue.is_none() {
            if polling.upgrading
                && let Some(parked) = polling.parked.take()
            {
                answer(parked, "6");
            }
            return;
        }
        let Some(parked) = polling.parked.take() else { return };
        let Some(queue) = &mut connection.queue else { return };
        let before = queue.cost();
        let packets = take_packets(queue);
        let freed = (before - queue.cost()) as u64;
        self.inbox.counters.queued_bytes.fetch_sub(freed, Relaxed);
        if queue.frames.is_empty() {
            connection.queue = None;
        }
        self.pass.note_written(packets.len());
        if parked.send(packets).is_err() {
            self.drop_connection(slot, DisconnectReason::TransportClosed);
        }
    }

    /// A client sent packets. It is answered when all of them are taken.
    pub(super) fn post(
        &mut self,
        at: Address,
        records: Vec<Record>,
        reply: oneshot::Sender<Posted>,
    ) {
        let Some(polling) = self.polling(at) else { return };
        let slot = at.slot as usize;
        if polling.stalled.is_some() {
            return self.close(slot, DisconnectReason::ParseError);
        }
        let post = Stalled { records: VecDeque::from(records), reply };
        if self.connections[slot].paused {
            self.pause(slot, Some(post));
        } else {
            self.take_records(slot, post);
        }
    }

    /// The mailbox has room again.
    pub(super) fn resume_post(&mut self, slot: usize) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        if let Transport::Polling(polling) = &mut connection.transport
            && let Some(stalled) = polling.stalled.take()
        {
            self.take_records(slot, stalled);
        }
    }

    fn take_records(&mut self, slot: usize, mut post: Stalled) {
        while let Some(record) = post.records.pop_front() {
            match self.record(slot, &record) {
                Outcome::Go => {}
                Outcome::Full if post.records.is_empty() => self.pause(slot, None),
                Outcome::Full => return self.pause(slot, Some(post)),
                Outcome::Ended | Outcome::Moved(_) => break,
                Outcome::Fault(reason, code) => {
                    // The post is answered before the session is gone.
                    let _ = post.reply.send(Posted::Refused);
                    return self.close_with(slot, reason, code);
                }
            }
        }
        // The client may have hung up; the packets are taken all the same.
        let _ = post.reply.send(Posted::Taken);
    }

    fn record(&mut self, slot: usize, record: &Record) -> Outcome {
        self.inbox.counters.packets_received.fetch_add(1, Relaxed);
        let bytes = match record {
            Record::Text(text) => text.len(),
            Record::Binary(data) => data.len(),
        };
        if !self.may_send(slot, bytes) {
            return Outcome::fault(DisconnectReason::LimitExceeded);
        }
        match record {
            Record::Text(text) => self.packet(slot, Incoming::Text(text)),
            Record::Binary(data) => self.packet(slot, Incoming::Binary(data)),
        }
    }

    /// Takes nothing more until the mailbox has room: not the rest of this post, not the next.
    fn pause(&mut self, slot: usize, stalled: Option<Stalled>) {
        let Some(connection) = self.connections.get_mut(slot) else { return };
        connection.paused = connection.phase == Phase::Open;
        if connection.paused
            && let Transport::Polling(polling) = &mut connection.transport
        {
            polling.stalled = stalled;
        }
    }
}

/// The packets of one answer, off the front of a queue.
fn take_packets(queue: &mut Queue) -> String {
    let mut packets = String::new();
    let mut room = PACKETS_PER_ANSWER;
    while room > 0
        && let Some(frame) = queue.frames.front()
    {
        let done = payload::encode(&mut packets, frame, room);
        room -= done.packets.min(room);
        // Bytes that are no frame are taken whole, so that the loop always ends.
        let taken = if done.packets == 0 { frame.len() } else { done.bytes };
        queue.advance(taken);
    }
    packets
}
