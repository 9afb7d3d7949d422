//! How many files arrive at one time, and which of them gives way when all places are taken.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::files::Error;

/// How long a file has to arrive before its speed counts.
const SPARED: Duration = Duration::from_secs(5);
/// A file that brings as many bytes a second never gives way. A slower one may be ended in favour
/// of another; its sender goes on later from where it was.
const FAST_BYTES: f64 = 32.0 * 1024.0;

/// The files that arrive now.
#[derive(Debug)]
pub(super) struct Arrivals {
    most: usize,
    table: Mutex<Table>,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    arriving: HashMap<u64, Arc<Progress>>,
}

#[derive(Debug)]
struct Progress {
    began: Instant,
    bytes: AtomicU64,
    gives_way: Notify,
}

/// A file among those that arrive now. Its place is free again when the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Arrival(Arc<Registered>);

/// An entry in the table; dropping it removes the entry.
#[derive(Debug)]
struct Registered {
    arrivals: Arc<Arrivals>,
    id: u64,
    progress: Arc<Progress>,
}

impl Arrivals {
    pub(super) fn new(most: usize) -> Arc<Self> {
        Arc::new(Self { most, table: Mutex::default() })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a place. When there is none, the slowest file gives way, if it is a slow one.
    ///
    /// # Errors
    /// `Busy` when all are taken by files that come quickly or have only begun.
    pub(super) fn take(self: &Arc<Self>) -> Result<Arrival, Error> {
        let now = Instant::now();
        let mut table = self.table();
        if table.arriving.len() >= self.most {
            let id = table.slowest(now).ok_or(Error::Busy)?;
            if let Some(progress) = table.arriving.remove(&id) {
                progress.gives_way.notify_one();
            }
        }
        table.next += 1;
        let id = table.next;
        let progress = Progress { began: now, bytes: AtomicU64::new(0), gives_way: Notify::new() };
        let progress = Arc::new(progress);
        table.arriving.insert(id, Arc::clone(&progress));
        drop(table);
        Ok(Arrival(Arc::new(Registered { arrivals: Arc::clone(self), id, progress })))
    }
}

impl Table {
    fn slowest(&self, now: Instant) -> Option<u64> {
        let speeds = self.arriving.iter().filter_map(|(id, progress)| {
            let age = now.saturating_duration_since(progress.began);
            let speed = progress.bytes.load(Relaxed) as f64 / age.as_secs_f64();
            (age >= SPARED && speed < FAST_BYTES).then_some((speed, *id))
        });
        speeds.min_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, id)| id)
    }
}

impl Arrival {
    /// Notes that bytes came.
    pub fn came(&self, bytes: usize) {
        self.0.progress.bytes.fetch_add(bytes as u64, Relaxed);
    }

    /// Waits until this file has to give way.
    pub async fn gives_way(&self) {
        self.0.progress.gives_way.notified().await;
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.arrivals.table().arriving.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a file look as if it had begun `age` ago.
    fn begun_before(arrivals: &Arrivals, arrival: &Arrival, age: Duration, bytes: u64) {
        let progress = Progress {
            began: Instant::now().checked_sub(age).unwrap(),
            bytes: AtomicU64::new(bytes),
            gives_way: Notify::new(),
        };
        arrivals.table().arriving.insert(arrival.0.id, Arc::new(progress));
    }

    #[test]
    fn the_slowest_gives_way_and_a_fast_or_young_one_never_does() {
        let arrivals = Arrivals::new(3);
        let [fast, slow, slower] = [(); 3].map(|()| arrivals.take().unwrap());
        assert!(matches!(arrivals.take(), Err(Error::Busy)), "all have only begun");
        let age = 2 * SPARED;
        begun_before(&arrivals, &fast, age, 1 << 20);
        begun_before(&arrivals, &slow, age, 2_000);
        begun_before(&arrivals, &slower, age, 1_000);
        let has = |arrival: &Arrival| arrivals.table().arriving.contains_key(&arrival.0.id);
        let _first = arrivals.take().unwrap();
        assert!(has(&fast) && has(&slow) && !has(&slower));
        let _second = arrivals.take().unwrap();
        assert!(has(&fast) && !has(&slow));
        assert!(matches!(arrivals.take(), Err(Error::Busy)));
        drop((slow, slower, fast));
        assert_eq!(arrivals.table().arriving.len(), 2, "a place is given back once");
    }
}
