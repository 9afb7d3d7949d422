//! What was sent, what each connection received, and what went wrong in between.
//!
//! For every connection the ledger keeps the next revision that it must hear. A higher revision
//! leaves a hole. A lower one fills a hole (the delivery was reordered) or has been heard before (it
//! is doubled). A hole that stays is a loss. The sequence number in the text tells when the message
//! was sent, and shows whether a revision is the same message for everybody.

use std::collections::VecDeque;
use std::time::Instant;

use hdrhistogram::Histogram;

use crate::wire::packet::Delivery;

/// Latencies are kept in microseconds, up to ten minutes.
const LONGEST_US: u64 = 600_000_000;

/// One connection's place in its channel's history.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// Number of its channel in the crowd.
    pub channel: usize,
    next_revision: u64,
    missing: Vec<u64>,
}

impl Reader {
    /// A reader who has heard everything up to `head`.
    pub(crate) fn new(channel: usize, head: u64) -> Self {
        Self { channel, next_revision: head + 1, missing: Vec::new() }
    }

    fn lacks(&self, revision: Option<u64>) -> bool {
        revision.is_none_or(|revision| {
            revision >= self.next_revision || self.missing.contains(&revision)
        })
    }
}

/// A message that has not reached everybody yet.
#[derive(Debug)]
struct Flight {
    channel: usize,
    sent: Instant,
    revision: Option<u64>,
    remaining: usize,
}

/// What went wrong.
#[derive(Debug, Default, Clone, PartialEq, Eq, serde::Serialize)]
pub(crate) struct Faults {
    /// Deliveries that never came.
    pub lost: u64,
    /// Deliveries that came twice.
    pub doubled: u64,
    /// Deliveries that came after a later one.
    pub reordered: u64,
    /// Deliveries whose revision was a different message for another connection.
    pub mismatched: u64,
    /// Connections that the server closed.
    pub closed: u64,
}

/// The ledger of one run.
#[derive(Debug)]
pub(crate) struct Ledger {
    flights: VecDeque<Flight>,
    first: u64,
    open: usize,
    listeners: Vec<usize>,
    /// Deliveries that were right.
    pub deliveries: u64,
    /// From sending to each receiver.
    pub each_us: Histogram<u64>,
    /// From sending to the last receiver.
    pub last_us: Histogram<u64>,
    /// What went wrong.
    pub faults: Faults,
}

impl Ledger {
    /// A ledger for messages from number `first` on, with so many listeners in each channel.
    pub(crate) fn new(first: u64, listeners: Vec<usize>) -> Self {
        Self {
            flights: VecDeque::new(),
            first,
            open: 0,
            listeners,
            deliveries: 0,
            each_us: histogram(),
            last_us: histogram(),
            faults: Faults::default(),
        }
    }

    /// The number that the next message has to carry.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.first + self.flights.len() as u64
    }

    /// Messages that have not reached everybody, counted over all channels.
    pub(crate) fn outstanding(&self) -> usize {
        self.open
    }

    /// Writes down a message that was (or should have been) sent at `sent`.
    pub(crate) fn sent(&mut self, channel: usize, sent: Instant) {
        let remaining = self.listeners[channel];
        self.open += usize::from(remaining > 0);
        self.flights.push_back(Flight { channel, sent, revision: None, remaining });
    }

    /// The server refused message number `sequence`: nobody will hear it.
    pub(crate) fn refused(&mut self, sequence: u64) {
        let was_open = self.flight(sequence).is_some_and(|flight| {
            let was_open = flight.remaining > 0;
            flight.remaining = 0;
            was_open
        });
        self.open -= usize::from(was_open);
        self.forget_finished();
    }

    /// Writes down that `reader` heard `delivery`.
    pub(crate) fn heard(&mut self, reader: &mut Reader, delivery: Delivery, now: Instant) {
        let revision = delivery.revision;
        if revision >= reader.next_revision {
            reader.missing.extend(reader.next_revision..revision);
            reader.next_revision = revision + 1;
        } else if let Some(place) = reader.missing.iter().position(|hole| *hole == revision) {
            reader.missing.swap_remove(place);
            self.faults.reordered += 1;
        } else {
            self.faults.doubled += 1;
            return;
        }
        self.arrived(reader.channel, delivery, now);
    }

    fn arrived(&mut self, channel: usize, delivery: Delivery, now: Instant) {
        let Some(flight) = self.flight(delivery.sequence) else {
            self.faults.mismatched += 1;
            return;
        };
        let known = *flight.revision.get_or_insert(delivery.revision);
        if known != delivery.revision || flight.channel != channel || flight.remaining == 0 {
            self.faults.mismatched += 1;
            return;
        }
        flight.remaining -= 1;
        let is_last = flight.remaining == 0;
        let took = now.saturating_duration_since(flight.sent).as_micros() as u64;
        self.deliveries += 1;
        self.each_us.saturating_record(took);
        if is_last {
            self.open -= 1;
            self.last_us.saturating_record(took);
            self.forget_finished();
        }
    }

    /// `reader`'s connection has ended: what it had not heard yet is lost to it.
    pub(crate) fn closed(&mut self, reader: &Reader) {
        self.faults.closed += 1;
        self.listeners[reader.channel] = self.listeners[reader.channel].saturating_sub(1);
        for flight in &mut self.flights {
            let concerned = flight.channel == reader.channel && flight.remaining > 0;
            if concerned && reader.lacks(flight.revision) {
                flight.remaining -= 1;
                self.open -= usize::from(flight.remaining == 0);
                self.faults.lost += 1;
            }
        }
        self.forget_finished();
    }

    /// Gives up on what has not arrived: all of it is lost.
    pub(crate) fn give_up(&mut self) {
        let missing: usize = self.flights.iter().map(|flight| flight.remaining).sum();
        self.faults.lost += missing as u64;
        self.first = self.next_sequence();
        self.open = 0;
        self.flights.clear();
    }

    fn flight(&mut self, sequence: u64) -> Option<&mut Flight> {
        let place = sequence.checked_sub(self.first)?;
        self.flights.get_mut(usize::try_from(place).ok()?)
    }

    fn forget_finished(&mut self) {
        while self.flights.front().is_some_and(|flight| flight.remaining == 0) {
            self.flights.pop_front();
            self.first += 1;
        }
    }
}

/// An empty histogram of microseconds.
pub(crate) fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LONGEST_US, 3).expect("the bounds are constants that fit")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: fn() -> Instant = Instant::now;

    fn delivery(sequence: u64, revision: u64) -> Delivery {
        Delivery { channel: 1, revision, sequence }
    }

    fn ledger(listeners: usize, messages: usize) -> Ledger {
        let mut ledger = Ledger::new(0, vec![listeners]);
        for _ in 0..messages {
            ledger.sent(0, NOW());
        }
        ledger
    }

    #[test]
    fn what_everybody_heard_once_and_in_order_is_in_order() {
        let mut ledger = ledger(2, 2);
        let mut readers = [Reader::new(0, 4), Reader::new(0, 4)];
        for reader in &mut readers {
            ledger.heard(reader, delivery(0, 5), NOW());
            ledger.heard(reader, delivery(1, 6), NOW());
        }
        assert_eq!((ledger.deliveries, ledger.outstanding()), (4, 0));
        assert_eq!(ledger.last_us.len(), 2);
        ledger.give_up();
        assert_eq!(ledger.faults, Faults::default());
        assert_eq!(ledger.next_sequence(), 2);
    }

    #[test]
    fn a_late_delivery_is_reordered_and_not_lost() {
        let mut ledger = ledger(1, 2);
        let mut reader = Reader::new(0, 0);
        ledger.heard(&mut reader, delivery(1, 2), NOW());
        ledger.heard(&mut reader, delivery(0, 1), NOW());
        ledger.give_up();
        assert_eq!(ledger.faults, Faults { reordered: 1, ..Faults::default() });
    }

    #[test]
    fn a_second_delivery_is_doubled() {
        let mut ledger = ledger(1, 2);
        let mut reader = Reader::new(0, 0);
        ledger.heard(&mut reader, delivery(0, 1), NOW());
        ledger.heard(&mut reader, delivery(0, 1), NOW());
        assert_eq!(ledger.faults, Faults { doubled: 1, ..Faults::default() });
        assert_eq!(ledger.deliveries, 1);
    }

    #[test]
    fn what_never_came_is_lost() {
        let mut ledger = ledger(1, 2);
        ledger.heard(&mut Reader::new(0, 0), delivery(1, 2), NOW());
        ledger.give_up();
        assert_eq!(ledger.faults, Faults { lost: 1, ..Faults::default() });
    }

    #[test]
    fn one_message_under_two_revisions_is_mismatched() {
        let mut ledger = ledger(2, 1);
        ledger.heard(&mut Reader::new(0, 0), delivery(0, 1), NOW());
        ledger.heard(&mut Reader::new(0, 0), delivery(0, 2), NOW());
        assert_eq!(ledger.faults.mismatched, 1);
    }

    #[test]
    fn a_closed_connection_loses_only_what_it_had_not_heard() {
        let mut ledger = ledger(2, 2);
        let (mut stays, mut goes) = (Reader::new(0, 0), Reader::new(0, 0));
        ledger.heard(&mut stays, delivery(0, 1), NOW());
        ledger.heard(&mut goes, delivery(0, 1), NOW());
        ledger.closed(&goes);
        ledger.heard(&mut stays, delivery(1, 2), NOW());
        assert_eq!(ledger.outstanding(), 0);
        assert_eq!(ledger.faults, Faults { lost: 1, closed: 1, ..Faults::default() });
    }
}
