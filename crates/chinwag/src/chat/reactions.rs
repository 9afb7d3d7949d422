//! Reactions to messages.

use super::{Actor, Chat, Result};
use crate::model::ids::{ChannelId, Number};
use crate::model::messages::Message;
use crate::model::reactions::{Emoji, Reactors};
use crate::model::refusal::{Noun, Refusal};

impl Chat {
    /// Puts an emoji to a message, or takes it back; the same wish again changes nothing. Returns the message.
    ///
    /// # Errors
    /// `Malformed`, `NotFound`, `TooManyOf`, `TooMany`; `NotInside`, `Muted`, `AllMuted`, `Locked`,
    /// `Archived`, `Unreachable`.
    pub async fn react(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
        emoji: &str,
        on: bool,
    ) -> Result<Message> {
        let emoji = parse(emoji)?;
        self.meters.messages.take(actor, self.clock.uptime())?;
        let at = self.clock.now();
        let message = self.store.react(channel, number, actor.id(), (emoji, on), at).await?;
        Ok(message.ok_or(Refusal::NotFound(Noun::Message))?)
    }

    /// Who put an emoji to a message.
    ///
    /// # Errors
    /// `Malformed`, `NotFound`.
    pub async fn reactors(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
        emoji: &str,
    ) -> Result<Reactors> {
        let emoji = parse(emoji)?;
        let reactors = self.store.reactors(channel, number, emoji, actor.id()).await?;
        Ok(reactors.ok_or(Refusal::NotFound(Noun::Message))?)
    }
}

fn parse(emoji: &str) -> Result<Emoji> {
    Ok(Emoji::parse(emoji).ok_or(Refusal::Malformed { field: "emoji" })?)
}
