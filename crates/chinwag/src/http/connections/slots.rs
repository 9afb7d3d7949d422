//! The limits of all connections together, and which of them end when there is no room.

use std::net::IpAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::activity::Activity;
use super::table::{Entry, Table};

/// Bytes of answers that may wait for their clients. Beyond it, connections that stand still end.
pub(super) const ANSWERS_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of answers beyond which no other is given, even if all of them are being read.
const MOST_ANSWERS_BYTES: usize = 128 * 1024 * 1024;
/// How long a connection must have waited before it may be ended for another.
pub(super) const SPARED_MS: u64 = 1_000;
/// How many connections give way together, so that the next ones do not need a search each.
const TOGETHER: usize = 32;
/// Pause after a search that found none, so that connecting in vain costs little.
const LOOK_PAUSE_MS: u64 = 100;
/// The longest pause between two searches for connections whose clients take nothing.
const SWEEP_EVERY: Duration = Duration::from_secs(5);

/// The limits of HTTP connections.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// Connections at one time.
    pub in_all: usize,
    /// The same from one address.
    pub per_address: usize,
    /// How long a client may take nothing of its answer.
    pub stall: Duration,
}

/// The error when there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Crowded;

/// Why a connection is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum NoSlot {
    /// All slots are taken.
    InAll,
    /// Its address has as many as one may have.
    ForAddress,
}

/// The slots of all connections.
pub(in crate::http) struct Connections {
    limits: ConnectionLimits,
    /// Milliseconds of a clock that never jumps.
    now_ms: Box<dyn Fn() -> u64 + Send + Sync>,
    table: Mutex<Table>,
}

impl Connections {
    pub(in crate::http) fn new(limits: ConnectionLimits) -> Arc<Self> {
        let start = Instant::now();
        let since_start = move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Self::with_clock(limits, Box::new(since_start))
    }

    pub(super) fn with_clock(
        limits: ConnectionLimits,
        now_ms: Box<dyn Fn() -> u64 + Send + Sync>,
    ) -> Arc<Self> {
        Arc::new(Self { limits, now_ms, table: Mutex::default() })
    }

    pub(super) fn now(&self) -> u64 {
        (self.now_ms)()
    }

    /// Takes a slot for that address, and answers its number and its activity. `None` is the
    /// address of a proxy, which serves many.
    ///
    /// # Errors
    /// When all slots are taken, and no connection gives way.
    pub(super) fn open(&self, address: Option<IpAddr>) -> Result<(u64, Arc<Activity>), NoSlot> {
        let now = self.now();
        let mut table = self.table();
        if table.entries.len() >= self.limits.in_all {
            self.make_room(&mut table, now, None);
        }
        if table.entries.len() >= self.limits.in_all {
            return Err(NoSlot::InAll);
        }
        self.make_room_for(&mut table, now, address).map_err(|Crowded| NoSlot::ForAddress)?;
        table.next += 1;
        let id = table.next;
        let activity = Arc::new(Activity::default());
        activity.since_ms.store(now, Relaxed);
        table.count(address);
        let entry = Entry { address, weight: 0, activity: Arc::clone(&activity) };
        table.entries.insert(id, entry);
        Ok((id, activity))
    }

    pub(super) fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes room for one more connection of an address.
    ///
    /// # Errors
    /// When the address has all that it may have, and none gives way.
    pub(super) fn make_room_for(
        &self,
        table: &mut Table,
        now: u64,
        address: Option<IpAddr>,
    ) -> Result<(), Crowded> {
        let Some(address) = address else { return Ok(()) };
        let is_full =
            |table: &Table| table.held(address).is_some_and(|n| n >= self.limits.per_address);
        if is_full(table) {
            self.make_room(table, now, Some(address));
        }
        if is_full(table) { Err(Crowded) } else { Ok(()) }
    }

    /// Ends those connections that have waited longest, of one address or of all.
    fn make_room(&self, table: &mut Table, now: u64, address: Option<IpAddr>) {
        let look_at = match address {
            Some(address) => &mut table.by_address.entry(address).or_default().look_at,
            None => &mut table.look_at,
        };
        if now < *look_at {
            return;
        }
        *look_at = now + LOOK_PAUSE_MS;
        let before = now.saturating_sub(SPARED_MS);
        let in_scope = |entry: &Entry| address.is_none() || entry.address == address;
        let waits = |entry: &Entry| entry.activity.waits_since().filter(|since| *since <= before);
        let mut waiting: Vec<(u64, u64)> = table
            .entries
            .iter()
            .filter(|(_, entry)| in_scope(entry))
            .filter_map(|(id, entry)| Some((waits(entry)?, *id)))
            .collect();
        waiting.sort_unstable();
        for (_, id) in waiting.iter().take(TOGETHER) {
            table.cut(*id);
        }
        if !waiting.is_empty() {
            // The next look may be at once: this one did not search in vain.
            match address.and_then(|address| table.by_address.get_mut(&address)) {
                Some(held) => held.look_at = 0,
                None => table.look_at = 0,
            }
        }
    }

    /// Ends those connections that have waited longest, because the system has no room for another.
    pub(in crate::http) fn give_way(&self) {
        let now = self.now();
        self.make_room(&mut self.table(), now, None);
    }

    /// Counts the bytes of one more answer of a connection. Beyond [`ANSWERS_BYTES`], the
    /// connections end whose clients have taken nothing for longest.
    ///
    /// # Errors
    /// When the answers would still exceed [`MOST_ANSWERS_BYTES`].
    pub(super) fn weigh(&self, id: u64, weight: usize) -> Result<(), Crowded> {
        let now = self.now();
        let mut table = self.table();
        if table.answers + weight > ANSWERS_BYTES {
            let before = now.saturating_sub(SPARED_MS);
            let mut stuck: Vec<(u64, u64)> = table
                .entries
                .iter()
                .filter(|(other, entry)| **other != id && entry.weight > 0)
                .filter_map(|(id, entry)| Some((entry.activity.blocked_since()?, *id)))
                .filter(|(since, _)| *since <= before)
                .collect();
            stuck.sort_unstable();
            for (_, id) in stuck {
                if table.answers + weight <= ANSWERS_BYTES {
                    break;
                }
                table.cut(id);
            }
        }
        // A single answer is always given, however large.
        if table.answers > 0 && table.answers + weight > MOST_ANSWERS_BYTES {
            return Err(Crowded);
        }
        let Some(entry) = table.entries.get_mut(&id) else { return Ok(()) };
        entry.weight += weight;
        table.answers += weight;
        Ok(())
    }

    /// Ends connections whose clients take nothing of their answers for too long. Does not return.
    pub(in crate::http) async fn sweep(self: Arc<Self>) {
        let mut tick = tokio::time::interval((self.limits.stall / 4).min(SWEEP_EVERY));
        loop {
            tick.tick().await;
            let before = self.now().saturating_sub(self.limits.stall.as_millis() as u64);
            let mut table = self.table();
            let stuck: Vec<u64> = table
                .entries
                .iter()
                .filter(|(_, entry)| entry.activity.blocked_since().is_some_and(|at| at <= before))
                .map(|(id, _)| *id)
                .collect();
            stuck.iter().for_each(|id| table.cut(*id));
            drop(table);
            if !stuck.is_empty() {
                tracing::debug!(count = stuck.len(), "connections took nothing of their answers");
            }
        }
    }
}
