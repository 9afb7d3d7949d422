//! The time that one search may take, however much there is to look through.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::store::Result;

/// How long one search looks. What it has found by then is told, and that there may be more.
pub(super) const LONGEST: Duration = Duration::from_secs(2);

/// When a search ends.
#[derive(Debug, Clone)]
pub(super) struct Time {
    begun: Instant,
    end: Instant,
    /// Whether `SQLite` stops at the end: while the index is read, of which a part is worth something.
    stops: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
}

impl Time {
    /// So long from now.
    pub(super) fn of(time: Duration) -> Self {
        let begun = Instant::now();
        Self { begun, end: begun + time, stops: Arc::default(), stopped: Arc::default() }
    }

    /// How long it has been since it began.
    pub(super) fn so_far(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Whether it is over.
    pub(super) fn is_over(&self) -> bool {
        Instant::now() >= self.end
    }

    /// What `SQLite` asks, on the way, to know whether to stop.
    pub(super) fn stop(&self) -> impl FnMut() -> bool + Send + use<> {
        let time = self.clone();
        move || {
            let now = time.stops.load(Relaxed) && time.is_over();
            time.stopped.fetch_or(now, Relaxed);
            now
        }
    }

    /// Does work that reads and is stopped when the time is over. `None`: it was stopped.
    ///
    /// # Errors
    /// What the work returned.
    pub(super) fn limit<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<Option<T>> {
        let stopping = Stopping::begin(&self.stops);
        let done = work();
        drop(stopping);
        match done {
            Err(_) if self.stopped.load(Relaxed) => Ok(None),
            done => done.map(Some),
        }
    }
}

/// As long as it lives, `SQLite` stops at the end.
struct Stopping<'a>(&'a AtomicBool);

impl<'a> Stopping<'a> {
    fn begin(stops: &'a AtomicBool) -> Self {
        stops.store(true, Relaxed);
        Self(stops)
    }
}

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(false, Relaxed);
    }
}
