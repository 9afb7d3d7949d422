//! Which channels have messages that the index does not have yet.
//!
//! A post is noted here after its commit and before it is answered. So whoever searches after an answer finds the
//! channel here, or the message in the index: a search looks here first, and reads the database then.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::Notify;

use super::marks;
use crate::model::events::Event;
use crate::model::ids::{ChannelId, Number};
use crate::store::Result;

/// What the index does not have.
#[derive(Default)]
pub(crate) struct Pending {
    /// Channels with messages above what is indexed, and the newest that is known of.
    newest: Mutex<HashMap<ChannelId, Number>>,
    /// Whether there are messages below what is indexed.
    older: AtomicBool,
    come: Notify,
}

impl Pending {
    /// What a database has that is not indexed.
    pub(crate) fn of(db: &Connection) -> Result<Self> {
        let newest = marks::behind(db)?.into_iter().collect();
        let older = AtomicBool::new(marks::has_older(db)?);
        Ok(Self { newest: Mutex::new(newest), older, come: Notify::new() })
    }

    /// Notes what an event brings.
    pub(crate) fn hear(&self, event: &Event) {
        let (Event::MessagePosted(message) | Event::Replied { message, .. }) = event else {
            return;
        };
        let mut newest = self.lock();
        let known = newest.entry(message.channel).or_insert(message.number);
        *known = (*known).max(message.number);
        drop(newest);
        self.come.notify_one();
    }

    /// The channels with messages above what is indexed, and the newest of each that is known of.
    pub(super) fn channels(&self) -> Vec<(ChannelId, Number)> {
        self.lock().iter().map(|(channel, newest)| (*channel, *newest)).collect()
    }

    /// Notes that a channel is indexed up to a number. What came after that is known of by now, or will be.
    pub(super) fn reached(&self, channel: ChannelId, high: Number) {
        let mut newest = self.lock();
        if newest.get(&channel).is_some_and(|known| *known <= high) {
            newest.remove(&channel);
        }
    }

    /// Notes that everything older is indexed.
    pub(super) fn reached_oldest(&self) {
        self.older.store(false, Ordering::Release);
    }

    /// Whether there are older messages that are not indexed.
    pub(super) fn has_older(&self) -> bool {
        self.older.load(Ordering::Acquire)
    }

    /// Waits until there is something to index.
    pub(super) async fn wait(&self) {
        while !self.has_older() && self.lock().is_empty() {
            self.come.notified().await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ChannelId, Number>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
