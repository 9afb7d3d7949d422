//! What writers and readers share: the channels, the ledger, and the gate that stops writing while
//! everything is checked.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use hyper::Method;
use serde_json::json;
use tokio::sync::RwLock;
use tokio::sync::watch;

use crate::http::Client;
use crate::ledger::Ledger;

/// The shared state.
#[derive(Clone)]
pub(crate) struct Room {
    pub channels: Arc<Vec<i64>>,
    pub ledger: Arc<Ledger>,
    /// A writer holds it for reading during one action, retries included. An audit holds it for writing.
    pub gate: Arc<RwLock<()>>,
    pub stop: watch::Receiver<bool>,
}

impl Room {
    /// Makes the channels.
    pub(crate) async fn open(
        founder: &mut Client,
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

    /// Signs a person in and joins all channels.
    pub(crate) async fn person(&self, address: SocketAddr, name: &str) -> Result<Client> {
        let mut person = Client::sign_in(address, name).await?;
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
}
