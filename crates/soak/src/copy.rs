//! A client's copy of one channel, kept up to date by the rules that every client follows (promise 3).

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::http::Client;

/// A message as it was at one revision. `form` is the SHA-256 of its JSON with sorted names, without the
/// names of people, which change without a revision of the message, and without its revision and its
/// reactions, which events of reactions change. `reactions` are its emoji in their order, with their counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub revision: i64,
    pub form: [u8; 32],
    pub reactions: Vec<(String, i64)>,
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
            fields.retain(|name, _| name != "revision" && name != "reactions");
        }
        stored["author"] = stored["author"]["id"].take();
        for passage in
            stored.pointer_mut("/line/people").and_then(Value::as_array_mut).into_iter().flatten()
        {
            passage["user"] = passage["user"]["id"].take();
        }
        let form = Sha256::digest(stored.to_string()).into();
        let (revision, reactions) = (integer(&message["revision"]), reactions(message));
        (integer(&message["number"]), Self { revision, form, reactions })
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
    /// Takes in a live event; it is applied if it is the very next change.
    pub(crate) fn hear(&mut self, revision: i64, message: &Value) -> Outcome {
        self.next(revision, |rows| {
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
