//! How a herd came back.

use std::fmt;

use serde::Serialize;

use crate::outcome::Latency;

/// The summary of a return.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Return {
    /// How many people were cut off.
    pub people: usize,
    /// How many are connected and have what they missed.
    pub current: usize,
    /// How many did not hear the message that was posted after that.
    pub deaf: usize,
    /// From when the server was reachable until each person was current.
    pub each: Latency,
    /// The same for the last of them.
    pub last_s: f64,
    /// Attempts that did not reach the server, or broke.
    pub failed: u64,
    /// Attempts that the server refused.
    pub refused: u64,
    /// Missed messages that were fetched.
    pub fetched: u64,
    /// Why the first few attempts failed.
    pub reasons: Vec<String>,
    /// The server's processor seconds from the first attempt on.
    pub server_cpu_s: Option<f64>,
    /// The server's greatest resident memory.
    pub server_peak_kb: Option<u64>,
    /// Cores that the generator kept busy; near 1, its own speed limits the figures.
    pub generator_cores: f64,
}

impl Return {
    /// Whether everybody came back, was never refused, and hears.
    pub(crate) fn is_flawless(&self) -> bool {
        self.current == self.people && self.deaf == 0 && self.refused == 0
    }
}

impl fmt::Display for Return {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "back        {} of {}, {} deaf", self.current, self.people, self.deaf)?;
        writeln!(f, "current     {}", self.each)?;
        writeln!(f, "last        {:.2} s", self.last_s)?;
        writeln!(f, "attempts    {} failed, {} refused", self.failed, self.refused)?;
        writeln!(f, "fetched     {} messages", self.fetched)?;
        for reason in &self.reasons {
            writeln!(f, "failure     {reason}")?;
        }
        if let (Some(cpu), Some(kb)) = (self.server_cpu_s, self.server_peak_kb) {
            writeln!(f, "server      {cpu:.2} CPU s, {:.1} MB at most", kb as f64 / 1024.0)?;
        }
        write!(f, "generator   {:.2} cores", self.generator_cores)
    }
}
