//! A reader: it connects, applies what follows, asks for what is missing, and connects again whenever
//! the connection ends.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use serde_json::Value;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::copy::{Copy, Outcome, integer};
use crate::http::Client;
use crate::own::Own;
use crate::pause;
use crate::room::Room;
use crate::socket::Socket;

/// When a reader's last connection ended, when it connected last, and when it was up to date after
/// that.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Times {
    pub ended: Option<Instant>,
    pub connected: Option<Instant>,
    pub current: Option<Instant>,
}

#[derive(Default)]
struct Shared {
    copies: Mutex<BTreeMap<i64, Copy>>,
    own: Mutex<Own>,
    times: Mutex<Times>,
    changed: Notify,
}

/// A running reader.
pub(crate) struct Reader {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Reader {
    /// Starts a reader. After the end of a connection it waits a random time within `pause_ms` before it
    /// connects again.
    pub(crate) fn start(room: Room, person: Client, pause_ms: Range<u64>) -> Self {
        let shared = Arc::<Shared>::default();
        let reading = Reading { room, person, pause_ms, shared: Arc::clone(&shared) };
        Self { shared, task: tokio::spawn(reading.run()) }
    }

    /// Waits until the reader has exactly what is `stored`; `false` if it has not within
    /// [`pause::SETTLE`].
    pub(crate) async fn current(&self, stored: &BTreeMap<i64, Copy>) -> bool {
        self.until(|shared| *lock(&shared.copies) == *stored).await
    }

    /// The same for their own stream, as it is by a `fresh` load. Returns what they have instead.
    pub(crate) async fn own_is(&self, fresh: &Own) -> Result<(), Own> {
        if self.until(|shared| *lock(&shared.own) == *fresh).await {
            return Ok(());
        }
        Err(lock(&self.shared.own).clone())
    }

    async fn until(&self, fits: impl Fn(&Shared) -> bool) -> bool {
        let until = Instant::now() + pause::SETTLE;
        loop {
            let changed = self.shared.changed.notified();
            if fits(&self.shared) {
                return true;
            }
            if tokio::time::timeout_at(until, changed).await.is_err() {
                return false;
            }
        }
    }

    /// The times of its last connection.
    pub(crate) fn times(&self) -> Times {
        *lock(&self.shared.times)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Reading {
    room: Room,
    person: Client,
    pause_ms: Range<u64>,
    shared: Arc<Shared>,
}

impl Reading {
    async fn run(mut self) {
        loop {
            // Whatever ended the connection, the reader connects again.
            let _ended = self.connection().await;
            lock(&self.shared.times).ended = Some(Instant::now());
            let wait = fastrand::u64(self.pause_ms.clone());
            tokio::time::sleep(Duration::from_millis(wait)).await;
        }
    }

    /// One connection, from its beginning to its end.
    async fn connection(&mut self) -> Result<()> {
        let before: BTreeMap<i64, i64> = {
            let copies = lock(&self.shared.copies);
            copies.iter().map(|(channel, copy)| (*channel, copy.revision)).collect()
        };
        let mut socket = Socket::open(&self.person).await?;
        self.room.ledger.count(|counts| counts.connected += 1);
        lock(&self.shared.times).connected = Some(Instant::now());
        loop {
            let (name, event) = socket.event().await?;
            if lock(&self.shared.own).hear(&name, &event) == Outcome::Gap {
                self.catch_up_own().await?;
            }
            match name.as_str() {
                "membership" if event["channel"]["member"] == true => {
                    self.at_least(&event["channel"]["id"], &event["channel"]["revision"]).await?;
                }
                "heads" => self.heads(&event, &before).await?,
                "message" => self.message(&event).await?,
                "reaction" => self.beside(&event, Copy::hear_reaction).await?,
                "pin" => self.beside(&event, Copy::hear_pin).await?,
                _ => {}
            }
            self.shared.changed.notify_waiters();
        }
    }

    /// Heads may be a little behind the events just before them. They may not be behind what was shown
    /// `before` this connection began: then something was shown that is not kept.
    async fn heads(&mut self, event: &Value, before: &BTreeMap<i64, i64>) -> Result<()> {
        let empty = Vec::new();
        for head in event["heads"].as_array().unwrap_or(&empty) {
            let (channel, revision) = (integer(&head[0]), integer(&head[1]));
            let shown = before.get(&channel).copied().unwrap_or(0);
            if revision < shown {
                let fault = format!("channel {channel} is at {revision} and was shown at {shown}");
                self.room.ledger.fault(fault);
            }
            self.at_least(&head[0], &head[1]).await?;
        }
        if event["own"].as_i64().is_some_and(|own| own > lock(&self.shared.own).revision) {
            self.catch_up_own().await?;
        }
        lock(&self.shared.times).current = Some(Instant::now());
        Ok(())
    }

    /// Catches up with a channel of which less is known.
    async fn at_least(&mut self, channel: &Value, revision: &Value) -> Result<()> {
        let channel = integer(channel);
        let known = lock(&self.shared.copies).entry(channel).or_default().revision;
        if integer(revision) > known {
            self.catch_up(channel).await?;
        }
        Ok(())
    }

    async fn catch_up_own(&mut self) -> Result<()> {
        let mut own = lock(&self.shared.own).clone();
        own.catch_up(&mut self.person).await?;
        *lock(&self.shared.own) = own;
        Ok(())
    }

    async fn message(&mut self, event: &Value) -> Result<()> {
        let channel = integer(&event["channel"]);
        self.room.ledger.count(|counts| counts.heard += 1);
        self.room.ledger.shown(channel, &event["message"]);
        let outcome = lock(&self.shared.copies).entry(channel).or_default().hear(event);
        if outcome == Outcome::Gap {
            self.catch_up(channel).await?;
        }
        Ok(())
    }

    /// An event that changes what stands beside a message.
    async fn beside(
        &mut self,
        event: &Value,
        hear: fn(&mut Copy, &Value) -> Outcome,
    ) -> Result<()> {
        let channel = integer(&event["channel"]);
        self.room.ledger.count(|counts| counts.heard += 1);
        let outcome = hear(lock(&self.shared.copies).entry(channel).or_default(), event);
        if outcome == Outcome::Gap {
            self.catch_up(channel).await?;
        }
        Ok(())
    }

    async fn catch_up(&mut self, channel: i64) -> Result<()> {
        let mut copy = lock(&self.shared.copies).get(&channel).cloned().unwrap_or_default();
        let ledger = Arc::clone(&self.room.ledger);
        let shown = |message: &Value| ledger.shown(channel, message);
        copy.catch_up(&mut self.person, channel, shown).await?;
        lock(&self.shared.copies).insert(channel, copy);
        self.room.ledger.count(|counts| counts.caught_up += 1);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
