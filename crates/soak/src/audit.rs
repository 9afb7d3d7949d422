//! Comparing what clients have with what the server stores.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::copy::{Copy, integer};
use crate::http::Client;
use crate::pause;
use crate::reader::Reader;
use crate::room::Room;

/// Stops the writers between two actions, waits until every reader is up to date, and compares what
/// all of them have with the store. `stored` is a copy that `person` keeps by asking alone.
///
/// # Errors
/// When the server does not answer, or a writer does not stop.
pub(crate) async fn readers(
    room: &Room,
    readers: &[Reader],
    person: &mut Client,
    stored: &mut BTreeMap<i64, Copy>,
) -> Result<()> {
    let still = tokio::time::timeout(pause::SETTLE, room.gate.write());
    let _still = still.await.context("a writer does not come to an end")?;
    for channel in room.channels.iter() {
        let copy = stored.entry(*channel).or_default();
        copy.catch_up(person, *channel, |_| ()).await?;
    }
    room.ledger.audit_shown(stored);
    let people = person.get("/api/people?q=writer").await?.json();
    room.ledger.audit_names(people["people"].as_array().context("no list of people")?);
    for (number, reader) in readers.iter().enumerate() {
        if !reader.current(stored).await {
            room.ledger.fault(format!("reader {number} does not come to what is stored"));
        }
    }
    Ok(())
}

/// Compares a fresh load of everything with the ledger, and with `followed`, a copy that was kept up to
/// date from the beginning. Returns the number of messages.
///
/// # Errors
/// When the server does not answer.
pub(crate) async fn everything(
    room: &Room,
    person: &mut Client,
    followed: &BTreeMap<i64, Copy>,
) -> Result<usize> {
    let mut stored: Vec<Value> = Vec::new();
    for channel in room.channels.iter() {
        let mut fresh = Copy::default();
        let mut latest: BTreeMap<i64, Value> = BTreeMap::new();
        let keep = |message: &Value| {
            latest.insert(integer(&message["number"]), message.clone());
        };
        fresh.catch_up(person, *channel, keep).await?;
        if followed.get(channel) != Some(&fresh) {
            room.ledger.fault(format!("a fresh load of channel {channel} differs"));
        }
        if fresh.rows.keys().copied().ne(1..=fresh.rows.len() as i64) {
            room.ledger.fault(format!("the numbers of channel {channel} have a gap"));
        }
        stored.extend(latest.into_values());
    }
    room.ledger.audit_kept(&stored);
    Ok(stored.len())
}
