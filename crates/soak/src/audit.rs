//! Comparing what clients have with what the server stores.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde_json::Value;
use tokio::sync::RwLockWriteGuard;

use crate::copy::{Copy, integer};
use crate::http::Client;
use crate::own::Fresh;
use crate::pause;
use crate::reader::Reader;
use crate::room::Room;
use crate::rows;
use crate::wishes::Wishes;

/// Threads of a channel that are read page by page.
const MOST_THREADS: usize = 40;
/// A person stands to no more threads.
const MOST_FOLLOWED: usize = 2000;

/// Stops everybody who changes something between two actions, for as long as what is returned lives.
///
/// # Errors
/// When somebody does not stop.
pub(crate) async fn standstill(room: &Room) -> Result<RwLockWriteGuard<'_, ()>> {
    let still = tokio::time::timeout(pause::SETTLE, room.gate.write());
    still.await.context("a writer does not come to an end")
}

/// While nobody changes anything: waits until every reader is up to date, and compares what all of them have
/// with the store. `stored` is a copy that `person` keeps by asking alone.
///
/// # Errors
/// When the server does not answer.
pub(crate) async fn readers(
    room: &Room,
    readers: &[Reader],
    person: &mut Client,
    stored: &mut BTreeMap<i64, Copy>,
) -> Result<()> {
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

/// While nobody changes anything: compares what a person was acknowledged, and what their reader heard, with a
/// fresh load.
///
/// # Errors
/// When the server does not answer.
pub(crate) async fn wishes(
    room: &Room,
    who: &str,
    person: &mut Client,
    book: &Wishes,
    reader: &Reader,
) -> Result<()> {
    let fresh = Fresh::load(person).await?.own;
    for fault in book.faults(who, &fresh) {
        room.ledger.fault(fault);
    }
    if let Err(heard) = reader.own_is(&fresh).await {
        room.ledger.fault(format!("{who} heard {heard:?}, and a fresh load is {fresh:?}"));
    }
    Ok(())
}

/// Compares a fresh load of everything with the ledger, and with `followed`, a copy that was kept up to
/// date from the beginning. Returns all messages.
///
/// # Errors
/// When the server does not answer.
pub(crate) async fn everything(
    room: &Room,
    person: &mut Client,
    followed: &BTreeMap<i64, Copy>,
) -> Result<Vec<Value>> {
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
        let latest: Vec<Value> = latest.into_values().collect();
        let mut faults = rows::faults(&latest);
        faults.extend(pages(person, *channel, &latest).await?);
        for fault in faults {
            room.ledger.fault(fault);
        }
        stored.extend(latest);
    }
    room.ledger.audit_kept(&stored);
    Ok(stored)
}

/// The run, the threads and the pins of a channel, read page by page, against all of its messages.
async fn pages(person: &mut Client, channel: i64, all: &[Value]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let run: Vec<&Value> = all.iter().filter(|message| rows::in_run(message)).collect();
    let path = format!("/api/channels/{channel}/messages");
    let told = backwards(person, &path, "messages").await?;
    if !told.iter().eq(run) {
        faults.push(format!("the pages of channel {channel} are not its run"));
    }
    let roots = all.iter().filter(|message| !message["thread"].is_null());
    for root in roots.rev().take(MOST_THREADS) {
        let path = format!("/api/channels/{channel}/threads/{}", root["number"]);
        let replies = all.iter().filter(|message| message["root"] == root["number"]);
        if !backwards(person, &path, "replies").await?.iter().eq(replies) {
            faults.push(format!("the pages of the thread of {root} are not its replies"));
        }
    }
    let answer = person.get(&format!("/api/channels/{channel}/pins")).await?.json();
    let pinned = |message: &&Value| !message["pin"].is_null();
    let told = answer["messages"].as_array().context("no list of pins")?;
    let stored = all.iter().filter(pinned);
    if told.len() != stored.clone().count() || !stored.clone().all(|one| told.contains(one)) {
        faults.push(format!("the list of pins of channel {channel} is {told:?}"));
    }
    Ok(faults)
}

/// All rows of what is told in pages, from the newest back; ascending.
async fn backwards(person: &mut Client, path: &str, name: &str) -> Result<Vec<Value>> {
    let (mut rows, mut query) = (Vec::new(), String::new());
    loop {
        let mut page = person.get(&format!("{path}{query}")).await?.json();
        let mut older = page[name].as_array_mut().map(std::mem::take).context("no page")?;
        older.append(&mut rows);
        rows = older;
        match rows.first() {
            Some(first) if page["has_older"] == true => {
                query = format!("?before={}", first["number"]);
            }
            _ => return Ok(rows),
        }
    }
}

/// What a person is told to have unread, against all messages; and for whoever chose nothing (`chose` is
/// `false`), which threads they follow.
///
/// # Errors
/// When the server does not answer.
pub(crate) async fn counts(
    room: &Room,
    person: &mut Client,
    stored: &[Value],
    chose: bool,
) -> Result<()> {
    let me = integer(&person.get("/api/me").await?.json()["id"]);
    let fresh = Fresh::load(person).await?;
    for fault in rows::count_faults(me, &fresh, stored) {
        room.ledger.fault(fault);
    }
    let part = rows::taken_part(me, stored);
    if !chose && part.len() <= MOST_FOLLOWED && !part.iter().eq(fresh.own.threads.keys()) {
        let follows: Vec<_> = fresh.own.threads.keys().collect();
        room.ledger.fault(format!("{me} took part in {part:?}, and follows {follows:?}"));
    }
    Ok(())
}
