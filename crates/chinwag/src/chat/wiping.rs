//! Removing what a person wrote: in the last day, or all that is kept of them.

use std::time::Instant;

use super::hosting::LONGEST_PAUSE;
use super::people::about_person;
use super::{Actor, Chat, Result};
use crate::model::ids::UserId;
use crate::model::people::Written;
use crate::model::permissions::PlaceAction;
use crate::model::refusal::Refusal;
use crate::model::time::Timestamp;

/// What counts as the last day, in milliseconds.
const DAY_MS: i64 = 24 * 3_600_000;

impl Chat {
    /// How much a person wrote, in the last day or ever, in the channels that the actor sees.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, `TooMany`.
    pub async fn written(&self, actor: &Actor, whom: UserId, last_day: bool) -> Result<Written> {
        actor.check(PlaceAction::SeePeople)?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let since = if last_day { self.clock.now().plus_ms(-DAY_MS) } else { Timestamp(0) };
        self.store.written(actor.id(), whom, since).await.map_err(about_person)
    }

    /// Deactivates a person's account, and removes what they wrote in the last day. That goes on behind
    /// the answer.
    ///
    /// # Errors
    /// `Forbidden`, also for a bot token, `NotFound`, `TooMany`.
    pub async fn deactivate_and_wipe(&self, actor: &Actor, whom: UserId) -> Result<()> {
        self.keep_order(actor)?;
        let by = actor.doer(self.clock.now());
        let since = by.at.plus_ms(-DAY_MS);
        self.store.deactivate_and_wipe(by, whom, since).await.map_err(about_person)?;
        self.wiping.notify_one();
        Ok(())
    }

    /// Removes a person's data for good. `name` is the name that they have, so that nobody removes
    /// another's by mistake. What they wrote goes behind the answer.
    ///
    /// # Errors
    /// `Forbidden`, also for a bot token, `NotFound`, `Malformed` when it is not their name, `TooMany`.
    pub async fn remove_data(&self, actor: &Actor, whom: UserId, name: &str) -> Result<()> {
        self.keep_order(actor)?;
        actor.check(PlaceAction::SetPlace)?;
        let account = self.store.account(whom).await?;
        if account.is_some_and(|account| account.user.name != name.trim()) {
            return Err(Refusal::Malformed { field: "name" }.into());
        }
        let by = actor.doer(self.clock.now());
        self.store.remove_data(by, whom).await.map_err(about_person)?;
        for id in self.files.begun_by(whom) {
            // A request that holds it now finds out that its session has ended.
            if let Some(_held) = self.files.hold(id).await {
                self.files.forget(id).await;
            }
        }
        self.wiping.notify_one();
        Ok(())
    }

    /// Removes what people wrote and that was asked for, for ever: at once what was left when the server
    /// ended, and then whenever somebody asks.
    pub async fn remove_written(&self) {
        loop {
            let began = Instant::now();
            match self.store.wipe_next().await {
                Ok(Some(files)) => {
                    // The writer is free for others for as long.
                    tokio::time::sleep(began.elapsed().min(LONGEST_PAUSE)).await;
                    for id in files {
                        self.files.remove(id).await;
                    }
                }
                Ok(None) => self.wiping.notified().await,
                Err(error) => {
                    tracing::warn!(%error, "could not remove what a person wrote");
                    // The next sweep tries again.
                    self.wiping.notified().await;
                }
            }
        }
    }
}
