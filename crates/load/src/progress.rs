//! A line on the terminal that shows the progress of a step, a few times a second.
//!
//! Nothing is written if standard error is not a terminal.

use std::io::{IsTerminal, Write, stderr};
use std::time::{Duration, Instant};

/// How often the line changes.
const PERIOD: Duration = Duration::from_millis(250);

/// The line. Dropping this value erases it.
pub(crate) struct Progress {
    what: &'static str,
    next: Instant,
    is_seen: bool,
}

impl Progress {
    /// A line about `what`.
    pub(crate) fn new(what: &'static str) -> Self {
        Self { what, next: Instant::now() + PERIOD, is_seen: stderr().is_terminal() }
    }

    /// Shows `text` if the last change is long enough ago.
    pub(crate) fn show(&mut self, text: impl FnOnce() -> String) {
        let now = Instant::now();
        if self.is_seen && now >= self.next {
            self.next = now + PERIOD;
            // A terminal that went away must not end a measurement.
            let _ = write!(stderr(), "\r\x1b[K{}: {}", self.what, text());
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_seen {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
