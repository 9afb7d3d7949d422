//! A pool of a fixed number of connections that read.
//!
//! Every read is one transaction, so that all of its answer is of one moment. A read that finds no free
//! connection waits for a bounded time and then fails with `Busy`.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::connection::open_reader;
use crate::store::{Error, Result};

/// How long a read waits for a connection.
const WAIT: Duration = Duration::from_secs(5);

/// `SQLite` asks whether to stop after so many of its steps.
const STEPS: i32 = 100;

/// The pool.
pub(super) struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    /// As many permits as connections: whoever holds a permit finds a free connection.
    permits: Arc<Semaphore>,
    count: u32,
}

impl Readers {
    /// Opens `count` connections, at least one.
    pub(super) fn open(path: &Path, count: usize) -> rusqlite::Result<Self> {
        let count = count.max(1);
        let free = (0..count).map(|_| open_reader(path)).collect::<rusqlite::Result<_>>()?;
        Ok(Self {
            free: Arc::new(Mutex::new(free)),
            permits: Arc::new(Semaphore::new(count)),
            count: u32::try_from(count).unwrap_or(u32::MAX),
        })
    }

    /// Reads in one transaction, on a blocking thread.
    ///
    /// # Errors
    /// What `work` returned; `Busy` when no connection gets free in time, `Closed`.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        self.lend(move |db| in_snapshot(db, work)).await
    }

    /// The same, where `SQLite` asks on the way whether to stop, which is an error then. It asks also while a virtual table
    /// looks for its next row: each page that it reads is a step or more.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub(super) async fn read_until<T, F, S>(&self, stop: S, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
        S: FnMut() -> bool + Send + 'static,
    {
        self.lend(move |db| watched(db, stop, work)).await
    }

    async fn lend<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    {
        let permit = timeout(WAIT, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|_| Error::Closed)?;
        let free = Arc::clone(&self.free);
        let reading = spawn_blocking(move || {
            let mut lent = Lent::take(free)?;
            let answer = work(lent.connection_mut()?);
            // The connection must be back in the pool before its permit is.
            drop(lent);
            drop(permit);
            answer
        });
        reading.await.unwrap_or_else(|error| Err(Error::Io(format!("a read failed: {error}"))))
    }

    /// Looks something small up by its key, on the calling thread: going to another thread and back
    /// costs several times as much as the look-up. Each statement sees a moment of its own.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    pub(super) async fn look_up<T>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T>,
    ) -> Result<T> {
        // Declared first, so that it is dropped after its connection.
        let _permit = timeout(WAIT, self.permits.acquire())
            .await
            .map_err(|_| Error::Busy)?
            .map_err(|_| Error::Closed)?;
        let lent = Lent::take(Arc::clone(&self.free))?;
        work(lent.connection()?)
    }

    /// Takes no more reads, waits for those that are running, and closes all connections. A connection
    /// whose read takes longer closes at the end of it.
    pub(super) async fn close(&self) {
        if let Ok(Ok(all)) = timeout(WAIT, self.permits.acquire_many(self.count)).await {
            all.forget();
        }
        self.permits.close();
        self.free.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A connection that was taken from the pool. It goes back when this is dropped, also after a panic.
struct Lent {
    free: Arc<Mutex<Vec<Connection>>>,
    connection: Option<Connection>,
}

impl Lent {
    fn take(free: Arc<Mutex<Vec<Connection>>>) -> Result<Self> {
        let connection = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Ok(Self { free, connection })
    }

    fn connection_mut(&mut self) -> Result<&mut Connection> {
        self.connection.as_mut().ok_or(Error::Closed)
    }

    /// There is none only if the pool was closed after the permit was acquired.
    fn connection(&self) -> Result<&Connection> {
        self.connection.as_ref().ok_or(Error::Closed)
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

fn in_snapshot<T>(db: &Connection, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    // It is dropped without a commit and so rolled back, which makes no difference for a read.
    let snapshot = db.unchecked_transaction()?;
    work(&snapshot)
}

/// Reads as long as `stop` does not say so.
pub(super) fn watched<T>(
    db: &mut Connection,
    stop: impl FnMut() -> bool + Send + 'static,
    work: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    db.progress_handler(STEPS, Some(stop))?;
    let answer = in_snapshot(db, work);
    // It must not stop the next read.
    db.progress_handler(0, None::<fn() -> bool>)?;
    answer
}
