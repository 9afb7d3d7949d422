//! Counters of a running server.
//!
//! Each shard adds to its own counters once per pass, so that counting costs nothing per delivery.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The counters at one moment. What is not called "now" is counted from the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Connections open now, over any transport.
    pub connections: u64,
    /// Polling sessions open now.
    pub polling_sessions: u64,
    /// Frames given to connections.
    pub frames_delivered: u64,
    /// Bytes written to connections.
    pub bytes_sent: u64,
    /// Messages and control frames received.
    pub packets_received: u64,
    /// Connections closed because their queue was full.
    pub closed_slow: u64,
    /// Connections closed because they broke the protocol or a limit.
    pub closed_faulty: u64,
    /// How often a shard closed all its connections because its inbox was full.
    pub overruns: u64,
    /// Bytes that wait for connections now.
    pub queued_bytes: u64,
    /// Commands that wait for the shards now.
    pub inbox: u64,
    /// Passes over the connections.
    pub passes: u64,
    /// The longest pause between passes now, in microseconds.
    pub gap_us: u64,
}

/// One shard's counters.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub connections: AtomicU64,
    pub polling_sessions: AtomicU64,
    pub frames_delivered: AtomicU64,
    pub bytes_sent: AtomicU64,
    pub packets_received: AtomicU64,
    pub closed_slow: AtomicU64,
    pub closed_faulty: AtomicU64,
    pub overruns: AtomicU64,
    pub queued_bytes: AtomicU64,
    pub passes: AtomicU64,
    pub gap_us: AtomicU64,
}

impl Counters {
    /// Adds this shard's reading.
    pub(crate) fn add_to(&self, stats: &mut Stats) {
        stats.connections += self.connections.load(Relaxed);
        stats.polling_sessions += self.polling_sessions.load(Relaxed);
        stats.frames_delivered += self.frames_delivered.load(Relaxed);
        stats.bytes_sent += self.bytes_sent.load(Relaxed);
        stats.packets_received += self.packets_received.load(Relaxed);
        stats.closed_slow += self.closed_slow.load(Relaxed);
        stats.closed_faulty += self.closed_faulty.load(Relaxed);
        stats.overruns += self.overruns.load(Relaxed);
        stats.queued_bytes += self.queued_bytes.load(Relaxed);
        stats.passes += self.passes.load(Relaxed);
        stats.gap_us = stats.gap_us.max(self.gap_us.load(Relaxed));
    }
}
