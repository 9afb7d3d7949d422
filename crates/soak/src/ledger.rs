//! Everything that was promised to somebody: acknowledged to a writer, or shown to a reader.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::copy::{Copy, Row, integer};

/// The most faults that are kept; the first is the one that matters.
const MOST_FAULTS: usize = 20;

/// A message that was acknowledged.
#[derive(Debug, Clone)]
struct Kept {
    channel: i64,
    number: i64,
    is_deleted: bool,
}

/// Counts for the summary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// Messages acknowledged.
    pub posted: u64,
    /// Of these, with files.
    pub with_files: u64,
    /// Deletions acknowledged.
    pub deleted: u64,
    /// Requests that broke and were sent again.
    pub retried: u64,
    /// Old keys sent once more, long after.
    pub replayed: u64,
    /// Events that readers heard.
    pub heard: u64,
    /// Times that a reader caught up.
    pub caught_up: u64,
    /// Times that a reader came back.
    pub connected: u64,
}

#[derive(Default)]
struct Books {
    kept: HashMap<String, Kept>,
    /// What was shown under each revision since the last audit: any two readers saw the same.
    shown: HashMap<(i64, i64), (i64, Row)>,
    counts: Counts,
    faults: Vec<String>,
}

/// The books, shared by everybody.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<Books>);

impl Ledger {
    fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a message that its writer was told is kept. Told twice, it is the same one.
    pub(crate) fn acknowledged(&self, key: &str, message: &Value) {
        let (channel, number) = (integer(&message["channel"]), integer(&message["number"]));
        let mut books = self.books();
        if message["key"] != key {
            books.fault(format!("{key} was answered with the message of {}", message["key"]));
        }
        let with_files = message["attachments"].as_array().is_some_and(|files| !files.is_empty());
        let is_deleted = !message["deleted_at"].is_null();
        match books.kept.get(key).cloned() {
            Some(kept) if (kept.channel, kept.number) != (channel, number) => {
                let Kept { channel: was, number: first, .. } = kept;
                books.fault(format!("{key} is {was}/{first} and {channel}/{number}"));
            }
            Some(kept) if kept.is_deleted != is_deleted => {
                books.fault(format!("{key}: deleted {}, answered {is_deleted}", kept.is_deleted));
            }
            Some(_) => books.counts.replayed += 1,
            None => {
                books.kept.insert(key.to_owned(), Kept { channel, number, is_deleted });
                books.counts.posted += 1;
                books.counts.with_files += u64::from(with_files);
            }
        }
    }

    /// Notes a deletion that its author was told is done.
    pub(crate) fn deleted(&self, key: &str) {
        let mut books = self.books();
        books.counts.deleted += 1;
        if let Some(kept) = books.kept.get_mut(key) {
            kept.is_deleted = true;
        }
    }

    /// Notes what a reader was shown under a revision.
    pub(crate) fn shown(&self, channel: i64, message: &Value) {
        let (number, row) = Row::of(message);
        let mut books = self.books();
        let before = books.shown.insert((channel, row.revision), (number, row));
        if before.is_some_and(|before| before != (number, row)) {
            let revision = row.revision;
            books.fault(format!("revision {revision} of channel {channel} was shown in two forms"));
        }
    }

    /// Counts something.
    pub(crate) fn count(&self, add: impl FnOnce(&mut Counts)) {
        add(&mut self.books().counts);
    }

    /// Notes what must not be.
    pub(crate) fn fault(&self, fault: String) {
        self.books().fault(fault);
    }

    /// The counts so far.
    pub(crate) fn counts(&self) -> Counts {
        self.books().counts.clone()
    }

    /// What was wrong so far.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.books().faults.clone()
    }

    /// Whether all that readers were shown since the last audit is what the store has, and a later
    /// form of it at most. Begins a new page of the books.
    pub(crate) fn audit_shown(&self, stored: &BTreeMap<i64, Copy>) {
        let mut books = self.books();
        let shown = std::mem::take(&mut books.shown);
        for ((channel, revision), (number, row)) in shown {
            let now = stored.get(&channel).and_then(|copy| copy.rows.get(&number));
            let fine = now.is_some_and(|now| now.revision > revision || *now == row);
            if !fine {
                books.fault(format!(
                    "message {number} of channel {channel} was shown at revision {revision}, \
                     but the store does not have it"
                ));
            }
        }
    }

    /// Whether every acknowledged message is stored once, in its place and its last form. `stored`
    /// is a fresh load: every message of every channel.
    pub(crate) fn audit_kept(&self, stored: &[Value]) {
        let mut found: HashMap<&str, Vec<&Value>> = HashMap::new();
        for message in stored {
            found.entry(message["key"].as_str().unwrap_or_default()).or_default().push(message);
        }
        let mut books = self.books();
        let mut faults = Vec::new();
        for (key, messages) in &found {
            if messages.len() > 1 {
                faults.push(format!("{key} is stored {} times", messages.len()));
            }
        }
        for (key, kept) in &books.kept {
            let Some(message) = found.get(key.as_str()).and_then(|all| all.first()) else {
                faults.push(format!("{key} was acknowledged and is lost"));
                continue;
            };
            let place = (integer(&message["channel"]), integer(&message["number"]));
            if place != (kept.channel, kept.number) {
                faults.push(format!("{key} was acknowledged elsewhere than at {place:?}"));
            }
            if kept.is_deleted && message["deleted_at"].is_null() {
                faults.push(format!("{key} was deleted and is back"));
            }
        }
        for fault in faults {
            books.fault(fault);
        }
    }
}

impl Books {
    fn fault(&mut self, fault: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }
}
