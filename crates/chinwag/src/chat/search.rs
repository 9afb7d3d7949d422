//! Finding messages by their words.

use std::sync::Arc;
use std::time::Duration;

use super::{Actor, Chat, Result};
use crate::model::permissions::PlaceAction;
use crate::model::refusal::Refusal;
use crate::model::search::{Found, SearchQuery, Unfinished};

/// How many searches more a search counts as that took so long: an ordinary one as none, one that looks for as long as it may as
/// all that somebody may do at once.
fn cost(time: Duration) -> u32 {
    const ORDINARY: Duration = Duration::from_millis(250);
    const ONE_MS: u128 = 25;
    u32::try_from(time.saturating_sub(ORDINARY).as_millis() / ONE_MS).unwrap_or(u32::MAX)
}

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
        let (person, now) = (actor.id(), self.clock.uptime());
        self.meters.searches.take(person, now)?;
        let searches = Arc::clone(&self.meters.searches);
        let took = Box::new(move |time: Duration| searches.owe(person, cost(time), now));
        Ok(self.store.search(person, query, took).await?)
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
