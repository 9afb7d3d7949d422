//! Removing files that nobody wants any more.

use std::time::Duration;

use crate::chat::{Chat, Result};

/// The age from which a file without a row is removed, at most, in milliseconds.
const ORPHAN_AGE_MS: u64 = 3_600_000;

impl Chat {
    /// Removes files that no message took in time, unfinished ones, and those without a row.
    pub(in crate::chat) async fn sweep_uploads(&self) -> Result<()> {
        let oldest = self.clock.now().plus_ms(-self.rules.upload_keep_ms);
        for id in self.store.sweep_uploads(oldest).await? {
            self.files.remove(id).await;
        }
        self.sweep_unfinished().await?;
        self.sweep_orphans().await
    }

    /// Removes files that began to arrive and were given up.
    async fn sweep_unfinished(&self) -> Result<()> {
        for id in self.files.stale(self.upload_keep(), self.clock.system_now()).await {
            // A request that holds it now may be about to finish it.
            let Some(_held) = self.files.hold(id).await else { continue };
            // The server may have died between noting a file and forgetting its promise.
            if self.store.upload(id).await?.is_some() {
                self.files.forget_promise(id).await;
            } else {
                self.files.forget(id).await;
            }
        }
        Ok(())
    }

    /// Removes files without a row: their message was deleted while a backup held them, or the
    /// server died between the row and the file. A file is in its place before its row is written,
    /// so a young one may still get its row.
    async fn sweep_orphans(&self) -> Result<()> {
        let age = self.upload_keep().min(Duration::from_millis(ORPHAN_AGE_MS));
        let settled = self.files.settled(age, self.clock.system_now()).await?;
        for id in self.store.unknown_uploads(settled).await? {
            // A request that holds it is about to write its row.
            let Some(held) = self.files.hold(id).await else { continue };
            // The server died when the file was in its place, and its sender may come back for it;
            // or a sender has come back since the rows were looked at.
            if self.files.promised(id).await?.is_some() || self.store.upload(id).await?.is_some() {
                continue;
            }
            let _until_removed = held;
            tracing::info!(upload = %id, "removing a file that belongs to nothing");
            self.files.remove(id).await;
        }
        Ok(())
    }

    /// How long a file is kept that no message takes.
    pub(super) fn upload_keep(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.rules.upload_keep_ms).unwrap_or(0))
    }
}
