//! The list of connections: how many there are in all and per address, and what their answers
//! weigh.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use super::activity::Activity;

/// All connections, and what is counted over them.
#[derive(Default)]
pub(super) struct Table {
    /// The number of the newest connection.
    pub next: u64,
    /// By the number of the connection.
    pub entries: HashMap<u64, Entry>,
    pub by_address: HashMap<IpAddr, Held>,
    /// Bytes of answers in memory.
    pub answers: usize,
    /// Before this time no connection that could give way is looked for.
    pub look_at: u64,
}

/// What one address holds.
#[derive(Default)]
pub(super) struct Held {
    pub count: usize,
    pub look_at: u64,
}

/// What is counted for one connection.
pub(super) struct Entry {
    /// The address that it is counted for; `None` while a proxy's connection has no request.
    pub address: Option<IpAddr>,
    /// Bytes of its answer in memory.
    pub weight: usize,
    pub activity: Arc<Activity>,
}

impl Table {
    /// How many connections an address has.
    pub(super) fn held(&self, address: IpAddr) -> Option<usize> {
        self.by_address.get(&address).map(|held| held.count)
    }

    /// Counts one more connection for an address.
    pub(super) fn count(&mut self, address: Option<IpAddr>) {
        if let Some(address) = address {
            self.by_address.entry(address).or_default().count += 1;
        }
    }

    /// The reverse of `count`.
    pub(super) fn uncount(&mut self, address: Option<IpAddr>) {
        let Some(address) = address else { return };
        if let Some(held) = self.by_address.get_mut(&address) {
            held.count = held.count.saturating_sub(1);
            if held.count == 0 {
                self.by_address.remove(&address);
            }
        }
    }

    /// Takes a connection off the list; what it held is free.
    pub(super) fn remove(&mut self, id: u64) -> Option<Entry> {
        let entry = self.entries.remove(&id)?;
        self.uncount(entry.address);
        self.answers = self.answers.saturating_sub(entry.weight);
        Some(entry)
    }

    /// Takes a connection off the list and ends it.
    pub(super) fn cut(&mut self, id: u64) {
        if let Some(entry) = self.remove(id) {
            entry.activity.cut.notify_one();
        }
    }
}
