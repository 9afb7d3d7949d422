//! Which HTTP connections there are, what their answers hold in memory, and which of them go when
//! there is no room for another.
//!
//! Places are counted in all and per address. When they are taken, the connections that have waited
//! longest for a request or for a client that reads give way; one whose request is being answered
//! never does. So clients that connect and do nothing, or ask and never read, take nothing away from
//! others, however many they are. A connection whose client takes nothing for too long is closed in
//! any case.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

/// Bytes of answers that may wait for their clients. Beyond it those go that stand still.
const ANSWERS_BYTES: usize = 64 * 1024 * 1024;
/// Bytes of answers beyond which none is given, though all of them are being read.
const MOST_ANSWERS_BYTES: usize = 128 * 1024 * 1024;
/// How long a connection has waited before it may be asked to give way.
const SPARED_MS: u64 = 1_000;
/// Connections that give way together: the next that come do not have to look for one each.
const TOGETHER: usize = 32;
/// Pause after a look that found none, so that knocking in vain costs little.
const LOOK_PAUSE_MS: u64 = 100;
/// The longest pause between two looks for connections whose clients take nothing.
const SWEEP_EVERY: Duration = Duration::from_secs(5);

/// The bounds of HTTP connections.
#[derive(Debug, Clone, Copy)]
pub struct ConnectionLimits {
    /// Connections at one time.
    pub in_all: usize,
    /// The same from one address.
    pub per_address: usize,
    /// How long a client may take nothing of its answer.
    pub stall: Duration,
}

/// There is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crowded;

/// There is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPlace {
    /// All are taken.
    InAll,
    /// This address has all that one may have.
    ForAddress,
}

/// All of them.
pub(super) struct Connections {
    limits: ConnectionLimits,
    /// Milliseconds of a clock that never jumps.
    now_ms: Box<dyn Fn() -> u64 + Send + Sync>,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    next: u64,
    entries: HashMap<u64, Entry>,
    by_address: HashMap<IpAddr, Held>,
    /// Bytes of answers that wait.
    answers: usize,
    /// No look for one that gives way before this.
    look_at: u64,
}

/// What one address holds.
#[derive(Default)]
struct Held {
    count: usize,
    look_at: u64,
}

struct Entry {
    /// Who it is counted for; nobody while a proxy's connection has no request.
    address: Option<IpAddr>,
    /// Bytes of its answer in memory.
    weight: usize,
    activity: Arc<Activity>,
}

/// What a connection is doing, told by its own task without a lock.
#[derive(Default)]
struct Activity {
    /// A request is being answered: it does not give way.
    is_busy: AtomicBool,
    /// The client takes nothing at the moment.
    is_blocked: AtomicBool,
    /// When it last changed what it is doing, or wrote; milliseconds since the start.
    since_ms: AtomicU64,
    /// Bytes of the answer that are not written yet.
    owed: AtomicU64,
    cut: Notify,
}

/// One connection's place; it is free again when this is dropped.
pub(super) struct Connection {
    connections: Arc<Connections>,
    id: u64,
    /// A proxy's: it is counted for whoever its request is from, and only as long as that lasts.
    is_shared: bool,
    activity: Arc<Activity>,
}

impl Connections {
    pub(super) fn new(limits: ConnectionLimits) -> Arc<Self> {
        let start = Instant::now();
        let since_start = move || u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        Self::with_clock(limits, Box::new(since_start))
    }

    fn with_clock(
        limits: ConnectionLimits,
        now_ms: Box<dyn Fn() -> u64 + Send + Sync>,
    ) -> Arc<Self> {
        Arc::new(Self { limits, now_ms, table: Mutex::default() })
    }

    fn now(&self) -> u64 {
        (self.now_ms)()
    }

    /// Takes a place. `None` for the address of a proxy, which serves many.
    ///
    /// # Errors
    /// When all are taken, and nobody gives way.
    pub(super) fn open(self: &Arc<Self>, address: Option<IpAddr>) -> Result<Connection, NoPlace> {
        let now = self.now();
        let mut table = self.table();
        if table.entries.len() >= self.limits.in_all {
            self.make_room(&mut table, now, None);
        }
        if table.entries.len() >= self.limits.in_all {
            return Err(NoPlace::InAll);
        }
        self.make_room_for(&mut table, now, address).map_err(|Crowded| NoPlace::ForAddress)?;
        table.next += 1;
        let id = table.next;
        let activity = Arc::new(Activity::default());
        activity.since_ms.store(now, Relaxed);
        table.count(address);
        let entry = Entry { address, weight: 0, activity: Arc::clone(&activity) };
        table.entries.insert(id, entry);
        drop(table);
        Ok(Connection { connections: Arc::clone(self), id, is_shared: address.is_none(), activity })
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sees to it that an address may have one more.
    fn make_room_for(
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

    /// Lets those go that have waited longest, of one address or of all.
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
            // Found at once the next time too.
            match address.and_then(|address| table.by_address.get_mut(&address)) {
                Some(held) => held.look_at = 0,
                None => table.look_at = 0,
            }
        }
    }

    /// Lets those go that have waited longest, because the system has no room for another.
    pub(super) fn give_way(&self) {
        let now = self.now();
        self.make_room(&mut self.table(), now, None);
    }

    /// Counts the bytes of one more answer. Beyond the bound, those give way whose clients have
    /// taken nothing for longest.
    fn weigh(&self, id: u64, weight: usize) -> Result<(), Crowded> {
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
        // One answer is always given, however large.
        if table.answers > 0 && table.answers + weight > MOST_ANSWERS_BYTES {
            return Err(Crowded);
        }
        let Some(entry) = table.entries.get_mut(&id) else { return Ok(()) };
        entry.weight += weight;
        table.answers += weight;
        Ok(())
    }

    /// Cuts off whoever takes nothing of an answer for too long, for ever.
    pub(super) async fn sweep(self: Arc<Self>) {
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

impl Activity {
    /// Since when it waits for its client: for a request, or to read.
    fn waits_since(&self) -> Option<u64> {
        let waits = !self.is_busy.load(Relaxed) || self.is_blocked.load(Relaxed);
        waits.then(|| self.since_ms.load(Relaxed))
    }

    /// Since when its client takes nothing.
    fn blocked_since(&self) -> Option<u64> {
        self.is_blocked.load(Relaxed).then(|| self.since_ms.load(Relaxed))
    }
}

impl Table {
    fn held(&self, address: IpAddr) -> Option<usize> {
        self.by_address.get(&address).map(|held| held.count)
    }

    fn count(&mut self, address: Option<IpAddr>) {
        if let Some(address) = address {
            self.by_address.entry(address).or_default().count += 1;
        }
    }

    fn uncount(&mut self, address: Option<IpAddr>) {
        let Some(address) = address else { return };
        if let Some(held) = self.by_address.get_mut(&address) {
            held.count = held.count.saturating_sub(1);
            if held.count == 0 {
                self.by_address.remove(&address);
            }
        }
    }

    /// Takes a connection off the list; what it held is free.
    fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.entries.remove(&id)?;
        self.uncount(entry.address);
        self.answers = self.answers.saturating_sub(entry.weight);
        Some(entry)
    }

    /// Ends a connection.
    fn cut(&mut self, id: u64) {
        if let Some(entry) = self.remove(id) {
            entry.activity.cut.notify_one();
        }
    }
}

impl Connection {
    /// Waits until it has to give way.
    pub(super) async fn cut(&self) {
        self.activity.cut.notified().await;
    }

    /// A request has come.
    pub(super) fn begin(&self) {
        self.activity.is_busy.store(true, Relaxed);
    }

    /// Whose request it is. A proxy's connection is counted for them until the answer is out.
    ///
    /// # Errors
    /// When that address has as many as it may.
    pub(super) fn is_for(&self, address: IpAddr) -> Result<(), Crowded> {
        if !self.is_shared {
            return Ok(());
        }
        let mut table = self.connections.table();
        let now = self.connections.now();
        self.connections.make_room_for(&mut table, now, Some(address))?;
        let Some(entry) = table.entries.get_mut(&self.id) else { return Ok(()) };
        let before = entry.address.replace(address);
        table.uncount(before);
        table.count(Some(address));
        Ok(())
    }

    /// So many bytes in memory are kept for its answer, until that is out.
    ///
    /// # Errors
    /// When too much waits already.
    pub(super) fn keeps(&self, bytes: usize) -> Result<(), Crowded> {
        self.connections.weigh(self.id, bytes)
    }

    /// The answer begins; so many bytes are to be written before it is out.
    pub(super) fn owes(&self, bytes: u64) {
        if bytes == 0 {
            return self.rests();
        }
        self.activity.since_ms.store(self.connections.now(), Relaxed);
        self.activity.owed.store(bytes, Relaxed);
    }

    /// The answer is out.
    pub(super) fn rests(&self) {
        self.activity.owed.store(0, Relaxed);
        self.activity.is_busy.store(false, Relaxed);
        self.activity.since_ms.store(self.connections.now(), Relaxed);
        let mut table = self.connections.table();
        let Some(entry) = table.entries.get_mut(&self.id) else { return };
        let weight = std::mem::take(&mut entry.weight);
        let address = if self.is_shared { entry.address.take() } else { None };
        table.answers = table.answers.saturating_sub(weight);
        table.uncount(address);
    }

    /// The client took bytes.
    pub(super) fn wrote(&self, bytes: usize) {
        let activity = &self.activity;
        activity.is_blocked.store(false, Relaxed);
        activity.since_ms.store(self.connections.now(), Relaxed);
        let owed = activity.owed.load(Relaxed);
        if owed > 0 {
            let left = owed.saturating_sub(bytes as u64);
            activity.owed.store(left, Relaxed);
            if left == 0 {
                self.rests();
            }
        }
    }

    /// The client takes nothing at the moment.
    pub(super) fn is_blocked(&self) {
        self.activity.is_blocked.store(true, Relaxed);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        drop(self.connections.table().remove(self.id));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 1));
    const B: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 2));

    /// Connections with a clock that stands still until it is set.
    fn connections(in_all: usize, per_address: usize) -> (Arc<Connections>, Arc<AtomicU64>) {
        let clock = Arc::new(AtomicU64::new(10_000));
        let now = Arc::clone(&clock);
        let limits = ConnectionLimits { in_all, per_address, stall: Duration::from_secs(60) };
        let all = Connections::with_clock(limits, Box::new(move || now.load(Relaxed)));
        (all, clock)
    }

    fn is_cut(connection: &Connection) -> bool {
        !connection.connections.table().entries.contains_key(&connection.id)
    }

    #[test]
    fn who_waits_longest_gives_way_and_who_is_answered_never_does() {
        let (all, clock) = connections(3, 3);
        let busy = all.open(Some(A)).unwrap();
        busy.begin();
        let idle = all.open(Some(A)).unwrap();
        clock.fetch_add(500, Relaxed);
        let stuck = all.open(Some(A)).unwrap();
        stuck.begin();
        stuck.keeps(10).unwrap();
        stuck.owes(10);
        stuck.is_blocked();
        assert_eq!(all.open(Some(B)).err(), Some(NoPlace::InAll), "none has waited for long");
        clock.fetch_add(SPARED_MS, Relaxed);
        let _new = all.open(Some(B)).unwrap();
        assert!(is_cut(&idle) && is_cut(&stuck) && !is_cut(&busy));
        assert_eq!(all.table().answers, 0);
    }

    #[test]
    fn an_address_has_its_own_places_and_only_its_own_give_way() {
        let (all, clock) = connections(10, 1);
        let (a, b) = (all.open(Some(A)).unwrap(), all.open(Some(B)).unwrap());
        assert_eq!(all.open(Some(A)).err(), Some(NoPlace::ForAddress));
        clock.fetch_add(SPARED_MS, Relaxed);
        let again = all.open(Some(A)).unwrap();
        assert!(is_cut(&a) && !is_cut(&b));
        drop((a, b, again));
        assert!(all.table().entries.is_empty() && all.table().by_address.is_empty());
    }

    #[test]
    fn a_proxys_connection_is_counted_for_whoever_it_serves() {
        let (all, _clock) = connections(10, 1);
        let (one, two) = (all.open(None).unwrap(), all.open(None).unwrap());
        one.begin();
        one.is_for(A).unwrap();
        two.begin();
        assert_eq!(two.is_for(A), Err(Crowded));
        two.is_for(B).unwrap();
        one.owes(5);
        one.wrote(5);
        two.is_for(A).unwrap();
        assert_eq!(all.table().held(B), None);
    }

    #[test]
    fn answers_that_nobody_reads_give_way_to_others() {
        let (all, clock) = connections(1_000, 1_000);
        let half = ANSWERS_BYTES / 2;
        let answering = || {
            let connection = all.open(Some(A)).unwrap();
            connection.begin();
            connection.keeps(half).unwrap();
            connection.owes(half as u64);
            connection
        };
        let (read, stuck) = (answering(), answering());
        stuck.is_blocked();
        clock.fetch_add(SPARED_MS, Relaxed);
        let _third = answering();
        assert!(is_cut(&stuck) && !is_cut(&read));
        // All of them are read: up to the second bound they may be more.
        let _more = (answering(), answering());
        let last = all.open(Some(B)).unwrap();
        assert_eq!(last.keeps(1), Err(Crowded));
        drop(read);
        assert_eq!(last.keeps(1), Ok(()));
    }
}
