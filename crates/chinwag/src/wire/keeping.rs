//! Pinned and saved messages on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::channels::ChannelInfo;
use super::messages::Message;
use super::time::rfc3339;
use crate::model;

/// The pinned messages of a channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pins {
    /// Those that were pinned last first; at most 100.
    pub messages: Vec<Message>,
}

/// What to remember of a message that is saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveDraft {
    /// A few words for oneself: at most 500 characters. Left out, they stay as they are.
    #[schema(nullable = false)]
    pub note: Option<String>,
}

/// How it stands between the reader and a message that they saved, or saved once.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Saved {
    /// The id of the channel.
    pub channel: i64,
    /// The number of the message.
    pub number: i64,
    /// Whether it is saved.
    pub kept: bool,
    /// The reader's words for themselves; may be empty.
    pub note: String,
    /// When they saved it.
    pub at: String,
    /// Where it stands in their list: later ones stand higher.
    pub turn: i64,
    /// The reader's own revision of the newest change of this; 0 if they never saved it.
    pub revision: i64,
}

impl From<&model::keeping::Saved> for Saved {
    fn from(saved: &model::keeping::Saved) -> Self {
        Self {
            channel: saved.channel.0,
            number: saved.number.0,
            kept: saved.kept,
            note: saved.note.clone(),
            at: rfc3339(saved.at),
            turn: saved.turn.0,
            revision: saved.own_revision.0,
        }
    }
}

/// A saved message in its present form.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedMessage {
    /// What the reader noted.
    pub saved: Saved,
    /// The message; a tombstone if it was deleted since.
    pub message: Message,
}

/// A part of the list of what the reader saved.
#[derive(Debug, Serialize, ToSchema)]
pub struct SavedPage {
    /// The newest first, at most 50. What the reader may not see any more is left out.
    pub saved: Vec<SavedMessage>,
    /// The channels of these messages.
    pub channels: Vec<ChannelInfo>,
    /// Ask for the next part with this as `before`; `null` when there is none.
    #[schema(required)]
    pub next: Option<i64>,
}
