//! The one thread that writes, with group commit.
//!
//! The thread takes every command that is waiting, runs them in one transaction and commits once.
//! Only then, command by command and in the same order, it passes the events to the hook and sends
//! the answer. While one commit is written to the disk the next batch gathers, so all commands of a
//! batch share the cost of one flush. A command whose caller gave up is run all the same. If the
//! commit fails, every command of the batch is answered with that error, and the hook hears nothing.
//!
//! A command that fails must not undo the others. A savepoint around each command would ensure that,
//! but with a savepoint SQLite copies every page before it changes it, which costs as much as the
//! change. So a batch runs without savepoints. If a command fails, which only damage, a full disk or
//! a defect can cause, the transaction is rolled back and the batch runs again with a savepoint
//! around each command.
//!
//! If the disk is full, the commands that remove something run once more in the room that the
//! [`ballast`] kept for them, and nothing else is written until there is room again.
//!
//! A writer that cannot go on ends instead of hanging: every call is answered with `Closed`, and
//! [`Writer::ended`] returns, so that the process can end.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::Builder;
use std::time::Duration;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

mod ballast;
mod command;
mod forget;
mod gathering;
#[cfg(test)]
mod tests;
mod thread;
mod transaction;

pub(super) use ballast::Ballast;
pub(super) use command::Tx;
pub(in crate::store::sqlite) use thread::copy_back;

use super::folder;
use super::sums::Sums;
use crate::store::{Error, OnCommit, Result};
use command::{Kind, Pending};
use thread::{Job, WriterThread};

/// The most commands that wait. A caller that finds the queue full waits up to [`QUEUE_WAIT`].
const QUEUE: usize = 1024;
/// How long a caller waits for room in the queue before it is answered with `Busy`.
const QUEUE_WAIT: Duration = Duration::from_secs(5);
/// How long the thread may take to answer a ping: it may be in the middle of a batch.
const ALIVE_WITHIN: Duration = Duration::from_secs(5);

/// Sends commands to the writing thread.
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
    ended: watch::Receiver<()>,
}

/// What the writing thread takes over beside the connection.
pub(super) struct Keep {
    /// The data folder's lock.
    pub(super) lock: File,
    /// Room for when the disk is full.
    pub(super) ballast: Ballast,
    /// The sums of the connection, which follow what commands change.
    pub(super) sums: Sums,
    /// Called after the last command when the server stops in order.
    pub(super) at_end: Box<dyn FnOnce(&Connection) + Send>,
}

impl Writer {
    /// Starts the thread. It unlocks the folder when it ends.
    ///
    /// # Errors
    /// When the lock file cannot be read or the thread not started.
    pub(super) fn start(db: Connection, keep: Keep, on_commit: OnCommit) -> std::io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (running, ended) = watch::channel(());
        let log_needed = folder::is_log_needed(&keep.lock)?;
        let Keep { lock, ballast, sums, at_end } = keep;
        let mut writer = WriterThread { db, lock, ballast, sums, on_commit, log_needed };
        Builder::new().name("chinwag-store".to_owned()).spawn(move || {
            // A panic here is a defect of the writer itself. What was answered is on disk.
            match catch_unwind(AssertUnwindSafe(|| writer.work(jobs))) {
                Ok(Ok(())) => writer.finish(at_end),
                Ok(Err(error)) => writer.abandon(&error.to_string()),
                Err(_) => writer.abandon("the writer panicked"),
            }
            drop(running);
        })?;
        Ok(Self { queue, ended })
    }

    /// Runs a command in the next transaction; returns after the commit is on disk. The command may
    /// run twice (see above), so it is a `Fn`.
    ///
    /// # Errors
    /// What the command or the commit returned; `Busy` when the queue stays full, `Closed`.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.command(Kind::Ordinary, work).await
    }

    /// As [`run`](Self::run), for a command that removes something: it also runs when the disk is
    /// full.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub(super) async fn run_freeing<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        self.command(Kind::Freeing, work).await
    }

    async fn command<T, F>(&self, kind: Kind, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Job::Run(Box::new(Pending::new(kind, work, answer)));
        self.queue.send_timeout(job, QUEUE_WAIT).await.map_err(|error| match error {
            mpsc::error::SendTimeoutError::Timeout(_) => Error::Busy,
            mpsc::error::SendTimeoutError::Closed(_) => Error::Closed,
        })?;
        answered.await.unwrap_or(Err(Error::Closed))
    }

    /// Whether the thread answers.
    ///
    /// # Errors
    /// `Busy` when it does not answer in time, `Closed` when it has ended.
    pub(super) async fn alive(&self) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        let asked = async {
            self.queue.send(Job::Ping(answer)).await.map_err(|_| Error::Closed)?;
            answered.await.map_err(|_| Error::Closed)
        };
        tokio::time::timeout(ALIVE_WITHIN, asked).await.map_err(|_| Error::Busy)?
    }

    /// Empties the log, and zeroes the free room of those pages of the database, which `file` is; see
    /// `forgetting`. `false` when a reader prevents it for now.
    ///
    /// # Errors
    /// What the disk or the database says; `Closed`.
    pub(super) async fn forget(&self, file: Arc<File>, pages: Vec<u64>) -> Result<bool> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Forget { file, pages, answer };
        self.queue.send(job).await.map_err(|_| Error::Closed)?;
        answered.await.unwrap_or(Err(Error::Closed))
    }

    /// Waits until the thread has ended, for whatever reason.
    pub(super) async fn ended(&self) {
        // The sender never sends: the only change is that it is dropped.
        let _ended = self.ended.clone().changed().await;
    }

    /// Lets the thread run what is queued and take nothing more, and waits for its end.
    pub(super) async fn close(&self) {
        // It fails only when the thread has ended already.
        let _ended = self.queue.send(Job::Close).await;
        self.ended().await;
    }
}
