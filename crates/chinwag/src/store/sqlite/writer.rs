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
//!
//! When the disk is full, the commands that free something run once more in the room that was kept
//! for them (`ballast`), and nothing else is written until there is room again.
//!
//! A writer that cannot go on ends, and does not hang: every call is answered with `Closed`, and
//! [`Writer::ended`] says so to whoever runs the server, which then ends as a process.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use super::ballast::Ballast;
use super::gathering::Gathering;
use super::sums::Sums;
use super::{connection, folder};
use crate::model::events::Event;
use crate::store::{Error, OnCommit, Result};

/// The most commands that wait; a caller that finds the queue full waits [`QUEUE_WAIT`].
const QUEUE: usize = 1024;
/// The most commands in one transaction: bounds how long the first one waits for the last.
const BATCH: usize = 512;
/// How long a caller waits for a place in the queue before it is told that the store is busy.
const QUEUE_WAIT: Duration = Duration::from_secs(5);
/// How long the thread may take to say that it is there: it may be at a batch.
const ALIVE_WITHIN: Duration = Duration::from_secs(5);
/// How often a transaction that does not roll back is told to.
const ROLLBACKS: usize = 3;

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

/// What the writing thread has to itself beside the database.
pub(super) struct Keep {
    /// The folder's lock.
    pub(super) lock: File,
    /// Room for when the disk is full.
    pub(super) ballast: Ballast,
    /// Sees what commands change.
    pub(super) sums: Sums,
    /// Called after the last command of a server that stops in order.
    pub(super) at_end: Box<dyn FnOnce(&Connection) + Send>,
}

/// What a command is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ordinary,
    /// It takes something away, and is to work also when the disk is full.
    Freeing,
}

enum Job {
    Run(Box<dyn Command>),
    /// Asks whether the thread is there.
    Ping(oneshot::Sender<()>),
    Close,
}

/// A command with its types erased.
trait Command: Send {
    /// What it is for.
    fn kind(&self) -> Kind;
    /// Runs it and keeps its outcome in place of an earlier one; says how it failed.
    fn run(&mut self, db: &Connection) -> Result<()>;
    /// Why it failed, if it did.
    fn failure(&self) -> Option<&Error>;
    /// Hands on its events and answers it.
    fn settle(self: Box<Self>, committed: &Result<()>, on_commit: &OnCommit);
}

struct Pending<T, F> {
    kind: Kind,
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
    fn kind(&self) -> Kind {
        self.kind
    }

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

    fn failure(&self) -> Option<&Error> {
        self.outcome.as_ref().err()
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
    /// Starts the thread. It owns the folder's lock and gives it back when it ends.
    pub(super) fn start(db: Connection, keep: Keep, on_commit: OnCommit) -> std::io::Result<Self> {
        let (queue, jobs) = mpsc::channel(QUEUE);
        let (running, ended) = watch::channel(());
        let log_needed = folder::is_log_needed(&keep.lock)?;
        let Keep { lock, ballast, sums, at_end } = keep;
        let mut desk = Desk { db, lock, ballast, sums, on_commit, log_needed };
        thread::Builder::new().name("chinwag-store".to_owned()).spawn(move || {
            // A panic here is a defect of the writer itself; what was answered is on disk.
            match catch_unwind(AssertUnwindSafe(|| desk.work(jobs))) {
                Ok(Ok(())) => desk.finish(at_end),
                Ok(Err(error)) => desk.abandon(&error.to_string()),
                Err(_) => desk.abandon("the writer panicked"),
            }
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
        self.command(Kind::Ordinary, work).await
    }

    /// The same for a command that takes something away: it works also when the disk is full.
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
        let outcome = Err(Error::Closed);
        let command = Pending { kind, work, outcome, events: Vec::new(), answer };
        let job = Job::Run(Box::new(command));
        self.queue.send_timeout(job, QUEUE_WAIT).await.map_err(|error| match error {
            mpsc::error::SendTimeoutError::Timeout(_) => Error::Busy,
            mpsc::error::SendTimeoutError::Closed(_) => Error::Closed,
        })?;
        answered.await.unwrap_or(Err(Error::Closed))
    }

    /// Asks the thread whether it is there.
    pub(super) async fn alive(&self) -> Result<()> {
        let (answer, answered) = oneshot::channel();
        let asked = async {
            self.queue.send(Job::Ping(answer)).await.map_err(|_| Error::Closed)?;
            answered.await.map_err(|_| Error::Closed)
        };
        tokio::time::timeout(ALIVE_WITHIN, asked).await.map_err(|_| Error::Busy)?
    }

    /// Waits until the thread has ended, in whatever way.
    pub(super) async fn ended(&self) {
        // The sender never sends: the only news is that it is gone.
        let _ended = self.ended.clone().changed().await;
    }

    /// Answers what is queued, takes nothing more, and waits for the thread to end.
    pub(super) async fn close(&self) {
        // It fails only when the thread has ended already.
        let _ended = self.queue.send(Job::Close).await;
        self.ended().await;
    }
}

type Batch = Vec<Box<dyn Command>>;

/// Where the thread works.
struct Desk {
    db: Connection,
    /// Held as long as this lives.
    lock: File,
    ballast: Ballast,
    sums: Sums,
    on_commit: OnCommit,
    /// Whether the lock's file says that the log is needed.
    log_needed: bool,
}

impl Desk {
    /// Works until it is told to close.
    ///
    /// # Errors
    /// When the connection is of no use any more.
    fn work(&mut self, mut jobs: mpsc::Receiver<Job>) -> Result<()> {
        let mut waiting = Vec::with_capacity(BATCH);
        let mut gathering = Gathering::default();
        loop {
            gathering.wait(|| jobs.len());
            if jobs.blocking_recv_many(&mut waiting, BATCH) == 0 {
                return Ok(());
            }
            let mut batch: Batch = Vec::with_capacity(waiting.len());
            for job in waiting.drain(..) {
                match job {
                    Job::Run(command) => batch.push(command),
                    // Whoever asked may have gone.
                    Job::Ping(answer) => drop(answer.send(())),
                    Job::Close => jobs.close(),
                }
            }
            if batch.is_empty() {
                continue;
            }
            let (began, commands) = (Instant::now(), batch.len());
            let batch = self.refuse_where_room_is_kept(batch);
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

    /// Where the ballast is gone, only what frees something is let through.
    fn refuse_where_room_is_kept(&mut self, batch: Batch) -> Batch {
        if !self.ballast.is_missing() {
            return batch;
        }
        let (freeing, ordinary) =
            batch.into_iter().partition(|command| command.kind() == Kind::Freeing);
        self.answer(ordinary, &Err(full()));
        freeing
    }

    /// Runs and answers the commands; what would free something and found the disk full comes back
    /// unanswered.
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

    /// From the first commit on, what is answered is in the log alone.
    fn need_log(&mut self) {
        if self.log_needed {
            return;
        }
        match folder::mark_log_needed(&self.lock) {
            Ok(()) => self.log_needed = true,
            // The commit stands; it is noted with the next.
            Err(error) => tracing::warn!(%error, "it could not be noted that the log is needed"),
        }
    }

    /// So that the log begins anew, in the room that it has. A reader may be in the way; then it is
    /// done after the next commit.
    fn copy_log_back(&self) {
        let copied =
            self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get::<_, i64>(0));
        if let Err(error) = copied {
            tracing::debug!(%error, "the log could not be copied back");
        }
    }

    /// Ends a transaction that should have ended with its batch. One that stays open would fail
    /// every batch from now on.
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

    /// Ends without touching anything: the next start finds what a kill would leave.
    fn abandon(self, why: &str) {
        tracing::error!(why, "the store cannot go on and ends");
        if let Err(error) = connection::copy_back_on_close(&self.db, false) {
            tracing::warn!(%error, "the log may be copied back by whoever closes last");
        }
    }

    /// Leaves one file: the log is copied back, so that a copy of the folder is simple.
    fn finish(self, at_end: impl FnOnce(&Connection)) {
        let Self { db, lock, log_needed, .. } = self;
        at_end(&db);
        if let Err(error) = copy_back(&db, &lock, log_needed) {
            tracing::warn!(%error, "the log could not be copied back; the next start does it");
            // Else it could go with its connection, while the note says that it is needed.
            let _ = connection::copy_back_on_close(&db, false);
        }
        if let Err((_, error)) = db.close() {
            tracing::warn!(%error, "the database could not be closed");
        }
        // By name, not by closing the file: a process that is just being started still holds a copy of
        // the file's descriptor, and would keep the folder from whoever opens it next.
        if let Err(error) = lock.unlock() {
            tracing::warn!(%error, "the data folder could not be unlocked");
        }
    }
}

/// First the copy, then the note that the log may go, and then it goes: whatever interrupts this, a
/// log that is missing later was lost.
fn copy_back(db: &Connection, lock: &File, log_needed: bool) -> Result<()> {
    let (busy, pages, copied) = db.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    })?;
    if busy != 0 || pages != copied {
        return Err(Error::Busy);
    }
    if log_needed {
        folder::mark_log_spare(lock).map_err(|error| Error::Io(error.to_string()))?;
    }
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))?;
    Ok(())
}

fn full() -> Error {
    Error::Full("the disk is full; what is left of it is kept for what makes room".to_owned())
}

/// Runs the commands in one transaction. An error is the end of all of them; a command's own error
/// is in its outcome.
fn commit(db: &Connection, sums: &Sums, batch: &mut [Box<dyn Command>]) -> Result<()> {
    let together = in_transaction(db, sums, batch, |command| command.run(db))?;
    if together.is_ok() {
        return Ok(());
    }
    in_transaction(db, sums, batch, |command| run_in_savepoint(db, sums, command))?
}

/// The inner result is that of `run`, which ends the transaction where it fails.
fn in_transaction(
    db: &Connection,
    sums: &Sums,
    batch: &mut [Box<dyn Command>],
    run: impl Fn(&mut dyn Command) -> Result<()>,
) -> Result<Result<()>> {
    sums.clear();
    execute(db, "BEGIN IMMEDIATE")?;
    let ran = batch.iter_mut().try_for_each(|command| run(command.as_mut()));
    let committed = if ran.is_ok() {
        sums.write(db).map_err(Error::from).and_then(|()| execute(db, "COMMIT"))
    } else {
        Ok(())
    };
    // SQLite itself gives up the transaction on some errors, a full disk among them.
    if !db.is_autocommit() {
        execute(db, "ROLLBACK")?;
    }
    committed.map(|()| ran)
}

fn run_in_savepoint(db: &Connection, sums: &Sums, command: &mut dyn Command) -> Result<()> {
    let before = sums.mark();
    execute(db, "SAVEPOINT command")?;
    if let Err(error) = command.run(db) {
        if db.is_autocommit() {
            return Err(error);
        }
        execute(db, "ROLLBACK TO command")?;
        sums.back_to(before);
    }
    execute(db, "RELEASE command")
}

fn execute(db: &Connection, sql: &str) -> Result<()> {
    db.prepare_cached(sql)?.execute([])?;
    Ok(())
}
