//! Finding messages by their words.

use super::{Actor, Chat, Result};
use crate::model::permissions::PlaceAction;
use crate::model::refusal::Refusal;
use crate::model::search::{Found, SearchQuery, Unfinished};

impl Chat {
    /// Checks that the actor may search, before anything of the search is looked at.
    ///
    /// # Errors
    /// `NotFound` for a guest.
    pub fn check_searches(&self, actor: &Actor) -> Result<()> {
        actor.check(PlaceAction::Browse)
    }

    /// A page of the messages that fit, among those that the actor may read.
    ///
    /// # Errors
    /// `NotFound` for a guest, `NothingToSearch`, `TooMany`.
    pub async fn search(&self, actor: &Actor, query: SearchQuery) -> Result<Found> {
        self.check_searches(actor)?;
        if !query.asks() {
            return Err(Refusal::NothingToSearch.into());
        }
        self.meters.searches.take(actor.id(), self.clock.uptime())?;
        Ok(self.store.search(actor.id(), query).await?)
    }

    /// Waits until there are messages that are not indexed.
    pub async fn unindexed(&self) {
        self.store.unindexed().await;
    }

    /// Indexes some messages that are not. Returns how many it looked at.
    ///
    /// # Errors
    /// When the store cannot.
    pub async fn index_some(&self) -> Result<usize> {
        Ok(self.store.index_some().await?)
    }

    /// How far the index of an existing folder is; `None` when it is complete.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn indexed(&self) -> Result<Option<Unfinished>> {
        Ok(self.store.indexed().await?)
    }
}
