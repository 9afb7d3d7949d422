//! Holds of unfinished uploads: one request at a time works on an upload.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use crate::model::ids::UploadId;

/// The uploads that a request holds now.
#[derive(Default)]
pub(super) struct Holds(Mutex<HashMap<UploadId, Holder>>);

/// What others know of the request that holds an upload.
#[derive(Clone)]
struct Holder {
    /// Asks it to let go.
    stop: Arc<Notify>,
    /// Closed when it has let go.
    freed: watch::Receiver<()>,
}

/// A hold of an upload. No other request has one until this is dropped.
pub struct Held {
    holds: Arc<Holds>,
    id: UploadId,
    stop: Arc<Notify>,
    /// Dropped after the entry is removed from the table, which wakes those who wait.
    _freed: watch::Sender<()>,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.holds.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

impl Held {
    /// Waits until another request wants the upload.
    pub(super) async fn wanted(&self) {
        self.stop.notified().await;
    }
}

impl Holds {
    /// Holds an upload. When another request holds it, that one is asked to let go and given
    /// `patience` to do so; without patience it is not asked. `None` when it keeps the upload.
    pub(super) async fn take(
        self: &Arc<Self>,
        id: UploadId,
        patience: Option<Duration>,
    ) -> Option<Held> {
        let until = patience.map(|patience| Instant::now() + patience);
        loop {
            let mut holder = match self.try_take(id) {
                Ok(held) => return Some(held),
                Err(holder) => holder,
            };
            let until = until?;
            holder.stop.notify_one();
            // Nothing is ever sent here; the wait ends when the sender is dropped.
            let freed = holder.freed.changed();
            if tokio::time::timeout_at(until, freed).await.is_err() {
                return None;
            }
        }
    }

    fn try_take(self: &Arc<Self>, id: UploadId) -> Result<Held, Holder> {
        let mut table = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(holder) = table.get(&id) {
            return Err(holder.clone());
        }
        let (stop, (sender, freed)) = (Arc::new(Notify::new()), watch::channel(()));
        table.insert(id, Holder { stop: Arc::clone(&stop), freed });
        Ok(Held { holds: Arc::clone(self), id, stop, _freed: sender })
    }
}
