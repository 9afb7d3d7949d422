//! How long the writer lets a batch grow.
//!
//! Whoever was answered by the last commit asks again a moment later. The first of them would start
//! a commit of its own, and the others wait through all of it for the next one: half of the flushes
//! would carry next to nothing. So where many were answered, the writer waits for as many, for a
//! small part of the time that a commit takes.

use std::thread;
use std::time::{Duration, Instant};

/// A batch is let grow when the last one was of so many …
const MANY: usize = 8;
/// … for this part of the time that its commit took …
const PART: u32 = 4;
/// … but not for longer than this.
const LONGEST: Duration = Duration::from_millis(1);

/// What the last commit says of the next.
#[derive(Default)]
pub(super) struct Gathering {
    expected: usize,
    patience: Duration,
}

impl Gathering {
    pub(super) fn committed(&mut self, commands: usize, took: Duration) {
        self.expected = commands;
        self.patience = (took / PART).min(LONGEST);
    }

    /// Waits while fewer than expected are there. The processor goes to those who are about to ask.
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
