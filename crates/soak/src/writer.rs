//! A writer, which sends as a good client does: a key for each message, and the same request again under
//! the same key until there is an answer.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use hyper::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::copy::integer;
use crate::http::{Answer, Client};
use crate::pause;
use crate::room::Room;
use crate::talk::Emoji;

/// How many of its messages a writer remembers, to delete them or to send their keys again.
const REMEMBERED: usize = 200;
/// It reacts to one of so many newest messages of a channel.
const REACHED: i64 = 20;
/// The longest pause between two actions, in milliseconds.
const LONGEST_PAUSE_MS: u64 = 30;
/// The largest file, in bytes.
const LARGEST_FILE: usize = 40_000;

/// A message of this writer.
#[derive(Debug, Clone)]
struct Mine {
    channel: i64,
    number: i64,
    /// As it was posted.
    body: Value,
    /// How often it was edited since.
    edits: i64,
    deleted: bool,
}

/// A writer.
pub(crate) struct Writer {
    room: Room,
    person: Client,
    rng: Rng,
    mine: VecDeque<Mine>,
    name: String,
    /// Whether it changes the name of its person too.
    renames: bool,
    /// The emoji that it puts to messages of anybody, if it does.
    emoji: Vec<Emoji>,
    /// Which of them it has put to which channel's message.
    put: BTreeSet<(i64, i64, &'static str)>,
    written: u64,
    /// The number of its last message in each channel. The next one must have a higher number.
    last: std::collections::BTreeMap<i64, i64>,
}

impl Writer {
    /// A writer who is not started.
    pub(crate) fn new(room: Room, person: Client, name: &str, seed: u64) -> Self {
        Self {
            room,
            person,
            rng: Rng::with_seed(seed),
            mine: VecDeque::new(),
            name: name.to_owned(),
            renames: false,
            emoji: Vec::new(),
            put: BTreeSet::new(),
            written: 0,
            last: Default::default(),
        }
    }

    /// Whether it changes the name of its person too.
    pub(crate) fn renaming(self, renames: bool) -> Self {
        Self { renames, ..self }
    }

    /// It puts these emoji to messages too, and is the only connection of its person that does.
    pub(crate) fn reacting(self, emoji: [Emoji; 3]) -> Self {
        Self { emoji: emoji.to_vec(), ..self }
    }

    /// Starts it.
    pub(crate) fn start(self) -> JoinHandle<()> {
        tokio::spawn(self.run())
    }

    async fn run(mut self) {
        loop {
            let gate = std::sync::Arc::clone(&self.room.gate);
            let through = gate.read().await;
            if *self.room.stop.borrow() {
                return;
            }
            match self.rng.u8(0..100) {
                0..10 => self.delete().await,
                10..16 => self.replay().await,
                16..20 => self.reuse_a_key().await,
                20..26 => self.post(true).await,
                26..30 if self.renames => self.rename().await,
                30..42 => self.edit().await,
                42..60 if !self.emoji.is_empty() => self.react().await,
                _ => self.post(false).await,
            }
            drop(through);
            let wait = self.rng.u64(0..LONGEST_PAUSE_MS);
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }

    async fn post(&mut self, with_file: bool) {
        let channel = self.room.channels[self.rng.usize(0..self.room.channels.len())];
        self.written += 1;
        let key = uuid::Builder::from_random_bytes(self.rng.u128(..).to_ne_bytes()).into_uuid();
        let text =
            format!("{} 说 {} {}", self.name, self.written, "…".repeat(self.rng.usize(0..60)));
        let mut body = json!({ "key": key.to_string(), "text": text });
        if with_file {
            body["attachments"] = json!([self.upload().await]);
        } else {
            self.lean_on_another(channel, &mut body);
        }
        let Some(message) = self.send(channel, &body).await else { return };
        let number = integer(&message["number"]);
        let last = self.last.insert(channel, number).unwrap_or(0);
        if number <= last {
            self.room.ledger.fault(format!("{}: {number} came after {last}", self.name));
        }
        self.mine.push_back(Mine { channel, number, body, edits: 0, deleted: false });
        if self.mine.len() > REMEMBERED {
            self.mine.pop_front();
        }
    }

    /// Makes of a draft a reply, a quote or a forward, or leaves it as it is. Whether it can be one of these is
    /// for the server to say.
    fn lean_on_another(&mut self, channel: i64, body: &mut Value) {
        let Some(newest) = self.room.ledger.newest(channel) else { return };
        let number = self.rng.i64((newest - REACHED).max(1)..=newest);
        match self.rng.u8(0..100) {
            0..30 => {
                body["thread"] = json!(number);
                body["also"] = json!(self.rng.u8(0..4) == 0);
            }
            30..40 => body["quote"] = json!(number),
            40..48 => body["forward"] = json!({ "channel": channel, "number": number }),
            _ => {}
        }
    }

    async fn upload(&mut self) -> Value {
        let mut bytes = vec![0; self.rng.usize(1..LARGEST_FILE)];
        self.rng.fill(&mut bytes);
        let bytes = Bytes::from(bytes);
        loop {
            match self.person.upload("/api/uploads?name=noise.bin", bytes.clone()).await {
                Ok(answer) if answer.status == 201 => return answer.json()["id"].clone(),
                Ok(answer) if !answer.is_passing() => self.refused("an upload", &answer),
                _ => {}
            }
            self.room.ledger.count(|counts| counts.retried += 1);
            tokio::time::sleep(pause::RETRY).await;
        }
    }

    /// Sends an old message once more, as an outbox does that never got the answer.
    async fn replay(&mut self) {
        let Some(at) = self.one_of_mine() else { return };
        let mine = self.mine[at].clone();
        self.send(mine.channel, &mine.body).await;
    }

    /// Sends another text under the key of a message: the server must refuse it.
    async fn reuse_a_key(&mut self) {
        let Some(at) = self.one_of_mine() else { return };
        let mut mine = self.mine[at].clone();
        mine.body["text"] = json!("something else");
        let path = format!("/api/channels/{}/messages", mine.channel);
        let answer = self.insist(Method::POST, &path, Some(&mine.body)).await;
        if answer.status != 409 && answer.json()["deleted_at"].is_null() {
            self.refused("another text under an old key", &answer);
        }
    }

    async fn delete(&mut self) {
        let Some(at) = self.one_of_mine() else { return };
        let mine = self.mine[at].clone();
        let path = format!("/api/channels/{}/messages/{}", mine.channel, mine.number);
        let answer = self.insist(Method::DELETE, &path, None).await;
        if answer.status != 200 || answer.json()["deleted_at"].is_null() {
            self.refused("a deletion", &answer);
            return;
        }
        self.mine[at].deleted = true;
        self.room.ledger.deleted(mine.body["key"].as_str().unwrap_or_default());
    }

    /// Changes a message. It says how often the message was edited: if an edit that was acknowledged were lost,
    /// the server would refuse.
    async fn edit(&mut self) {
        let Some(at) = self.one_of_mine() else { return };
        let mine = self.mine[at].clone();
        self.written += 1;
        let text = format!("{} 改 {}", self.name, self.written);
        let body = json!({ "text": text, "edits": mine.edits });
        let path = format!("/api/channels/{}/messages/{}", mine.channel, mine.number);
        let answer = self.insist(Method::PATCH, &path, Some(&body)).await;
        if mine.deleted && answer.status == 404 {
            return;
        }
        let message = answer.json();
        let edits = mine.edits + 1;
        if answer.status != 200 || message["edits"] != edits || message["text"] != text.as_str() {
            return self.refused("an edit", &answer);
        }
        self.mine[at].edits = edits;
        self.room.ledger.edited(mine.body["key"].as_str().unwrap_or_default(), &text, edits);
    }

    /// Puts an emoji to a message of anybody, or takes it back. The answer shows whether those are there that
    /// it has put there before.
    async fn react(&mut self) {
        let channel = self.room.channels[self.rng.usize(0..self.room.channels.len())];
        let Some(&last) = self.last.get(&channel) else { return };
        let number = self.rng.i64((last - REACHED).max(1)..=last);
        let (emoji, encoded) = self.emoji[self.rng.usize(0..self.emoji.len())];
        let on = self.rng.bool();
        let path = format!("/api/channels/{channel}/messages/{number}/reactions/{encoded}");
        let method = if on { Method::PUT } else { Method::DELETE };
        let answer = self.insist(method, &path, None).await;
        if answer.status == 404 {
            // It is deleted, or a line.
            return;
        }
        if on {
            self.put.insert((channel, number, emoji));
        } else {
            self.put.remove(&(channel, number, emoji));
        }
        let message = answer.json();
        let has = |emoji: &str| {
            let mut kinds = message["reactions"].as_array().into_iter().flatten();
            kinds.any(|kind| kind["emoji"] == emoji && kind["mine"] == true)
        };
        let as_put =
            |(emoji, _): &Emoji| has(emoji) == self.put.contains(&(channel, number, *emoji));
        if answer.status != 200 || !self.emoji.iter().all(as_put) {
            return self.refused("a reaction", &answer);
        }
        self.room.ledger.reacted((channel, number), emoji, &self.name, on);
    }

    /// Takes another name, or one that it had before.
    async fn rename(&mut self) {
        let name = format!("{} as {}", self.name.replace('/', " "), self.rng.u8(0..20));
        let body = json!({ "name": name });
        let answer = self.insist(Method::PUT, "/api/me/name", Some(&body)).await;
        let me = answer.json();
        if answer.status != 200 || me["name"] != name.as_str() {
            self.refused("a name", &answer);
            return;
        }
        self.room.ledger.renamed(integer(&me["id"]), &name);
    }

    /// The place of one of its messages.
    fn one_of_mine(&mut self) -> Option<usize> {
        let at = self.rng.usize(0..self.mine.len().max(1));
        (at < self.mine.len()).then_some(at)
    }

    async fn send(&mut self, channel: i64, body: &Value) -> Option<Value> {
        let path = format!("/api/channels/{channel}/messages");
        let answer = self.insist(Method::POST, &path, Some(body)).await;
        let message = answer.json();
        let leans = ["thread", "quote", "forward"].iter().any(|name| !body[*name].is_null());
        if leans && (answer.status == 404 || message["code"] == "quoted_gone") {
            // What it leans on is deleted, a line, or a reply itself.
            return None;
        }
        if !matches!(answer.status, 200 | 201) {
            self.refused("a message", &answer);
            return None;
        }
        self.room.ledger.acknowledged(body["key"].as_str().unwrap_or_default(), &message);
        Some(message)
    }

    /// Repeats a request until there is an answer.
    async fn insist(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        loop {
            match self.person.ask(method.clone(), path, body).await {
                Ok(answer) if !answer.is_passing() => return answer,
                _ => self.room.ledger.count(|counts| counts.retried += 1),
            }
            tokio::time::sleep(pause::RETRY).await;
        }
    }

    fn refused(&self, what: &str, answer: &Answer) {
        let said = String::from_utf8_lossy(&answer.body).into_owned();
        self.room.ledger.fault(format!("{what}: {} {said}", answer.status));
    }
}
