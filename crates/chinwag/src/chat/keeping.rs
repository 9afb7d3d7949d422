//! Messages that are kept at hand: pinned for all, or saved for oneself.

use super::{Actor, Chat, Result};
use crate::model::channels::Channel;
use crate::model::ids::{ChannelId, Number, Revision};
use crate::model::keeping::{MAX_NOTE, MAX_SAVED_PAGE, Saved, Saving};
use crate::model::messages::Message;
use crate::model::refusal::{Noun, Refusal};
use crate::model::saved_page::SavedPage;
use crate::model::text::{MessageText, TextProblem};

impl Chat {
    /// Pins a message in its channel, or takes it down; the same again changes nothing. Returns the message.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `TooManyOf`, `TooMany`; `NotInside`, `Muted`, `AllMuted`, `Locked`,
    /// `Archived`.
    pub async fn pin(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
        on: bool,
    ) -> Result<Message> {
        self.meters.commands.take(actor, self.clock.uptime())?;
        let message = self.store.pin(channel, number, actor.id(), on, self.clock.now()).await?;
        Ok(message.ok_or(Refusal::NotFound(Noun::Message))?)
    }

    /// The pinned messages of a channel, those that were pinned last first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn pins(&self, actor: &Actor, channel: ChannelId) -> Result<Vec<Message>> {
        let pins = self.store.pins(channel, actor.id()).await?;
        Ok(pins.ok_or(Refusal::NotFound(Noun::Channel))?)
    }

    /// Saves a message, changes the note to it, or does not save it any more.
    ///
    /// # Errors
    /// `Text`, `NotFound`, `TooManyOf`, `TooMany`.
    pub async fn save(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
        wish: Saving,
    ) -> Result<Saved> {
        let wish = match wish {
            Saving::With(note) => Saving::With(note_of(&note)?),
            other => other,
        };
        self.meters.commands.take(actor, self.clock.uptime())?;
        let saved = self.store.save(channel, number, actor.id(), wish, self.clock.now()).await?;
        Ok(saved.ok_or(Refusal::NotFound(Noun::Message))?)
    }

    /// A part of what the actor saved, the newest first, with the channels of these messages.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn saved(
        &self,
        actor: &Actor,
        before: Option<Revision>,
    ) -> Result<(SavedPage, Vec<Channel>)> {
        let page = self.store.saved(actor.id(), before, MAX_SAVED_PAGE).await?;
        let mut channels: Vec<Channel> = Vec::new();
        for (saved, _) in &page.saved {
            if channels.iter().any(|channel| channel.id == saved.channel) {
                continue;
            }
            let view = self.store.channel(saved.channel, actor.id()).await?;
            channels.extend(view.map(|view| view.channel));
        }
        Ok((page, channels))
    }
}

/// A note as it is kept.
///
/// # Errors
/// `Text`.
fn note_of(typed: &str) -> Result<String> {
    let note = MessageText::parse(typed, true).map_err(Refusal::Text)?.as_str().to_owned();
    if note.chars().count() > MAX_NOTE {
        return Err(Refusal::Text(TextProblem::TooLong { max: MAX_NOTE }).into());
    }
    Ok(note)
}
