//! How a herd is to come back.

use std::time::{Duration, Instant};

/// The plan of a return.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// When everybody was cut off.
    pub cut: Instant,
    /// When the server was reachable again. Times are counted from here.
    pub open: Instant,
    /// The time from the cut to the latest first attempt.
    pub spread: Duration,
    /// For each channel, the revision that everybody had heard.
    pub since: Vec<u64>,
    /// The length of the texts.
    pub text_bytes: usize,
    /// The server's process, when it runs on this machine.
    pub pid: Option<u32>,
}
