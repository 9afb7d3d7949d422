//! Changing messages that were posted, and reading what they said before.

use async_trait::async_trait;

use super::Result;
use crate::model::edits::{Edit, Version};
use crate::model::ids::{ChannelId, Number, UploadId, UserId};
use crate::model::messages::Message;
use crate::model::time::Timestamp;

/// What became of an edit. The messages are as the author sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditOutcome {
    /// The message is changed. The caller deletes these files, which belong to no message any more.
    Edited(Message, Vec<UploadId>),
    /// It was like that before.
    Unchanged(Message),
    /// It was edited meanwhile: this is its present form.
    Meanwhile(Message),
    /// The time in which authors may change their messages is over.
    TooLate,
    /// Nothing would be left of it.
    Empty,
    /// It has no such file.
    NoUpload(UploadId),
    /// Somebody else wrote it.
    NotAuthor,
    /// There is no such message, or it is deleted.
    NotFound,
}

/// Edits of messages.
#[async_trait]
pub trait Edits: Send + Sync {
    /// Changes a message of `by`, which takes the channel's next revision. Its earlier text is kept. An edit
    /// that took effect before is answered first, to whoever may still read the channel. Event:
    /// `MessageEdited`.
    ///
    /// # Errors
    /// `Denied` when they may not write there.
    async fn edit_message(
        &self,
        channel: ChannelId,
        number: Number,
        by: UserId,
        edit: Edit,
        at: Timestamp,
    ) -> Result<EditOutcome>;

    /// The earlier texts of a message, the newest first. `None`: no such message for them, or it is deleted.
    async fn versions(
        &self,
        channel: ChannelId,
        number: Number,
        viewer: UserId,
    ) -> Result<Option<Vec<Version>>>;
}
