//! The writer's part in forgetting what was deleted: it empties the log, and zeroes the free room of
//! pages while nobody writes.

use std::fs::File;
use std::time::Duration;

use super::thread::{WriterThread, copy_back};
use super::transaction::execute;
use crate::store::sqlite::{backup, connection, remnants};
use crate::store::{Error, Result};

/// How long the writer waits for readers of before. All that came before is copied back by then, so that
/// new readers need no log; only one that reads for long, such as a backup, still does.
const WAIT: Duration = Duration::from_millis(50);

impl WriterThread {
    /// Empties the log and zeroes the free room of those pages; `false` when a reader prevents it.
    ///
    /// # Errors
    /// What the disk or the database says.
    pub(super) fn forget(&mut self, file: &File, pages: &[u64]) -> Result<bool> {
        if !self.empty_log()? {
            return Ok(false);
        }
        if pages.is_empty() {
            return Ok(true);
        }
        // No other program writes as long as this transaction is open, and none does between the look
        // at the log and its end.
        execute(&self.db, "BEGIN IMMEDIATE")?;
        let untouched = self.is_log_empty();
        if untouched {
            remnants::wipe(file, pages).map_err(backup::failed)?;
        }
        execute(&self.db, "ROLLBACK")?;
        // The pages that this connection keeps in memory would bring the remnants back.
        self.db.execute_batch("PRAGMA shrink_memory")?;
        Ok(untouched)
    }

    /// Copies the log back and empties it; `false` when a reader prevents that.
    fn empty_log(&mut self) -> Result<bool> {
        self.db.busy_timeout(WAIT)?;
        let emptied = copy_back(&self.db, &self.lock, self.log_needed);
        self.db.busy_timeout(connection::BUSY_WAIT)?;
        // It may be noted already that the log is not needed: the next commit notes again that it is.
        self.log_needed = false;
        match emptied {
            Err(Error::Busy) => Ok(false),
            emptied => emptied,
        }
    }

    fn is_log_empty(&self) -> bool {
        self.db.path().is_some_and(|path| crate::store::sqlite::wal::is_empty(path.as_ref()))
    }
}
