//! One connection: its task notes here what happens, and waits here for its end.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use super::activity::Activity;
use super::slots::{Connections, Crowded, NoSlot};

/// One connection and its slot, which is free again when this is dropped.
pub(in crate::http) struct Connection {
    pub(super) connections: Arc<Connections>,
    pub(super) id: u64,
    /// It is a proxy's: it is counted for the client of its request, as long as that lasts.
    is_shared: bool,
    activity: Arc<Activity>,
}

impl Connection {
    /// Takes a slot. `None` is the address of a proxy, which serves many.
    ///
    /// # Errors
    /// When all slots are taken, and no connection gives way.
    pub(in crate::http) fn open(
        connections: &Arc<Connections>,
        address: Option<IpAddr>,
    ) -> Result<Self, NoSlot> {
        let (id, activity) = connections.open(address)?;
        let connections = Arc::clone(connections);
        Ok(Self { connections, id, is_shared: address.is_none(), activity })
    }

    /// Waits until it has to give way.
    pub(in crate::http) async fn cut(&self) {
        self.activity.cut.notified().await;
    }

    /// Notes that a request has come.
    pub(in crate::http) fn begin(&self) {
        self.touch();
        self.activity.is_busy.store(true, Relaxed);
    }

    /// Notes whether the rest of the request's body has to come. Each piece is a sign of life.
    pub(in crate::http) fn awaits_body(&self, awaits: bool) {
        if !awaits {
            self.touch();
        }
        self.activity.awaits_body.store(awaits, Relaxed);
    }

    fn touch(&self) {
        self.activity.since_ms.store(self.connections.now(), Relaxed);
    }

    /// Notes the client of the request. A proxy's connection is counted for that address until the
    /// answer is out.
    ///
    /// # Errors
    /// When that address has as many as it may.
    pub(in crate::http) fn is_for(&self, address: IpAddr) -> Result<(), Crowded> {
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

    /// Counts bytes in memory for its answer, until that is out.
    ///
    /// # Errors
    /// When the answers of all connections take too much.
    pub(in crate::http) fn keeps(&self, bytes: usize) -> Result<(), Crowded> {
        self.connections.weigh(self.id, bytes)
    }

    /// Notes that the answer begins, and how many bytes are to be written before it is out.
    pub(in crate::http) fn owes(&self, bytes: u64) {
        if bytes == 0 {
            return self.rests();
        }
        self.touch();
        self.activity.owed.store(bytes, Relaxed);
    }

    /// Notes that the answer is out.
    pub(in crate::http) fn rests(&self) {
        self.activity.owed.store(0, Relaxed);
        self.activity.is_busy.store(false, Relaxed);
        self.touch();
        let mut table = self.connections.table();
        let Some(entry) = table.entries.get_mut(&self.id) else { return };
        let weight = std::mem::take(&mut entry.weight);
        let address = if self.is_shared { entry.address.take() } else { None };
        table.answers = table.answers.saturating_sub(weight);
        table.uncount(address);
    }

    /// Notes that the client took bytes.
    pub(in crate::http) fn wrote(&self, bytes: usize) {
        let activity = &self.activity;
        activity.is_blocked.store(false, Relaxed);
        self.touch();
        let owed = activity.owed.load(Relaxed);
        if owed > 0 {
            let left = owed.saturating_sub(bytes as u64);
            activity.owed.store(left, Relaxed);
            if left == 0 {
                self.rests();
            }
        }
    }

    /// Notes that the client takes nothing at the moment.
    pub(in crate::http) fn is_blocked(&self) {
        self.activity.is_blocked.store(true, Relaxed);
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        drop(self.connections.table().remove(self.id));
    }
}
