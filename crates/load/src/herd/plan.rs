//! How a herd is to come back.

use std::time::{Duration, Instant};

/// The plan of a return.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    /// When everybody was cut off.
    pub cut: Instant,
    /// When the server was there again; times count from here.
    pub open: Instant,
    /// The latest first attempt, from the cut.
    pub spread: Duration,
    /// The revision that everybody had heard, by channel.
    pub since: Vec<u64>,
    /// The length of the texts.
    pub text_bytes: usize,
    /// The server's process, when it runs on this machine.
    pub pid: Option<u32>,
}
