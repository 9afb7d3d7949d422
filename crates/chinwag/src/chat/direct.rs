//! Direct conversations: opening one, and hiding it.

use super::{Actor, Chat, Error, Result};
use crate::model::channels::ChannelView;
use crate::model::direct::{MAX_PEOPLE, People};
use crate::model::ids::{ChannelId, UserId};
use crate::model::permissions::PlaceAction;
use crate::model::refusal::{Noun, Refusal};
use crate::secrets;
use crate::store::NewDirect;

impl Chat {
    /// Opens the conversation of the actor with these people; with nobody, their notes to themselves. The
    /// same people always get the same one. The others learn of it with the first message.
    ///
    /// # Errors
    /// `NotFound` for a guest; `TooManyOf` for more than eight people or when one of them is in too many
    /// channels; `NotFound` when there is no such person, or none whom the actor may write to;
    /// `Unreachable`; `TooMany`.
    pub async fn open_direct(&self, actor: &Actor, others: &[UserId]) -> Result<ChannelView> {
        actor.check(PlaceAction::OpenDirect)?;
        let people = People::of(actor.id(), others)
            .ok_or(Refusal::TooManyOf { noun: Noun::User, max: MAX_PEOPLE })?;
        let now = self.clock.uptime();
        self.meters.commands.take(actor, now)?;
        if !self.store.has_direct(people.clone()).await? {
            self.meters.new_directs.take(actor, now)?;
        }
        let id = secrets::private_channel_id()?;
        let new = NewDirect { id, by: actor.id(), people, at: self.clock.now() };
        match self.store.open_direct(new).await.map_err(Error::from) {
            Err(Error::Refused(Refusal::NotFound(_))) => Err(Refusal::NotFound(Noun::User).into()),
            opened => opened,
        }
    }

    /// Hides a direct conversation from the actor's list until somebody writes in it, or shows it again.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for a channel, `TooMany`.
    pub async fn hide_direct(
        &self,
        actor: &Actor,
        id: ChannelId,
        hidden: bool,
    ) -> Result<ChannelView> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.hide_direct(id, actor.id(), hidden).await?)
    }
}
