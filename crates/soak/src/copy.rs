//! A client's copy of one channel, kept up to date by the rules that every client follows (promise 3).

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::http::Client;

/// A message as it was at one revision. `form` is the SHA-256 of its JSON with sorted names, without the
/// names of people, which change without a revision of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub revision: i64,
    pub form: [u8; 32],
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
        stored["author"] = stored["author"]["id"].take();
        for passage in
            stored.pointer_mut("/line/people").and_then(Value::as_array_mut).into_iter().flatten()
        {
            passage["user"] = passage["user"]["id"].take();
        }
        let form = Sha256::digest(stored.to_string()).into();
        (integer(&message["number"]), Self { revision: integer(&message["revision"]), form })
    }
}

impl Copy {
    /// Takes in a live event; it is applied if it is the very next change.
    pub(crate) fn hear(&mut self, revision: i64, message: &Value) -> Outcome {
        if revision <= self.revision {
            return Outcome::Known;
        }
        if revision != self.revision + 1 {
            return Outcome::Gap;
        }
        let (number, row) = Row::of(message);
        self.rows.insert(number, row);
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

/// An integer from JSON; −1 if it is none, which the server never sends.
pub(crate) fn integer(value: &Value) -> i64 {
    value.as_i64().unwrap_or(-1)
}
