//! A client's copy of one channel, kept up to date by the rules that every client follows (promise 3).

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::http::Client;

/// What of a message is no part of its form: events of their own change it, or other messages do.
const BESIDE: [&str; 5] = ["revision", "reactions", "thread", "pin", "saved"];

/// A message as it was at one revision. `form` is the SHA-256 of its JSON with sorted names, without the
/// names of people and what a quote shows of its original, which change without a revision of the message,
/// and without what is [`BESIDE`] it. `reactions` are its emoji in their order, with their counts. `thread`
/// and `pin` are as they are told, with the ids of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub revision: i64,
    pub form: [u8; 32],
    pub reactions: Vec<(String, i64)>,
    pub thread: Value,
    pub pin: Value,
}

/// One channel as a client knows it: its newest revision, and its messages by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Copy {
    pub revision: i64,
    pub rows: BTreeMap<i64, Row>,
}

/// What became of an event: applied, known before, or not applied because others are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Applied,
    Known,
    Gap,
}

impl Row {
    /// The number of a message, and what is remembered of it.
    pub(crate) fn of(message: &Value) -> (i64, Self) {
        let mut stored = message.clone();
        if let Some(fields) = stored.as_object_mut() {
            fields.retain(|name, _| !BESIDE.contains(&name.as_str()));
            if let Some(quote) = fields.get_mut("quote") {
                *quote = quote["number"].take();
            }
        }
        unname(&mut stored["author"]);
        for passage in
            stored.pointer_mut("/line/people").and_then(Value::as_array_mut).into_iter().flatten()
        {
            unname(&mut passage["user"]);
        }
        if let Some(author) = stored.pointer_mut("/forwarded/author") {
            unname(author);
        }
        let row = Self {
            revision: integer(&message["revision"]),
            form: Sha256::digest(stored.to_string()).into(),
            reactions: reactions(message),
            thread: thread(&message["thread"]),
            pin: pin(&message["pin"]),
        };
        (integer(&message["number"]), row)
    }

    /// Takes in that a reaction came or went.
    fn react(&mut self, event: &Value) {
        self.revision = integer(&event["revision"]);
        let emoji = event["emoji"].as_str().unwrap_or_default();
        let count = integer(&event["count"]);
        match self.reactions.iter_mut().find(|(known, _)| known == emoji) {
            Some((_, known)) => *known = count,
            None => self.reactions.push((emoji.to_owned(), count)),
        }
        self.reactions.retain(|(_, count)| *count > 0);
    }
}

impl Copy {
    /// Takes in a live event; it is applied if it is the very next change. That of a reply changes the
    /// message that begins its thread too.
    pub(crate) fn hear(&mut self, event: &Value) -> Outcome {
        let revision = integer(&event["revision"]);
        self.next(revision, |rows| {
            let (message, head) = (&event["message"], &event["head"]);
            if !head.is_null() {
                let Some(root) = rows.get_mut(&integer(&head["root"])) else { return false };
                (root.revision, root.thread) = (revision, thread(&head["thread"]));
            }
            let (number, mut row) = Row::of(message);
            // The event of an edit leaves out the reactions, which stay as they are.
            if message["deleted_at"].is_null()
                && let Some(before) = rows.remove(&number)
            {
                row.reactions = before.reactions;
            }
            rows.insert(number, row);
            true
        })
    }

    /// The same for the event of a reaction.
    pub(crate) fn hear_reaction(&mut self, event: &Value) -> Outcome {
        self.next(integer(&event["revision"]), |rows| {
            let row = rows.get_mut(&integer(&event["number"]));
            row.map(|row| row.react(event)).is_some()
        })
    }

    /// The same for the event of a pin.
    pub(crate) fn hear_pin(&mut self, event: &Value) -> Outcome {
        let revision = integer(&event["revision"]);
        self.next(revision, |rows| {
            let row = rows.get_mut(&integer(&event["number"]));
            row.map(|row| (row.revision, row.pin) = (revision, pin(&event["pin"]))).is_some()
        })
    }

    /// Applies a change if it is the very next one; `change` says whether it could be applied.
    fn next(
        &mut self,
        revision: i64,
        change: impl FnOnce(&mut BTreeMap<i64, Row>) -> bool,
    ) -> Outcome {
        if revision <= self.revision {
            return Outcome::Known;
        }
        if revision != self.revision + 1 || !change(&mut self.rows) {
            return Outcome::Gap;
        }
        self.revision = revision;
        Outcome::Applied
    }

    /// Asks for what changed until the answer is complete. Passes every message to `seen`.
    pub(crate) async fn catch_up(
        &mut self,
        person: &mut Client,
        channel: i64,
        mut seen: impl FnMut(&Value),
    ) -> Result<()> {
        loop {
            let path = format!("/api/channels/{channel}/changes?since={}", self.revision);
            let changes = person.get(&path).await?.json();
            for message in changes["messages"].as_array().context("no list of changes")? {
                seen(message);
                let (number, row) = Row::of(message);
                self.revision = row.revision;
                self.rows.insert(number, row);
            }
            if changes["complete"] == true {
                self.revision = integer(&changes["revision"]);
                return Ok(());
            }
        }
    }
}

/// What stands under a message, with the ids of the people.
fn thread(told: &Value) -> Value {
    let mut thread = told.clone();
    for face in thread.get_mut("faces").and_then(Value::as_array_mut).into_iter().flatten() {
        unname(face);
    }
    thread
}

/// A pin, with the id of whoever pinned.
fn pin(told: &Value) -> Value {
    let mut pin = told.clone();
    if let Some(by) = pin.get_mut("by") {
        unname(by);
    }
    pin
}

/// Leaves the id of a person.
fn unname(person: &mut Value) {
    *person = person["id"].take();
}

/// The emoji that were put to a message, in their order, with their counts.
pub(crate) fn reactions(message: &Value) -> Vec<(String, i64)> {
    let kinds = message["reactions"].as_array().into_iter().flatten();
    let emoji = |kind: &Value| kind["emoji"].as_str().unwrap_or_default().to_owned();
    kinds.map(|kind| (emoji(kind), integer(&kind["count"]))).collect()
}

/// An integer from JSON; −1 if it is none, which the server never sends.
pub(crate) fn integer(value: &Value) -> i64 {
    value.as_i64().unwrap_or(-1)
}
