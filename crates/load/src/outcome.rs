//! What a run showed, as text for a person and as JSON for a program.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use anyhow::Result;
use hdrhistogram::Histogram;
use serde::Serialize;

use crate::ledger::Faults;
use crate::process;

/// Latencies in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Latency {
    /// Half are faster.
    pub p50_ms: f64,
    /// One in a hundred is slower.
    pub p99_ms: f64,
    /// One in a thousand is slower.
    pub p999_ms: f64,
    /// The slowest.
    pub max_ms: f64,
}

impl Latency {
    /// Reads a histogram of microseconds.
    pub(crate) fn of(us: &Histogram<u64>) -> Self {
        let at = |quantile| us.value_at_quantile(quantile) as f64 / 1e3;
        Self {
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            p999_ms: at(0.999),
            max_ms: us.max() as f64 / 1e3,
        }
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { p50_ms, p99_ms, p999_ms, max_ms } = self;
        write!(f, "p50 {p50_ms:.1}  p99 {p99_ms:.1}  p99.9 {p999_ms:.1}  max {max_ms:.1} ms")
    }
}

/// What the server and the generator have used up to a moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    at: Instant,
    server_cpu: Option<Duration>,
    own_cpu: Duration,
    /// The server's resident memory.
    pub server_resident_kb: Option<u64>,
}

/// What they used between two moments.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    /// Time on the clock.
    pub wall: Duration,
    /// The server's processor time.
    pub server_cpu: Option<Duration>,
    /// The generator's processor time.
    pub own_cpu: Duration,
}

impl Usage {
    /// Now, for the server `pid` and this process.
    pub(crate) fn read(pid: Option<u32>) -> Result<Self> {
        Ok(Self {
            at: Instant::now(),
            server_cpu: pid.map(process::cpu_time).transpose()?,
            own_cpu: process::cpu_time(std::process::id())?,
            server_resident_kb: pid.map(process::resident_kb).transpose()?,
        })
    }

    /// What was used since `before`.
    pub(crate) fn since(&self, before: &Self) -> Spent {
        let server = self.server_cpu.zip(before.server_cpu);
        Spent {
            wall: self.at.saturating_duration_since(before.at),
            server_cpu: server.map(|(now, then)| now.saturating_sub(then)),
            own_cpu: self.own_cpu.saturating_sub(before.own_cpu),
        }
    }
}

impl Spent {
    /// How many cores the processor time `cpu` kept busy.
    pub(crate) fn share(&self, cpu: Duration) -> f64 {
        cpu.as_secs_f64() / self.wall.as_secs_f64().max(f64::EPSILON)
    }
}

/// The summary of one run.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Outcome {
    /// Connections that were open at the end.
    pub members: usize,
    /// Channels they were spread over.
    pub channels: usize,
    /// The load, in words.
    pub load: String,
    /// From the first send to the last delivery.
    pub seconds: f64,
    /// Messages sent.
    pub sent: u64,
    /// Error answers to sends, by status.
    pub refusals: BTreeMap<u16, u64>,
    /// Sends without any answer.
    pub broken: u64,
    /// Deliveries that were right.
    pub deliveries: u64,
    /// The same, per second.
    pub deliveries_per_second: f64,
    /// From sending to each receiver. At a given rate, from when the message was due.
    pub each: Latency,
    /// From sending to the last receiver.
    pub last: Latency,
    /// From sending to the answer that the message is kept.
    pub answer: Latency,
    /// What went wrong with deliveries.
    pub faults: Faults,
    /// Why the first few connections ended.
    pub endings: Vec<String>,
    /// The server's processor time for a million deliveries.
    pub server_cpu_s_per_million: Option<f64>,
    /// Cores that the server kept busy.
    pub server_cores: Option<f64>,
    /// Cores that the generator kept busy; near 1, its own speed limits the figures.
    pub generator_cores: f64,
    /// The server's resident memory at the end.
    pub server_resident_kb: Option<u64>,
    /// What each person who signed in and connected added to it, before anything was said.
    pub server_kb_per_connection: Option<f64>,
}

impl Outcome {
    /// Whether everything that was sent reached everybody, once and in order.
    pub(crate) fn is_flawless(&self) -> bool {
        self.faults() == 0
    }

    /// How many things went wrong, of every kind.
    pub(crate) fn faults(&self) -> u64 {
        let Faults { lost, doubled, reordered, mismatched, closed } = self.faults;
        let refused: u64 = self.refusals.values().sum();
        lost + doubled + reordered + mismatched + closed + refused + self.broken
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Faults { lost, doubled, reordered, mismatched, closed } = self.faults;
        writeln!(f, "members     {} in {} channel(s), {}", self.members, self.channels, self.load)?;
        writeln!(f, "sent        {} in {:.1} s", self.sent, self.seconds)?;
        writeln!(f, "delivered   {} ({:.0}/s)", self.deliveries, self.deliveries_per_second)?;
        writeln!(f, "each        {}", self.each)?;
        writeln!(f, "last        {}", self.last)?;
        writeln!(f, "answer      {}", self.answer)?;
        write!(f, "faults      lost {lost}, doubled {doubled}, reordered {reordered}, ")?;
        writeln!(f, "mismatched {mismatched}, closed {closed}, unanswered {}", self.broken)?;
        for (status, count) in &self.refusals {
            writeln!(f, "refused     {count} × {status}")?;
        }
        for ending in &self.endings {
            writeln!(f, "ended       {ending}")?;
        }
        if let (Some(cpu), Some(cores)) = (self.server_cpu_s_per_million, self.server_cores) {
            writeln!(f, "server      {cpu:.2} CPU s per million deliveries, {cores:.2} cores")?;
        }
        if let Some(kb) = self.server_resident_kb {
            writeln!(f, "            {:.1} MB resident", kb as f64 / 1024.0)?;
        }
        if let Some(kb) = self.server_kb_per_connection {
            writeln!(f, "            {kb:.2} kB per idle connection")?;
        }
        write!(f, "generator   {:.2} cores", self.generator_cores)
    }
}
