//! What concerns somebody: messages that call them, and reactions to what they wrote.

use super::{Actor, Chat, Result};
use crate::model::activity::{
    ActivityFilter, ActivityPage, ActivitySeen, MAX_ACTIVITY_PAGE, NewCalls,
};
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number};
use crate::model::refusal::{Noun, Refusal};

impl Chat {
    /// A part of what concerns the actor, the newest first, with the channels of these messages.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn activity(
        &self,
        actor: &Actor,
        filter: ActivityFilter,
        before: Option<i64>,
    ) -> Result<(ActivityPage, Vec<Channel>)> {
        let page = self.store.activity(actor.id(), filter, before, MAX_ACTIVITY_PAGE).await?;
        let mut channels: Vec<Channel> = Vec::new();
        for row in &page.rows {
            if channels.iter().any(|channel| channel.id == row.message.channel) {
                continue;
            }
            let view = self.store.channel(row.message.channel, actor.id()).await?;
            channels.extend(view.map(|view| view.channel));
        }
        Ok((page, channels))
    }

    /// The messages that call the actor and that they have not seen.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn new_calls(&self, actor: &Actor) -> Result<NewCalls> {
        Ok(self.store.new_calls(actor.id()).await?)
    }

    /// Notes that the actor has seen all of their activity up to a turn.
    ///
    /// # Errors
    /// `TooMany`.
    pub async fn see_activity(&self, actor: &Actor, through: i64) -> Result<ActivitySeen> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        Ok(self.store.see_activity(actor.id(), through).await?)
    }

    /// Notes that the actor has seen that a message calls them.
    ///
    /// # Errors
    /// `NotFound`, `TooMany`.
    pub async fn see_call(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
    ) -> Result<ActivitySeen> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let seen = self.store.see_call(actor.id(), channel, number).await?;
        Ok(seen.ok_or(Refusal::NotFound(Noun::Message))?)
    }
}
