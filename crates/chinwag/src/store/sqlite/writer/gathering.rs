//! How long the writer lets a batch grow before it commits.
//!
//! Callers that were answered by the last commit often send their next command a moment later. The
//! first of them would start a commit of its own, and all others would wait for the one after it:
//! half of the flushes would carry almost nothing. So after a large batch the writer waits for as
//! many commands again, for a small part of the time that a commit takes.

use std::thread;
use std::time::{Duration, Instant};

/// The writer waits only if the last batch had at least so many commands …
const MANY: usize = 8;
/// … for one part in so many of the time that its commit took …
const PART: u32 = 4;
/// … and never longer than this.
const LONGEST: Duration = Duration::from_millis(1);

/// What the last commit tells about the next.
#[derive(Default)]
pub(super) struct Gathering {
    expected: usize,
    patience: Duration,
}

impl Gathering {
    /// Notes a batch of so many commands, and how long it took.
    pub(super) fn committed(&mut self, commands: usize, took: Duration) {
        self.expected = commands;
        self.patience = (took / PART).min(LONGEST);
    }

    /// Waits until as many commands as last time are queued, or the patience ends. It yields the
    /// processor to the threads that are about to send them.
    pub(super) fn wait(&self, there: impl Fn() -> usize) {
        if self.expected < MANY {
            return;
        }
        let began = Instant::now();
        while there() < self.expected && began.elapsed() < self.patience {
            thread::yield_now();
        }
    }
}
