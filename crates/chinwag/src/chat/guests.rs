//! The guests of a channel: the door by which they come, and the end of their visits.

use super::people::about_person;
use super::{Actor, Chat, Result};
use crate::model::ids::{ChannelId, UserId};
use crate::model::permissions::PlaceAction;
use crate::model::place::ChannelDoor;

/// The most invites, and the most names that wait, that one answer lists.
const MAX_LISTED: usize = 100;

impl Chat {
    /// The door of a channel: its invites for guests, and who waits.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden` for whoever does not run the channel.
    pub async fn channel_door(&self, actor: &Actor, id: ChannelId) -> Result<ChannelDoor> {
        Ok(self.store.channel_door(id, actor.id(), self.clock.now(), MAX_LISTED).await?)
    }

    /// Ends the visit of a guest: their sessions and sockets end now, on every door. Their name stays
    /// theirs, and they come back by an invite.
    ///
    /// # Errors
    /// `Forbidden`, also for a bot token, `NotFound`, `TooMany`.
    pub async fn end_visit(&self, actor: &Actor, whom: UserId) -> Result<()> {
        actor.check(PlaceAction::SeePeople)?;
        actor.in_person()?;
        self.meters.commands.take(actor, self.clock.uptime())?;
        let ended = self.store.end_visit(actor.doer(self.clock.now()), whom).await;
        ended.map_err(about_person)
    }

    /// Ends the visit of a guest who is in a channel that the actor runs. A guest who also visits others
    /// is taken out of this one.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooMany`.
    pub async fn end_visit_in(&self, actor: &Actor, id: ChannelId, whom: UserId) -> Result<()> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.end_visit_in(id, actor.doer(self.clock.now()), whom).await?)
    }

    /// The same for all guests of a channel who came by its invites; with `close`, the doors of these
    /// invites are closed before. Returns how many guests it was.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooMany`.
    pub async fn end_visits_in(&self, actor: &Actor, id: ChannelId, close: bool) -> Result<usize> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let by = actor.doer(self.clock.now());
        let mut guests = 0;
        loop {
            let ended = self.store.end_visits_in(id, by.clone(), close).await?;
            guests += ended.guests;
            if !ended.more {
                return Ok(guests);
            }
        }
    }
}
