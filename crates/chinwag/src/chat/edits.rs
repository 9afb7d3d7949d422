//! Changing messages, and what they said before.

use super::messages::kilobytes;
use super::{Actor, Chat, Result};
use crate::model::edits::{Edit, Version};
use crate::model::ids::{ChannelId, Number, UploadId};
use crate::model::messages::Message;
use crate::model::refusal::{Noun, Refusal};
use crate::model::text::{MessageText, TextProblem};
use crate::store::EditOutcome;

/// A change of a message, as its author's client sends it.
pub struct EditMessage {
    /// The text as it was typed.
    pub text: String,
    /// Which files stay; `None`: all.
    pub files: Option<Vec<UploadId>>,
    /// How often it was edited as far as the client knows.
    pub edits: Option<i64>,
}

impl Chat {
    /// Changes a message of the actor's. The same edit again changes nothing, and answers with the message.
    ///
    /// # Errors
    /// `NotFound`, `Forbidden`, `Text`, `EditedMeanwhile`, `EditTooLate`, `TooMany`; `NotInside`, `Muted`,
    /// `AllMuted`, `Locked`, `Archived`, `Unreachable`.
    pub async fn edit_message(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
        edit: EditMessage,
    ) -> Result<Message> {
        // Whether it may be empty depends on the files that it has.
        let text = MessageText::parse(&edit.text, true).map_err(Refusal::Text)?;
        let (now, kilobytes) = (self.clock.uptime(), kilobytes(text.as_str().len()));
        self.meters.message_kb.check_many(actor, kilobytes, now)?;
        self.meters.messages.take(actor, now)?;
        self.meters.message_kb.take_many(actor, kilobytes, now)?;
        let mentions = self.called(actor, channel, text.as_str()).await?;
        let edit = Edit { edits: edit.edits, text, mentions, files: edit.files };
        let at = self.clock.now();
        match self.store.edit_message(channel, number, actor.id(), edit, at).await? {
            EditOutcome::Edited(message, files) => {
                for id in files {
                    self.files.remove(id).await;
                }
                Ok(message)
            }
            EditOutcome::Unchanged(message) => Ok(message),
            EditOutcome::Meanwhile(_) => Err(Refusal::EditedMeanwhile.into()),
            EditOutcome::TooLate => Err(Refusal::EditTooLate.into()),
            EditOutcome::Empty => Err(Refusal::Text(TextProblem::Empty).into()),
            EditOutcome::NoUpload(_) => Err(Refusal::NotFound(Noun::Upload).into()),
            EditOutcome::NotAuthor => Err(Refusal::Forbidden.into()),
            EditOutcome::NotFound => Err(Refusal::NotFound(Noun::Message).into()),
        }
    }

    /// The earlier texts of a message, the newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn versions(
        &self,
        actor: &Actor,
        channel: ChannelId,
        number: Number,
    ) -> Result<Vec<Version>> {
        let versions = self.store.versions(channel, number, actor.id()).await?;
        Ok(versions.ok_or(Refusal::NotFound(Noun::Message))?)
    }
}
