//! The heads of the streams that somebody hears, and the changes in their own stream and the
//! place's.

use super::{Actor, Chat, Result};
use crate::model::ids::{ChannelId, Revision};
use crate::model::instance::Instance;
use crate::model::permissions::PlaceAction;
use crate::model::refusal::{Noun, Refusal};
use crate::model::streams::{Heads, Overview, OwnChanges, PlaceChanges};

impl Chat {
    /// Which installation this is.
    #[must_use]
    pub fn instance(&self) -> &Instance {
        self.store.instance()
    }

    /// The actor's account, the channels and conversations after `after` that they are in, and the heads of streams, read together.
    ///
    /// # Errors
    /// `NotFound`; when the store cannot be read.
    pub async fn overview(&self, actor: &Actor, after: ChannelId) -> Result<Overview> {
        if actor.reach.is_narrow() {
            return self.narrow_overview(actor, after).await;
        }
        let overview = self.store.overview(actor.id(), after).await?;
        Ok(overview.ok_or(Refusal::NotFound(Noun::User))?)
    }

    /// The heads of the streams that the actor hears.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn heads(&self, actor: &Actor) -> Result<Heads> {
        Ok(actor.heard(self.store.heads(actor.id()).await?))
    }

    /// The changes in the actor's own stream after a revision, at most `limit` rows.
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

    /// The changes in the place's stream after a revision, at most `limit` rows.
    ///
    /// # Errors
    /// `NotFound` for a guest; when the store cannot be read.
    pub async fn place_changes(
        &self,
        actor: &Actor,
        since: Revision,
        limit: usize,
    ) -> Result<PlaceChanges> {
        actor.check(PlaceAction::Browse)?;
        Ok(self.store.place_changes(actor.id(), since, limit).await?)
    }
}
