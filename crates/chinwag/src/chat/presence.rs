//! Who may say that they are here, whom they may watch, and where they may say that they are typing.
//! Whatever is not allowed here is told to nobody.

use super::{Actor, Chat, Result};
use crate::model::channels::ChannelView;
use crate::model::ids::{ChannelId, UserId};
use crate::model::permissions::Action;
use crate::model::presence::{MAX_WATCHED, Spot};
use crate::model::refusal::Refusal;
use crate::model::roles::Role;

impl Chat {
    /// Counts something that the actor says of their presence. Programs have none.
    ///
    /// # Errors
    /// `Forbidden` for a bot token, `TooMany`.
    pub fn check_presence(&self, actor: &Actor) -> Result<()> {
        actor.in_person()?;
        self.meters.presence.take(actor.id(), self.clock.uptime())
    }

    /// Those of the first [`MAX_WATCHED`] of these people whose presence the actor may see.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn watchable(&self, actor: &Actor, mut whom: Vec<UserId>) -> Result<Vec<UserId>> {
        whom.truncate(MAX_WATCHED);
        if actor.role() == Role::Guest {
            return self.known_to(actor.id(), &whom).await;
        }
        // Members of the place know everybody in it. An id that nobody has is never here.
        Ok(whom)
    }

    /// Those of these people of whom a person may know.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn known_to(&self, viewer: UserId, whom: &[UserId]) -> Result<Vec<UserId>> {
        Ok(self.store.known_to(viewer, whom).await?)
    }

    /// A channel that the actor shows, and sees.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn shown_channel(&self, actor: &Actor, id: ChannelId) -> Result<ChannelView> {
        self.channel(actor, id).await
    }

    /// Checks that the actor may say that they are typing in a channel or a thread of it: they are in the
    /// channel, and may write there. Whether there is such a thread is not asked: it is heard only by those
    /// who say that they show it.
    ///
    /// # Errors
    /// `NotFound`, `Denied`.
    pub async fn check_typing(&self, actor: &Actor, spot: Spot) -> Result<()> {
        let view = self.channel(actor, spot.channel).await?;
        let action = if spot.thread.is_some() { Action::Reply } else { Action::Post };
        actor.check_in(&view, action, self.clock.now())?;
        Ok(view.membership.map(|_| ()).ok_or(Refusal::Forbidden)?)
    }
}
