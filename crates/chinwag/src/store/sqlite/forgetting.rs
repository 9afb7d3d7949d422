//! Seeing to it that what was deleted is in no file of the folder any more.
//!
//! A deleted row is overwritten in its page (`secure_delete`), but not everywhere: the log has the page as
//! it was before, also behind its present end, and the database has it until the log is copied back. And
//! SQLite leaves copies of rows in the free room of pages ([`remnants`]). So some seconds after something
//! was deleted, the log is copied back and emptied, and that room is zeroed.
//!
//! Most of it is done beside the writer, on a connection of its own: copying the log back, and looking
//! for remnants. The writer only copies what has come meanwhile, empties the log, and zeroes.

use std::fs::File;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use rusqlite::Connection;
use tokio::task::spawn_blocking;

use super::{SqliteStore, connection, remnants};
use crate::store::{Error, Result};

/// How many pages the writer zeroes at a time, while others wait for some milliseconds.
const PAGES_AT_ONCE: usize = 256;

/// What is needed to forget, and how far that is done.
pub(super) struct Forgetting {
    /// A connection that copies the log back; `None` once the store is closed.
    db: Arc<Mutex<Option<Connection>>>,
    /// The database. It is closed behind all connections: closing a file ends the locks of SQLite.
    file: Arc<File>,
    /// How many deletions there were since the store was opened.
    deletions: Arc<AtomicU64>,
    /// Of how many of them nothing is left. Before the first time, what was deleted before the server
    /// started may be in a file.
    forgotten: Mutex<Option<u64>>,
}

impl Forgetting {
    /// Opens the connection and the file. `deletions` is counted up by whoever deletes, before the commit.
    ///
    /// # Errors
    /// When they cannot be opened.
    pub(super) fn open(path: &Path, deletions: Arc<AtomicU64>) -> Result<Self> {
        let file = File::options().read(true).write(true).open(path);
        let file = file.map_err(super::backup::failed)?;
        Ok(Self {
            db: Arc::new(Mutex::new(Some(connection::open_reader(path)?))),
            file: Arc::new(file),
            deletions,
            forgotten: Mutex::new(None),
        })
    }

    /// Closes the connection, before the writer closes its own.
    pub(super) fn close(&self) {
        drop(self.db.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// How many deletions there are now, if something may be left of one.
    fn due(&self) -> Option<u64> {
        let now = self.deletions.load(Ordering::Acquire);
        let forgotten = *self.forgotten.lock().unwrap_or_else(PoisonError::into_inner);
        (forgotten != Some(now)).then_some(now)
    }
}

impl SqliteStore {
    /// See [`Store::forget_deleted`](crate::store::Store::forget_deleted).
    pub(super) async fn forget(&self) -> Result<bool> {
        let Some(due) = self.forgetting.due() else { return Ok(true) };
        let began = Instant::now();
        let (db, file) = (Arc::clone(&self.forgetting.db), Arc::clone(&self.forgetting.file));
        let looked = spawn_blocking(move || {
            let db = db.lock().unwrap_or_else(PoisonError::into_inner);
            if !copy_back(db.as_ref().ok_or(Error::Closed)?)? {
                return Ok(None);
            }
            remnants::find(&file).map(Some).map_err(super::backup::failed)
        });
        let looked = looked.await.map_err(|error| Error::Io(error.to_string()))??;
        let Some(pages) = looked else { return Ok(false) };
        // The log is emptied also if there are no pages.
        let mut parts: Vec<Vec<u64>> = pages.chunks(PAGES_AT_ONCE).map(<[u64]>::to_vec).collect();
        if parts.is_empty() {
            parts.push(Vec::new());
        }
        for part in parts {
            if !self.writer.forget(Arc::clone(&self.forgetting.file), part).await? {
                return Ok(false);
            }
        }
        *self.forgetting.forgotten.lock().unwrap_or_else(PoisonError::into_inner) = Some(due);
        let took = began.elapsed();
        tracing::debug!(pages = pages.len(), ?took, "nothing is left of what was deleted");
        Ok(true)
    }
}

/// Copies the log back as far as nobody reads what is before it; `false` when that was not all of it.
fn copy_back(db: &Connection) -> Result<bool> {
    let (busy, pages, copied) = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    })?;
    Ok(busy == 0 && pages == copied)
}
