//! Channels that went quiet, so that their heads can be told once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::ids::{ChannelId, Revision};

/// How long a channel is quiet before its head is told.
pub const HEADS_AFTER: Duration = Duration::from_secs(30);
/// How often quiet channels are looked for: once per period for all channels together.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// The channels that changed lately. Bounded by the number of channels; an entry is gone as soon
/// as its head was told.
#[derive(Default)]
pub(super) struct QuietChannels {
    changed: Mutex<HashMap<ChannelId, (Revision, Instant)>>,
}

impl QuietChannels {
    /// Notes a change.
    pub(super) fn changed(&self, channel: ChannelId, revision: Revision) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.insert(channel, (revision, Instant::now()));
    }

    /// Waits for the next look, and takes those that have been quiet long enough.
    pub(super) async fn next(&self) -> Vec<(ChannelId, Revision)> {
        tokio::time::sleep(LOOK_EVERY).await;
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let quiet: Vec<_> = changed
            .iter()
            .filter(|(_, (_, at))| at.elapsed() >= HEADS_AFTER)
            .map(|(channel, (revision, _))| (*channel, *revision))
            .collect();
        for (channel, _) in &quiet {
            changed.remove(channel);
        }
        quiet
    }
}
