//! The thread that writes: it gathers batches, commits them, and answers.

use std::fs::File;
use std::sync::Arc;
use std::time::Instant;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::ballast::Ballast;
use super::command::{Command, Kind};
use super::gathering::Gathering;
use super::transaction::{commit, execute};
use crate::store::sqlite::sums::Sums;
use crate::store::sqlite::{connection, folder};
use crate::store::{Error, OnCommit, Result};

/// The most commands in one transaction: bounds how long the first one waits for the last.
const BATCH: usize = 512;
/// How many times the thread tries to roll back a transaction that stays open.
const ROLLBACKS: usize = 3;

/// What the thread is asked to do.
pub(super) enum Job {
    /// Run a command.
    Run(Box<dyn Command>),
    /// Answer, to show that the thread is alive.
    Ping(oneshot::Sender<()>),
    /// Empty the log, and zero the free room of those pages.
    Forget {
        /// The database.
        file: Arc<File>,
        /// The pages.
        pages: Vec<u64>,
        /// Whether it was done.
        answer: oneshot::Sender<Result<bool>>,
    },
    /// Run what is queued, take nothing more, and end.
    Close,
}

type Batch = Vec<Box<dyn Command>>;

/// What the thread owns.
pub(super) struct WriterThread {
    pub(super) db: Connection,
    /// The data folder's lock, held as long as this lives.
    pub(super) lock: File,
    pub(super) ballast: Ballast,
    pub(super) sums: Sums,
    pub(super) on_commit: OnCommit,
    /// Whether the lock file says that the log is needed.
    pub(super) log_needed: bool,
}

impl WriterThread {
    /// Runs commands until it is told to close.
    ///
    /// # Errors
    /// When the connection can no longer be used.
    pub(super) fn work(&mut self, mut jobs: mpsc::Receiver<Job>) -> Result<()> {
        let mut waiting = Vec::with_capacity(BATCH);
        let mut gathering = Gathering::default();
        loop {
            gathering.wait(|| jobs.len());
            if jobs.blocking_recv_many(&mut waiting, BATCH) == 0 {
                return Ok(());
            }
            let mut batch: Batch = Vec::with_capacity(waiting.len());
            let mut forget = None;
            for job in waiting.drain(..) {
                match job {
                    Job::Run(command) => batch.push(command),
                    // The caller may have given up.
                    Job::Ping(answer) => drop(answer.send(())),
                    // One asks at a time.
                    Job::Forget { file, pages, answer } => forget = Some((file, pages, answer)),
                    Job::Close => jobs.close(),
                }
            }
            if let Some((file, pages, answer)) = forget {
                let done = self.forget(&file, &pages);
                // The caller may have given up.
                let _gone = answer.send(done);
                self.roll_back()?;
            }
            if batch.is_empty() {
                continue;
            }
            let (began, commands) = (Instant::now(), batch.len());
            let batch = self.refuse_while_ballast_is_missing(batch);
            let left = self.commit(batch);
            if !left.is_empty() && self.ballast.give_up() {
                let refused = self.commit(left);
                self.answer(refused, &Err(full()));
            } else {
                self.answer(left, &Err(full()));
            }
            gathering.committed(commands, began.elapsed());
            self.roll_back()?;
        }
    }

    /// While the ballast is missing, only commands that remove something pass; the others are
    /// refused.
    fn refuse_while_ballast_is_missing(&mut self, batch: Batch) -> Batch {
        if !self.ballast.is_missing() {
            return batch;
        }
        let (freeing, ordinary) =
            batch.into_iter().partition(|command| command.kind() == Kind::Freeing);
        self.answer(ordinary, &Err(full()));
        freeing
    }

    /// Runs and answers the commands. Those that remove something and found the disk full are
    /// returned unanswered.
    fn commit(&mut self, mut batch: Batch) -> Batch {
        if batch.is_empty() {
            return batch;
        }
        let committed = commit(&self.db, &self.sums, &mut batch);
        match &committed {
            Ok(()) => self.need_log(),
            Err(error) => {
                tracing::error!(%error, commands = batch.len(), "a transaction was lost");
            }
        }
        let found_it_full = |command: &dyn Command| match &committed {
            Ok(()) => matches!(command.failure(), Some(Error::Full(_))),
            Err(error) => matches!(error, Error::Full(_)),
        };
        let (left, settled) = batch.into_iter().partition(|command| {
            command.kind() == Kind::Freeing && found_it_full(command.as_ref())
        });
        self.answer(settled, &committed);
        if self.ballast.is_given_up() {
            self.copy_log_back();
        }
        left
    }

    fn answer(&self, batch: Batch, committed: &Result<()>) {
        for command in batch {
            command.settle(committed, &self.on_commit);
        }
    }

    /// Notes in the lock file that the log is needed: from the first commit on, what was answered
    /// may be in the log only.
    fn need_log(&mut self) {
        if self.log_needed {
            return;
        }
        match folder::mark_log_needed(&self.lock) {
            Ok(()) => self.log_needed = true,
            // The commit stands; the next one tries again.
            Err(error) => tracing::warn!(%error, "it could not be noted that the log is needed"),
        }
    }

    /// Copies the log back into the database, so that the log is written from its beginning again and
    /// does not grow. A reader may prevent it; then the next commit does it.
    fn copy_log_back(&self) {
        let copied =
            self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(0));
        if let Err(error) = copied {
            tracing::debug!(%error, "the log could not be copied back");
        }
    }

    /// Rolls back a transaction that did not end with its batch. If it stayed open, every later batch
    /// would fail.
    fn roll_back(&self) -> Result<()> {
        for attempt in 1..=ROLLBACKS {
            if self.db.is_autocommit() {
                return Ok(());
            }
            if let Err(error) = execute(&self.db, "ROLLBACK") {
                tracing::error!(%error, attempt, "a transaction could not be rolled back");
            }
        }
        if self.db.is_autocommit() {
            return Ok(());
        }
        Err(Error::Io("a transaction stays open".to_owned()))
    }

    /// Ends without touching the files: the next start finds what a kill would leave.
    pub(super) fn abandon(self, why: &str) {
        tracing::error!(why, "the store cannot go on and ends");
        if let Err(error) = connection::copy_back_on_close(&self.db, false) {
            tracing::warn!(%error, "the log may be copied back by whoever closes last");
        }
    }

    /// Ends in order: copies the log back, so that the database is one file, and unlocks the folder.
    pub(super) fn finish(self, at_end: impl FnOnce(&Connection)) {
        let Self { db, lock, log_needed, .. } = self;
        at_end(&db);
        if let Err(error) = copy_back(&db, &lock, log_needed) {
            tracing::warn!(%error, "the log could not be copied back; the next start does it");
            // Otherwise SQLite could remove the log, while the lock file says that it is needed.
            let _ = connection::copy_back_on_close(&db, false);
        }
        if let Err((_, error)) = db.close() {
            tracing::warn!(%error, "the database could not be closed");
        }
        // Unlock it explicitly; closing the file is not enough. A child process that is just being
        // started still holds a copy of the descriptor, and with it the lock.
        if let Err(error) = lock.unlock() {
            tracing::warn!(%error, "the data folder could not be unlocked");
        }
    }
}

/// Copies the log back, then notes that it is no longer needed, then empties it. Whatever interrupts
/// this, a log that the note says is needed and that is missing was lost. Returns whether the log is
/// empty: a reader may prevent it.
pub(in crate::store::sqlite) fn copy_back(
    db: &Connection,
    lock: &File,
    log_needed: bool,
) -> Result<bool> {
    let (busy, pages, copied) = db.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    })?;
    if busy != 0 || pages != copied {
        return Err(Error::Busy);
    }
    if log_needed {
        folder::mark_log_spare(lock).map_err(|error| Error::Io(error.to_string()))?;
    }
    let busy: i64 = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(busy == 0)
}

fn full() -> Error {
    Error::Full("the disk is full; what is left of it is kept for what makes room".to_owned())
}
