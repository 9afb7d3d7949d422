//! A command: a closure over the writing connection, with what came of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::model::events::Event;
use crate::store::{Error, OnCommit, Result};

/// What a command works with: the connection, inside a transaction, and the events of its changes.
pub(crate) struct Tx<'db> {
    /// The writing connection, inside the transaction.
    pub(crate) db: &'db Connection,
    events: Vec<Event>,
}

impl<'db> Tx<'db> {
    /// For tests of what a command costs: the connection, in a transaction that the test ends.
    #[cfg(test)]
    pub(crate) fn of_test(db: &'db Connection) -> Self {
        Self { db, events: Vec::new() }
    }

    /// Notes an event for the hook, which hears it after the commit.
    pub(crate) fn happened(&mut self, event: Event) {
        self.events.push(event);
    }
}

/// Whether a command is still run when the disk is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is refused.
    Ordinary,
    /// It removes something or moves a read mark, and runs in the room of the ballast.
    Freeing,
}

/// A command with its types erased.
pub(super) trait Command: Send {
    /// Whether it runs when the disk is full.
    fn kind(&self) -> Kind;
    /// Runs the closure and keeps its outcome and events; those of an earlier run are dropped.
    ///
    /// # Errors
    /// When the transaction must be rolled back. A refusal is an outcome and no error here.
    fn run(&mut self, db: &Connection) -> Result<()>;
    /// The error that the closure returned, if it did.
    fn failure(&self) -> Option<&Error>;
    /// Passes its events to the hook if it was committed, and answers the caller.
    fn settle(self: Box<Self>, committed: &Result<()>, on_commit: &OnCommit);
}

/// A [`Command`] that waits, or has run and is not answered yet.
pub(super) struct Pending<T, F> {
    kind: Kind,
    work: F,
    outcome: Result<T>,
    events: Vec<Event>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Pending<T, F> {
    /// A command that has not run, and where its answer goes.
    pub(super) fn new(kind: Kind, work: F, answer: oneshot::Sender<Result<T>>) -> Self {
        Self { kind, work, outcome: Err(Error::Closed), events: Vec::new(), answer }
    }
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
        // A defect in one command must not stop the store for everybody.
        self.outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(&mut tx)))
            .unwrap_or_else(|_| Err(Error::Io("a command of the store panicked".to_owned())));
        self.events = tx.events;
        match &self.outcome {
            Err(error) if !error.is_refusal() => Err(error.clone()),
            // A command finds a reason to refuse before it writes: there is nothing to undo.
            _ => Ok(()),
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
        // The caller may have given up. The change stands, and the hook has heard of it.
        let _gone = self.answer.send(outcome);
    }
}
