//! Finding messages by their words.

use super::{Actor, Chat, Result};
use crate::model::permissions::PlaceAction;
use crate::model::refusal::Refusal;
use crate::model::search::{Found, SearchQuery};

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
    /// `NotFound` for a guest, `NothingToSearch`.
    pub async fn search(&self, actor: &Actor, query: SearchQuery) -> Result<Found> {
        self.check_searches(actor)?;
        if query.asked.is_empty() && query.from.is_empty() && query.inside.is_empty() {
            return Err(Refusal::NothingToSearch.into());
        }
        Ok(self.store.search(actor.id(), query).await?)
    }
}
