//! Where the streams stand that somebody hears, and what changed in those beside the channels'.

use super::{Actor, Chat, Result};
use crate::model::ids::{ChannelId, Revision};
use crate::model::instance::Instance;
use crate::model::refusal::{Noun, Refusal};
use crate::model::streams::{Heads, Overview, OwnChanges, PlaceChanges};

impl Chat {
    /// Which installation this is.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        self.store.instance()
    }

    /// The account, the channels after `after` and where the streams stand, read together.
    ///
    /// # Errors
    /// `NotFound`; when the store cannot be read.
    pub async fn overview(&self, actor: &Actor, after: ChannelId) -> Result<Overview> {
        let overview = self.store.overview(actor.id(), after).await?;
        Ok(overview.ok_or(Refusal::NotFound(Noun::User))?)
    }

    /// Where the streams stand that the actor hears.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn heads(&self, actor: &Actor) -> Result<Heads> {
        Ok(self.store.heads(actor.id()).await?)
    }

    /// What changed in the actor's own stream after a revision.
    ///
    /// # Errors
    /// `NotFound`; when the store cannot be read.
    pub async fn own_changes(
        &self,
        actor: &Actor,
        since: Revision,
        limit: usize,
    ) -> Result<OwnChanges> {
        let changes = self.store.own_changes(actor.id(), since, limit).await?;
        Ok(changes.ok_or(Refusal::NotFound(Noun::User))?)
    }

    /// What changed in the place's stream after a revision.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn place_changes(
        &self,
        _actor: &Actor,
        since: Revision,
        limit: usize,
    ) -> Result<PlaceChanges> {
        Ok(self.store.place_changes(since, limit).await?)
    }
}
