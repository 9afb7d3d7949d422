//! What waits for the host's code on one connection, in order.
//!
//! The mailbox does not run anything itself. Code that puts something in starts a task if
//! [`Mailbox::begin`] says that none runs; the task takes items until there are none.

use std::collections::VecDeque;

use crate::DisconnectReason;

/// The items of one connection that are not handled yet, and its end behind them.
pub(crate) struct Mailbox<I> {
    /// Each with its weight in bytes.
    items: VecDeque<(I, usize)>,
    bytes: usize,
    most_items: usize,
    most_bytes: usize,
    /// A task is emptying it.
    is_running: bool,
    /// The shard was told to stop reading.
    is_paused: bool,
    /// The end, handled after the last item.
    end: Option<DisconnectReason>,
}

/// What is handled next.
pub(crate) enum Next<I> {
    Item(I),
    End(DisconnectReason),
}

impl<I> Mailbox<I> {
    pub(crate) fn new(most_items: usize, most_bytes: usize) -> Self {
        Self {
            items: VecDeque::new(),
            bytes: 0,
            most_items,
            most_bytes,
            is_running: false,
            is_paused: false,
            end: None,
        }
    }

    /// Puts an item in. `true` if the mailbox is full now: nothing more should be read until
    /// [`Mailbox::next`] says so.
    pub(crate) fn push(&mut self, item: I, weight: usize) -> bool {
        self.items.push_back((item, weight));
        self.bytes += weight;
        self.is_paused = self.items.len() >= self.most_items || self.bytes >= self.most_bytes;
        self.is_paused
    }

    /// Puts an item in that does not count against the bounds.
    pub(crate) fn push_free(&mut self, item: I) {
        self.items.push_back((item, 0));
    }

    /// Puts the end in.
    pub(crate) fn push_end(&mut self, reason: DisconnectReason) {
        self.end = Some(reason);
    }

    /// Notes that a task is emptying the mailbox. `true` if none did before: the caller starts it.
    pub(crate) fn begin(&mut self) -> bool {
        !std::mem::replace(&mut self.is_running, true)
    }

    /// Notes that the task has stopped. `true` if there is nothing left for another.
    pub(crate) fn stop(&mut self) -> bool {
        self.is_running = false;
        self.items.is_empty() && self.end.is_none()
    }

    /// Takes out what is handled next, or notes that the task has stopped if there is nothing. The
    /// flag says whether the shard has to be told to read again.
    pub(crate) fn next(&mut self) -> (Option<Next<I>>, bool) {
        let Some((item, weight)) = self.items.pop_front() else {
            let end = self.end.take().map(Next::End);
            if end.is_none() {
                self.is_running = false;
                // An idle connection holds no memory for items.
                self.items = VecDeque::new();
            }
            return (end, false);
        };
        self.bytes -= weight;
        let has_room = self.items.len() <= self.most_items / 2 && self.bytes <= self.most_bytes / 2;
        let resumes = self.is_paused && has_room;
        self.is_paused &= !resumes;
        (Some(Next::Item(item)), resumes)
    }
}
