//! A ledger of everything that the server promised: messages that it acknowledged to a writer or showed
//! to a reader.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use crate::copy::{Copy, Row, integer};
use crate::talk::Talk;

/// The most faults that are kept. Usually the first one explains the others.
const MOST_FAULTS: usize = 20;

/// A message that was acknowledged.
#[derive(Debug, Clone)]
struct Kept {
    channel: i64,
    number: i64,
    is_deleted: bool,
    brings: Brings,
}

/// What a message brings beside its text: its thread and whether it is in the channel's run too, which message
/// it quotes, and what it carries of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Brings {
    root: Value,
    also: Value,
    quote: Value,
    forwarded: Value,
}

impl Brings {
    fn of(message: &Value) -> Self {
        Self {
            root: message["root"].clone(),
            also: message["also"].clone(),
            quote: message["quote"]["number"].clone(),
            forwarded: message["forwarded"]["text"].clone(),
        }
    }

    /// Whether it is what is left of `first`, which was posted: a tombstone keeps its place alone.
    fn is_left_of(&self, first: &Self, is_deleted: bool) -> bool {
        let same_place = self.root == first.root && self.also == first.also;
        same_place && (is_deleted || self == first)
    }
}

/// Counts for the summary.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// Messages acknowledged.
    pub posted: u64,
    /// How many of these have files.
    pub with_files: u64,
    /// Deletions acknowledged.
    pub deleted: u64,
    /// How many of those posted are replies.
    pub replies: u64,
    /// How many of them quote another message, or carry it.
    pub quoted: u64,
    /// Acknowledged wishes: pins, what is saved, marks, follows, levels.
    pub wished: u64,
    /// Edits acknowledged.
    pub edited: u64,
    /// Reactions acknowledged, those that were taken back too.
    pub reacted: u64,
    /// New names acknowledged.
    pub renamed: u64,
    /// Rights given or taken, and acknowledged.
    pub rights: u64,
    /// How many times somebody looked whether they see what their rights let them see.
    pub looks: u64,
    /// Requests that broke and were sent again.
    pub retried: u64,
    /// Messages that were sent once more under their old key, long after.
    pub replayed: u64,
    /// Events that readers heard.
    pub heard: u64,
    /// How many times a reader caught up.
    pub caught_up: u64,
    /// How many times a reader connected.
    pub connected: u64,
}

#[derive(Default)]
struct Entries {
    kept: HashMap<String, Kept>,
    /// The name of each person who took another one, by their id.
    names: BTreeMap<i64, String>,
    /// The form of each message that was shown, by its channel, revision and number, since the last audit. All
    /// readers must see the same.
    shown: HashMap<(i64, i64, i64), [u8; 32]>,
    /// The newest number that was acknowledged in each channel.
    newest: BTreeMap<i64, i64>,
    talk: Talk,
    counts: Counts,
    faults: Vec<String>,
}

/// The ledger, shared by all writers and readers.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<Entries>);

impl Ledger {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a message that was acknowledged to its writer. One that is acknowledged twice must be the
    /// same.
    pub(crate) fn acknowledged(&self, key: &str, message: &Value) {
        let (channel, number) = (integer(&message["channel"]), integer(&message["number"]));
        let mut entries = self.entries();
        if message["key"] != key {
            entries.fault(format!("{key} was answered with the message of {}", message["key"]));
        }
        let with_files = message["attachments"].as_array().is_some_and(|files| !files.is_empty());
        let is_deleted = !message["deleted_at"].is_null();
        let brings = Brings::of(message);
        let newest = entries.newest.entry(channel).or_default();
        *newest = number.max(*newest);
        match entries.kept.get(key).cloned() {
            Some(kept) if (kept.channel, kept.number) != (channel, number) => {
                let Kept { channel: was, number: first, .. } = kept;
                entries.fault(format!("{key} is {was}/{first} and {channel}/{number}"));
            }
            Some(kept) if kept.is_deleted != is_deleted => {
                entries.fault(format!("{key}: deleted {}, answered {is_deleted}", kept.is_deleted));
            }
            Some(kept) if !brings.is_left_of(&kept.brings, is_deleted) => {
                entries.fault(format!("{key} brought {:?} and is {message}", kept.brings));
            }
            Some(_) => entries.counts.replayed += 1,
            None => {
                entries.counts.replies += u64::from(!brings.root.is_null());
                let quoted = !brings.quote.is_null() || !brings.forwarded.is_null();
                entries.counts.quoted += u64::from(quoted);
                entries.kept.insert(key.to_owned(), Kept { channel, number, is_deleted, brings });
                entries.counts.posted += 1;
                entries.counts.with_files += u64::from(with_files);
            }
        }
    }

    /// The newest number that was acknowledged in a channel.
    pub(crate) fn newest(&self, channel: i64) -> Option<i64> {
        self.entries().newest.get(&channel).copied()
    }

    /// Notes a deletion that was acknowledged to its author.
    pub(crate) fn deleted(&self, key: &str) {
        let mut entries = self.entries();
        entries.counts.deleted += 1;
        if let Some(kept) = entries.kept.get_mut(key) {
            kept.is_deleted = true;
        }
    }

    /// Notes an edit that was acknowledged to its author.
    pub(crate) fn edited(&self, key: &str, text: &str, edits: i64) {
        let mut entries = self.entries();
        entries.counts.edited += 1;
        entries.talk.edited(key, text, edits);
    }

    /// Notes a reaction that was acknowledged.
    pub(crate) fn reacted(&self, to: (i64, i64), emoji: &'static str, who: &str, on: bool) {
        let mut entries = self.entries();
        entries.counts.reacted += 1;
        entries.talk.reacted(to, emoji, who, on);
    }

    /// Notes a new name that was acknowledged to its person.
    pub(crate) fn renamed(&self, person: i64, name: &str) {
        let mut entries = self.entries();
        entries.counts.renamed += 1;
        entries.names.insert(person, name.to_owned());
    }

    /// Checks that everybody has the name that was acknowledged last. `people` is everybody as they
    /// are stored.
    pub(crate) fn audit_names(&self, people: &[Value]) {
        let mut entries = self.entries();
        for (person, name) in entries.names.clone() {
            let stored = people.iter().find(|stored| stored["id"] == person);
            if stored.is_none_or(|stored| stored["name"] != name.as_str()) {
                entries.fault(format!("{person} was named {name} and is {stored:?}"));
            }
        }
    }

    /// Notes a message that a reader was shown.
    pub(crate) fn shown(&self, channel: i64, message: &Value) {
        let (number, Row { revision, form, .. }) = Row::of(message);
        let mut entries = self.entries();
        let before = entries.shown.insert((channel, revision, number), form);
        if before.is_some_and(|before| before != form) {
            entries.fault(format!(
                "message {number} of channel {channel} was shown in two forms at revision {revision}"
            ));
        }
    }

    /// Adds to the counts.
    pub(crate) fn count(&self, add: impl FnOnce(&mut Counts)) {
        add(&mut self.entries().counts);
    }

    /// Notes a fault.
    pub(crate) fn fault(&self, fault: String) {
        self.entries().fault(fault);
    }

    /// The counts so far.
    pub(crate) fn counts(&self) -> Counts {
        self.entries().counts.clone()
    }

    /// The faults so far.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.entries().faults.clone()
    }

    /// Checks that the store has all that readers were shown since the last audit, in the same or in a
    /// later form. Forgets what was shown.
    pub(crate) fn audit_shown(&self, stored: &BTreeMap<i64, Copy>) {
        let mut entries = self.entries();
        let shown = std::mem::take(&mut entries.shown);
        for ((channel, revision, number), form) in shown {
            let now = stored.get(&channel).and_then(|copy| copy.rows.get(&number));
            let fine = now.is_some_and(|now| now.revision > revision || now.form == form);
            if !fine {
                entries.fault(format!(
                    "message {number} of channel {channel} was shown at revision {revision}, \
                     but the store does not have it"
                ));
            }
        }
    }

    /// Checks that every acknowledged message is stored once, at its number, and deleted if it was; and that
    /// it has the text and the reactions that were acknowledged last.
    /// `stored` is a fresh load: every message of every channel.
    pub(crate) fn audit_kept(&self, stored: &[Value]) {
        let mut found: HashMap<&str, Vec<&Value>> = HashMap::new();
        for message in stored {
            found.entry(message["key"].as_str().unwrap_or_default()).or_default().push(message);
        }
        let mut entries = self.entries();
        let mut faults = Vec::new();
        for (key, messages) in &found {
            if messages.len() > 1 {
                faults.push(format!("{key} is stored {} times", messages.len()));
            }
        }
        for (key, kept) in &entries.kept {
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
            let is_deleted = !message["deleted_at"].is_null();
            if !Brings::of(message).is_left_of(&kept.brings, is_deleted) {
                faults.push(format!("{key} brought {:?} and is {message}", kept.brings));
            }
        }
        faults.extend(entries.talk.faults(stored));
        for fault in faults {
            entries.fault(fault);
        }
    }
}

impl Entries {
    fn fault(&mut self, fault: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }
}
