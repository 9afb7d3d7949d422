//! What one connection is doing, and since when it waits for its client.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};

use tokio::sync::Notify;

/// What a connection is doing: written by its own task, read by all others, without a lock.
#[derive(Default)]
pub(super) struct Activity {
    /// A request is being answered, so the connection does not give way.
    pub is_busy: AtomicBool,
    /// The client takes nothing at the moment.
    pub is_blocked: AtomicBool,
    /// The rest of the request's body has not come.
    pub awaits_body: AtomicBool,
    /// When its activity last changed or bytes were written; milliseconds of the clock of the
    /// slots.
    pub since_ms: AtomicU64,
    /// Bytes of the answer that are not written yet.
    pub owed: AtomicU64,
    /// Tells its task to end it.
    pub cut: Notify,
}

impl Activity {
    /// Since when it waits for its client to send a request, to send the rest of one, or to read;
    /// `None` when it does not.
    pub(super) fn waits_since(&self) -> Option<u64> {
        let waits = !self.is_busy.load(Relaxed)
            || self.is_blocked.load(Relaxed)
            || self.awaits_body.load(Relaxed);
        waits.then(|| self.since_ms.load(Relaxed))
    }

    /// Since when its client takes nothing; `None` when it does.
    pub(super) fn blocked_since(&self) -> Option<u64> {
        self.is_blocked.load(Relaxed).then(|| self.since_ms.load(Relaxed))
    }
}
