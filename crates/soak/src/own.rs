//! A person's copy of their own stream: where they are and how far they have read, which threads they follow
//! and what they saved, kept up to date by the rules that every client follows (promise 3).

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::copy::{Outcome, integer};
use crate::http::Client;

/// A message of a channel, by its number.
pub(crate) type At = (i64, i64);

/// How somebody stands to a channel that they are in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seat {
    /// The read mark, and the step with which it moved last.
    pub number: i64,
    pub step: i64,
    pub level: String,
}

/// How somebody stands to a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stand {
    pub following: bool,
    /// The read mark, and the step with which this changed last.
    pub number: i64,
    pub step: i64,
}

/// What is known of the stream, up to a revision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Own {
    pub revision: i64,
    pub seats: BTreeMap<i64, Seat>,
    /// The threads that they follow.
    pub threads: BTreeMap<At, Stand>,
    /// The note to each message that they saved.
    pub saved: BTreeMap<At, String>,
}

/// What is unread in a channel or a thread, as the server counts it.
pub(crate) type Counts<Key> = BTreeMap<Key, i64>;

/// Everything by a fresh load: what changes with the stream, and what is unread.
pub(crate) struct Fresh {
    pub own: Own,
    pub in_channels: Counts<i64>,
    pub in_threads: Counts<At>,
}

impl Seat {
    /// From a channel as it is told to somebody.
    pub(crate) fn of(channel: &Value) -> Self {
        Self {
            number: integer(&channel["read_number"]),
            step: integer(&channel["read_step"]),
            level: channel["level"].as_str().unwrap_or_default().to_owned(),
        }
    }
}

impl Stand {
    /// From how the server says that somebody stands to a thread.
    pub(crate) fn of(follow: &Value) -> Self {
        Self {
            following: follow["following"] == true,
            number: integer(&follow["number"]),
            step: integer(&follow["step"]),
        }
    }
}

/// The thread that is told of.
fn thread_of(follow: &Value) -> At {
    (integer(&follow["channel"]), integer(&follow["root"]))
}

/// The message that is told of.
fn message_of(saved: &Value) -> At {
    (integer(&saved["channel"]), integer(&saved["number"]))
}

impl Own {
    /// Takes in a live event; it is applied if it is the very next change. Events of other streams are passed
    /// over.
    pub(crate) fn hear(&mut self, name: &str, event: &Value) -> Outcome {
        let is_own = ["read", "follow", "saved", "membership", "lost", "user", "activity"];
        let Some(revision) = event["revision"].as_i64().filter(|_| is_own.contains(&name)) else {
            return Outcome::Known;
        };
        if revision <= self.revision {
            return Outcome::Known;
        }
        if integer(&event["since"]) > self.revision {
            return Outcome::Gap;
        }
        match name {
            "read" => {
                let Some(seat) = self.seats.get_mut(&integer(&event["channel"])) else {
                    return Outcome::Gap;
                };
                (seat.number, seat.step) = (integer(&event["number"]), integer(&event["step"]));
            }
            "follow" => self.take_follow(&event["follow"]),
            "saved" => self.take_saved(&event["saved"]),
            "membership" => self.take_seat(&event["channel"]),
            "lost" => self.lose(integer(&event["channel"])),
            _ => {}
        }
        self.revision = revision;
        Outcome::Applied
    }

    /// Asks for what changed until the answer is complete.
    pub(crate) async fn catch_up(&mut self, person: &mut Client) -> Result<()> {
        loop {
            let path = format!("/api/me/changes?since={}", self.revision);
            let changes = person.get(&path).await?.json();
            for channel in rows(&changes, "channels")? {
                // Of these channels all threads are told.
                let id = integer(&channel["id"]);
                self.threads.retain(|thread, _| thread.0 != id);
                self.take_seat(channel);
            }
            for follow in rows(&changes, "follows")? {
                self.take_follow(follow);
            }
            for saved in rows(&changes, "saved")? {
                self.take_saved(saved);
            }
            for channel in rows(&changes, "lost")? {
                self.lose(integer(channel));
            }
            self.revision = integer(&changes["reached"]);
            if changes["complete"] == true {
                return Ok(());
            }
        }
    }

    fn take_seat(&mut self, channel: &Value) {
        let id = integer(&channel["id"]);
        if channel["member"] == true {
            self.seats.insert(id, Seat::of(channel));
        } else {
            self.lose(id);
        }
    }

    fn take_follow(&mut self, follow: &Value) {
        let stand = Stand::of(follow);
        if stand.following {
            self.threads.insert(thread_of(follow), stand);
        } else {
            self.threads.remove(&thread_of(follow));
        }
    }

    fn take_saved(&mut self, saved: &Value) {
        if saved["kept"] == true {
            let note = saved["note"].as_str().unwrap_or_default();
            self.saved.insert(message_of(saved), note.to_owned());
        } else {
            self.saved.remove(&message_of(saved));
        }
    }

    /// What was saved stays, for when the person may see it again.
    fn lose(&mut self, channel: i64) {
        self.seats.remove(&channel);
        self.threads.retain(|thread, _| thread.0 != channel);
    }
}

impl Fresh {
    /// Loads everything anew, while nobody changes anything.
    pub(crate) async fn load(person: &mut Client) -> Result<Self> {
        let state = person.get("/api/state").await?.json();
        let mut own = Own { revision: integer(&state["own"]), ..Own::default() };
        let (mut in_channels, mut in_threads) = (BTreeMap::new(), BTreeMap::new());
        for channel in rows(&state, "channels")? {
            own.take_seat(channel);
            if channel["member"] == true {
                in_channels.insert(integer(&channel["id"]), integer(&channel["unread"]));
            }
        }
        let follows = person.get("/api/me/follows").await?.json();
        for follow in rows(&follows, "follows")? {
            own.take_follow(follow);
            in_threads.insert(thread_of(follow), integer(&follow["unread"]));
        }
        let mut path = "/api/me/saved".to_owned();
        loop {
            let page = person.get(&path).await?.json();
            for row in rows(&page, "saved")? {
                own.take_saved(&row["saved"]);
            }
            let Some(next) = page["next"].as_i64() else { break };
            path = format!("/api/me/saved?before={next}");
        }
        Ok(Self { own, in_channels, in_threads })
    }
}

fn rows<'a>(answer: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    answer[name].as_array().with_context(|| format!("no list of {name}"))
}
