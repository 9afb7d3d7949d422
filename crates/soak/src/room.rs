//! What writers and readers share: the channels, the ledger, and the gate that stops writing while
//! everything is looked over.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use hyper::Method;
use serde_json::{Value, json};
use tokio::sync::RwLock;
use tokio::sync::watch;

use crate::copy::{Copy, integer};
use crate::http::Session;
use crate::ledger::Ledger;
use crate::pause;
use crate::reader::Reader;

/// The room.
#[derive(Clone)]
pub(crate) struct Room {
    pub channels: Arc<Vec<i64>>,
    pub ledger: Arc<Ledger>,
    /// Held for reading through one thing that a writer does, retries included.
    pub gate: Arc<RwLock<()>>,
    pub stop: watch::Receiver<bool>,
}

impl Room {
    /// Makes the channels.
    pub(crate) async fn open(
        founder: &mut Session,
        channels: usize,
        stop: watch::Receiver<bool>,
    ) -> Result<Self> {
        let mut made = Vec::new();
        for number in 0..channels {
            let body = json!({ "name": format!("room {number}") });
            let answer = founder.ask(Method::POST, "/api/channels", Some(&body)).await;
            let Ok(answer) = answer else { bail!("no answer to a new channel") };
            made.push(answer.json()["id"].as_i64().context("no channel was made")?);
        }
        let (ledger, gate) = (Arc::default(), Arc::default());
        Ok(Self { channels: Arc::new(made), ledger, gate, stop })
    }

    /// Signs somebody in who is in all channels.
    pub(crate) async fn person(&self, address: SocketAddr, name: &str) -> Result<Session> {
        let mut person = Session::sign_in(address, name).await?;
        for channel in self.channels.iter() {
            let path = format!("/api/channels/{channel}/membership");
            let Ok(answer) = person.ask(Method::PUT, &path, None).await else {
                bail!("no answer to joining")
            };
            if answer.status >= 300 {
                bail!("joining: {} {:?}", answer.status, answer.body);
            }
        }
        Ok(person)
    }

    /// Stops the writers between two of their deeds, waits until every reader is current, and holds
    /// what all of them have against the store. `auditor` is a reader that only ever asks.
    pub(crate) async fn audit(
        &self,
        readers: &[Reader],
        person: &mut Session,
        auditor: &mut BTreeMap<i64, Copy>,
    ) -> Result<()> {
        let still = tokio::time::timeout(pause::SETTLE, self.gate.write());
        let _still = still.await.context("a writer does not come to an end")?;
        for channel in self.channels.iter() {
            let copy = auditor.entry(*channel).or_default();
            copy.catch_up(person, *channel, |_| ()).await?;
        }
        self.ledger.audit_shown(auditor);
        for (number, reader) in readers.iter().enumerate() {
            if !reader.current(auditor).await {
                self.ledger.fault(format!("reader {number} does not come to what is stored"));
            }
        }
        Ok(())
    }

    /// A fresh load of everything, held against the books and against whoever followed from the
    /// beginning.
    pub(crate) async fn audit_all(
        &self,
        person: &mut Session,
        auditor: &BTreeMap<i64, Copy>,
    ) -> Result<usize> {
        let mut stored: Vec<Value> = Vec::new();
        for channel in self.channels.iter() {
            let mut fresh = Copy::default();
            let mut latest: BTreeMap<i64, Value> = BTreeMap::new();
            let keep = |message: &Value| {
                latest.insert(integer(&message["number"]), message.clone());
            };
            fresh.catch_up(person, *channel, keep).await?;
            if auditor.get(channel) != Some(&fresh) {
                self.ledger.fault(format!("a fresh load of channel {channel} differs"));
            }
            if fresh.rows.keys().copied().ne(1..=fresh.rows.len() as i64) {
                self.ledger.fault(format!("the numbers of channel {channel} have a gap"));
            }
            stored.extend(latest.into_values());
        }
        self.ledger.audit_kept(&stored);
        Ok(stored.len())
    }
}
