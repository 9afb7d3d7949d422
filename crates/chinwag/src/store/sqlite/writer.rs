//! The one thread that writes: group commit.
//!
//! It takes every command that is waiting, runs them in one transaction and commits once. Only then,
//! command by command in that order, it hands the events to the hook and sends the answer. While one
//! commit is on its way to the disk the next batch gathers, so the cost of a disk flush is shared by
//! as many as wait for it. A command whose caller gave up is run all the same. When the commit fails,
//! every command of the batch is answered with that error, and nobody hears of anything.
//!
//! A command that fails must not take the others with it. A savepoint around each would see to that,
//! but SQLite then copies every page before it is changed, which costs as much as the change. So a
//! batch runs without; when a command fails, which only damage, a full disk or a defect can cause,
//! the transaction is rolled back and the batch is run again with a savepoint around each.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use super::gathering::Gathering;
use crate::model::events::Event;
use crate::store::{Error, OnCommit, Result};

/// The most commands that wait; a caller that finds the queue full waits [`QUEUE_WAIT`].
const QUEUE: usize = 1024;
/// The most commands in one transaction: bounds how long the first one waits for the last.
const BATCH: usize = 512;
/// How long a caller waits for a place in the queue before it is told that the store is busy.
const QUEUE_WAIT: Duration = Duration::from_secs(5);

/// What a command works with.
pub(super) struct Tx<'db> {
    /// The writing connection, inside the transaction.
    pub(super) db: &'db Connection,
    events: Vec<Event>,
}

impl Tx<'_> {
    /// Notes a change for the hook.
    pub(super) fn happened(&mut self, event: Event) {
        self.events.push(event);
    }
}

/// The way to the writing thread.
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
    ended: watch::Receiver<()>,
}

enum Job {
    Run(Box<dyn Command>),
    Close,
}

/// A command with its types erased.
trait Command: Send {
    /// Runs it and keeps its outcome in place of an earlier one; says how it failed.
    fn run(&mut self, db: &Connection) -> Result<()>;
    /// Hands on its events and answers it.
    fn settle(self: Box<Self>, committed: &Result<()>, on_commit: &OnCommit);
}

struct Pending<T, F> {
    work: F,
    outcome: Result<T>,
    events: Vec<Event>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Command for Pending<T, F>
where
    T: Send,
    F: Fn(&mut Tx<'_>) -> Result<T> + Send,
{
    fn run(&mut self, db: &Connection) -> Result<()> {
        let mut tx = Tx { db, events: Vec::new() };
        // One command that has a defect must not take the store away from everybody.
        self.outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(&mut tx)))
            .unwrap_or_else(|_| Err(Error::Io("a command of the store panicked".to_owned())));
        self.events = tx.events;
        match &self.outcome {
            // A conflict is found before anything is written: there is nothing to undo.
            Ok(_) | Err(Error::Conflict(_)) => Ok(()),
            Err(error) => Err(error.clone()),
        }
    }

    fn settle(self: Box<Self>, committed: &Result<()>, on_commit: &OnCommit) {
        let outcome = match committed {
            Err(error) => Err(error.clone()),
            Ok(()) => self.outcome,
        };
        if outcome.is_ok() {
            for event in self.events {
                if catch_unwind(AssertUnwindSafe(|| on_commit(event))).is_err() {
                    tracing::error!("the hook that hears of commits panicked");
                }
            }
        }
        // Whoever asked may have gone: the change stands, and the hook has heard of it.
        let _gone = self.answer.send(outcome);
    }
}

impl Writer {
    /// Starts the thread. It owns the folder's lock and gives it back when it ends, after `at_end`.
    pub(super) fn start(
        db: Connection,
        lock: File,
        on_commit: OnCommit,
        at_end: impl FnOnce(&Connection) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (running, ended) = watch::channel(());
        thread::Builder::new().name("chinwag-store".to_owned()).spawn(move || {
            work(&db, jobs, &on_commit);
            at_end(&db);
            finish(db);
            drop(lock);
            drop(running);
        })?;
        Ok(Self { queue, ended })
    }

    /// Runs a command in the next transaction, and answers when it is on disk.
    pub(super) async fn run<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let command = Pending { work, outcome: Err(Error::Closed), events: Vec::new(), answer };
        let job = Job::Run(Box::new(command));
        self.queue.send_timeout(job, QUEUE_WAIT).await.map_err(|error| match error {
            mpsc::error::SendTimeoutError::Timeout(_) => Error::Busy,
            mpsc::error::SendTimeoutError::Closed(_) => Error::Closed,
        })?;
        answered.await.unwrap_or(Err(Error::Closed))
    }

    /// Answers what is queued, takes nothing more, and waits for the thread to end.
    pub(super) async fn close(&self) {
        // It fails only when the thread has ended already.
        let _ended = self.queue.send(Job::Close).await;
        let _ended = self.ended.clone().changed().await;
    }
}

fn work(db: &Connection, mut jobs: mpsc::Receiver<Job>, on_commit: &OnCommit) {
    let mut waiting = Vec::with_capacity(BATCH);
    let mut batch: Vec<Box<dyn Command>> = Vec::with_capacity(BATCH);
    let mut gathering = Gathering::default();
    loop {
        gathering.wait(|| jobs.len());
        if jobs.blocking_recv_many(&mut waiting, BATCH) == 0 {
            return;
        }
        for job in waiting.drain(..) {
            match job {
                Job::Run(command) => batch.push(command),
                Job::Close => jobs.close(),
            }
        }
        if batch.is_empty() {
            continue;
        }
        let began = Instant::now();
        let committed = commit(db, &mut batch);
        gathering.committed(batch.len(), began.elapsed());
        if let Err(error) = &committed {
            tracing::error!(%error, commands = batch.len(), "a transaction was lost");
        }
        for command in batch.drain(..) {
            command.settle(&committed, on_commit);
        }
    }
}

/// Runs the commands in one transaction. An error is the end of all of them; a command's own error
/// is in its outcome.
fn commit(db: &Connection, batch: &mut [Box<dyn Command>]) -> Result<()> {
    let together = in_transaction(db, batch, |command| command.run(db))?;
    if together.is_ok() {
        return Ok(());
    }
    in_transaction(db, batch, |command| run_in_savepoint(db, command))?
}

/// The inner result is that of `run`, which ends the transaction where it fails.
fn in_transaction(
    db: &Connection,
    batch: &mut [Box<dyn Command>],
    run: impl Fn(&mut dyn Command) -> Result<()>,
) -> Result<Result<()>> {
    execute(db, "BEGIN IMMEDIATE")?;
    let ran = batch.iter_mut().try_for_each(|command| run(command.as_mut()));
    let committed = if ran.is_ok() { execute(db, "COMMIT") } else { Ok(()) };
    // SQLite itself gives up the transaction on some errors, a full disk among them.
    if !db.is_autocommit() {
        execute(db, "ROLLBACK")?;
    }
    committed.map(|()| ran)
}

fn run_in_savepoint(db: &Connection, command: &mut dyn Command) -> Result<()> {
    execute(db, "SAVEPOINT command")?;
    if let Err(error) = command.run(db) {
        if db.is_autocommit() {
            return Err(error);
        }
        execute(db, "ROLLBACK TO command")?;
    }
    execute(db, "RELEASE command")
}

fn execute(db: &Connection, sql: &str) -> Result<()> {
    db.prepare_cached(sql)?.execute([])?;
    Ok(())
}

/// Leaves one file: the log is copied back, so that a copy of the folder is simple.
fn finish(db: Connection) {
    let copied = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    if let Err(error) = copied {
        tracing::warn!(%error, "the log could not be copied back; the next start does it");
    }
    if let Err((_, error)) = db.close() {
        tracing::warn!(%error, "the database could not be closed");
    }
}
