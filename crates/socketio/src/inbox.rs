//! The ordered, bounded inbox of a shard.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mio::Waker;

use crate::Config;
use crate::command::Command;
use crate::stats::Counters;

/// One shard's inbox.
///
/// The shard empties it in every pass. Two passes are at most `max_gap` and the length of one pass
/// apart; the bound is for the case that a pass takes too long. A command that finds the inbox full
/// is dropped, and the shard then closes all its connections. Their clients reconnect and ask for
/// what they missed, so nobody is served a stream with a hole in it.
pub(crate) struct Inbox {
    waiting: Mutex<Waiting>,
    most_commands: usize,
    most_bytes: usize,
    waker: Waker,
    pub counters: Counters,
}

/// What waits for a shard.
#[derive(Default)]
struct Waiting {
    commands: Vec<Command>,
    /// Bytes of the frames among them.
    bytes: usize,
    /// A command was dropped since the last pass.
    is_overrun: bool,
    /// The shard has ended: nothing is taken any more.
    is_closed: bool,
}

impl Inbox {
    pub(crate) fn new(waker: Waker, config: &Config) -> Arc<Self> {
        Arc::new(Self {
            waiting: Mutex::default(),
            most_commands: config.inbox_commands,
            most_bytes: config.inbox_bytes,
            waker,
            counters: Counters::default(),
        })
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a command in and wakes the shard if it may be asleep. A command that is not taken is
    /// dropped, and so is the sender of its answer.
    pub(crate) fn push(&self, command: Command) {
        let bytes = command.bytes();
        let was_empty = {
            let mut waiting = self.waiting();
            let is_full = waiting.commands.len() >= self.most_commands
                || (waiting.bytes > 0 && waiting.bytes + bytes > self.most_bytes);
            if waiting.is_closed || (is_full && !command.is_always_taken()) {
                waiting.is_overrun = true;
                drop(waiting);
                return drop(command);
            }
            waiting.bytes += bytes;
            waiting.commands.push(command);
            waiting.commands.len() == 1
        };
        if was_empty && let Err(error) = self.waker.wake() {
            tracing::error!(%error, "a shard could not be woken");
        }
    }

    /// Swaps the waiting commands for an empty list. Returns whether any command was dropped since
    /// the last time.
    pub(crate) fn take(&self, into: &mut Vec<Command>) -> bool {
        let mut waiting = self.waiting();
        std::mem::swap(&mut waiting.commands, into);
        waiting.bytes = 0;
        std::mem::take(&mut waiting.is_overrun)
    }

    /// Takes nothing any more, and drops what is left, with the senders of its answers.
    pub(crate) fn close(&self) {
        let left = {
            let mut waiting = self.waiting();
            waiting.is_closed = true;
            std::mem::take(&mut waiting.commands)
        };
        drop(left);
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting().commands.len()
    }
}
